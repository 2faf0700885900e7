import json
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from chat.kinds import aspects_of, kind_of
from chat.kinds.classifier import TAUGHT, WEIGHTS, Classifier, Linear, shipped
from chat.kinds.clues import CLUES
from chat.kinds.features import features_of
from chat.kinds.train import QUESTIONS, Written, digest_of, read_clause_questions, read_questions, train
from chat.question import Aspect, Kind
from eval.cases import load_cases
from eval.overlap import near_duplicates, whole_question

_CASES = Path(__file__).parent.parent / "eval" / "cases"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("到2027年甲省要培育多少家瞪羚企业？", Kind.NUMBER),
        ("小微企业能占几成？", Kind.NUMBER),
        ("申请材料几个工作日内审完？", Kind.DATE),
        ("这项工作由谁负责？", Kind.WHO),
        ("归哪个部门管", Kind.WHO),
        ("鉴定费谁先垫？", Kind.WHO),
        ("拖欠工资该打哪个电话", Kind.WHO),
        ("有什么支持措施", Kind.MEASURES),
        ("怎么申请贴息", Kind.MEASURES),
        ("我们厂几百号人，招人难，政府能帮什么忙", Kind.MEASURES),
        ("什么是瞪羚企业？", Kind.DEFINITION),
        ("需要符合什么条件", Kind.DEFINITION),
        ("什么样的公司才算规上企业？", Kind.DEFINITION),
        ("老听人说“容缺办”，这词儿到底啥意思", Kind.DEFINITION),
        ("能不能优先采购", Kind.YES_NO),
        ("外地企业可以申报吗？", Kind.YES_NO),
        ("三包还认不认？", Kind.YES_NO),
        ("商场老拖我们的付款期限，法律让他们这么干吗", Kind.YES_NO),
        ("甲省和乙省的目标有什么区别", Kind.COMPARISON),
        ("两个文件的目标各是多少", Kind.COMPARISON),
        ("这份通知的文号是什么", Kind.DOCUMENT),
        ("是哪六个部门联合发布的？", Kind.DOCUMENT),
        ("这个办法什么时候失效", Kind.DOCUMENT),
        ("库里收录了哪些政策？", Kind.CORPUS),
        ("库里收了甲省的地方性法规没有", Kind.CORPUS),
    ],
)
def test_kind_of(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("瞪羚企业的资格有效期多长", Kind.DATE),
        ("那许可证有效期到期之前多久要申请延续", Kind.DATE),
        ("补贴发到几月份为止", Kind.DATE),
        ("瞪羚企业管理办法的有效期到哪天", Kind.DOCUMENT),
        ("这份补贴通知还有效吗", Kind.DOCUMENT),
    ],
)
def test_validity_of_a_certificate_is_content_and_that_of_a_document_is_not(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("文号是什么", (Aspect.NUMBER,)),
        ("几个部门联合印发的", (Aspect.COUNT_OF_ISSUERS,)),
        ("什么时候印发的", (Aspect.DATE,)),
        ("什么时候到期", (Aspect.VALIDITY,)),
        ("从哪天起施行", (Aspect.EFFECTIVE,)),
        ("是为了落实国家的哪份文件", (Aspect.BASIS,)),
        ("这个细则归谁解释", (Aspect.INTERPRETER,)),
        ("文号是什么，由谁印发", (Aspect.NUMBER, Aspect.ISSUERS)),
    ],
)
def test_aspects_of(text: str, aspects: tuple[Aspect, ...]) -> None:
    assert aspects_of(text) == aspects


def test_scores_are_probabilities_likeliest_first() -> None:
    scores = dict(shipped().tell("由哪个部门负责").kinds)
    assert set(scores) == set(Kind)
    assert sum(scores.values()) == pytest.approx(1)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert next(iter(scores)) is kind_of("由哪个部门负责")


def test_features_leave_out_what_the_question_is_about() -> None:
    named = features_of("《甲省中小企业办法》的文号是什么？")
    assert named == features_of("《乙市养老条例》的文号是什么")
    assert {"《的", "E什么$", "P么$", "Cnumber_asked", "Kdocument"} <= named
    assert features_of("到2025年有1500家") == features_of("到2030年有900家")
    assert features_of("？！") == features_of("")


def test_clues_are_named_once_and_each_occurs_in_the_questions() -> None:
    assert len({clue.name for clue in CLUES}) == len(CLUES)
    found = Counter(name for question in read_questions() for name in features_of(question.text))
    assert [clue.name for clue in CLUES if found[f"C{clue.name}"] < 3] == []


