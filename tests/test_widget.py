"""The widget in a real browser, on host pages that are served from other ports."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest

from chat.access import tokens as tokens_module
from chat.access.channels import Channel, Channels
from chat.access.gate import Gate
from chat.access.limits import Limiter, Limits
from chat.access.tokens import Tokens
from chat.api import create_app
from chat.records import Records
from chat.site import mount_chat
from settings import ROOT
from tests.serving import follow_events, is_error, serve, wait_for_events
from tests.standin import StandIn, corpus

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
SECRET = "0123456789abcdef0123456789abcdef"
HOSTILE = """<style>
* { all: unset !important; display: block !important; color: red !important; transform: scale(1); }
head, script, style, title { display: none !important; }
nav { position: fixed !important; inset: 0 !important; z-index: 2147483646 !important; background: #cfc !important; }
iframe, button { display: none !important; }
</style><nav>菜单</nav>"""


class Host:
    """A web site that is not ours. `pages`: path → (HTML, headers); `{server}` in them is our address."""

    def __init__(self):
        host = self
        self.pages, self.server = {}, ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 — the library's name
                body, headers = host.pages.get(self.path, (None, {}))
                if callable(body):
                    body = body()
                self.send_response(200 if body else 204)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value.replace("{server}", host.server))
                self.end_headers()
                if body:
                    self.wfile.write(body.replace("{server}", host.server).encode())

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def page(self, *scripts, body="", head="", headers=None):
        """Serve a page with widgets of these attributes; its path."""
        tags = "".join(f'<script src="{{server}}/widget.js" {each} async></script>' for each in scripts)
        path = f"/{len(self.pages)}"
        html = (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>门户</title>'
            f'<meta name="viewport" content="width=device-width">{head}</head><body>{body}<a href="#x">链接</a>{tags}</body></html>'
        )
        self.pages[path] = (html, headers or {})
        return self.address + path

    def close(self):
        self._http.shutdown()


@pytest.fixture(scope="module")
def host():
    opened = Host()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def stranger():
    opened = Host()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return StandIn(corpus(tmp_path_factory.mktemp("documents")))


@pytest.fixture(scope="module")
def site(assistant, host, stranger, tmp_path_factory):
    portals = {
        "portal": Channel(
            id="portal",
            origins=(host.address,),
            title="惠企政策问答",
            colour="#b5281f",
            greeting="您好，欢迎咨询",
            starters=("东海省的目标？",),
        ),
        "second": Channel(id="second", origins=(host.address,), title="第二渠道", colour="#ffd400"),
        "closed": Channel(id="closed", origins=(host.address,), secret=SECRET),
        "narrow": Channel(id="narrow", origins=(host.address,), limits=Limits(visitor_minute=1)),
    }
    gate = Gate(Channels(portals), Tokens(b"k" * 32), Limiter())
    records = Records(f"sqlite:///{tmp_path_factory.mktemp('data')}/records.db")
    with serve(mount_chat(create_app(assistant, records, gate=gate))) as address:
        host.server = stranger.server = address
        yield address


@pytest.fixture
def visit(browser, site):
    """Opens host pages. Errors, and requests to others than the host and us, fail the test."""
    contexts, complaints = [], []

    def opened(address, expected=None, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        follow_events(page)
        known = {address.split("/")[2], site.split("/")[2]}

        def complain(text):
            if not (expected and re.search(expected, text)):
                complaints.append(text)

        page.on("console", lambda line: complain(line.text) if is_error(line) else None)
        # Gradio aborts the stream of a page that is left, now and then where this can still be seen.
        page.on("pageerror", lambda error: None if error.name == "AbortError" else complain(str(error)))
        page.on("dialog", lambda dialog: complain(dialog.message))
        context.on("request", lambda request: None if own(request.url, known) else complain(request.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def own(url, known):
    return url.startswith(("data:", "blob:", "about:")) or url.split("/")[2] in known


def button(page, name="惠企政策问答"):
    return page.get_by_role("button", name=name)


def inside(page, number=0):
    """The chat within the widget's frame."""
    return page.frame_locator(f"tiaowen-widget >> nth={number} >> iframe")


def ask(chat, question, answers=1):
    chat.locator("#tw-question textarea").fill(question)
    chat.locator("#tw-submit").click()
    expect(chat.locator("#tw-chat .tw-tools")).to_have_count(answers, timeout=PATIENCE)
    wait_for_events(chat.owner.page)
    return chat.locator("#tw-chat .tw-answer").last


def integrity():
    script = (ROOT / "chat" / "static" / "widget.js").read_bytes()
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def test_the_floating_chat_on_a_hostile_page_with_a_strict_policy(host, visit, site):
    policy = (
        "default-src 'none'; script-src {server}; connect-src {server}; frame-src {server}; "
        "style-src 'self'; require-trusted-types-for 'script'"
    )
    host.pages["/hostile.css"] = (re.sub(r"</?style>|<nav>.*", "", HOSTILE), {"Content-Type": "text/css"})
    address = host.page(
        f'data-channel="portal" integrity="{integrity()}" crossorigin="anonymous"',
        head='<link rel="stylesheet" href="/hostile.css">',
        body="<nav>菜单</nav>",
        headers={"Content-Security-Policy": policy},
    )
    page = visit(address)
    assert page.locator("tiaowen-widget iframe").count() == 0  # made on first opening
    button(page).click()  # not hidden, not covered
    chat = inside(page)
    expect(chat.locator(".tw-hello")).to_have_text("您好，欢迎咨询")
    answer = ask(chat, "东海省的目标？")
    expect(answer.locator(".tw-text")).to_contain_text("60家左右")
    answer.locator("a.tw-marker").last.click()
    card = answer.locator(".tw-cite").last
    expect(card.locator("mark")).to_have_text("支持企业建设创新平台。")
    with page.context.expect_page() as opening:
        card.locator(".tw-open a").click()
    document = opening.value
    expect(document.locator(".clause:target")).to_contain_text("支持企业建设创新平台。")
    assert document.url.startswith(f"{site}/documents/")
    # Nothing of ours in the page, nothing of the page in ours.
    assert page.evaluate("() => Object.keys(window).filter((name) => /tiaowen/i.test(name))") == ["Tiaowen"]
    header = page.locator("tiaowen-widget .h")
    assert header.evaluate("e => getComputedStyle(e).color") == "rgb(255, 255, 255)"
    assert page.evaluate("() => document.elementFromPoint(1000, 600).localName") == "tiaowen-widget"


def test_keyboard_and_memory_of_the_floating_chat(host, visit):
    page = visit(host.page('data-channel="portal"'))
    opener = button(page)
    expect(opener).to_have_attribute("aria-haspopup", "dialog")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="惠企政策问答")
    expect(dialog).to_have_attribute("aria-modal", "true")
    expect(inside(page).locator("#tw-question textarea")).to_be_focused()
    for _ in range(12):  # round and round, never out to the page's own link
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.localName") == "tiaowen-widget"
    inside(page).locator("#tw-question textarea").focus()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    ask(inside(page), "东海省的目标？")
    page.reload()
    expect(dialog).to_be_visible()  # remembered open, with its conversation
    expect(inside(page).locator("#tw-chat .tw-tools")).to_have_count(1)
    page.get_by_role("button", name="关闭").click()
    wait_for_events(page)
    page.reload()
    expect(button(page)).to_be_visible()
    expect(dialog).to_have_count(0)


