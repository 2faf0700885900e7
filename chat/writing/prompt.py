"""The prompt: one template file, shipped or the operator's own, filled with fenced text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from chat.question import Question, Turn
from chat.validity import chinese_date
from chat.writing.evidence import Exhibit, fenced
from chat.writing.model import Message, ModelUnavailable

SHIPPED = Path(__file__).with_name("prompt.jinja")
NOTHING = "未找到依据"  # with which a model says that the clauses do not answer
_TURNS = 6  # messages of the conversation that a completion reads
_TURN_CHARACTERS = 600  # of one of them


@dataclass(frozen=True)
class _Said:
    role: str
    content: str


class Prompt:
    """The messages for an answer and for the completion of a follow-up."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the template and try it. Raises ModelUnavailable."""
        self._file = file or SHIPPED
        try:
            environment = SandboxedEnvironment(
                undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
            )
            self._template: Template = environment.from_string(self._file.read_text("utf-8"))
            self._try()
        except (OSError, UnicodeDecodeError) as error:
            raise ModelUnavailable(f"读不到提示词文件 {self._file}，请检查 TIAOWEN_LLM_PROMPT。") from error
        except (TemplateError, KeyError) as error:
            raise ModelUnavailable(
                f"提示词文件 {self._file} 有误：{error}。请对照 {SHIPPED.name} 修改。"
            ) from error

    def answer(self, question: Question, exhibits: Sequence[Exhibit]) -> list[Message]:
        """The messages that ask for an answer."""
        return self._answer(fenced(question.standalone or question.text), question.as_of, exhibits)

    def completion(self, text: str, history: Sequence[Turn]) -> list[Message]:
        """The messages that ask for a follow-up as a question complete in itself."""
        turns = [
            _Said("问" if turn.role == "user" else "答", fenced(turn.content)[:_TURN_CHARACTERS])
            for turn in history[-_TURNS:]
        ]
        values = {"turns": turns, "follow_up": fenced(text)}
        return [
            Message("system", self._block("completing", values)),
            Message("user", self._block("dialogue", values)),
        ]

    def _answer(self, asked: str, day: date, exhibits: Sequence[Exhibit]) -> list[Message]:
        values = {"nothing": NOTHING, "asked": asked, "as_of": chinese_date(day), "exhibits": exhibits}
        return [
            Message("system", self._block("rules", values)),
            Message("user", self._block("question", values)),
        ]

    def _block(self, name: str, values: Mapping[str, object]) -> str:
        block = self._template.blocks[name]
        return "".join(block(self._template.new_context(dict(values)))).strip()

    def _try(self) -> None:
        """A template that leaves out the clauses or the question must not come into use."""
        clause = Exhibit(1, None, "《文件》", "甲省", "第一条", "时效", "乙厅（牵头）", "条款全文")  # type: ignore[arg-type]
        written = self._answer("所问何事", date.today(), [clause])[1].content
        for value, name in (("所问何事", "asked"), ("条款全文", "each.text"), ("第一条", "each.path")):
            if value not in written:
                raise TemplateError(f"question 一段没有用到 {name}")
        if "追问何事" not in self.completion("追问何事", ())[1].content:
            raise TemplateError("dialogue 一段没有用到 follow_up")
