"""The sets of cases: import, export, and single cases."""

from __future__ import annotations

import functools
import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from corpus.document import Document
from eval.cases import Case, CaseError, CaseSet, to_record
from eval.gold import Reference
from eval.sets import NAME, Listed
from eval.sheets import COLUMNS, SheetError, case_of, read_sheet, row_of, to_csv, to_xlsx
from eval.staff.prefill import from_record
from eval.staff.web import Form, NotFound, OfSite, Posted, Signed, Site, download, go, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICES = {
    "应回答": ("是", "否"),
    "类型": tuple(next(c.about for c in COLUMNS if c.head == "类型").split("。")[0].split("、")),
    "说法": tuple(next(c.about for c in COLUMNS if c.head == "说法").split("。")[0].split("、")),
}


def set_router() -> APIRouter:
    """The routes of the sets."""
    router = APIRouter(prefix="/staff")
    router.get("/sets")(all_sets)
    router.get("/sets/template.xlsx")(template_xlsx)
    router.get("/sets/template.csv")(template_csv)
    router.post("/sets/import")(import_sheet)
    router.get("/sets/{name}")(set_page)
    router.get("/sets/{name}/export.{ending}")(export)
    router.post("/sets/{name}/delete")(delete_set)
    router.get("/cases/new")(new_case)
    router.get("/sets/{name}/cases/{case_id:path}")(edit_case)
    router.post("/cases")(save_case)
    router.post("/cases/delete")(delete_case)
    return router


def all_sets(request: Request, site: OfSite, _: Signed) -> Response:
    """The sets, and where new ones come in."""
    return page(request, "staff/sets.html", **_sets_values(site))


def _sets_values(site: Site, **values: Any) -> dict[str, Any]:  # noqa: ANN401 — what the template takes
    listed = []
    for each in site.sets.all():
        held = site.sets.load(each.name)
        listed.append((each, held, len(_broken(site, held))))
    return {
        "here": "sets",
        "title": "题目集",
        "sets": listed,
        "faults": [],
        "failure": "",
        "name": "",
    } | values


def template_xlsx(_: Signed) -> Response:
    """The sheet to fill in."""
    return download(to_xlsx([]), "评测题目模板.xlsx", XLSX)


def template_csv(_: Signed) -> Response:
    """The same as CSV."""
    return download(to_csv([]), "评测题目模板.csv", "text/csv; charset=utf-8")


async def import_sheet(request: Request, site: OfSite, form: Form) -> Response:
    """Put the cases of a sheet into a set. Nothing is taken in where a row is wrong."""
    file = form.file("file")
    content = await file.read() if file else b""
    return await run_in_threadpool(
        _import, request, site, form, (file.filename or "") if file else "", content
    )


def _import(request: Request, site: Site, form: Posted, file: str, content: bytes) -> Response:
    name = form.text("name", 60) or file.rsplit(".", 1)[0].replace(" ", "-")[:40]

    def failed(failure: str, faults: list[Any] | None = None) -> Response:
        values = _sets_values(site, failure=failure, faults=faults or [], name=name)
        return page(request, "staff/sets.html", 422, **values)

    if not content:
        return failed("请选择要导入的文件。")
    if not NAME.fullmatch(name):
        return failed("题目集的名称应为 1 到 40 个文字、字母、数字、_ 或 -。")
    try:
        sheet = read_sheet(file, content, name)
        if sheet.faults:
            return failed(f"有 {len(sheet.faults)} 行需要改正，尚未导入任何题目：", list(sheet.faults))
        replaced = site.sets.add(name, sheet.cases)
    except (SheetError, CaseError) as error:
        return failed(f"{error}")
    return go(site, f"/sets/{name}", added=str(len(sheet.cases) - replaced), replaced=str(replaced))


def set_page(request: Request, site: OfSite, _: Signed, name: str) -> Response:
    """The cases of a set, and those that its corpus contradicts."""
    listed, held = _set(site, name)
    return page(
        request,
        "staff/set.html",
        here="sets",
        title=name,
        listed=listed,
        cases=[] if listed.locked else [(case, row_of(case)) for case in held.cases],
        count=len(held.cases),
        problems=held.problems,
        broken=_broken(site, held),
        added=_number(request, "added"),
        replaced=_number(request, "replaced"),
    )


