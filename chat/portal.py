"""What a portal's page and its backend need of this site: the widget, a channel's looks, tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse
from fastapi.security import HTTPBearer
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chat.access.channels import region_name
from chat.access.gate import NoChannel
from chat.access.tokens import LIFETIME, USER_CHARACTERS
from chat.contract import Problem
from chat.doors import Admission, bearer_of, host_of

WIDGET = Path(__file__).parent / "static" / "widget.js"


class ChannelBody(BaseModel):
    """How a channel's widget looks."""

    id: str
    title: str
    colour: str = Field(description="#rrggbb")
    greeting: str
    starters: list[str] = Field(description="示例问题")
    token_needed: bool = Field(description="是否需要门户后台换取的访问凭证")


class TokenRequest(BaseModel):
    """For whom a token is asked. Both need the channel's secret."""

    model_config = ConfigDict(json_schema_extra={"example": {"user": "u-1024", "region": "山东省"}})

    user: str = Field(default="", max_length=USER_CHARACTERS, description="门户自己的用户编号，只用于限额")
    region: Annotated[str, Field(max_length=20), AfterValidator(region_name)] = Field(
        default="", description="优先从哪个地区的政策回答"
    )


class TokenBody(BaseModel):
    """A token for the embedded chat."""

    token: str
    expires_in: int = Field(LIFETIME, description="秒")


_SECRET = HTTPBearer(auto_error=False, scheme_name="渠道密钥", description="渠道密钥，或要续期的凭证")


def portal_router() -> APIRouter:
    """/widget.js and /api/channels/…"""
    router = APIRouter()

    @router.get("/widget.js", include_in_schema=False)
    def widget() -> FileResponse:
        headers = {"Cache-Control": "public, max-age=600"}  # short, for an upgrade must arrive
        return FileResponse(WIDGET, media_type="text/javascript", headers=headers)

    @router.get(
        "/api/channels/{channel_id}",
        summary="渠道的外观",
        responses={
            403: {"model": Problem, "description": "网页的来源不在渠道的允许名单中"},
            404: {"model": Problem, "description": "没有这个渠道"},
        },
    )
    async def channel(channel_id: str, gate: Admission) -> ChannelBody:
        """标题、颜色、欢迎语和示例问题。网页读取时，其来源须在渠道的允许名单中。"""
        try:
            found = gate.channel(channel_id)
        except NoChannel:
            raise HTTPException(404, "没有这个渠道。") from None
        return ChannelBody(
            id=found.id,
            title=found.title,
            colour=found.colour,
            greeting=found.greeting,
            starters=list(found.starters),
            token_needed=bool(found.secret),
        )

    @router.post(
        "/api/channels/{channel_id}/token",
        summary="换取访问凭证",
        dependencies=[Depends(_SECRET)],
        responses={
            403: {"model": Problem, "description": "密钥或凭证无效"},
            404: {"model": Problem, "description": "没有这个渠道"},
            422: {"model": Problem, "description": "请求内容不可用"},
            429: {"model": Problem, "description": "请求过于频繁"},
        },
    )
    async def token(
        channel_id: str,
        request: Request,
        gate: Admission,
        asked: TokenRequest | None = None,
    ) -> TokenBody:
        """门户后台以渠道密钥换取 30 分钟有效的凭证，可写明用户和地区；已有的凭证可续期。"""
        asked = asked or TokenRequest()
        try:
            return TokenBody(
                token=gate.token(channel_id, bearer_of(request), asked.user, asked.region, host_of(request))
            )
        except NoChannel:
            raise HTTPException(404, "没有这个渠道。") from None

    return router
