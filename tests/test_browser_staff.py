"""What a member of the staff does in a day, in a real browser: import, run, find the miss, answer it, compare."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from app import compose
from chat.access.accounts import Accounts
from settings import Settings
from tests.serving import follow_events, is_error, serve, wait_for_events

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
PATIENCE = 20_000  # milliseconds
RUN = 120_000  # milliseconds that a run may take on a machine that is busy with other tests
QUESTION = "到2025年山东要培育多少家单项冠军企业？"
CASES = (
    # The system quotes the whole sentence, other figures with it: what staff may want to say in short.
    {"问题": QUESTION, "应引文件": "鲁工信发〔2021〕5号", "应含内容": "400家", "不得出现": "1500家", "类型": "数量目标"},
    {"问题": "湖北到2025年要培育多少家单项冠军企业？", "应引文件": "鄂经信产业〔2022〕13号", "应含内容": "1000家"},
    {"问题": "江苏的人才补贴是多少？", "应回答": "否", "应含内容": "江苏"},
)  # fmt: skip
GOOD = "力争到2025年，新培育省级以上制造业单项冠军企业400家左右。[1]"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    settings = Settings(data=tmp_path_factory.mktemp("var"), staff_password="correct horse", _env_file=None)
    app = compose(settings, Console(quiet=True))
    Accounts(app.state.pool.records.engine).add("li", "another horse")
    with serve(app) as address:
        yield address


@pytest.fixture(scope="module")
def complaints():
    return []


@pytest.fixture(scope="module")
def enter(browser, site, complaints):
    """Opens a browser of its own and signs in."""

    def entered(name, password, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        follow_events(page)
        page.on("console", lambda line: complaints.append(line.text) if is_error(line) else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.on(
            "request",
            lambda request: (
                complaints.append(request.url)
                if not request.url.startswith((site, "data:", "blob:"))
                else None
            ),
        )
        page.goto(f"{site}/staff")
        page.locator("[name=name]").fill(name)
        page.locator("[name=password]").fill(password)
        page.get_by_role("button", name="登录").click()
        expect(page.locator("h1")).to_have_text("评测")
        return page

    return entered


@pytest.fixture(scope="module")
def page(enter):
    return enter("staff", "correct horse")


def start(page, site, name):
    page.goto(f"{site}/staff/evaluation?set=日常问题")
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="开始评测").click()
    expect(page.locator("[role=status] [data-done]")).to_be_visible()


def finished(page):
    expect(page.locator("h1 .status")).to_have_text("已完成", timeout=RUN)


def test_a_day_of_the_staff(page, enter, site, tmp_path, complaints):
    # The template is filled in, one row of it wrong at first.
    page.goto(f"{site}/staff/sets")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Excel（.xlsx）").click()
    file = tmp_path / "日常问题.xlsx"
    loading.value.save_as(file)
    book = load_workbook(file)
    sheet = book["题目"]
    heads = [cell.value for cell in sheet[1]]
    for number, case in enumerate(CASES, 2):
        for head, value in case.items():
            sheet.cell(number, heads.index(head) + 1, value)
    sheet.cell(3, heads.index("应回答") + 1, "也许")
    book.save(file)
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="导入").click()
    expect(page.locator(".problem")).to_contain_text("第 3 行：“应回答”应填 是 或 否；现为“也许”")
    complaints.clear()  # the browser complains of the 422
    sheet.cell(3, heads.index("应回答") + 1, "是")
    book.save(file)
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="导入").click()
    expect(page.locator(".said")).to_have_text("已导入：新增 3 题。应引的文件和原文都在文件库里。")

    # Two of the staff run it at the same time.
    colleague = enter("li", "another horse")
    start(page, site, "第一次")
    start(colleague, site, "同事的一次")
    finished(page)
    finished(colleague)
    expect(page.locator(".tiles dd").first).to_have_text("66.7%")

    # The miss is found, and answered by hand; what is not in the clause is not accepted.
    expect(page.locator(".cases li")).to_have_count(1)
    page.locator(".cases a").click()
    expect(page.locator("h1")).to_contain_text(QUESTION)
    page.get_by_role("link", name="写成标准答案").click()
    expect(page.locator("[name=question]")).to_have_value(QUESTION)
    page.locator("[name=text]").fill("力争到2025年，新培育省级以上制造业单项冠军企业500家左右。[1]")
    page.locator("#clause-query").fill("山东 单项冠军企业 2025年 目标")
    page.locator("#clause-find").click()
    page.locator("#clause-results button", has_text="单项冠军企业").filter(has_text="鲁工信发").filter(
        has_text="主要目标"
    ).click()
    page.get_by_role("button", name="核对并保存").click()
    expect(page.locator(".problem")).to_contain_text("第 1 行：数字：“500家")
    complaints.clear()
    page.locator("[name=text]").fill(GOOD)
    page.get_by_role("button", name="核对并保存").click()
    expect(page.locator("h1 .status")).to_have_text("使用中")

    # Run again, and compared: the miss is gone, nothing else changed.
    start(page, site, "补充标准答案之后")
    finished(page)
    page.locator("form.compare button").click()
    expect(page.locator(".verdict")).to_contain_text("变好 1 题，变差 0 题")
    expect(page.locator(".pairs.better del").first).to_be_visible()
    expect(page.locator(".pairs.better")).to_contain_text("400家左右")

    # The report opens without the server.
    page.goto(f"{site}/staff/evaluation")
    page.get_by_role("link", name="补充标准答案之后").first.click()
    with page.expect_download() as loading:
        page.get_by_role("link", name="导出报告").click()
    report = tmp_path / "report.html"
    loading.value.save_as(report)
    alone = page.context.browser.new_context(offline=True).new_page()
    alone.goto(report.as_uri())
    alone.locator("details.case summary", has_text=QUESTION).click()
    expect(alone.locator("details.case[open] .answer")).to_contain_text("400家左右")
    alone.context.close()
    assert complaints == []


def test_a_vote_with_its_reason_becomes_a_case(page, site, complaints):
    page.goto(site)
    page.locator("#tw-question textarea").fill("湖北到2025年要培育多少家单项冠军企业？电话13812345678")
    page.locator("#tw-submit").click()
    answer = page.locator("#tw-chat .tw-answer").last
    answer.locator(".tw-down").click()
    answer.locator(".tw-why button", has_text="内容不全").click()
    answer.locator(".tw-why input").fill("没说左右")
    answer.locator(".tw-send").click()
    expect(answer.locator(".tw-why")).to_have_text("已提交，谢谢。")
    wait_for_events(page)
    page.locator("#tw-question textarea").fill(QUESTION)
    page.locator("#tw-submit").click()
    expect(page.locator("#tw-chat .tw-curated")).to_have_text("人工审核：由工作人员依据所引条款写定。")
    wait_for_events(page)
    page.goto(f"{site}/staff/records?state=down")
    expect(page.locator(".records tbody tr")).to_have_count(1)
    expect(page.locator(".records tbody tr")).to_contain_text("内容不全；没说左右")
    expect(page.locator(".records tbody tr")).to_contain_text("电话［电话］")
    page.get_by_role("link", name="加入题目集").click()
    expect(page.locator("[name=documents]")).to_have_value("鄂经信产业〔2022〕13号")
    page.locator("[name=facts]").fill("1000家")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text("日常问题 4 题")
    assert complaints == []


PATHS = ("evaluation", "sets", "sets/日常问题", "records", "curated", "curated/new", "documents", "try?question=江苏的人才补贴", "compare", "cases/new")  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(page, site, width):
    page.set_viewport_size({"width": width, "height": 844})
    for path in PATHS:
        page.goto(f"{site}/staff/{path}")
        assert page.evaluate("() => document.documentElement.scrollWidth") == width, path
    page.goto(f"{site}/staff/evaluation")
    page.locator("table.grid a").first.click()
    page.locator(".switch a", has_text="全部").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    page.locator(".cases a").first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert Path(page.url).name
