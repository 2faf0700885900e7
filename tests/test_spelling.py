import pytest
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from chat.spelling import Spelling, _sounds
from corpus.document import Document

TEXT = (
    "支持瞪羚企业发展。培育瞪羚企业100家。实施“雏鹰计划”。鼓励单项冠军企业创新，单项冠军企业优先，单项冠军企业先行。"
    "创新型企业。创新型企业。给予奖励。一次性奖励。奖励资金。冷藏车。"
)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling.of([Document(id="甲发〔2024〕1号", title="通知", text=TEXT)])


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("单向冠军有多少家", "单项冠军有多少家"),
        ("出鹰计划是什么", "雏鹰计划是什么"),
        ("cyjh是什么", "雏鹰计划是什么"),
        ("chuyingjihua有啥", "雏鹰计划有啥"),
        ("创新行动由谁负责", "创新行动由谁负责"),  # 创新行 sounds like 创新型, but 行动 is a word
        ("给多少奖厉", "给多少奖励"),  # two characters, which the cut leaves apart
        ("奖里面有啥", "奖里面有啥"),
        ("今天天气好", "今天天气好"),
        ("SME能申请吗", "SME能申请吗"),
    ],
)
def test_correct(spelling: Spelling, asked: str, meant: str) -> None:
    assert spelling.correct(asked) == meant


@pytest.mark.parametrize("text", ["银行行长重新了解会计的重要性", "单向冠军有多少家", "参差不齐"])
def test_sounds_put_together_from_words_are_those_of_the_text(text: str) -> None:
    assert _sounds(text) == tuple(lazy_pinyin(text))


def test_sounds_from_the_tables_are_those_that_pypinyin_gives() -> None:
    words = [*list(PHRASES_DICT)[::10], *map(chr, range(0x3400, 0xA000, 7))]
    assert [word for word in words if _sounds(word) != tuple(lazy_pinyin(word))] == []


def test_own_words_are_names_that_the_corpus_quotes(spelling: Spelling) -> None:
    assert "雏鹰计划" in spelling.own_words
