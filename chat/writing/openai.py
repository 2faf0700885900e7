"""A model behind any server that speaks OpenAI's chat protocol: DeepSeek, DashScope, vLLM, Ollama, Xinference.

Imports the openai client, which takes a second: imported only where the setting asks for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import Any

import httpx2  # the client's own HTTP library: what breaks in a running stream is raised as its errors
import openai

from chat.writing.model import Ended, Ending, Message, ModelFailed, Trouble
from chat.writing.options import ModelOptions

_CONNECT = 5.0  # seconds for a connection; a server that is there accepts at once
_LONGEST_WAIT = 30.0  # seconds; a server that asks for more is not waited for
_NO_KEY = "none"  # Ollama and vLLM without a key take any


class OpenAIModel:
    """Asks the server anew for each reply: no connection outlives an answer."""

    def __init__(self, options: ModelOptions) -> None:
        self.name = options.model
        self._options = options
        # Certificates are read once: it takes longer than everything else about a client.
        self._certificates = httpx2.create_ssl_context()

    def reply(self, messages: Sequence[Message], seconds: float) -> Iterator[str | Ended]:
        """Yield the reply in pieces, its `Ended` last, within so many seconds. Raises ModelFailed."""
        deadline = time.monotonic() + seconds
        # A loop of its own: only cancelling ends a server that sends comments and never a word in time.
        with asyncio.Runner() as runner:
            pieces = self._pieces(messages, seconds)
            try:
                while True:
                    left = max(deadline - time.monotonic(), 0.001)
                    piece = runner.run(_within(left, pieces))
                    if piece is None:
                        return
                    yield piece
            except TimeoutError:
                raise ModelFailed(Trouble.SLOW, f"nothing within {seconds:.0f} s") from None
            finally:
                runner.run(pieces.aclose())

    async def _pieces(self, messages: Sequence[Message], seconds: float) -> AsyncGenerator[str | Ended, None]:
        http = httpx2.AsyncClient(verify=self._certificates, follow_redirects=True)
        client = openai.AsyncOpenAI(
            base_url=self._options.base_url,
            api_key=self._options.api_key or _NO_KEY,
            max_retries=0,  # retries are the writer's, within one time budget
            timeout=httpx2.Timeout(seconds, connect=min(_CONNECT, seconds)),
            http_client=http,
        )
        try:
            # Each closed here, in order: what is left to the garbage collector complains into the log.
            async with (
                client,
                await self._open(client, messages) as chunks,
                contextlib.aclosing(_read(chunks)) as pieces,
            ):
                async for piece in pieces:
                    yield piece
        except openai.APIStatusError as error:
            raise _refused(error) from None
        except (openai.APITimeoutError, httpx2.TimeoutException):
            raise ModelFailed(Trouble.SLOW, "timeout") from None
        except openai.APIConnectionError:
            raise ModelFailed(Trouble.DOWN, "no connection") from None
        except httpx2.HTTPError as error:
            raise ModelFailed(Trouble.CUT, type(error).__name__) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, KeyError) as error:
            # The client builds its records without looking: a strange stream fails anywhere.
            raise ModelFailed(Trouble.GARBLED, type(error).__name__) from None

    async def _open(self, client: openai.AsyncOpenAI, messages: Sequence[Message]) -> openai.AsyncStream[Any]:
        request: dict[str, Any] = {
            "model": self._options.model,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            "max_tokens": self._options.max_tokens,
            "temperature": self._options.temperature,
            "stream": True,
            "extra_body": self._options.extra or None,
        }
        try:
            return await client.chat.completions.create(stream_options={"include_usage": True}, **request)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if "stream_options" not in str(error):
                raise
            return await client.chat.completions.create(**request)  # an older server: no token counts


async def _within(seconds: float, pieces: AsyncIterator[str | Ended]) -> str | Ended | None:
    return await asyncio.wait_for(anext(pieces, None), seconds)


async def _read(chunks: openai.AsyncStream[Any]) -> AsyncGenerator[str | Ended, None]:
    ending: Ending | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    async for chunk in chunks:
        if chunk.usage is not None:
            prompt_tokens, completion_tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        if not chunk.choices:
            continue
        choice = chunk.choices[0]
        if choice.finish_reason:
            ending = Ending.LENGTH if choice.finish_reason == "length" else Ending.STOP
        text = choice.delta.content if choice.delta else None  # thoughts come in a field of their own
        if text:
            if not isinstance(text, str):
                raise ModelFailed(Trouble.GARBLED, "content is no text")
            yield text
    if ending is None:
        raise ModelFailed(Trouble.CUT, "no finish_reason")
    yield Ended(ending, prompt_tokens, completion_tokens)


def _refused(error: openai.APIStatusError) -> ModelFailed:
    """The status alone is told: messages of servers repeat keys."""
    status = error.status_code
    if status == 429:
        return ModelFailed(Trouble.BUSY, "status 429", _wait(error))
    if status >= 500 or status in (408, 409):
        return ModelFailed(Trouble.DOWN, f"status {status}", _wait(error))
    return ModelFailed(Trouble.REJECTED, f"status {status}")


def _wait(error: openai.APIStatusError) -> float | None:
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= _LONGEST_WAIT else _LONGEST_WAIT