def test_linear_is_rounded_to_eight_bits() -> None:
    layer = Linear.quantised(np.array([[1.27, 0.0], [-0.5, 0.01]]), np.array([0.25, -1.0]))
    assert layer.weights.tolist() == [[127, 0], [-50, 127]]
    assert layer([0, 1]) == pytest.approx([1.27 - 0.5 + 0.25, 0.01 - 1.0], abs=1e-6)
    assert layer([]) == pytest.approx([0.25, -1.0])


def test_training_learns_saves_and_loads(tmp_path: Path) -> None:
    texts = ["由谁负责", "谁来管", "归谁管", "谁出钱"], ["奖励多少", "补多少钱", "罚多少", "要多少"]
    written = [
        Written(f"{topic}{text}", kind)
        for kind, group in zip((Kind.WHO, Kind.NUMBER), texts, strict=True)
        for text in group
        for topic in ("养老", "氢能")
    ]
    document = [Written("这份文件文号是什么", Kind.DOCUMENT, (Aspect.NUMBER,))] * 3
    trained = train([*written, *document, Written("这份文件谁发的", Kind.DOCUMENT, (Aspect.ISSUERS,))])
    trained.save(tmp_path / "w.npz")
    loaded = Classifier.load(tmp_path / "w.npz")
    for text, kind in (("物流谁管", Kind.WHO), ("物流补多少", Kind.NUMBER), ("文号是什么", Kind.DOCUMENT)):
        assert loaded.tell(text) == trained.tell(text)
        assert loaded.tell(text).kinds[0][0] is kind
    assert loaded.tell("文号是什么").aspects == (Aspect.NUMBER,)


def test_questions_about_clauses_that_ask_about_the_document_are_not_learned_as_dates() -> None:
    own = [Written(f"{name}文件什么时候生效", Kind.DOCUMENT, (Aspect.EFFECTIVE,)) for name in "甲乙丙丁"]
    own += [Written(f"{name}什么时候截止", Kind.DATE) for name in ("申报", "报名", "验收", "受理")]
    own += [Written(f"{name}哪个部门管", Kind.WHO) for name in ("申报", "报名", "验收", "受理")]
    of_clauses = [Written(f"{name}文件什么时候生效", Kind.DATE) for name in "戊己庚辛壬"]
    assert train(own, of_clauses).tell("这个文件什么时候生效").kind is Kind.DOCUMENT
    more = [Written(f"{name}几号之前交", Kind.DATE) for name in ("材料", "申请", "报表", "发票")]
    assert train(own, more).tell("名单几号之前交").kind is Kind.DATE


def test_weights_belong_to_the_questions_and_are_small() -> None:
    of_clauses = [question for group in read_clause_questions() for question in group]
    assert len(of_clauses) > 8000
    assert all(question.kind is not Kind.OPEN for question in of_clauses)
    assert shipped().digest == digest_of(read_questions(), of_clauses), "run: python -m chat.kinds.train"
    assert WEIGHTS.stat().st_size <= 500_000


def test_shipped_weights_tell_what_they_were_taught() -> None:
    questions = read_questions()
    told = [shipped().tell(question.text).kinds[0][0] is question.kind for question in questions]
    assert sum(told) / len(told) > 0.97
    of_clauses = [question for group in read_clause_questions() for question in group]
    told = [shipped().tell(question.text).kind is question.kind for question in of_clauses]
    assert sum(told) / len(told) > 0.9


def test_questions_are_written_once_and_well_formed() -> None:
    lines = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    assert all(set(line) <= {"question", "kind", "aspects"} for line in lines)
    twice = [text for text, count in Counter(line["question"] for line in lines).items() if count > 1]
    assert twice == []
    assert {Kind(line["kind"]) for line in lines} == set(Kind)
    assert {Aspect(name) for line in lines for name in line.get("aspects", ())} == set(TAUGHT)


def test_no_question_of_the_evaluation_is_trained_on() -> None:
    asked = [
        whole_question(case) for path in sorted(_CASES.glob("*.jsonl")) for case in load_cases(path).cases
    ]
    assert near_duplicates([question.text for question in read_questions()], asked) == []


def test_a_question_is_told_quickly() -> None:
    questions = [question.text for question in read_questions()[:300]]
    classifier = shipped()
    best = 1.0
    for _ in range(3):
        start = time.process_time()
        for text in questions:
            classifier.tell(text)
        best = min(best, (time.process_time() - start) / len(questions))
    assert best < 0.002  # seconds; a quarter of a millisecond on a quiet core
