"""The pages in a real browser: asking, reading, opening the clause."""

import json
import re
from urllib.request import Request, urlopen

import pytest

from chat.api import create_app
from chat.records import Records
from chat.site import mount_chat
from settings import Settings
from tests.serving import follow_events, is_error, serve, wait_for_events
from tests.standin import StandIn, corpus

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
PATIENCE = 15_000  # milliseconds


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return StandIn(corpus(tmp_path_factory.mktemp("documents")))


@pytest.fixture(scope="module")
def site(assistant, tmp_path_factory):
    records = Records(f"sqlite:///{tmp_path_factory.mktemp('data')}/records.db")
    with serve(mount_chat(create_app(assistant, records))) as address:
        yield address


@pytest.fixture(scope="module")
def complaints():
    return []


@pytest.fixture(scope="module")
def opener(browser, complaints):
    """Opens pages that note their errors, and requests to other hosts."""
    contexts = []

    def opened(address, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        follow_events(page)
        host = address.split("/")[2]
        page.on("console", lambda line: complaints.append(line.text) if is_error(line) else None)
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on(
            "request", lambda request: complaints.append(request.url) if foreign(request.url, host) else None
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(opener, complaints):
    """As `opener`; what the pages complain of fails the test."""
    complaints.clear()
    yield opener
    assert complaints == []


def foreign(url, host):
    return not url.startswith(("data:", "blob:")) and url.split("/")[2] != host


def ask(page, question, answers=1):
    """Ask, and wait until that many whole answers stand in the conversation."""
    page.locator("#tw-question textarea").fill(question)
    page.locator("#tw-submit").click()
    expect(page.locator("#tw-chat .tw-tools")).to_have_count(answers, timeout=PATIENCE)
    wait_for_events(page)
    return page.locator("#tw-chat .tw-answer").last


@pytest.fixture(scope="module")
def chat_page(opener, site):
    return opener(site)


@pytest.fixture
def chat(chat_page, open_page):
    """The chat with a new conversation; loading the page anew for every test would take a minute."""
    wait_for_events(chat_page)
    if chat_page.locator("#tw-chat .user-row").count():
        chat_page.locator("#tw-new").click()
    expect(chat_page.locator("#tw-chat .tw-welcome")).to_be_visible(timeout=PATIENCE)
    wait_for_events(chat_page)
    return chat_page


# --- the real thing


@pytest.fixture(scope="module")
def real_site(tmp_path_factory):
    from rich.console import Console

    from app import compose

    settings = Settings(data=tmp_path_factory.mktemp("var"), _env_file=None)
    with serve(compose(settings, Console(quiet=True))) as address:
        yield address


def test_a_newcomer_asks_and_lands_on_the_clause(real_site, open_page):
    page = open_page(real_site)
    answer = ask(page, "到2025年山东要培育多少家单项冠军企业？")
    expect(answer.locator(".tw-text")).to_contain_text("400家")
    answer.locator("a.tw-marker").first.click()
    card = answer.locator(".tw-cite").first
    expect(card.locator("mark")).to_contain_text("单项冠军企业400家")
    expect(card.locator("summary")).to_contain_text("鲁工信发〔2021〕5号")
    expect(card.locator("summary")).to_contain_text("一、（三）")
    with page.context.expect_page() as opening:
        card.locator(".tw-open a").click()
    document = opening.value
    target = document.locator(".clause:target")
    expect(target).to_contain_text("单项冠军企业400家")
    expect(target).to_be_in_viewport()
    assert target.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(255, 248, 220)"


# --- the chat


def test_the_welcome_says_what_is_loaded(chat):
    welcome = chat.locator(".tw-welcome")
    expect(welcome.locator(".tw-loaded")).to_have_text("已收录 3 份政策文件、18 条，更新至 2025-03-01")
    expect(welcome.locator(".tw-shelf li")).to_have_count(3)
    expect(welcome.locator(".tw-shelf")).to_contain_text("东工信发〔2023〕7号")
    assert chat.locator("html").get_attribute("lang") == "zh-CN"
    assert chat.title() == "条问 · 政策问答"


def test_an_example_is_asked_by_a_click(chat):
    example = chat.locator("#tw-chat .example").first
    question = example.inner_text()
    assert "？" in question
    example.click()
    expect(chat.locator("#tw-chat .tw-asked")).to_have_text(question)
    expect(chat.locator("#tw-chat .tw-tools")).to_have_count(1)


def test_an_answer_streams_in_and_ends_with_cards(chat, assistant):
    assistant.gate.clear()
    chat.locator("#tw-question textarea").fill("慢慢说：东海省的目标？")
    chat.locator("#tw-question textarea").press("Enter")
    pending = chat.locator(".tw-pending .tw-text")
    expect(pending).to_contain_text("60家左右")
    expect(chat.locator("#tw-chat .tw-cite")).to_have_count(0)
    expect(chat.locator("#tw-stop")).to_be_visible()
    expect(chat.locator("#tw-question textarea")).to_have_value("")
    chat.wait_for_timeout(500)  # a slow machine may still be applying the update that emptied the box
    chat.locator("#tw-question textarea").fill("下一个问题")
    assistant.gate.set()
    expect(chat.locator("#tw-chat .tw-cite")).to_have_count(2)
    answer = chat.locator("#tw-chat .tw-answer")
    expect(answer.locator(".tw-warnings")).to_contain_text("行动期2023—2024年已结束")
    expect(answer.locator(".tw-disclaimer")).to_have_text("以政策原文为准")
    answer.locator("a.tw-marker").last.click()
    card = answer.locator(".tw-cite").last
    expect(card.locator(".tw-clause")).to_have_text("（一）提高机器人自主创新能力。支持企业建设创新平台。")
    expect(card.locator("mark")).to_have_text("支持企业建设创新平台。")
    expect(card.locator(".tw-departments")).to_contain_text("牵头 省科技厅")
    expect(card.locator(".tw-validity")).to_contain_text("库内未见废止或延续文件")
    expect(chat.locator("#tw-question textarea")).to_have_value("下一个问题")
    expect(chat.locator("#tw-submit")).to_be_visible()


def test_a_refusal_offers_clauses_that_are_no_answer(chat):
    answer = ask(chat, "今天天气怎么样？")
    expect(answer.locator(".tw-text")).to_contain_text("因此不作回答")
    expect(answer.locator(".tw-closest .tw-label")).to_have_text("相近条款，供参考，不构成回答")
    expect(answer.locator(".tw-closest .tw-cite")).to_have_count(2)


def test_a_comparison_is_a_table(chat):
    answer = ask(chat, "比较两省的目标")
    expect(answer.locator("tbody tr")).to_have_count(2)
    expect(answer.locator("tbody tr").last).to_have_text(re.compile(r"西岭省\s*40家\s*\[2\]"))


def test_the_conversation_survives_a_reload_until_a_new_one(chat, assistant):
    ask(chat, "东海省的目标？")
    ask(chat, "比较一下", answers=2)
    assert [turn.content[:6] for turn in assistant.asked[-1][1]] == ["东海省的目标", "**60家左"]
    chat.reload()
    expect(chat.locator("#tw-chat .tw-tools")).to_have_count(2)
    expect(chat.locator("#tw-chat .tw-asked").first).to_have_text("东海省的目标？")
    chat.locator("#tw-new").click()
    expect(chat.locator("#tw-chat .tw-welcome")).to_be_visible()
    wait_for_events(chat)
    chat.reload()
    expect(chat.locator("#tw-chat .tw-welcome")).to_be_visible()


def test_an_answer_is_stopped_and_the_next_one_comes(chat, assistant):
    assistant.gate.clear()
    chat.locator("#tw-question textarea").fill("慢：东海省的目标？")
    chat.locator("#tw-submit").click()
    chat.locator("#tw-stop").click()
    expect(chat.locator("#tw-chat .tw-note")).to_have_text("已停止，未给出完整回答。")
    assistant.gate.set()
    wait_for_events(chat)
    ask(chat, "东海省的目标？")


def test_a_failure_is_told_and_the_input_lives(chat):
    chat.locator("#tw-question textarea").fill("崩溃")
    chat.locator("#tw-submit").click()
    expect(chat.locator("#tw-chat .tw-failed")).to_have_text("系统出错，未能回答，请稍后再试。")
    expect(chat.locator("#tw-question textarea")).to_have_value("崩溃")
    expect(chat.locator("#tw-question textarea")).to_be_editable()
    wait_for_events(chat)
    ask(chat, "东海省的目标？")


def test_a_blank_question_is_told(chat):
    chat.locator("#tw-submit").click()
    expect(chat.locator(".toast-body, .toast-wrap").first).to_contain_text("请输入要查询的问题")


def test_what_a_document_or_asker_brings_stays_text(chat):
    answer = ask(chat, "<b>场景</b><img src=x onerror=alert(9)> $$x$$ # 标题")
    asked = chat.locator("#tw-chat .tw-asked").last
    expect(asked).to_have_text("<b>场景</b><img src=x onerror=alert(9)> $$x$$ # 标题")
    expect(answer.locator(".tw-text")).to_contain_text('<img src="http://evil.example/x.png"')
    answer.locator("a.tw-marker").click()
    expect(answer.locator("mark")).to_contain_text("<script>alert(2)</script>")
    assert chat.locator("#tw-chat .message-wrap img, #tw-chat .message-wrap script").count() == 0


def test_the_region_goes_with_the_question(chat, assistant):
    chat.locator("#tw-region input").click()
    chat.get_by_role("option", name="西岭省").click()
    ask(chat, "目标？")
    assert assistant.asked[-1][2].regions == ("西岭省",)
    chat.reload()
    expect(chat.locator("#tw-region input")).to_have_value("西岭省")
    chat.locator("#tw-region input").click()
    chat.get_by_role("option", name="全部地区").click()


def test_an_answer_is_copied_with_its_citations(chat, site):
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = ask(chat, "东海省的目标？")
    answer.locator(".tw-copy").click()
    expect(answer.locator(".tw-copy")).to_have_text("已复制")
    text = chat.evaluate("() => navigator.clipboard.readText()")
    assert text.startswith("60家左右[1]")
    assert (
        "[2] 《关于支持机器人产业发展的若干意见》（东工信发〔2023〕7号）二、（一）：“支持企业建设创新平台。”"
        in text
    )
    assert f"{site}/documents/%E4%B8%9C" in text
    assert text.endswith("以政策原文为准")


def test_a_vote_is_kept(chat):
    answer = ask(chat, "东海省的目标？")
    answer.locator(".tw-down").click()
    expect(answer.locator(".tw-down")).to_have_class(re.compile("tw-chosen"))
    chat.reload()
    expect(chat.locator("#tw-chat .tw-down.tw-chosen")).to_have_count(1)


def test_an_answer_is_printed_with_its_citations_open(chat):
    answer = ask(chat, "东海省的目标？")
    chat.context.add_init_script(
        "window.print = () => { window.printed = true; dispatchEvent(new Event('beforeprint')); }"
    )
    with chat.context.expect_page() as opening:
        answer.locator(".tw-print").click()
    printed = opening.value
    expect(printed.locator("h1")).to_have_text("东海省的目标？")
    expect(printed.locator("details.tw-cite[open]")).to_have_count(2)
    assert printed.evaluate("() => window.printed")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(open_page, site, width):
    page = open_page(site, viewport={"width": width, "height": 844})
    ask(page, "比较两省的目标")
    page.locator("a.tw-marker").last.click()
    for path in ("", "/documents", "/documents/东工信发〔2023〕7号"):
        if path:
            page.goto(site + path)
        assert page.evaluate("() => document.documentElement.scrollWidth") == width, path


# --- what Gradio leaves open


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("POST", "/gradio_api/run/predict"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1/"),
        ("GET", "/monitoring"),
        ("POST", "/gradio_api/process_recording"),
    ],
)
def test_needless_doors_are_shut(site, method, path):
    with pytest.raises(OSError, match="HTTP Error 404") as shut:
        urlopen(Request(site + path, method=method, data=b"" if method == "POST" else None))  # noqa: S310
    assert json.loads(shut.value.read()) == {"detail": "没有找到。"}


@pytest.mark.parametrize(
    "data",
    [
        ["目标？", ["不是地区"], {"turns": [{"q": 1}, "x", {"q": "旧", "id": {}}], "region": 7}],
        ["目标？", "全部地区", "不是记忆"],
        [{"a": 1}, "全部地区", {"turns": [{"q": "问" * 5000, "id": "../../x"}]}],
        ["问" * 5000, None, None],
        [None, None, None],
    ],
)
def test_forged_events_break_nothing(site, data):
    """What a program sends instead of the page is not believed, and the server lives on."""
    config = json.load(urlopen(f"{site}/config"))  # noqa: S310
    respond = next(each["id"] for each in config["dependencies"] if len(each["inputs"]) == 3)
    body = json.dumps({"data": data, "fn_index": respond, "session_hash": "forged"}).encode()
    headers = {"Content-Type": "application/json"}
    joined = Request(f"{site}/gradio_api/queue/join", data=body, headers=headers)  # noqa: S310
    assert "event_id" in json.load(urlopen(joined))  # noqa: S310
    stream = urlopen(f"{site}/gradio_api/queue/data?session_hash=forged", timeout=15).read().decode()  # noqa: S310
    assert "process_completed" in stream
    assert "Traceback" not in stream
    assert json.load(urlopen(f"{site}/healthz"))["status"] == "ok"  # noqa: S310
