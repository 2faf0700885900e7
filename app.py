"""Start everything: python app.py."""

from __future__ import annotations

import gc
import os
import sys
from threading import Thread

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from threadpoolctl import threadpool_limits

from chat.access.accounts import AccountError, Accounts
from chat.access.channels import ChannelsError, load_channels
from chat.access.gate import Gate
from chat.access.keys import Keys
from chat.access.limits import Limiter
from chat.access.secret import signing_key
from chat.access.tokens import Tokens
from chat.api import create_app
from chat.curated.entries import CuratedStore
from chat.database import DatabaseClosed
from chat.opening import NotReady, open_assistant, open_language
from chat.records import Records
from eval.page import add_staff
from settings import Settings

_WARMING_SECONDS = 3.0
_LOADED = 200_000  # objects that are made before garbage is looked for, while everything is loaded


def compose(settings: Settings, console: Console) -> FastAPI:
    """The whole application, every part given what it needs; a thread that reads the corpus goes on.

    Raises NotReady, ChannelsError, DatabaseClosed.
    """
    records = Records(settings.records_url, masked=settings.mask)
    assistant = open_assistant(
        settings.data,
        settings.document_folders,
        settings.model,
        console,
        open_language(settings.language),
        CuratedStore(records.engine),
    )
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
        keep_days=settings.keep_days,
    )
    accounts = Accounts(records.engine)
    _tell_password(accounts.open_built_in(settings.staff_password), settings, console)
    add_staff(
        app,
        accounts,
        data=settings.data,
        environment=os.environ | settings.environment,
        together=settings.runs,
    )
    app.state.warming = Thread(target=assistant.warm, name="warming", daemon=True)
    app.state.warming.start()
    from chat.site import mount_chat  # Gradio takes a second to load, in which the corpus is read

    concurrency = settings.workers + settings.waiting + 8
    return mount_chat(app, examples=settings.examples, concurrency=concurrency, trial=assistant.quoting)


def _tell_password(generated: str, settings: Settings, console: Console) -> None:
    if generated:
        link = f"http://{settings.host}:{settings.port}{settings.root_path}/staff"
        console.print(f"工作人员页面：{link}", markup=False)
        console.print(f"用户名 staff，密码 {generated}（只显示这一次，请记下）", markup=False)


def main() -> int:
    """Serve until stopped."""
    settings = Settings()
    console = Console()
    usual = gc.get_threshold()
    gc.set_threshold(_LOADED)  # hardly anything is garbage yet, and looking for it takes half a second
    # A second thread of BLAS takes a core and saves nothing, matrices being as small as a question's.
    threadpool_limits(1, "blas")
    try:
        app = compose(settings, console)
    except (NotReady, ChannelsError, DatabaseClosed, AccountError) as problem:
        console.print(str(problem), style="red", markup=False)
        return 1
    app.state.warming.join(_WARMING_SECONDS)  # a corpus that takes longer is read beside the first answers
    console.print(f"条问：http://{settings.host}:{settings.port}{settings.root_path}/", markup=False)
    gc.collect()
    gc.set_threshold(*usual)
    gc.freeze()  # what stays for good is not looked through again and again while questions are answered
    # What proxies say is judged within the app (chat.access.proxies).
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        root_path=settings.root_path,
        proxy_headers=False,
        access_log=False,
        http="h11",  # which bounds the head of a request; httptools, a quarter of a millisecond faster, does not
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
