"""Whatever goes wrong in a request, told in Chinese: {"detail": "…"}."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chat.access.keys import KeyRefused
from chat.access.limits import TooMany
from chat.access.tokens import TokenError
from chat.guard import problem as problem_response
from chat.guard import route_path
from chat.pool import AnswerFailed, Overloaded

log = logging.getLogger(__name__)

_STATUS = {
    400: "请求无法解析。",
    401: "需要登录。",
    403: "没有权限。",
    404: "没有找到。",
    405: "该地址不支持这种请求方法。",
    408: "请求内容传输过慢，请重试。",
    413: "请求内容过大。",
    415: "不支持的内容类型。",
    422: "请求内容不正确。",
    429: "请求过于频繁，请稍后再试。",
    503: "服务暂时不可用，请稍后再试。",
}
_TYPES = {
    "string_type": "应为文字",
    "string_unicode": "含有无效字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "json_invalid": "不是有效的 JSON",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "extra_forbidden": "没有这个设置项",
    "date_type": "日期应写成 YYYY-MM-DD",
    "date_from_datetime_parsing": "不是有效的日期，应写成 YYYY-MM-DD",
    "date_parsing": "不是有效的日期，应写成 YYYY-MM-DD",
}


def install_problem_handlers(app: FastAPI) -> None:
    """Make an app answer every failure with a Chinese sentence and never with a traceback."""
    app.add_exception_handler(RequestValidationError, _unusable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Overloaded, _overloaded)
    app.add_exception_handler(AnswerFailed, _failed)
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(TokenError, _no_token)
    app.add_exception_handler(KeyRefused, _no_key)
    app.add_exception_handler(Exception, _broken)


def explain(errors: Sequence[Mapping[str, Any]], self_evident: str = "") -> str:
    """The first of pydantic's errors as a Chinese sentence; the field `self_evident` goes unnamed."""
    error = errors[0]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        message = "不能缺少"
    elif kind == "value_error":
        message = str(context.get("error", "取值不正确"))
    elif kind in ("string_too_long", "too_long"):
        message = f"不能超过 {context['max_length']} {'个字' if kind == 'string_too_long' else '项'}"
    elif kind in ("string_too_short", "too_short"):
        message = "不能为空"
    elif kind == "literal_error":
        message = "只能是 " + context["expected"].replace(" or ", " 或 ")
    else:
        message = _TYPES.get(kind, "取值不正确")
    place = [part for part in error["loc"] if part not in ("body", "query", self_evident)]
    if kind == "model_attributes_type" and not place:
        message = "应为 JSON 对象（Content-Type: application/json）"
    if kind == "json_invalid" or not place:
        return f"请求正文{message}。" if not self_evident else f"{message}。"
    named = [f"第 {part + 1} 项" if isinstance(part, int) else part for part in place]
    return f"{' 的 '.join(named)}：{message}。"


async def _unusable(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, RequestValidationError)
    return _say(request, 422, explain(problem.errors()))


async def _refused(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    detail = str(problem.detail)
    if problem.status_code == 400 and "parsing the body" in detail:  # what FastAPI says of undecodable bytes
        return _say(request, 422, "请求正文不是有效的 JSON。")
    if not re.search(r"[\u4e00-\u9fff]", detail):
        detail = _STATUS.get(problem.status_code, "请求未能完成。")
    return _say(request, problem.status_code, detail, dict(problem.headers or {}))


async def _overloaded(request: Request, problem: Exception) -> JSONResponse:
    return _say(request, 503, str(problem), {"Retry-After": "5"})


async def _failed(request: Request, problem: Exception) -> JSONResponse:
    return _say(request, 500, str(problem))


async def _too_many(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, TooMany)
    return _say(request, 429, str(problem), {"Retry-After": str(problem.seconds)})


async def _no_token(request: Request, problem: Exception) -> JSONResponse:
    return _say(request, 403, str(problem))


async def _no_key(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, KeyRefused)
    return _say(
        request,
        problem.status,
        str(problem),
        {"WWW-Authenticate": "Bearer"} if problem.status == 401 else None,
    )


async def _broken(request: Request, problem: Exception) -> JSONResponse:
    log.error("%s %s broke", request.method, request.url.path, exc_info=problem)
    return _say(request, 500, "系统出错，请稍后再试。")


def _say(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return problem_response(route_path(request.scope), status, detail, headers)
