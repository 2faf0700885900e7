"""The whole site: the web chat at /, and for portals at /embed/<channel>, over the app of the HTTP API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from chat import render
from chat.access.gate import Gate
from chat.embed import embedded_blocks, embedded_page
from chat.page import Chat, chat_blocks
from chat.pool import Answerer, AnswerPool
from chat.quick_gradio import gr
from chat.shell import ChineseShell, Page


def mount_chat(
    app: FastAPI, *, examples: str = "", concurrency: int = 80, trial: Answerer | None = None
) -> FastAPI:
    """Mount the chats on an app made by `chat.api.create_app`; nothing may be mounted after it.

    `examples`: questions separated by |, empty to derive them. `concurrency`: questions that may be open
    at a time; above the pool's own bound, so that it is the pool that says no, in Chinese. `trial` tries the
    examples, where that is not to be done by the assistant that answers, whose language model costs.
    """
    pool: AnswerPool = app.state.pool
    gate: Gate = app.state.gate
    chat = Chat(pool, gate, examples, trial)
    portals = {name: embedded_page(channel, pool.root) for name, channel in gate.channels.portals.items()}
    if portals:
        _mount(app, "/embed", embedded_blocks(chat, gate, concurrency), portals.get)
    page = Page(render.page("head.html", root=pool.root))
    _mount(app, "/", chat_blocks(chat, pool.root, concurrency), {"": page}.get)
    return app


def _mount(app: FastAPI, path: str, blocks: gr.Blocks, pages: Callable[[str], Page | None]) -> None:
    """Mount a Gradio app in the shell that serves its `pages`."""
    gr.mount_gradio_app(
        app,
        blocks,
        path=path,
        footer_links=[],
        run_history=False,
        show_error=False,
        pwa=False,
        mcp_server=False,
        ssr_mode=False,
        enable_monitoring=False,
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
        favicon_path=str(render.FOLDER / "static" / "icon.png") if path == "/" else None,
        theme=_theme(),
    )
    mounted: Any = app.router.routes[-1]
    mounted.app = ChineseShell(mounted.app, pages)


def _theme() -> gr.themes.Base:
    fonts = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
    return gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_sm,
        font=[*(gr.themes.Font(name) for name in fonts), gr.themes.Font("sans-serif")],
        font_mono=[gr.themes.Font("monospace")],
    )
