"""Evaluation: starting runs, watching them, reading them, comparing two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from eval import charts, views
from eval.cases import CaseError
from eval.compare import Comparison, compare
from eval.record import Line, RunError
from eval.report_html import report_html
from eval.runs import Run
from eval.staff.web import Form, NotFound, OfSite, Signed, Site, download, go, page
from eval.writing import Status

SHOWN_RUNS = 200
HISTORY = 40  # runs in the chart


def run_router() -> APIRouter:
    """The routes of the tab 评测."""
    router = APIRouter(prefix="/staff")
    router.get("/evaluation")(overview)
    router.post("/runs")(start)
    router.get("/runs/{run_id}")(run_page)
    router.get("/runs/{run_id}/progress")(progress)
    router.get("/runs/{run_id}/cases/{set_name}/{case_id:path}")(case_page)
    router.get("/runs/{run_id}/report")(report)
    router.get("/runs/{run_id}/results")(results)
    router.post("/runs/{run_id}/{act}")(act_on)
    router.get("/compare")(compare_page)
    return router


def overview(request: Request, site: OfSite, _: Signed, history: str = "") -> Response:
    """Sets to run, the runs so far, and how they went over time."""
    runs = site.runs.all()[:SHOWN_RUNS]
    counts = [(listed, _count(site, listed.name)) for listed in site.sets.all()]
    names = _sets_by_use(runs)
    history = history if history in names else (names[0] if names else "")
    return page(
        request,
        "staff/evaluation.html",
        here="evaluation",
        title="评测",
        sets=counts,
        chosen=set(request.query_params.getlist("set")),
        runs=runs,
        finished=sum(run.status is Status.FINISHED for run in runs),
        names=names,
        history=history,
        chart=_chart(site, runs, history),
    )


async def start(site: OfSite, form: Form) -> Response:
    """Queue a run of the chosen sets."""
    chosen = [site.sets.find(name) for name in form.texts("set")]
    files = [listed.path for listed in chosen if listed]
    if not files:
        raise CaseError("请先选择要运行的题目集。")
    run_id = site.runs.start(files, form.text("name", 80), form.by.account.name)
    return go(site, f"/runs/{run_id}", "queued")


def run_page(request: Request, site: OfSite, _: Signed, run_id: str, show: str = "") -> Response:
    """A run: how it goes, then its figures and its cases."""
    run = _run(site, run_id)
    lines = site.runs.lines(run_id)
    sets = views.set_views(lines) if lines else []
    show = show if show in ("wrong", "all") else "wrong"
    return page(
        request,
        "staff/run.html",
        here="evaluation",
        title=run.name,
        run=run,
        sets=sets,
        show=show,
        others=[each for each in site.runs.all() if each.id != run_id and each.status is Status.FINISHED],
        kind_name=views.kind_name,
    )


def progress(site: OfSite, _: Signed, run_id: str) -> dict[str, Any]:
    """How far a run is, for the page that watches it."""
    run = _run(site, run_id)
    return {"status": run.status, "label": run.status.label, "done": run.done, "total": run.total}


def case_page(
    request: Request, site: OfSite, _: Signed, run_id: str, set_name: str, case_id: str
) -> Response:
    """One case of a run: what was asked, expected, answered and found."""
    run, lines = _run(site, run_id), site.runs.lines(run_id)
    line = next((each for each in lines if each.key == (set_name, case_id)), None)
    if line is None:
        raise NotFound("这次评测里没有这道题。")
    wrong = [each for each in lines if not each.scores.right]
    listed = site.sets.find(set_name)
    return page(
        request,
        "staff/case.html",
        here="evaluation",
        title=f"{line.id} · {run.name}",
        run=run,
        line=line,
        texts=line.texts,
        answer=views.answer_html(line),
        kind=views.kind_name(line.kind),
        style=views.style_name(line.style),
        reason=views.reason_name(line.texts.get("reason")),
        understood_kind=views.kind_name(line.texts["understood"]["kind"])
        if "understood" in line.texts
        else "",
        origin=views.ORIGINS.get(line.texts.get("origin", "quote"), ""),
        before=_neighbour(wrong, line, -1),
        after=_neighbour(wrong, line, 1),
        editable=bool(listed and listed.own),
    )


def report(site: OfSite, _: Signed, run_id: str) -> Response:
    """The run as one HTML file that opens without a network."""
    run = _run(site, run_id)
    html = report_html(run.name, run.manifest, site.runs.lines(run_id))
    return download(html.encode(), f"评测报告-{run.name}.html", "text/html; charset=utf-8")


def results(site: OfSite, _: Signed, run_id: str) -> Response:
    """The run as JSONL."""
    run = _run(site, run_id)
    file = site.runs.results(run_id)
    content = file.read_bytes() if file.exists() else b""
    return download(content, f"评测结果-{run.name}.jsonl", "application/jsonl")


async def act_on(site: OfSite, form: Form, run_id: str, act: str) -> Response:
    """Cancel, go on, rename or delete a run."""
    _run(site, run_id)
    if act == "cancel":
        site.runs.cancel(run_id)
        return go(site, f"/runs/{run_id}", "cancelled")
    if act == "continue":
        site.runs.go_on(run_id)
        return go(site, f"/runs/{run_id}", "continued")
    if act == "rename":
        site.runs.rename(run_id, form.text("name", 80))
        return go(site, f"/runs/{run_id}", "renamed")
    if act == "delete":
        site.runs.remove(run_id)
        return go(site, "/evaluation", "deleted")
    raise NotFound("没有这个操作。")


def compare_page(request: Request, site: OfSite, _: Signed, old: str = "", new: str = "") -> Response:
    """Two runs side by side."""
    runs = [run for run in site.runs.all() if run.status is Status.FINISHED]
    if len(runs) > 1 and not (old and new):
        new = new or next(run.id for run in runs if run.id != old)
        old = old or _earlier(runs, new)
    values: dict[str, Any] = {"runs": runs, "old": old, "new": new, "comparison": None}
    if old and new:
        before, after = (_finished(site, run_id) for run_id in (old, new))
        made = compare(site.runs.lines(old), site.runs.lines(new))
        values |= _compared(made, before, after)
    return page(request, "staff/compare.html", here="evaluation", title="比较两次评测", **values)


def _compared(made: Comparison, before: Run, after: Run) -> dict[str, Any]:
    changed = {line.key for _, line in (*made.better, *made.worse)}
    still = [pair for pair in made.pairs if not pair[1].scores.right and pair[1].key not in changed]
    return {
        "comparison": made,
        "before": before,
        "after": after,
        "changes": views.changes(made),
        "verdict": views.verdict(made),
        "p50": [views.latency([pair[side] for pair in made.pairs])[0] for side in (0, 1)],
        "groups": [
            ("变差", "worse", [_side_by_side(*pair) for pair in made.worse]),
            ("变好", "better", [_side_by_side(*pair) for pair in made.better]),
            ("仍未通过", "still", [_side_by_side(*pair) for pair in still]),
        ],
        "settings": _changed_settings(before, after),
    }


def _side_by_side(old: Line, new: Line) -> dict[str, Any]:
    left, right = views.differences(*(views.plain(line.texts.get("answer", "")) for line in (old, new)))
    return {"old": old, "new": new, "left": left, "right": right, "kind": views.kind_name(new.kind)}


def _changed_settings(before: Run, after: Run) -> list[tuple[str, str, str]]:
    """What else differs between two runs: code, settings, model and documents of the sets."""
    old, new = _facts(before), _facts(after)
    return [
        (name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if old.get(name, "") != new.get(name, "")
    ]


def _facts(run: Run) -> dict[str, str]:
    facts = {"代码版本": str(run.manifest.get("code", ""))}
    for name, noted in run.manifest.get("sets", {}).items():
        snapshot = noted.get("snapshot", {})
        facts[f"{name} 的模型"] = str(snapshot.get("model_hash", ""))[:12]
        facts[f"{name} 的文件库"] = str(snapshot.get("documents_hash", ""))[:12]
    facts["标准答案"] = f"{run.manifest.get('curated', 0)} 条"
    settings: dict[str, Any] = run.manifest.get("settings", {})
    return facts | {f"设置 {name}": str(value) for name, value in settings.items()}


def _run(site: Site, run_id: str) -> Run:
    try:
        return site.runs.find(run_id)
    except RunError as error:
        raise NotFound(str(error)) from error


def _finished(site: Site, run_id: str) -> Run:
    run = _run(site, run_id)
    if run.status is not Status.FINISHED:
        raise RunError(f"“{run.name}”没有完成，不能比较。")
    return run


def _earlier(runs: Sequence[Run], new: str) -> str:
    """The last finished run before another one that shares a set with it, else any other."""
    at = next((n for n, run in enumerate(runs) if run.id == new), 0)
    sets = set(runs[at].summary)
    others = [*runs[at + 1 :], *runs[:at]]
    return next((run.id for run in others if sets & set(run.summary)), others[0].id)


def _neighbour(wrong: Sequence[Line], line: Line, step: int) -> Line | None:
    """The miss before or after a case; the first, for a case that is none."""
    keys = [each.key for each in wrong]
    if line.key not in keys:
        return wrong[0] if wrong and step > 0 else None
    at = keys.index(line.key) + step
    return wrong[at] if 0 <= at < len(wrong) else None


def _sets_by_use(runs: Sequence[Run]) -> list[str]:
    """The names of the sets that were run, the most often run first."""
    used: dict[str, int] = {}
    for run in runs:
        for name in run.summary:
            used[name] = used.get(name, 0) + 1
    return sorted(used, key=lambda name: -used[name])


def _chart(site: Site, runs: Sequence[Run], name: str) -> Any:  # noqa: ANN401 — markup, or nothing
    points = []
    for run in reversed([run for run in runs if name in run.summary][:HISTORY]):
        figures = run.summary[name]
        points.append(
            charts.Point(
                label=run.started[5:16],
                title=f"{run.name}：全对 {100 * figures['right']:.3g}%（{figures['cases']} 题）",
                value=figures["right"],
                low=figures["low"],
                high=figures["high"],
                link=f"{site.root}/staff/runs/{run.id}",
            )
        )
    return charts.history(points, f"{name} 历次评测全对的比例") if points else ""


def _count(site: Site, name: str) -> int:
    try:
        return len(site.sets.load(name).cases)
    except CaseError:
        return 0
