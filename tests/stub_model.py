"""A server that speaks OpenAI's chat protocol over streams, well or badly: python -m tests.stub_model PORT.

What it does is told by the model's name in a request; `well` writes from the clauses in the prompt.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLAUSE = re.compile(r'<条款 编号="(\d+)"[^>]*地区="([^"]*)"[^>]*>\n(.*?)\n</条款>', re.DOTALL)
SENTENCE = re.compile(r"[^。\n]{12,120}。")


class Stub:
    """The server. `requests` are the bodies received, `keys` the keys sent with them."""

    def __init__(self, port: int = 0, pause: float = 0.0, text: Callable[[dict], str] | None = None) -> None:
        self.requests: list[dict] = []
        self.keys: list[str] = []
        self.pause = pause
        self.text: Callable[[dict], str] = text or well
        self._failed: dict[str, int] = {}
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stub.requests.append(body)
                stub.keys.append(self.headers.get("Authorization", ""))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    stub.answer(self, body)

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, body):
        """Behave as the model's name says: a behaviour, or fail-N-then-behaviour."""
        name = body["model"]
        first = re.fullmatch(r"(\w+)-(\d)-then-(\w+)", name)
        if first:
            failed = self._failed.get(name, 0)
            self._failed[name] = failed + 1
            name = first[1] if failed < int(first[2]) else first[3]
        getattr(self, f"do_{name}")(handler, body)

    def do_well(self, handler, body):
        self._stream(handler, self.text(body), usage="stream_options" in body)

    def do_thinks(self, handler, body):
        self._stream(handler, f"<think>\n先看条款。免税[1]。\n</think>\n\n{self.text(body)}")

    def do_slow(self, handler, body):
        """Comments, which every client skips, and never a word."""
        self._begin(handler)
        while True:
            self._write(handler, ": keep-alive\n\n")
            time.sleep(0.05)

    def do_crawls(self, handler, body):
        self._begin(handler)
        for char in self.text(body):
            self._write(handler, chunk(char))
            time.sleep(0.03)

    def do_silent(self, handler, body):
        time.sleep(5)

    def do_busy(self, handler, body):
        self._refuse(handler, 429, {"retry-after": "0"})

    def do_full(self, handler, body):
        self._refuse(handler, 429, {"retry-after": "3600"})

    def do_broken(self, handler, body):
        self._refuse(handler, 500)

    def do_unknown(self, handler, body):
        self._refuse(handler, 404)

    def do_unauthorized(self, handler, body):
        self._refuse(handler, 401)

    def do_old(self, handler, body):
        """A server that does not know stream_options."""
        if "stream_options" in body:
            self._refuse(handler, 400, message="unknown field stream_options")
        else:
            self._stream(handler, self.text(body), usage=False)

    def do_garbage(self, handler, body):
        self._begin(handler)
        self._write(handler, 'data: {"choices": [{"delta": {"content"\n\ndata: \x00\xff\n\n')

    def do_odd(self, handler, body):
        """Valid JSON, and no chunk of a chat."""
        self._begin(handler)
        for strange in ("[]", "17", '{"choices": "none"}', '{"choices": [{"delta": {"content": {"a": 1}}}]}'):
            self._write(handler, f"data: {strange}\n\n")

    def do_page(self, handler, body):
        """A login page of a proxy, with status 200."""
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<html>login</html>")

    def do_error(self, handler, body):
        self._begin(handler)
        self._write(handler, 'data: {"error": {"message": "overloaded, key sk-secret"}}\n\n')

    def do_stops(self, handler, body):
        """The connection ends within a sentence."""
        self._begin(handler)
        text = self.text(body)
        for piece in pieces(text[: int(len(text) * 0.7)]):
            self._write(handler, chunk(piece))

    def do_length(self, handler, body):
        text = self.text(body)
        self._stream(handler, text[: int(len(text) * 0.7)], finish="length")

    def do_nothing(self, handler, body):
        self._stream(handler, "")

    def do_english(self, handler, body):
        last = body["messages"][-1]["content"]
        if last.endswith("请只用简体中文作答。") and "polite" in body.get("user", ""):
            self._stream(handler, self.text(body))
        else:
            self._stream(
                handler, "According to the policy, enterprises receive a subsidy of 10 million yuan [1]. " * 4
            )

    def _begin(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()

    def _write(self, handler, text):
        handler.wfile.write(text.encode("utf-8", "surrogateescape"))
        handler.wfile.flush()

    def _stream(self, handler, text, *, usage=True, finish="stop"):
        self._begin(handler)
        for piece in pieces(text):
            self._write(handler, chunk(piece))
            time.sleep(self.pause)
        self._write(handler, chunk("", finish))
        if usage:
            counts = {"prompt_tokens": 1000, "completion_tokens": len(text), "total_tokens": 1000 + len(text)}
            self._write(handler, f"data: {json.dumps({'id': 'x', 'choices': [], 'usage': counts})}\n\n")
        self._write(handler, "data: [DONE]\n\n")

    def _refuse(self, handler, status, headers=None, message="no, sk-secret"):
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(json.dumps({"error": {"message": message}}).encode())


def chunk(content: str, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    record = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(record, ensure_ascii=False)}\n\n"


def pieces(text: str) -> Iterator[str]:
    """The text in pieces of three characters, as tokens come."""
    for start in range(0, len(text), 3):
        yield text[start : start + 3]


def clauses(body: dict) -> list[tuple[int, str, str]]:
    """The clauses of a prompt: number, place, text."""
    prompt = body["messages"][-1]["content"]
    return [(int(number), place, text) for number, place, text in CLAUSE.findall(prompt)]


def well(body: dict) -> str:
    """Sentences of the first clauses, one of each, cited rightly; the last one is invented."""
    lines = []
    for number, place, text in clauses(body)[:3]:
        for sentence in SENTENCE.findall(text)[-2:]:
            lines.append(f"- {place}：{sentence.strip()[:-1]}[{number}]。")
    return "\n".join([*lines, "- 各地还将对企业一次性奖励一千万元。[1]"])


if __name__ == "__main__":
    with Stub(int(sys.argv[1]), pause=0.03):
        threading.Event().wait()
