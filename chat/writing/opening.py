"""From options to a writer: what is missing is told, and libraries are imported only where they are used."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from chat.writing.model import LanguageModel, ModelUnavailable
from chat.writing.options import ModelOptions
from chat.writing.prompt import Prompt
from chat.writing.rewrite import Completion
from chat.writing.writer import ModelWriter

_COMPLETION_SHARE = 0.25  # of the time budget, for a follow-up to be completed


@dataclass(frozen=True)
class Writing:
    """The parts of an assistant that ask a language model."""

    writer: ModelWriter
    completion: Completion | None = None


def open_writing(options: ModelOptions | None) -> Writing | None:
    """The parts that the options ask for; None where no model is used. Raises ModelUnavailable.

    A server is not asked: it may start later, and until then answers quote.
    """
    if options is None or options.writer == "quote":
        return None
    prompt = Prompt(options.prompt)
    model = _model(options)
    writer = ModelWriter(model, prompt, seconds=options.seconds, characters=options.context)
    completion = (
        Completion(model, prompt, options.seconds * _COMPLETION_SHARE) if options.follow_ups else None
    )
    return Writing(writer, completion)


def _model(options: ModelOptions) -> LanguageModel:
    if not options.model:
        raise ModelUnavailable(f"TIAOWEN_WRITER={options.writer} 需要用 TIAOWEN_LLM_MODEL 指定模型。")
    if options.writer == "local":
        from chat.writing.local import LocalModel  # only now: a model in this process

        return LocalModel(options)
    if not options.base_url.startswith(("http://", "https://")):
        raise ModelUnavailable(
            "TIAOWEN_WRITER=openai 需要用 TIAOWEN_LLM_BASE_URL 指定服务地址，例如 http://127.0.0.1:11434/v1。"
        )
    try:
        module = importlib.import_module("chat.writing.openai")
    except ModuleNotFoundError as error:
        raise ModelUnavailable("缺少 openai 客户端，请运行 pip install -r requirements.txt。") from error
    made: LanguageModel = module.OpenAIModel(options)
    return made
