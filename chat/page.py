"""The web chat: a Gradio page over the same answers as the HTTP API."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from chat import render, shelf
from chat.access.gate import Gate
from chat.access.limits import TooMany, Visit
from chat.access.tokens import TokenError
from chat.answer import GENERATED_LABEL
from chat.contract import QUESTION_CHARACTERS, AskRequest, AskResponse, StatementBody, document_url
from chat.examples import example_questions
from chat.memory import ANYWHERE, Exchange, Kept
from chat.pool import Answerer, AnswerFailed, AnswerPool, Overloaded
from chat.problems import explain
from chat.quick_gradio import gr, queue
from chat.records import Recorded

log = logging.getLogger(__name__)

PAUSE = 0.1  # seconds between two partial answers; the eye needs no more
SHELF = 6  # documents named in the welcome
STOPPED = "已停止，未给出完整回答。"
BROKEN = "系统出错，请稍后再试。"
GONE = "这个回答已超过保存期限。"

Update = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What stands in the place of an answer."""

    html: str
    answer_id: str = ""
    final: bool = False
    failed: bool = False  # the question goes back into the text box


class Chat:
    """What the page's events do. Holds no conversation: the browser does."""

    def __init__(
        self, pool: AnswerPool, gate: Gate, examples: str = "", trial: Answerer | None = None
    ) -> None:
        self._pool = pool
        self._gate = gate
        self._examples: list[str] = []
        # In the background: two dozen questions of a large corpus take a second.
        Thread(target=self._try_examples, args=(examples, trial or pool.assistant), daemon=True).start()

    def _try_examples(self, chosen: str, trial: Answerer) -> None:
        self._examples = example_questions(trial, chosen)

    def opened(self, value: object) -> tuple[Update, Update, Update]:
        """A page is opened or reloaded: chat, region selector, example questions."""
        kept = Kept.read(value)
        regions = self.regions()
        region = kept.region if kept.region in regions else ANYWHERE
        messages = self._messages(kept.exchanges)
        return (
            gr.update(value=messages, placeholder=self.welcome(), examples=self.examples()),
            gr.update(choices=regions, value=region),
            gr.update(value=Kept(kept.exchanges, region).written()),
        )

    def regions(self) -> list[str]:
        """The choices of the region selector: whose policies are loaded."""
        documents = self._pool.assistant.snapshot.documents
        names = {document.region or document.level for document in documents} - {""}
        return [ANYWHERE, *sorted(names, key=lambda name: (name != shelf.NATIONAL, name))]

    def examples(self) -> list[dict[str, str]]:
        """The example questions as the chat takes them."""
        return [{"text": question} for question in self._examples]

    def welcome(self) -> str:
        """What stands in an empty chat: which policies are loaded, and as of when."""
        snapshot = self._pool.assistant.snapshot
        documents = snapshot.documents
        root = self._pool.root
        return render.one_block(
            render.page(
                "welcome.html",
                root=root,
                count=len(documents),
                clauses=sum(len(document.clauses) for document in documents),
                as_of=snapshot.manifest.created[:10],
                documents=[
                    {
                        "title": document.title,
                        "number": document.number,
                        "place": shelf.place(document),
                        "url": document_url(document, root),
                    }
                    for document in documents[:SHELF]
                ],
                more=len(documents) > SHELF,
            )
        )

    def greeting(self, text: str) -> str:
        """What stands in an empty chat of a portal, in its own words where it has some."""
        documents = self._pool.assistant.snapshot.documents
        html = render.page("greeting.html", root=self._pool.root, text=text, count=len(documents))
        return render.one_block(html)

    async def respond(
        self, question: object, region: object, value: object, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """Answer a question asked on the page."""
        gate = self._gate

        def admit() -> Visit:
            return gate.admit_chat(address(request))

        async for update in self.converse(question, region, value, admit):
            yield update

    async def converse(
        self, question: object, region: object, value: object, admit: Callable[[], Visit]
    ) -> AsyncIterator[list[Any]]:
        """Answer a question of a visitor whom `admit` lets in: chat, text box, memory, ask button, stop button."""
        kept = Kept.read(value)
        try:
            asked = await asyncio.to_thread(self._request, question, region, kept.exchanges)
        except ValidationError as problem:
            gr.Warning(explain(problem.errors(), "question"), title="请检查问题")
            yield [gr.skip(), gr.skip(), gr.skip(), *_buttons(running=False)]
            return
        before = await asyncio.to_thread(self._messages, kept.exchanges)
        pending = Kept((*kept.exchanges, Exchange(asked.question)), _region(region))
        messages = [*before, _said("user", render.asked_html(asked.question))]
        waiting = _said("assistant", render.note_html("正在查找条款…", "tw-wait"))
        # Every yield carries every value: of updates that arrive together the browser keeps the last alone.
        yield [gr.update(value=[*messages, waiting]), "", pending.written(), *_buttons(running=True)]
        started = time.monotonic()
        async for shown in self._answering(asked, admit):
            # Later the box is left alone: the next question may already stand in it.
            box: Any = "" if time.monotonic() - started < PAUSE else gr.skip()
            memory = pending
            if shown.answer_id:
                memory = Kept((*kept.exchanges, Exchange(asked.question, shown.answer_id)), pending.region)
            yield [
                gr.update(value=[*messages, _said("assistant", shown.html)]),
                asked.question if shown.failed else box,
                memory.written(),
                *_buttons(running=not shown.final),
            ]

    async def _answering(self, asked: AskRequest, admit: Callable[[], Visit]) -> AsyncIterator[Shown]:
        """What is shown of an answer while it comes; the last is final, whatever happens."""
        last = 0.0
        label = ""
        try:
            visit = admit()
            async for item in self._pool.stream(asked, visit.channel, visit.region):
                if isinstance(item, StatementBody) and item.generated:
                    label = GENERATED_LABEL
                if isinstance(item, AskResponse):
                    yield Shown(render.answer_html(item, self._pool.root), item.id, final=True)
                elif time.monotonic() - last > PAUSE:
                    yield Shown(render.partial_html(item.answer, label))
                    last = time.monotonic()
        except (Overloaded, AnswerFailed, TooMany, TokenError) as problem:
            yield Shown(render.note_html(str(problem), "tw-failed"), final=True, failed=True)
        except Exception:  # noqa: BLE001 — the last boundary: without it the page would stay silent
            log.exception("the chat could not show an answer")
            yield Shown(render.note_html(BROKEN, "tw-failed"), final=True, failed=True)

    def stopped(self, value: object) -> list[Any]:
        """The answer was stopped: chat, ask button, stop button."""
        return [gr.update(value=self._messages(Kept.read(value).exchanges)), *_buttons(running=False)]

    def cleared(self, region: object) -> list[Any]:
        """A new conversation: chat, memory, ask button, stop button."""
        return [gr.update(value=[]), Kept((), _region(region)).written(), *_buttons(running=False)]

    def _recall(self, exchange: Exchange) -> Recorded | None:
        if not exchange.answer_id:
            return None
        try:
            return self._pool.records.find(exchange.answer_id)
        except SQLAlchemyError:
            log.exception("the records cannot be read")
            return None

    def _request(self, question: object, region: object, exchanges: Sequence[Exchange]) -> AskRequest:
        history = []
        for exchange in exchanges:
            record = self._recall(exchange)
            if record:
                history.append({"role": "user", "content": record.question})
                history.append({"role": "assistant", "content": record.body["answer"]})
        regions = (
            [region] if isinstance(region, str) and region != ANYWHERE and region in self.regions() else []
        )
        return AskRequest.model_validate(
            {"question": question, "history": history, "filters": {"regions": regions}}
        )

    def _messages(self, exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
        messages = []
        for exchange in exchanges:
            record = self._recall(exchange)
            question = record.question if record else exchange.question
            messages.append(_said("user", render.asked_html(question)))
            if record:
                body = AskResponse.model_validate(record.body)
                shown = render.answer_html(body, self._pool.root, record.vote)
            else:
                shown = render.note_html(GONE if exchange.answer_id else STOPPED, "tw-failed")
            messages.append(_said("assistant", shown))
        return messages


def chat_blocks(chat: Chat, root: str, concurrency: int) -> gr.Blocks:
    """The page of the chat."""
    with gr.Blocks(
        title="条问 · 政策问答", analytics_enabled=False, fill_height=True, fill_width=True
    ) as blocks:
        # BrowserState encrypts with a key that the page itself carries: it hides nothing, but a fixed key
        # lets a conversation survive a restart of the server.
        memory = gr.BrowserState(Kept().written(), storage_key="tiaowen", secret="tiaowen")
        gr.Markdown(render.one_block(render.page("bar.html", root=root)), elem_id="tw-top", container=False)
        conversation = dialogue(chat.welcome(), chat.examples())
        with gr.Column(elem_id="tw-ask"):
            with gr.Row(elem_id="tw-ask-row"):
                region, question, ask, stop, clear = asking_row(chat.regions())
            gr.Markdown("回答依据已收录的政策文件，以政策原文为准。", elem_id="tw-note", container=False)
        buttons: list[Any] = [ask, stop]
        private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        answered: dict[str, Any] = {
            "fn": chat.respond,
            "inputs": [question, region, memory],
            "outputs": [conversation, question, memory, *buttons],
            "concurrency_limit": concurrency,
        }
        asking = gr.on([question.submit, ask.click], trigger_mode="once", **answered, **private)
        picked = conversation.example_select(chosen_example, None, question, **private).then(
            **answered, **private
        )
        running = [asking, picked]
        stop.click(chat.stopped, memory, [conversation, *buttons], cancels=running, **private)
        clear.click(chat.cleared, region, [conversation, memory, *buttons], cancels=running, **private)
        blocks.load(chat.opened, memory, [conversation, region, memory], **private)
    queue(blocks, concurrency)
    return blocks


def dialogue(placeholder: str, examples: list[dict[str, str]]) -> gr.Chatbot:
    """The conversation; what stands in it while it is empty."""
    return gr.Chatbot(
        elem_id="tw-chat",
        show_label=False,
        label="对话",
        container=False,
        scale=1,
        height=None,
        autoscroll=False,  # chat.js goes to the question instead: a long answer is read from its start
        layout="bubble",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        placeholder=placeholder,
        examples=examples or None,  # type: ignore[arg-type]
        allow_file_downloads=False,
    )


def asking_row(
    regions: list[str], *, autofocus: bool = True
) -> tuple[gr.Dropdown, gr.Textbox, gr.Button, gr.Button, gr.Button]:
    """Region selector, text box, and the buttons to ask, stop and begin anew."""
    bare: dict[str, Any] = {"show_label": False, "container": False}
    region = gr.Dropdown(
        regions,
        value=ANYWHERE,
        label="地区",
        interactive=True,
        elem_id="tw-region",
        min_width=110,
        scale=0,
        **bare,
    )
    question = gr.Textbox(
        placeholder="请输入问题，例如某项政策的目标、支持措施或责任部门",
        label="问题",
        lines=1,
        max_lines=5,
        max_length=QUESTION_CHARACTERS,
        autofocus=autofocus,
        elem_id="tw-question",
        scale=1,
        **bare,
    )
    ask = gr.Button("提问", variant="primary", elem_id="tw-submit", min_width=76, scale=0)
    stop = gr.Button("停止", variant="stop", visible=False, elem_id="tw-stop", min_width=76, scale=0)
    clear = gr.Button("新对话", variant="secondary", elem_id="tw-new", min_width=76, scale=0)
    return region, question, ask, stop, clear


def chosen_example(chosen: gr.SelectData) -> str:
    """The question of the example that was clicked."""
    value = chosen.value
    text = value.get("text") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _said(role: str, html: str) -> dict[str, str]:
    return {"role": role, "content": html}


def _region(value: object) -> str:
    return value if isinstance(value, str) and value else ANYWHERE


def _buttons(*, running: bool) -> list[Update]:
    return [gr.update(visible=not running), gr.update(visible=running)]


def address(request: gr.Request) -> str | None:
    """Where an event came from."""
    client = getattr(request, "client", None)
    return client.host if client else None
