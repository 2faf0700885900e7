"""The chat for portals: the same conversation in a compact page, each event with a channel's token."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from chat import render
from chat.access.channels import Channel
from chat.access.gate import Gate, NoChannel
from chat.access.limits import Visit
from chat.access.tokens import TokenError
from chat.guard import content_policy
from chat.memory import ANYWHERE, Kept
from chat.page import Chat, address, asking_row, chosen_example, dialogue
from chat.quick_gradio import gr, queue
from chat.shell import Page

GREETING_CHARACTERS = 200
STARTERS = 6
STARTER_CHARACTERS = 100
_MEMORY = "tiaowen-embedded-memory"  # becomes one name per channel: two on a page are two conversations


@dataclass(frozen=True)
class Ticket:
    """What the embedded page says of itself. It comes from the browser, so nothing of it is believed."""

    channel: str = ""
    token: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()

    @classmethod
    def read(cls, value: object) -> Ticket:
        """What is usable of a value from the browser."""
        try:
            said = json.loads(value) if isinstance(value, str) else None
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return cls()
        starters = said.get("starters")
        return cls(
            _text(said.get("channel"), 64),
            _text(said.get("token"), 2_000),
            _text(said.get("greeting"), GREETING_CHARACTERS),
            tuple(
                text
                for each in (starters if isinstance(starters, list) else [])[:STARTERS]
                if (text := _text(each, STARTER_CHARACTERS))
            ),
        )


def _text(value: object, characters: int) -> str:
    return value.strip()[:characters] if isinstance(value, str) else ""


class EmbeddedChat:
    """What the events of the embedded page do: as those of the chat, after a look at the token."""

    def __init__(self, chat: Chat, gate: Gate) -> None:
        self._chat = chat
        self._gate = gate

    def opened(self, value: object, signed: object) -> list[Any]:
        """The page is opened or reloaded: chat, region selector, memory."""
        ticket = Ticket.read(signed)
        try:
            channel = self._opened_by(ticket)
        except TokenError as problem:
            refused = render.note_html(str(problem), "tw-failed tw-closed")
            return [gr.update(value=[], placeholder=refused, examples=[]), gr.skip(), gr.skip()]
        conversation, region, memory = self._chat.opened(value)
        starters = ticket.starters or channel.starters
        conversation["placeholder"] = self._chat.greeting(ticket.greeting or channel.greeting)
        if starters:
            conversation["examples"] = [{"text": text} for text in starters]
        return [conversation, region, memory]

    async def respond(
        self, question: object, region: object, value: object, signed: object, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """Answer a question: chat, text box, memory, ask button, stop button."""
        ticket = Ticket.read(signed)

        def admit() -> Visit:
            try:
                return self._gate.admit_embedded(ticket.channel, ticket.token, address(request))
            except NoChannel:
                raise TokenError("没有这个渠道，请从门户网站打开。") from None

        async for update in self._chat.converse(question, region, value, admit):
            yield update

    def picked(self, signed: object, chosen: gr.SelectData) -> str:
        """The question of the example that was clicked."""
        return chosen_example(chosen) if self._is_open(signed) else ""

    def stopped(self, value: object, signed: object) -> list[Any]:
        """The answer was stopped: chat, ask button, stop button."""
        return self._chat.stopped(value if self._is_open(signed) else Kept().written())

    def cleared(self, region: object, signed: object) -> list[Any]:
        """A new conversation: chat, memory, ask button, stop button."""
        return self._chat.cleared(region if self._is_open(signed) else ANYWHERE)

    def _opened_by(self, ticket: Ticket) -> Channel:
        try:
            channel = self._gate.channel(ticket.channel)
        except NoChannel:
            raise TokenError("没有这个渠道，请从门户网站打开。") from None
        self._gate.tokens.read(ticket.token, channel.id)
        return channel

    def _is_open(self, signed: object) -> bool:
        try:
            self._opened_by(Ticket.read(signed))
        except TokenError:
            return False
        return True


def embedded_page(channel: Channel, root: str) -> Page:
    """The page of a channel: shown in frames of its own portals alone."""
    said = {
        "id": channel.id,
        "origins": list(channel.origins),
        "colour": channel.colour,
        "tokenNeeded": bool(channel.secret),
    }
    return Page(
        head=render.page("head.html", root=root, channel=Markup(json.dumps(said).replace("<", "\\u003c"))),  # noqa: S704
        headers={
            "Content-Security-Policy": content_policy(channel.origins),
            "X-Robots-Tag": "noindex",
        },
        replaced={_MEMORY: f"tiaowen:{channel.id}", "条问 · 政策问答": channel.title},
    )


def embedded_blocks(chat: Chat, gate: Gate, concurrency: int) -> gr.Blocks:
    """The compact page, without the bar above."""
    embedded = EmbeddedChat(chat, gate)
    with gr.Blocks(
        title="条问 · 政策问答", analytics_enabled=False, fill_height=True, fill_width=True
    ) as blocks:
        memory = gr.BrowserState(Kept().written(), storage_key=_MEMORY, secret="tiaowen")
        # static/embed.js fills it in, as the last input of every event: whose chat this is, and its token.
        signed = gr.Textbox(visible=False)
        conversation = dialogue(render.note_html("正在打开…", "tw-wait"), [])
        with gr.Column(elem_id="tw-ask"):
            with gr.Row(elem_id="tw-ask-row"):
                region, question, ask, stop, clear = asking_row(
                    chat.regions(), autofocus=False
                )  # the page around has the focus
            gr.Markdown("回答依据已收录的政策文件，以政策原文为准。", elem_id="tw-note", container=False)
        buttons: list[Any] = [ask, stop]
        private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        answered: dict[str, Any] = {
            "fn": embedded.respond,
            "inputs": [question, region, memory, signed],
            "outputs": [conversation, question, memory, *buttons],
            "concurrency_limit": concurrency,
        }
        asking = gr.on([question.submit, ask.click], trigger_mode="once", **answered, **private)
        picked = conversation.example_select(embedded.picked, signed, question, **private).then(
            **answered, **private
        )
        running = [asking, picked]
        stop.click(embedded.stopped, [memory, signed], [conversation, *buttons], cancels=running, **private)
        clear.click(
            embedded.cleared,
            [region, signed],
            [conversation, memory, *buttons],
            cancels=running,
            **private,
        )
        blocks.load(embedded.opened, [memory, signed], [conversation, region, memory], **private)
    queue(blocks, concurrency)
    return blocks