def test_several_channels_inline_and_floating(host, visit, assistant):
    options = (
        'data-title="自定标题" data-colour="#117733" data-greeting="自定&lt;b&gt;" data-starters="甲？|乙？"'
    )
    address = host.page(
        'data-channel="portal" data-mode="inline" data-target="#place" data-question="东海省的目标？"',
        f'data-channel="second" data-position="left" {options}',
        body='<div id="place" style="height:600px"></div>',
    )
    page = visit(address)
    expect(page.locator("#place tiaowen-widget .p")).to_be_visible()
    assert page.locator("#place iframe").evaluate("e => e.clientHeight") >= 590
    inline = page.frame_locator("#place iframe")
    expect(inline.locator("#tw-chat .tw-tools")).to_have_count(1)  # the initial question, asked by itself
    opener = button(page, "自定标题")
    assert opener.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(17, 119, 51)"
    assert opener.bounding_box()["x"] < 100
    page.evaluate("() => Tiaowen.ask('西岭省呢？', 'second')")
    floating = page.frame_locator("body > tiaowen-widget iframe")
    expect(floating.locator("#tw-chat .tw-asked")).to_have_text("西岭省呢？")
    expect(floating.locator("#tw-chat .tw-tools")).to_have_count(1)
    floating.locator("#tw-new").click()
    expect(floating.locator(".tw-hello")).to_be_visible()
    expect(inline.locator("#tw-chat .tw-tools")).to_have_count(1)  # two conversations, not one
    wait_for_events(page)
    page.reload()
    expect(floating.locator(".tw-hello")).to_have_text("自定<b>")
    expect(floating.locator(".example")).to_have_text(["甲？", "乙？"])
    expect(inline.locator("#tw-chat .tw-asked")).to_have_count(1)  # not asked again


