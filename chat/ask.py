"""Ask in the terminal: python -m chat.ask "…" [--json] [--region 山东]."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError
from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from chat.contract import AskRequest, AskResponse, CitationBody, answer_body
from chat.problems import explain

if TYPE_CHECKING:
    from chat.pool import Answerer


def answer(assistant: Answerer, request: AskRequest) -> AskResponse:
    """The same response as POST /api/ask gives."""
    started = time.perf_counter()
    given = assistant.ask(request.question, request.turns, request.constraints, request.as_of)
    return answer_body(given, (time.perf_counter() - started) * 1000)


def show(body: AskResponse, console: Console) -> None:
    """Write an answer with its citations for reading."""
    console.print(Markdown(body.answer))
    for warning in body.warnings:
        console.print(Text(f"注意：{warning}", style="yellow"))
    for note in body.notes:
        console.print(Text(note, style="dim"))
    if body.generated:
        console.print(Text(body.label, style="yellow"))
    for title, citations in (("引用条款", body.citations), ("相近条款，不构成回答", body.closest)):
        if citations:
            console.print(Text(f"\n{title}", style="bold"))
            for each in citations:
                _show_citation(each, console)
    console.print(Text("\n以政策原文为准", style="dim"))


def _show_citation(citation: CitationBody, console: Console) -> None:
    number = f"（{citation.document_number}）" if citation.document_number else ""
    console.print(
        Text(f"[{citation.marker}] 《{citation.document_title}》{number}{citation.clause_path}", style="cyan")
    )
    lines = [" ".join(citation.quote.split())]
    if citation.departments:
        lines.append("责任部门：" + "、".join(f"{each.name}（{each.role}）" for each in citation.departments))
    lines.append(f"时效：{citation.validity}")
    console.print(Padding(Text("\n".join(lines)), (0, 0, 0, 4)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question from the settings' documents."""
    parser = argparse.ArgumentParser(prog="python -m chat.ask", description="向已收录的政策文件提问。")
    parser.add_argument("question", help="问题")
    parser.add_argument(
        "--region", action="append", default=[], metavar="地区", help="只看某地区的政策，可重复"
    )
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="以哪一天判断文件是否有效，默认今天")
    parser.add_argument(
        "--writer", choices=("quote", "openai", "local"), help="由谁撰写回答，代替 TIAOWEN_WRITER"
    )
    parser.add_argument("--json", action="store_true", help="输出与 HTTP 接口相同的 JSON")
    options = parser.parse_args(arguments)
    complaints = Console(stderr=True)
    try:
        request = AskRequest.model_validate(
            {"question": options.question, "filters": {"regions": options.region}, "as_of": options.as_of}
        )
    except ValidationError as problem:
        complaints.print(Text(explain(problem.errors(), "question"), style="red"))
        return 2

    from chat.opening import (  # after the arguments: loading takes a second
        NotReady,
        open_assistant,
        open_language,
    )
    from settings import Settings

    settings = Settings(writer=options.writer) if options.writer else Settings()
    try:
        writing = open_language(settings.language)
        assistant = open_assistant(
            settings.data, settings.document_folders, settings.model, complaints, writing
        )
    except NotReady as problem:
        complaints.print(Text(str(problem), style="red"))
        return 1
    body = answer(assistant, request)
    if options.json:
        sys.stdout.write(body.model_dump_json(indent=2) + "\n")
    else:
        show(body, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
