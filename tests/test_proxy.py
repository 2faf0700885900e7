"""Behind nginx under a path prefix, as a portal proxies it: pages, links, streams, the widget."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from urllib.request import Request, urlopen

import pytest

from chat.access.channels import Channel, Channels
from chat.access.gate import Gate
from chat.access.limits import Limiter, Limits
from chat.access.tokens import Tokens
from chat.api import create_app
from chat.records import Records
from chat.site import mount_chat
from settings import ROOT
from tests.serving import FLAGS, chromium, serve
from tests.standin import StandIn, corpus

ROOT_PATH = "/zcwd"
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>门户</title></head><body>
<script src="/zcwd/widget.js" data-channel="portal" data-mode="inline" async></script></body></html>"""
CONFIG = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; types {{ text/html html; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www;
{snippet}
    location /whole/ {{
      rewrite ^/whole(/.*)$ /zcwd$1 break; proxy_pass {upstream}; proxy_set_header Host $http_host;
    }}
  }}
}}
"""


def nginx():
    """The path of nginx; skips the test where there is none, but never in continuous integration."""
    path = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx is missing")
        pytest.skip("没有找到 nginx：sudo apt-get install -y nginx-light")
    return path


def documented():
    """The snippet of docs/embedding.md."""
    text = (ROOT / "docs" / "embedding.md").read_text("utf-8")
    return re.search(r"```nginx\n(.*?)```", text, flags=re.S)[1]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return StandIn(corpus(tmp_path_factory.mktemp("documents")))


@pytest.fixture(scope="module")
def portal(assistant, tmp_path_factory):
    """The address of the portal, nginx in front of the site."""
    program, folder = nginx(), tmp_path_factory.mktemp("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    channel = Channel(id="portal", origins=(address,))
    gate = Gate(Channels({"portal": channel}, api=Limits(visitor_minute=3)), Tokens(b"k" * 32), Limiter())
    records = Records(f"sqlite:///{folder}/r.db")
    app = mount_chat(
        create_app(assistant, records, gate=gate, root_path=ROOT_PATH, trusted_proxies="127.0.0.1")
    )
    (folder / "www").mkdir()
    (folder / "www" / "page.html").write_text(PAGE, encoding="utf-8")
    with serve(app, ROOT_PATH) as upstream:
        snippet = documented().replace("http://127.0.0.1:7860", upstream)
        user = "user root;" if os.geteuid() == 0 else ""
        config = CONFIG.format(folder=folder, port=port, snippet=snippet, upstream=upstream, user=user)
        (folder / "nginx.conf").write_text(config, encoding="utf-8")
        running = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and running.poll() is None:
            try:
                urlopen(f"{address}/zcwd/healthz").close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.05)
        yield address
        running.terminate()
        running.wait(10)


def ask(portal, question, **headers):
    body = json.dumps({"question": question}).encode()
    asked = Request(  # noqa: S310
        f"{portal}/zcwd/api/ask", data=body, headers={"Content-Type": "application/json", **headers}
    )
    return urlopen(asked, timeout=20)  # noqa: S310


def test_links_carry_the_prefix(portal):
    citation = json.load(ask(portal, "目标？", **{"X-Forwarded-For": "9.9.9.9"}))["citations"][0]
    assert citation["url"].startswith("/zcwd/documents/")
    assert urlopen(portal + citation["url"].partition("#")[0]).status == 200  # noqa: S310
    for path in ("/zcwd/", "/zcwd/documents", "/zcwd/embed/portal", "/whole/documents", "/whole/"):
        page = urlopen(portal + path).read().decode()  # noqa: S310
        assert 'href="/zcwd/public/common.css' in page, path
        assert '"/public/' not in page, path
    assert f'"root":"{portal}/zcwd/embed"' in urlopen(f"{portal}/zcwd/embed/portal").read().decode()  # noqa: S310


@pytest.mark.parametrize("path", ["/zcwd/api/ask", "/zcwd/v1/chat/completions"])
def test_streams_are_not_held_back(portal, assistant, path):
    assistant.gate.clear()
    body = {"question": "慢：目标？", "messages": [{"role": "user", "content": "慢：目标？"}], "stream": True}
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    request = Request(portal + path, json.dumps(body).encode(), headers)  # noqa: S310
    with urlopen(request, timeout=10) as stream:  # noqa: S310
        line = stream.readline().decode()
        while "60家左右" not in line:
            line = stream.readline().decode()
        assistant.gate.set()  # only now does the rest come
        assert "支持企业建设创新平台" in stream.read().decode()


def test_the_visitor_is_who_nginx_saw(portal):
    """The limit of three a minute is that of 127.0.0.1, whatever a visitor claims to be."""
    statuses = []
    for number in range(5):
        try:
            statuses.append(ask(portal, "目标？", **{"X-Forwarded-For": f"1.2.3.{number}"}).status)
        except OSError as refused:
            statuses.append(refused.code)
    assert statuses[-1] == 429


def test_the_widget_streams_under_the_prefix(portal, assistant):
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=20_000)
    complaints = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on(
            "request", lambda request: complaints.append(request.url) if portal not in request.url else None
        )
        page.goto(f"{portal}/page.html")
        chat = page.frame_locator("tiaowen-widget iframe")
        assistant.gate.clear()
        chat.locator("#tw-question textarea").fill("慢：东海省的目标？")
        chat.locator("#tw-submit").click()
        playwright.expect(chat.locator(".tw-pending .tw-text")).to_contain_text("60家左右")
        assistant.gate.set()
        playwright.expect(chat.locator("#tw-chat .tw-cite")).to_have_count(2)
        chat.locator("#tw-chat .tw-up").click()
        playwright.expect(chat.locator("#tw-chat .tw-up")).to_have_class(re.compile("tw-chosen"))
        chat.locator("a.tw-marker").last.click()
        with page.context.expect_page() as opening:
            chat.locator(".tw-cite[open] .tw-open a").click()
        playwright.expect(opening.value.locator(".clause:target")).to_contain_text("支持企业建设创新平台。")
        assert opening.value.url.startswith(f"{portal}/zcwd/documents/")
        browser.close()
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []
