"""A model in this process, by transformers: from a folder or from the hub, on the CPU or a GPU."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from jinja2 import TemplateError

from chat.writing.model import Ended, Ending, Message, ModelFailed, ModelUnavailable, Trouble
from chat.writing.options import ModelOptions


class LocalModel:
    """One reply at a time: a second one would only slow both down."""

    def __init__(self, options: ModelOptions) -> None:
        """Load tokenizer and weights. Raises ModelUnavailable."""
        import torch  # here, as it takes seconds
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.name = options.model
        self._options = options
        self._turn = threading.Lock()
        if options.device.startswith("cuda") and not torch.cuda.is_available():
            raise ModelUnavailable("TIAOWEN_LLM_DEVICE 指定了 cuda，但本机没有可用的 GPU；请改为 cpu。")
        # Few CPUs calculate in the halved precision of published weights: there, full precision is faster.
        precision = "auto" if options.device.startswith("cuda") else torch.float32
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(options.model)
            loaded: Any = AutoModelForCausalLM.from_pretrained(options.model, dtype=precision)
            self._model: Any = loaded.to(options.device).eval()
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(
                f"无法载入本地语言模型 {options.model}（{type(error).__name__}）：请检查 TIAOWEN_LLM_MODEL "
                "是否为模型文件夹或可下载的模型名，以及内存是否足够。"
            ) from error
        if not self._tokenizer.chat_template:
            raise ModelUnavailable(
                f"本地语言模型 {options.model} 没有对话模板，请换用对话（Instruct、Chat）模型。"
            )
        self._takes_system = _takes_system(self._tokenizer)

    def reply(self, messages: Sequence[Message], seconds: float) -> Iterator[str | Ended]:
        """Yield the reply in pieces, its `Ended` last, within so many seconds. Raises ModelFailed."""
        deadline = time.monotonic() + seconds
        inputs = self._inputs(messages)
        if not self._turn.acquire(timeout=seconds):
            raise ModelFailed(Trouble.SLOW, "another reply took all the time")
        writing = _Writing(self._model, self._tokenizer, inputs, self._options, deadline)
        try:
            yield from writing.pieces(self._turn)
        finally:
            writing.stop.set()

    def _inputs(self, messages: Sequence[Message]) -> Any:  # noqa: ANN401 — transformers' own mapping
        turns = [{"role": each.role, "content": each.content} for each in messages]
        if not self._takes_system:
            turns = [{"role": "user", "content": "\n\n".join(each.content for each in messages)}]
        options = {"enable_thinking": False} | self._options.extra.get("chat_template_kwargs", {})
        return self._tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_dict=True, return_tensors="pt", **options
        ).to(self._model.device)


def _takes_system(tokenizer: Any) -> bool:  # noqa: ANN401 — transformers' own type
    """Whether the chat template knows the role system; some (Gemma) raise an error at it."""
    try:
        tokenizer.apply_chat_template(
            [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}], tokenize=False
        )
    except TemplateError:
        return False
    return True


class _Writing:
    """One reply: a thread generates, the reader takes the pieces."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401 — transformers' own types
        tokenizer: Any,  # noqa: ANN401
        inputs: Any,  # noqa: ANN401
        options: ModelOptions,
        deadline: float,
    ) -> None:
        from transformers import TextIteratorStreamer

        self.stop = threading.Event()
        self._model = model
        self._inputs = inputs
        self._options = options
        self._deadline = deadline
        self._prompt_tokens = int(inputs["input_ids"].shape[1])
        self._tokens = 0
        self._failure: Exception | None = None
        self._streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)

    def pieces(self, turn: threading.Lock) -> Iterator[str | Ended]:
        """The pieces, then the end. `turn` is given back when the thread is done, not before."""
        longest = getattr(self._model.config, "max_position_embeddings", None)
        if longest and self._prompt_tokens + self._options.max_tokens > longest:
            turn.release()
            raise ModelFailed(Trouble.REJECTED, f"{self._prompt_tokens} tokens do not fit the model")
        threading.Thread(target=self._generate, args=(turn,), daemon=True).start()
        while (piece := self._next()) is not None:
            yield piece
        if self._failure is not None:
            raise ModelFailed(Trouble.DOWN, type(self._failure).__name__) from self._failure
        if time.monotonic() >= self._deadline:
            raise ModelFailed(Trouble.SLOW, "the time budget ran out")
        ending = Ending.LENGTH if self._tokens >= self._options.max_tokens else Ending.STOP
        yield Ended(ending, self._prompt_tokens, self._tokens)

    def _next(self) -> str | None:
        """The next piece; None at the end. Raises ModelFailed when the time is up."""
        self._streamer.timeout = max(self._deadline - time.monotonic(), 0.01)
        try:
            return next(self._streamer, None)
        except queue.Empty:
            raise ModelFailed(Trouble.SLOW, "the time budget ran out") from None

    def _generate(self, turn: threading.Lock) -> None:
        sampling = {"do_sample": True, "temperature": self._options.temperature}
        try:
            self._model.generate(
                **self._inputs,
                streamer=self._streamer,
                max_new_tokens=self._options.max_tokens,
                stopping_criteria=[self._stops],
                **(sampling if self._options.temperature > 0 else {"do_sample": False}),
            )
        except (RuntimeError, ValueError, IndexError) as error:  # out of memory among them
            self._failure = error
            self._streamer.end()
        finally:
            turn.release()

    def _stops(self, tokens: Any, _scores: Any, **_: Any) -> Any:  # noqa: ANN401 — transformers' own tensors
        import torch

        self._tokens = int(tokens.shape[1]) - self._prompt_tokens
        over = self.stop.is_set() or time.monotonic() >= self._deadline
        return torch.full((tokens.shape[0],), over, device=tokens.device)
