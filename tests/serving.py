"""A server in a thread and a Chromium, for the tests in the browser."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from weakref import WeakKeyDictionary

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import ConsoleMessage, Page, Request

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip

_PATIENCE = 20.0  # seconds that an event may take to end

_streams: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


@contextlib.contextmanager
def serve(app: FastAPI, root_path: str = "") -> Iterator[str]:
    """Serve an app on a free port; gives its address."""
    config = uvicorn.Config(app, port=0, log_level="warning", root_path=root_path, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def chromium() -> str:
    """The path of Chromium; skips the test where there is none, but never in continuous integration."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "没有找到浏览器：sudo apt-get install -y chromium fonts-wqy-zenhei"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


def is_error(line: ConsoleMessage) -> bool:
    """Whether the browser reports an error; the stream that Gradio ends when a page is left is none."""
    return line.type == "error" and not line.text.startswith("AbortError")


def follow_events(page: Page) -> None:
    """Note from now on which streams of Gradio's events are open in a page."""
    streams = _streams[page] = set()
    page.on("request", lambda request: streams.add(request) if "/queue/data" in request.url else None)
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: streams.discard(request))


def wait_for_events(page: Page) -> None:
    """Wait until no event of a page goes on. An answer shows before: clicks in between, Gradio passes over."""
    deadline = time.monotonic() + _PATIENCE
    while _streams[page]:
        assert time.monotonic() < deadline, "an event of the page does not end"
        page.wait_for_timeout(10)