def export(site: OfSite, _: Signed, name: str, ending: str) -> Response:
    """A set as a sheet or as JSONL."""
    listed, held = _set(site, name)
    if listed.locked:
        raise NotFound("锁定的题目集只用于评分，不提供导出。")
    if ending == "xlsx":
        return download(to_xlsx(held.cases), f"{name}.xlsx", XLSX)
    if ending == "csv":
        return download(to_csv(held.cases), f"{name}.csv", "text/csv; charset=utf-8")
    if ending == "jsonl":
        text = "".join(json.dumps(to_record(case), ensure_ascii=False) + "\n" for case in held.cases)
        return download(text.encode(), f"{name}.jsonl", "application/jsonl")
    raise NotFound("没有这种格式。")


async def delete_set(site: OfSite, _: Form, name: str) -> Response:
    """Delete a set; the runs over it keep their own copy."""
    site.sets.remove(name)
    return go(site, "/sets", "deleted")


def new_case(request: Request, site: OfSite, _: Signed, set: str = "", record: str = "") -> Response:  # noqa: A002
    """A form for a new case, prefilled with what an answer on record cited."""
    cells = {"应回答": "是"}
    if record:
        kept = site.pool.records.find(record)
        if kept is None:
            raise NotFound("没有这条问答记录，可能已超过保存期限。")
        cells = from_record(kept, site.pool.assistant.snapshot.documents)
    return _case_form(request, site, cells, set_name=set, old_id="", record=record)


def edit_case(request: Request, site: OfSite, _: Signed, name: str, case_id: str) -> Response:
    """A form for a case of a set."""
    listed, held = _set(site, name)
    case = next((case for case in held.cases if case.id == case_id), None)
    if case is None or listed.locked:
        raise NotFound("题目集里没有这道题。")
    return _case_form(request, site, row_of(case), set_name=name, old_id=case_id)


async def save_case(request: Request, site: OfSite, form: Form) -> Response:
    """Keep a case; what is wrong with it is told in the form, and nothing of it is lost."""
    return await run_in_threadpool(_save_case, request, site, form)


def _save_case(request: Request, site: Site, form: Posted) -> Response:
    cells = {column.head: form.text(column.field) for column in COLUMNS}
    old_id, record = form.text("old_id"), form.text("record")
    name = form.text("set_name", 60) or form.text("new_set", 60)
    try:
        if not NAME.fullmatch(name):
            raise CaseError("请选择题目集，或为新的题目集取名（1 到 40 个文字、字母、数字、_ 或 -）")
        case = case_of(cells, site.sets.new_id(name))
        if old_id:
            site.sets.replace(name, old_id, case)
        else:
            held = site.sets.load(name).cases if site.sets.find(name) else ()
            if any(other.id == case.id for other in held):
                raise CaseError(f"“编号”重复：“{case.id}”已在题目集里")
            site.sets.add(name, [case])
    except CaseError as error:
        return _case_form(
            request, site, cells, set_name=name, old_id=old_id, record=record, problem=str(error), status=422
        )
    return go(site, f"/sets/{name}", "saved")


async def delete_case(site: OfSite, form: Form) -> Response:
    """Take a case out of its set."""
    name = form.text("set_name", 60)
    site.sets.remove_case(name, form.text("old_id"))
    return go(site, f"/sets/{name}", "deleted")


def _case_form(
    request: Request,
    site: Site,
    cells: dict[str, str],
    *,
    set_name: str,
    old_id: str,
    record: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    return page(
        request,
        "staff/case_form.html",
        status,
        here="sets",
        title="修改题目" if old_id else "新题目",
        columns=[column for column in COLUMNS],
        cells=cells,
        choices=CHOICES,
        own=[listed.name for listed in site.sets.all() if listed.own],
        set_name=set_name,
        old_id=old_id,
        record=record,
        problem=problem,
    )


def _set(site: Site, name: str) -> tuple[Listed, CaseSet]:
    listed = site.sets.find(name)
    if listed is None:
        raise NotFound(f"没有题目集“{name}”。")
    return listed, site.sets.load(name)


def _broken(site: Site, held: CaseSet) -> list[tuple[Case, tuple[str, ...]]]:
    """The cases that expect what no clause says."""
    reference = _reference(site.pool.assistant.snapshot.documents)
    found = ((case, reference.expect(case).problems) for case in held.cases)
    return [
        (case, tuple(each.replace("quotes第", "应引原文第") for each in problems))
        for case, problems in found
        if problems
    ]


@functools.lru_cache(maxsize=1)
def _reference(documents: tuple[Document, ...]) -> Reference:
    """The corpus to look quotations up in, made once per snapshot."""
    return Reference(documents)


def _number(request: Request, name: str) -> int | None:
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None
