"""A run as one HTML file: figures, charts and every case, opened without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from eval import views
from eval.record import Line
from eval.staff.web import FOLDER, environment


def report_html(name: str, manifest: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """The report. It holds all it needs, loads nothing and runs no script."""
    style = (FOLDER / "static" / "report.css").read_text("utf-8")
    return (
        environment()
        .get_template("report.html")
        .render(
            name=name,
            manifest=manifest,
            sets=views.set_views(lines),
            answers={line.key: views.answer_html(line) for line in lines if line.texts},
            kind_name=views.kind_name,
            reason_name=views.reason_name,
            origins=views.ORIGINS,
            style=Markup(style),  # ours
        )
    )