def test_the_phone_gives_it_the_whole_screen(host, visit):
    size = {"width": 390, "height": 844}
    page = visit(
        host.page('data-channel="portal"'),
        viewport=size,
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    button(page).tap()
    panel = page.get_by_role("dialog")
    assert panel.bounding_box() == {"x": 0, "y": 0, **size}
    answer = ask(inside(page), "比较两省的目标")
    expect(answer.locator("tbody tr")).to_have_count(2)
    assert inside(page).locator("html").evaluate("e => e.scrollWidth") == 390
    page.reload()
    expect(button(page)).to_be_visible()  # it does not lie over the next page by itself


def test_a_copy_on_another_site_shows_its_owner_a_message_alone(stranger, visit, site, assistant):
    before = len(assistant.asked)
    address = stranger.page('data-channel="portal"', body=f'<iframe src="{site}/embed/portal"></iframe>')
    page = visit(address, expected="CORS|ERR_FAILED|frame-ancestors|条问未在此显示")
    message = page.locator("tiaowen-widget .m")
    expect(message).to_contain_text(f"来源 {stranger.address} 未获允许")
    page.evaluate("() => { Tiaowen.open(); Tiaowen.ask('目标？'); }")
    page.wait_for_timeout(500)
    assert page.locator("tiaowen-widget iframe").count() == 0
    assert [
        frame.url for frame in page.frames if "embed" in frame.url and frame.locator("#tw-chat").count()
    ] == []
    assert len(assistant.asked) == before


def test_when_the_server_is_away_the_button_says_so(host, visit):
    page = visit(host.page(), expected="ERR_FAILED")
    gone = re.compile("/api/channels/|/healthz")
    page.route(gone, lambda route: route.abort())
    page.goto(host.page('data-channel="portal"'))
    button(page, "政策问答（暂时无法连接）").click()
    message = page.locator("tiaowen-widget .m")
    expect(message).to_contain_text("政策问答暂时无法连接，请稍后再试。")
    page.unroute(gone)
    page.get_by_role("button", name="重试").click()
    expect(inside(page).locator(".tw-hello")).to_be_visible()


def exchanged(site, **who):
    """A token, as the portal's backend gets it."""
    request = Request(  # noqa: S310
        f"{site}/api/channels/closed/token",
        data=json.dumps(who).encode(),
        headers={"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"},
    )
    return urlopen(request).read().decode()  # noqa: S310


def test_a_channel_with_a_secret_opens_by_the_portals_token(host, visit, site):
    host.pages["/token"] = (lambda: exchanged(site, user="u1"), {"Content-Type": "application/json"})
    page = visit(host.page('data-channel="closed" data-mode="inline" data-token-url="/token"'))
    ask(inside(page), "东海省的目标？")
    page = visit(host.page('data-channel="closed" data-mode="inline"'))
    expect(inside(page).locator(".tw-closed")).to_have_text("缺少访问凭证，请从门户网站打开。")


def test_a_token_is_renewed_without_a_word(host, visit):
    page = visit(host.page('data-channel="portal" data-mode="inline"'))
    ask(inside(page), "东海省的目标？")
    inside(page).locator("html").evaluate(
        "() => { const now = Date.now; Date.now = () => now() + 26 * 60e3; }"
    )
    with page.expect_request(re.compile("/token$")) as renewing:
        ask(inside(page), "比较两省的目标", answers=2)
    assert renewing.value.headers["authorization"].startswith("Bearer ")
    assert "cookie" not in renewing.value.headers


def test_what_goes_wrong_is_told_in_the_chat(host, visit, monkeypatch):
    page = visit(host.page('data-channel="narrow" data-mode="inline"'))
    chat = inside(page)
    ask(chat, "东海省的目标？")
    chat.locator("#tw-question textarea").fill("再来一个")
    chat.locator("#tw-submit").click()
    expect(chat.locator("#tw-chat .tw-failed")).to_contain_text("您提问得太快了，请")
    wait_for_events(page)
    expect(chat.locator("#tw-question textarea")).to_have_value("再来一个")
    monkeypatch.setattr(tokens_module, "LIFETIME", -1)
    chat.locator("#tw-submit").click()
    expect(chat.locator("#tw-chat .tw-failed").last).to_contain_text("访问凭证已过期，请刷新页面")


def test_a_server_that_goes_and_comes_back_is_told_and_found(host, visit):
    page = visit(host.page('data-channel="portal" data-mode="inline"'), expected="ERR_FAILED")
    chat = inside(page)
    expect(chat.locator(".tw-opened")).to_be_visible()
    queue = re.compile("/gradio_api/")
    page.route(queue, lambda route: route.abort())
    chat.locator("#tw-question textarea").fill("东海省的目标？")
    chat.locator("#tw-submit").click()
    expect(chat.locator(".toast-wrap")).to_contain_text("与服务器的连接已中断，正在重新连接…")
    expect(chat.locator("#tw-question textarea")).to_have_value("东海省的目标？")
    page.unroute(queue)
    expect(chat.locator("[data-testid=toast-text]")).to_have_count(0)
    ask(chat, "东海省的目标？")
