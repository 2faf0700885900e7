"""Invented policies for the tests of the check, built from the records alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from chat.answer import Citation, Statement
from chat.question import Question
from corpus.document import Clause, Department, Document, IssueDate, Period
from index.passage import Evidence, Passage

_LABEL = re.compile(
    r"^(第[一二三四五六七八九十]+条|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)\s*"
)


def policy(
    text: str, departments: dict[str, tuple[Department, ...]] | None = None, **facts: object
) -> Document:
    """A document whose every line is a clause; `departments` by label."""
    document = Document(id=str(facts.get("number") or facts["title"]), text=text, **facts)  # type: ignore[arg-type]
    clauses, start = [], 0
    for line in text.splitlines(keepends=True):
        label = match[1].rstrip("、") if (match := _LABEL.match(line)) else "前言"
        clauses.append(
            Clause(
                document,
                id=f"notice/{label}/{len(clauses)}",
                part="notice",
                path=(label,) if match else (),
                label=label,
                heading=line[match.end() :].partition("。")[0]
                if match and not label.startswith("第")
                else "",
                start=start,
                end=start + len(line.rstrip("\n")),
                body_start=start + (match.end() if match else 0),
                departments=(departments or {}).get(label, ()),
            )
        )
        start += len(line)
    whole = replace(document, clauses=())
    object.__setattr__(whole, "clauses", tuple(clauses))
    for clause in clauses:
        object.__setattr__(clause, "document", whole)
    return whole


def clause_of(document: Document, label: str) -> Clause:
    """The clause with this label."""
    return next(clause for clause in document.clauses if clause.label == label)


def cite(document: Document, label: str, quote: str = "") -> Citation:
    """Cite a whole clause, or the words of it."""
    clause = clause_of(document, label)
    start = clause.start if not quote else document.text.index(quote, clause.start, clause.end)
    end = clause.end if not quote else start + len(quote)
    return Citation(Evidence(Passage(clause, clause.start, clause.end), 0.0, 0.0, 0.0), start, end)


def ask(text: str = "有什么规定？", **understood: object) -> Question:
    """A question as asked, with what was understood of it."""
    return Question(text, wording=text, standalone=text, as_of=date(2024, 6, 1), **understood)  # type: ignore[arg-type]


def derived(text: str, *citations: Citation, lead: str = "", form: str = "sentence") -> Statement:
    """A statement that is no slice."""
    return Statement(text, citations, "derived", lead, form)  # type: ignore[arg-type]


ANHUI = policy(
    "为落实《关于健全优质企业培育体系的指导意见》（工信部企业〔2022〕63号），经省政府同意，制定本措施。\n"
    "一、主要目标。力争到2027年，新认定省级“专精特新”中小企业3000家、国家级“小巨人”企业800家、制造业单项冠军企业60家和领航企业20家左右，"
    "规模以上工业企业研发投入占营业收入比重达到5%以上。\n"
    "二、加大财政奖补。对首次认定的国家级“小巨人”企业，给予不超过100万元的一次性奖励；对省级“专精特新”中小企业，给予30万元奖励。"
    "原则上同一企业三年内不得重复享受。（省财政厅牵头，省经济和信息化厅配合）\n"
    "三、强化金融支持。鼓励银行机构开发信用贷款产品，逐步扩大中长期贷款规模。对符合条件的企业，可给予不低于40%的贷款贴息，贴息期限最长2年。"
    "（人民银行合肥中心支行、省地方金融监督管理局按职责分工负责）\n"
    "四、保障账款支付。大型企业不得以内部付款流程为由拖欠中小企业账款，应当自货物交付之日起60日内支付款项。"
    "机关、事业单位应当自验收合格之日起30日内支付款项。\n"
    "五、优化政府采购。面向中小企业的采购份额由30%提高到40%，其中预留给小微企业的比例不低于70%（涉密项目除外）。\n"
    "六、搭建服务平台。在合肥、芜湖等地建设10个左右特色产业集群公共服务平台，培育50家服务机构和一批数字化转型服务商。"
    "引导大企业向中小企业开放实验室和检测设备。\n"
    "七、附则。本措施自2023年9月1日起施行，有效期至2026年8月31日。",
    {
        "二": (Department("省财政厅", "牵头"), Department("省经济和信息化厅", "配合")),
        "三": (Department("人民银行合肥中心支行", "负责"), Department("省地方金融监督管理局", "负责")),
    },
    title="安徽省支持专精特新中小企业发展若干措施",
    number="皖经信企业〔2023〕12号",
    issuers=("安徽省经济和信息化厅", "安徽省财政厅", "中国人民银行合肥中心支行"),
    level="省",
    region="安徽省",
    issued_on=IssueDate(2023, date(2023, 8, 15)),
    valid_from=date(2023, 9, 1),
    valid_until=date(2026, 8, 31),
    cites=("工信部企业〔2022〕63号",),
)

ZHEJIANG = policy(
    "一、工作目标。到2026年底前，培育国家级“小巨人”企业2000家、省级单项冠军企业300家，累计建成5G基站20万个；2024年新增上市公司50家，"
    "2025年新增上市公司70家。\n"
    "二、提升创新能力。支持企业牵头组建创新联合体，承担省级以上重大科技项目。对年研发费用超过1亿元的企业，按实际投入的百分之十给予补助，"
    "单个企业每年最高500万元。\n"
    "三、畅通融资渠道。推动千家企业上云，设立规模不少于100亿元的产业基金，基金存续期为七至十年。"
    "严禁金融机构向小微企业收取贷款承诺费。\n"
    "四、强化人才支撑。探索建立企业首席技师制度，优先推荐优秀技能人才申报政府特殊津贴。企业无需提供纸质证明。",
    title="浙江省优质企业培育行动计划（2024—2026年）",
    number="浙政办发〔2024〕8号",
    issuers=("浙江省人民政府办公厅",),
    level="省",
    region="浙江省",
    issued_on=IssueDate(2024),
    period=Period(2024, 2026),
)

NATION = policy(
    "第一条 为了规范中小企业公共服务，根据有关法律，制定本办法。\n"
    "第二条 国务院工业和信息化主管部门负责全国中小企业公共服务的指导和协调。县级以上地方人民政府市场监督管理部门在职责范围内做好有关工作。\n"
    "第三条 服务机构应当自收到申请之日起十五个工作日内作出答复；情况复杂的，经本机构负责人批准，可以延长十个工作日。\n"
    "第四条 服务机构不得向中小企业收取会员费，不得强制或者变相强制中小企业参加评比、培训。\n"
    "第五条 违反本办法第四条规定的，由市场监督管理部门责令改正，可以并处一万元以上五万元以下的罚款；情节严重的，处五万元以上二十万元以下的罚款。\n"
    "第六条 本办法自2021年1月1日起施行。",
    title="中小企业公共服务管理办法",
    number="国市监规〔2020〕31号",
    issuers=("国家市场监督管理总局", "工业和信息化部", "财政部"),
    level="国家",
    issued_on=IssueDate(2020, date(2020, 11, 3)),
    valid_from=date(2021, 1, 1),
)
EVERY = (ANHUI, ZHEJIANG, NATION)
