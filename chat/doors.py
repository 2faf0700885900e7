"""What every way in for programs needs: the pool, the visitor's admission, filters that name something."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer

from chat.access.gate import Gate
from chat.access.keys import Scope
from chat.access.limits import Visit
from chat.contract import AskRequest
from chat.pool import AnswerPool
from corpus.document import Document
from corpus.regions import find_regions


async def _pool(request: Request) -> AnswerPool:  # async, for a plain one costs a change of thread
    pool: AnswerPool = request.app.state.pool
    return pool


async def _gate(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


Pool = Annotated[AnswerPool, Depends(_pool)]
Admission = Annotated[Gate, Depends(_gate)]
# Only describes the key in openapi.json; `admit_with_key` reads it.
KEY = HTTPBearer(auto_error=False, scheme_name="API 密钥", description="tw_…；TIAOWEN_PUBLIC_API=off 时必需")


def host_of(request: Request) -> str | None:
    """Where a request came from."""
    return request.client.host if request.client else None


def bearer_of(request: Request) -> str:
    """The token of the Authorization header, empty where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def admit_with_key(request: Request, scope: Scope) -> Visit:
    """Admit a program, with or without a key. Raises KeyRefused, TooMany."""
    gate: Gate = request.app.state.gate
    bearer = bearer_of(request)
    if not bearer:
        return gate.admit_program(host_of(request), "", scope)
    return await asyncio.to_thread(
        gate.admit_program, host_of(request), bearer, scope
    )  # it reads the database


def known_filters(asked: AskRequest, documents: Sequence[Document]) -> None:
    """Refuse filters that name nothing; a region that is real but has no policy here is the assistant's matter.

    Raises HTTPException.
    """
    if asked.filters.documents:
        unknown = sorted(set(asked.filters.documents) - {document.id for document in documents})
        if unknown:
            raise HTTPException(422, f"没有收录文件：{'、'.join(unknown)}。")
    if asked.filters.regions:
        regions = {"国家", "全国", *(document.region for document in documents)}
        strange = [name for name in asked.filters.regions if name not in regions and not find_regions(name)]
        if strange:
            raise HTTPException(422, f"不认识的地区：{'、'.join(strange)}。")
