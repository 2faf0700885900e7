"""The staff's pages over HTTP: the door, the roles, forms that are forged, and what each page tells."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chat.access.accounts import Accounts, Role
from chat.api import create_app
from chat.assistant import Assistant
from chat.curated.entries import CuratedStore
from chat.records import Records
from corpus.load import load_documents
from eval.page import add_staff
from eval.record import read_run
from eval.report_html import report_html
from eval.sheets import read_sheet, to_csv
from eval.writing import RunWriter
from index.build import build_snapshot
from index.embedder import load_embedder
from tests.test_compare import OLD
from tests.test_sheets import HEAD, rows

ROOT = Path(__file__).parent
QUESTION = "浙江到2027年要培育多少家瞪羚企业？"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def snapshot():
    documents = load_documents([ROOT / "policies"]).documents
    return build_snapshot(documents, load_embedder(str(ROOT.parent / "index" / "weights")))


@pytest.fixture(scope="module")
def app(snapshot, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    records = Records(f"sqlite:///{data}/records.db")
    assistant = Assistant(snapshot, curated=CuratedStore(records.engine))
    made = create_app(assistant, records, root_path="/zc")
    accounts = Accounts(records.engine)
    accounts.add("wang", "correct horse")
    accounts.add("li", "only looking", Role.READER)
    add_staff(made, accounts, data=data, environment={})
    made.state.staff.runs._together = 0  # queued, never begun: what runs do is told elsewhere
    return made


@pytest.fixture(scope="module")
def data(app):
    return app.state.staff.runs._folder.parent


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app, base_url="http://site/zc", root_path="/zc") as opened:
        opened.post("/staff/sign-in", data={"name": "wang", "password": "correct horse"})
        yield opened


@pytest.fixture
def stranger(app):
    return TestClient(app, base_url="http://site/zc", root_path="/zc", follow_redirects=False)


@pytest.fixture
def reader(app):
    opened = TestClient(app, base_url="http://site/zc", root_path="/zc")
    opened.post("/staff/sign-in", data={"name": "li", "password": "only looking"})
    return opened


def csrf(client):
    return re.search(r'name="csrf" value="([^"]+)"', client.get("/staff/sets").text)[1]


def post(client, path, **data):
    return client.post(path, data={"csrf": csrf(client)} | data)


# --- the door


def test_strangers_are_led_to_the_door_and_back(stranger):
    led = stranger.get("/staff/records?q=甲", headers=HTML)
    assert led.status_code == 303
    assert led.headers["location"] == "/zc/staff/sign-in?next=%2Fstaff%2Frecords%3Fq%3D%25E7%2594%25B2"
    door = stranger.get("/staff/sign-in", params={"next": "/staff/records"})
    assert 'name="next" value="/staff/records"' in door.text
    entered = stranger.post(
        "/staff/sign-in", data={"name": "wang", "password": "correct horse", "next": "/staff/records"}
    )
    assert entered.headers["location"] == "/zc/staff/records"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/zc/staff" in cookie


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/staff//evil.example", "/staff/\\evil"]
)
def test_the_door_leads_nowhere_else(stranger, wanted):
    entered = stranger.post(
        "/staff/sign-in", data={"name": "wang", "password": "correct horse", "next": wanted}
    )
    assert entered.headers["location"] == "/zc/staff/evaluation"


@pytest.mark.parametrize(
    "path",
    [
        "/staff/evaluation", "/staff/sets", "/staff/records", "/staff/records.csv", "/staff/curated",
        "/staff/documents", "/staff/try", "/staff/compare", "/staff/clauses?q=a", "/staff/sets/template.xlsx",
        "/staff/cases/new", "/staff/runs/x/results", "/staff/sets/policies_dev/export.csv", "/staff/curated/new",
    ],
)  # fmt: skip
def test_nothing_is_shown_to_strangers(stranger, path):
    assert stranger.get(path).status_code == 401


def test_guessing_is_slowed_down(app):
    guesser = TestClient(app, base_url="http://guess/zc", root_path="/zc")
    said = [
        guesser.post("/staff/sign-in", data={"name": "victim", "password": f"guess {n}"}).text
        for n in range(6)
    ]
    assert all("用户名或密码不对" in text for text in said[:5])
    assert "失败次数过多，请在 15 分钟后再试" in said[5]
    assert "退出" in guesser.post("/staff/sign-in", data={"name": "wang", "password": "correct horse"}).text


def test_signing_out_ends_the_session(app):
    opened = TestClient(app, base_url="http://site/zc", root_path="/zc")
    opened.post("/staff/sign-in", data={"name": "wang", "password": "correct horse"})
    cookie = opened.cookies["tiaowen_staff"]
    post(opened, "/staff/sign-out")
    opened.cookies.set("tiaowen_staff", cookie)
    assert opened.get("/staff/records").status_code == 401


def test_pages_of_the_staff_are_framed_nowhere_and_kept_nowhere(client):
    answer = client.get("/staff/evaluation")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text


# --- who may do what


def test_a_reader_sees_all_and_changes_nothing(client, reader):
    assert "只读" in reader.get("/staff/evaluation").text
    for path in (
        "/staff/runs",
        "/staff/sets/import",
        "/staff/cases",
        "/staff/curated",
        "/staff/runs/x/delete",
    ):
        answer = post(reader, path, name="x", set="policies_dev")
        assert answer.status_code == 403, path
        assert "只读账号，不能改动" in answer.text
    assert "退出" not in post(reader, "/staff/sign-out").text  # leaving is no change


@pytest.mark.parametrize(
    ("headers", "token", "said"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, True, "不是从本站的页面发出的"),
        ({"Origin": "http://evil.example"}, True, "本网站未获授权"),
        ({}, False, "页面已过期"),
    ],
)
def test_forged_forms_are_not_believed(client, headers, token, said):
    data = {"set": "policies_dev"} | ({"csrf": csrf(client)} if token else {})
    answer = client.post("/staff/runs", data=data, headers=headers)
    assert answer.status_code == 403
    assert said in answer.text


def test_signing_in_from_another_site_is_not_believed(stranger):
    form = {"name": "wang", "password": "correct horse"}
    answer = stranger.post("/staff/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_pages_that_are_not_there_are_told_in_chinese(client):
    for path in (
        "/staff/nothing",
        "/staff/runs/nothing",
        "/staff/records/nothing",
        "/staff/documents/nothing",
    ):
        answer = client.get(path)
        assert (answer.status_code, "没有" in answer.text) == (404, True), path


# --- sets and cases


def test_a_sheet_is_imported_whole_or_not_at_all(client):
    bad = rows(HEAD, ("好的？", "是", "浙经信企业〔2024〕12号"), ("坏的？", "也许"))
    files = {"file": ("我的.csv", bad, "text/csv")}
    told = client.post("/staff/sets/import", data={"csrf": csrf(client)}, files=files)
    assert told.status_code == 422
    assert "第 3 行：“应回答”应填 是 或 否" in told.text
    assert client.get("/staff/sets/我的").status_code == 404
    good = rows(
        ("问题", "应引文件", "应引原文"),
        ("好的？", "浙经信企业〔2024〕12号", "没有这句"),
        ("二？", "浙经信企业〔2024〕12号"),
    )
    files = {"file": ("我的.csv", good, "text/csv")}
    shown = client.post("/staff/sets/import", data={"csrf": csrf(client)}, files=files)
    assert "已导入：新增 2 题" in shown.text
    assert "有 1 道题与文件库不符" in shown.text
    assert "应引原文第1组“没有这句”：没有任何条款包含这段文字" in shown.text
    assert "与文件库不符" not in client.get("/staff/evaluation").text
    exported = client.get("/staff/sets/我的/export.csv").content
    assert [case.question for case in read_sheet("a.csv", exported, "x").cases] == ["好的？", "二？"]


def test_a_file_that_is_no_sheet_is_told(client):
    files = {"file": ("a.xlsx", b"no", "x")}
    told = client.post("/staff/sets/import", data={"csrf": csrf(client), "name": "x"}, files=files)
    assert (told.status_code, "不是可读的 .xlsx 文件" in told.text) == (422, True)


def test_a_case_that_is_wrong_keeps_what_was_typed(client):
    told = post(client, "/staff/cases", new_set="手写", question="多少家？", answerable="是", note="我的备注")
    assert told.status_code == 422
    assert "应回答的题目至少要填" in told.text
    assert "我的备注" in told.text
    saved = post(client, "/staff/cases", new_set="手写", question="多少家？", answerable="是", facts="800家")
    assert saved.url.path == "/zc/staff/sets/手写"
    form = client.get("/staff/sets/手写/cases/手写-001")
    assert "800家" in form.text
    post(
        client,
        "/staff/cases",
        set_name="手写",
        old_id="手写-001",
        id="手写-001",
        question="改了？",
        answerable="否",
    )
    assert "改了？" in client.get("/staff/sets/手写").text
    post(client, "/staff/cases/delete", set_name="手写", old_id="手写-001")
    assert "改了？" not in client.get("/staff/sets/手写").text
    post(client, "/staff/sets/手写/delete")
    assert client.get("/staff/sets/手写").status_code == 404


def test_of_a_locked_set_no_text_is_shown(client):
    shown = client.get("/staff/sets/policies_locked").text
    assert "锁定的题目集只用于评分" in shown
    assert "policies-locked-001" not in shown
    assert client.get("/staff/sets/policies_locked/export.csv").status_code == 404


# --- records


@pytest.fixture(scope="module")
def recorded(client):
    """An answer on record with a vote, and one that was refused."""
    given = client.post("/api/ask", json={"question": QUESTION}).json()
    client.post("/api/feedback", json={"answer_id": given["id"], "vote": -1, "reason": "<b>不全</b>"})
    history = [{"role": "user", "content": "安徽有哪些措施？"}]
    refused = client.post("/api/ask", json={"question": "那江苏呢？", "history": history}).json()
    return given["id"], refused["id"]


def test_records_are_searched_and_exported(client, recorded):
    shown = client.get("/staff/records", params={"q": "瞪羚", "state": "down"}).text
    assert "共 1 条" in shown
    assert QUESTION in shown
    assert "&lt;b&gt;不全&lt;/b&gt;" in shown
    assert "没有符合条件的记录" in client.get("/staff/records", params={"since": "2999-01-01"}).text
    text = client.get("/staff/records.csv").content.decode("utf-8-sig")
    assert QUESTION in text
    assert "没有帮助" in text


def test_a_record_becomes_a_case_prefilled_with_what_was_cited(client, recorded):
    form = client.get("/staff/cases/new", params={"record": recorded[0]}).text
    assert ">浙经信企业〔2024〕12号<" in form
    assert "新培育省级瞪羚企业800家" in form
    assert "用户评价：没有帮助（&lt;b&gt;不全&lt;/b&gt;）" in form
    refused = client.get("/staff/cases/new", params={"record": recorded[1]}).text
    assert "问：安徽有哪些措施？" in refused
    assert "<option selected>否</option>" in refused


def test_a_record_is_shown_as_it_was_given(client, recorded):
    shown = client.get(f"/staff/records/{recorded[0]}").text
    assert "800家" in shown
    assert "写成标准答案" in shown


# --- curated answers, documents, trying


def test_a_curated_answer_is_checked_kept_served_and_removed(client, recorded, app):
    form = client.get("/staff/curated/new", params={"record": recorded[0]}).text
    cited = {
        name: re.search(rf'name="{name}" value="([^"]*)"', form)[1]
        for name in ("cite_document", "cite_clause")
    }
    entry = {"question": QUESTION, "enabled": "1", **cited}
    wrong = post(client, "/staff/curated", text="浙江省到2027年新培育省级瞪羚企业900家。[1]", **entry)
    assert wrong.status_code == 422
    assert "第 1 行：数字：“900家”" in wrong.text, re.findall("<li>(.*?)</li>", wrong.text)
    other = post(client, "/staff/curated", text="到2027年新培育800家。", cite_quote="不是原文", **entry)
    assert "引用的原文与条款不一致" in other.text
    backwards = post(
        client, "/staff/curated", text="x", valid_from="2027-01-02", valid_until="2027-01-01", **entry
    )
    assert "止日早于起日" in backwards.text
    saved = post(
        client,
        "/staff/curated",
        text="浙江省到2027年新培育省级瞪羚企业800家。[1]",
        variants="浙江省的瞪羚企业到2027年培育多少家？",
        **entry,
    )
    assert "已保存" in saved.text
    answer = client.post("/api/ask", json={"question": "浙江省的瞪羚企业到2027年培育多少家？"}).json()
    assert (answer["origin"], answer["refused"]) == ("curated", False)
    assert answer["answer"] == "浙江省到2027年新培育省级瞪羚企业800家。[1]"
    tried = client.get("/staff/curated", params={"asked": "安徽到2027年要培育多少家瞪羚企业？"}).text
    assert "不使用标准答案" in tried
    assert "地区不同" in tried
    entry_id = saved.url.path.rsplit("/", 1)[1]
    store = CuratedStore(app.state.pool.records.engine)
    kept = store.find(entry_id)
    store.save(replace(kept, cites=(replace(kept.cites[0], digest="old"),)), "wang")
    assert "待复核" in client.get("/staff/curated").text
    post(client, f"/staff/curated/{entry_id}/delete")
    assert client.post("/api/ask", json={"question": QUESTION}).json()["origin"] == "quote"


def test_clauses_are_found_to_be_cited(client):
    found = client.get("/staff/clauses", params={"q": "浙江 瞪羚企业 800家"}).json()
    assert "瞪羚企业800家" in found[0]["text"]
    assert client.get("/staff/clauses", params={"q": " "}).json() == []


def test_documents_and_a_trial_show_what_was_made_of_them(client):
    listed = client.get("/staff/documents").text
    assert "浙经信企业〔2024〕12号" in listed
    document = client.get("/staff/documents/浙经信企业〔2024〕12号").text
    assert "条款树" in document
    assert "二、（一）" in document
    tried = client.get("/staff/try", params={"question": "江苏有什么政策？<script>"}).text
    assert "库内没有该地区的政策" in tried
    assert "<script>" not in tried.replace("<script src", "")


# --- runs


@pytest.fixture(scope="module")
def finished(data):
    for name, worse in (("20250101-000000-aaaa", False), ("20250102-000000-bbbb", True)):
        manifest = {
            "name": "改<后>" if worse else "改前",
            "started": f"{name[:4]}-01-0{1 + worse}T00:00:00+08:00",
        }
        with RunWriter(data / "runs" / name, manifest | {"total": len(OLD), "sets": {}}) as writer:
            for number, line in enumerate(OLD):
                right = line.scores.right and not (worse and number == 0)
                writer.write(replace(line, scores=replace(line.scores, right=right)))
    return "20250101-000000-aaaa", "20250102-000000-bbbb"


def test_a_run_is_queued_watched_and_cancelled(client):
    assert "请先选择要运行的题目集" in post(client, "/staff/runs").text
    run = post(client, "/staff/runs", set="policies_dev", name="<b>第一次</b>")
    path = run.url.path.removeprefix("/zc")
    assert "&lt;b&gt;第一次&lt;/b&gt;" in run.text
    told = client.get(f"{path}/progress").json()
    assert told == {"status": "queued", "label": "排队中", "done": 0, "total": 40}
    cancelled = post(client, f"{path}/cancel")
    assert "已取消" in cancelled.text
    assert "排队中" in post(client, f"{path}/continue").text
    post(client, f"{path}/cancel")
    post(client, f"{path}/delete")
    assert client.get(path).status_code == 404


def test_two_runs_are_compared_side_by_side(client, finished):
    shown = client.get("/staff/compare", params={"old": finished[0], "new": finished[1]}).text
    assert "变差 1 题" in shown
    assert "变差（1）" in shown
    assert "改&lt;后&gt;" in shown
    default = client.get("/staff/compare").text  # the newest against the one before
    assert f'value="{finished[1]}" selected' in default


def test_the_history_and_a_case_are_shown(client, finished):
    shown = client.get("/staff/evaluation").text
    assert f"/zc/staff/runs/{finished[0]}" in shown
    assert "历次评测全对的比例" in shown
    line = OLD[0]
    case = client.get(f"/staff/runs/{finished[0]}/cases/{line.set}/{line.id}")
    assert case.status_code == 200
    assert client.get(f"/staff/runs/{finished[0]}/cases/{line.set}/none").status_code == 404


def test_a_report_holds_all_it_needs(client, finished):
    given = client.get(f"/staff/runs/{finished[1]}/report")
    assert "attachment" in given.headers["content-disposition"]
    assert "改&lt;后&gt;" in given.text
    assert not re.search(r'(?:src|href)="(?!#)', given.text)
    assert "default-src 'none'" in given.text
    rows_ = client.get(f"/staff/runs/{finished[1]}/results").text.splitlines()
    assert len(rows_) == len(OLD)
    assert json.loads(rows_[0])["id"] == OLD[0].id


def test_a_report_tells_every_case_with_what_was_expected_and_found(data, snapshot):
    from eval.cases import parse_case
    from eval.gold import Reference
    from eval.record import to_line
    from eval.run import ask

    assistant, reference = Assistant(snapshot), Reference(snapshot.documents)
    record = {"id": "r-1", "question": QUESTION, "kind": "number", "answerable": True, "facts": [["<900家>"]]}
    line = to_line("mine", ask(parse_case(record), assistant, reference), show=True)
    html = report_html("名", {"status": "finished", "started": "2025-01-01T00:00"}, [line])
    for told in ("缺少事实：“&lt;900家&gt;”", QUESTION, "新培育省级瞪羚企业800家", "检索到的条款", "0／1 题"):
        assert told in html


def test_templates_are_given(client):
    assert client.get("/staff/sets/template.csv").content == to_csv([])
    assert client.get("/staff/sets/template.xlsx").content[:2] == b"PK"
    assert io.BytesIO(client.get("/staff/public/staff.css").content).read(2) == b"/*"
    assert read_run  # the terminal reads the same folders
