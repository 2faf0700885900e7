"""Start everything: python app.py."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from chat.access.channels import ChannelsError, load_channels
from chat.access.gate import Gate
from chat.access.keys import Keys
from chat.access.limits import Limiter
from chat.access.secret import signing_key
from chat.access.tokens import Tokens
from chat.api import create_app
from chat.opening import NotReady, open_assistant, open_language
from chat.records import Records
from chat.site import mount_chat
from settings import Settings


def compose(settings: Settings, console: Console) -> FastAPI:
    """The whole application, every part given what it needs. Raises NotReady, ChannelsError."""
    writing = open_language(settings.language)
    assistant = open_assistant(settings.data, settings.document_folders, settings.model, console, writing)
    records = Records(settings.records_url)
    records.forget(datetime.now(UTC) - timedelta(days=settings.keep_days))
    app = create_app(
        assistant,
        records,
        folders=settings.document_folders,
        workers=settings.workers,
        waiting=settings.waiting,
        seconds=settings.answer_seconds,
        root_path=settings.root_path,
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        gate=Gate(
            channels=load_channels(settings.channels),
            tokens=Tokens(signing_key(settings.data)),
            limiter=Limiter(on=settings.limits == "on"),
            keys=Keys(records.engine),
            public_api=settings.public_api == "on",
        ),
    )
    concurrency = settings.workers + settings.waiting + 8
    return mount_chat(app, examples=settings.examples, concurrency=concurrency, trial=assistant.quoting)


def main() -> int:
    """Serve until stopped."""
    settings = Settings()
    console = Console()
    try:
        app = compose(settings, console)
    except (NotReady, ChannelsError) as problem:
        console.print(str(problem), style="red", markup=False)
        return 1
    console.print(f"条问：http://{settings.host}:{settings.port}{settings.root_path}/", markup=False)
    # What proxies say is judged within the app (chat.access.proxies).
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        root_path=settings.root_path,
        proxy_headers=False,
        access_log=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
