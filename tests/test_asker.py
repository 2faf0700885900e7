"""Who asks, said in passing, does not lead away from what is wished for."""

from types import SimpleNamespace

import numpy as np
import pytest

from chat.asker import nearer, without_asker

POLICY = """己市促进民营经济发展若干措施
己政发〔2026〕11号

一、加快培育专精特新企业。引导中小企业走专精特新发展道路，到2028年培育专精特新企业600家。
二、支持专精特新企业梯度成长，为专精特新企业配备服务专员，定期走访。
三、加大金融支持。鼓励银行开展知识产权质押贷款，推广应收账款融资，缓解企业融资难。
四、完善人才保障。对企业引进的高层次人才，提供人才公寓和子女入学服务。

己市人民政府
2026年3月2日
"""


@pytest.mark.parametrize(
    ("wording", "rest"),
    [
        ("我是武汉的一家专精特新企业，想融资，有什么办法", "想融资，有什么办法"),
        ("武汉的专精特新企业想融资有什么办法", "想融资有什么办法"),
        ("我们是小巨人企业，缺人才，有什么政策", "缺人才，有什么政策"),
        ("我们公司想评专精特新企业，要什么条件", "想评专精特新企业，要什么条件"),
        ("专精特新企业有哪些支持", ""),
        ("我们想申报专精特新企业需要什么条件", ""),
        ("小巨人企业需要满足什么条件", ""),
    ],
)
def test_who_asks_is_told_from_the_wish(wording, rest) -> None:
    assert without_asker(wording) == rest


def found(behind: list[float], odds: list[float] | None, confidence: float = 0.6) -> SimpleNamespace:
    candidates = [
        SimpleNamespace(behind=b, sentence=SimpleNamespace(role="body", text=str(n)))
        for n, b in enumerate(behind)
    ]
    reads = None if odds is None else lambda some: np.array(odds[: len(some)], dtype=np.float32)
    return SimpleNamespace(candidates=candidates, reads=reads, confidence=confidence)


def test_what_speaks_of_the_wish_stays() -> None:
    one = found([0.0], None)
    assert nearer(one, other := found([0.0], [-5.0, 2.0])) is other
    assert nearer(one, found([0.0], [-5.0, -4.0])) is one  # hardly better
    assert nearer(one, found([0.0], [0.5, 4.0])) is one  # speaks of it
    assert nearer(one, found([0.0], None)) is one
    assert nearer(doubted := found([0.0], None, 0.1), other := found([0.0], [0.5, 4.0])) is other
    assert doubted is not other


def test_the_wish_is_answered_and_not_how_such_enterprises_are_raised(assistant_of) -> None:
    assistant = assistant_of(POLICY)
    for asked in ("我是己市的一家专精特新企业，想融资，有什么办法", "己市的专精特新企业缺人才，有什么政策"):
        answer = assistant.ask(asked)
        told = "".join(statement.text for statement in answer.statements)
        assert not answer.refused, asked
        assert ("融资" in told) == ("融资" in asked)
        assert "600家" not in told
