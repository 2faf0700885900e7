"""Quantities: found with unit, bounds and place; compared; written in one way; and what is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.dates import Moment
from chat.numerals import half_width, parse_numeral
from chat.quantities import Bound, QuantityKind, find_quantities, find_vague, implies, normalize, same

NUMERALS = {
    "千": 1000,
    "一千": 1000,
    "1000": 1000,
    "1,500": 1500,
    "两万": 20_000,
    "1.5万": 15_000,
    "2万5千": 25_000,
    "3亿5000万": 350_000_000,
    "两万三千亿": 2_300_000_000_000,
    "1.2万亿": 1_200_000_000_000,
    "一千二百六十": 1260,
    "一百零五": 105,
    "一百五": 150,
    "十": 10,
    "二十一": 21,
    "二〇二五": 2025,
    "三点五": Fraction(7, 2),
    "一点二万": 12_000,
    "叁拾": 30,
}


@pytest.mark.parametrize(("written", "value"), NUMERALS.items())
def test_numerals(written, value):
    assert parse_numeral(written) == value


@pytest.mark.parametrize("written", ["十四五", "三五", "七八", "家", ""])
def test_what_is_no_numeral(written):
    assert parse_numeral(written) is None


# text → what str() says of each quantity found
FOUND = {
    "形成万家“小巨人”企业、千家单项冠军企业和一大批领航企业": ["10000家", "1000家"],
    "到2025年，小巨人企业600家、单项冠军企业400家和领航企业150家左右": ["2025年", "600家", "400家", "150家"],
    "预算总额30%以上，比例不低于60％": ["30%", "60%"],
    "百分之三十、三成、千分之五、三分之二、一半以上": ["30%", "30%", "0.5%", "2/3", "50%"],
    "给予2%-3%的价格扣除": ["2%—3%"],
    "年用电量500万千瓦时以上、装机一百五十万千瓦": ["5000000千瓦时", "1500000千瓦"],
    "10千克样品，3千米管线，3千万元": ["10公斤", "3公里", "30000000元"],
    "百分之二至百分之三": ["2%—3%"],
    "10至20家，三至五年，1至3万元": ["10—20家", "3—5年", "10000—30000元"],
    "从400家增加到600家": ["400家", "600家"],
    "2022—2025年、2022年至2025年、2022-2025年": ["2022年—2025年"] * 3,
    "自2022年1月1日起至2025年12月31日止": ["2022年1月1日—2025年12月31日"],
    "2022年05月12日，二〇二二年五月十二日，2022-05-12，2022.5.12": ["2022年5月12日"] * 4,
    "2025年底前、2025年年底、2025年末": ["2025年底"] * 3,
    "每月10日前报送，次月5日前拨付": ["10日", "5日"],
    "2025年上半年，2025年第三季度，5月底，12月31日": ["2025年上半年", "2025年3季度", "5月底", "12月31日"],
    "中央财政连续三年支持，用三年时间": ["3年", "3年"],
    "半年、一年半、两年、三个月、15日内、三十个工作日、二十四小时": [
        "6个月",
        "18个月",
        "2年",
        "3个月",
        "15日",
        "30工作日",
        "24小时",
    ],
    "十一部门、11个部门、六部委": ["11部门", "11部门", "6部门"],
    "１０００家，３０％，1,500家，1.5万家": ["1000家", "30%", "1500家", "15000家"],
    "到 2025年，培育 2000 家，9 个实验室": ["2025年", "2000家", "9个"],
    "一万元以上五万元以下": ["10000元", "50000元"],
    "十余家、100多家、1000多万元": ["10家", "100家", "10000000元"],
    "提高2.5个百分点，增长5%，翻一番，提高1倍": ["2.5百分点", "5%", "1番", "1倍"],
    "累计建成5G基站20万个": ["200000个"],
    "至少一家、不少于一个": ["1家", "1个"],
    "1.2亿亩、500万吨、30平方米": ["120000000亩", "5000000吨", "30平方米"],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_find_quantities(text, expected):
    assert [str(quantity) for quantity in find_quantities(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "第三条规定的条件",
        "一、总体要求",
        "（二）单项冠军企业。",
        "(3)加强领导",
        "1.推动协同创新。",
        "2．完善机制",
        "工信部联企业〔2022〕54号",
        "国发[2018]32号",
        "“51020”现代产业集群",
        "5G应用，GB/T 9704，ISO9001",
        "“十四五”规划，十四五时期，第十四个五年规划",
        "培育一批企业，一系列措施，一揽子政策",
        "一带一路、五位一体、三位一体、双创、双碳",
        "若干家、几家、数十家、十几家、三五家",
        "一家企业、一户一策、一般、统一、进一步",
        "百年品牌，千家万户，万众创新",
        "“百场万企”洽谈会，百万工业APP",
        "没有数字",
        "",
    ],
)
def test_what_is_no_quantity(text):
    assert find_quantities(text) == ()


def test_labels_do_not_swallow_years():
    assert [str(q) for q in find_quantities("1．2022年启动，(3)到2025年")] == ["2022年", "2025年"]


def test_vague_counts_are_found_apart():
    text = "一批、若干、几家、数千家和一大批领航企业"
    assert [text[a:b] for a, b in find_vague(text)] == ["一批", "若干", "几家", "数千家", "一大批"]


BOUNDS = {
    "不少于50个": {Bound.AT_LEAST},
    "不得少于50个": {Bound.AT_LEAST},
    "50个以上": {Bound.AT_LEAST},
    "至少50个": {Bound.AT_LEAST},
    "上千家": {Bound.AT_LEAST},
    "超过50个": {Bound.MORE},
    "突破50个": {Bound.MORE},
    "不超过50万元": {Bound.AT_MOST},
    "最高50万元": {Bound.AT_MOST},
    "50万元以下": {Bound.AT_MOST},
    "十五日内": {Bound.AT_MOST},
    "低于50%": {Bound.LESS},
    "约50家": {Bound.ABOUT},
    "50家左右": {Bound.ABOUT},
    "近千家": {Bound.NEARLY},
    "50余家": {Bound.ODD},
    "三个月后": {Bound.AFTER},
    "2025年底前": {Bound.BEFORE},
    "自2023年起": {Bound.FROM},
    "到2025年": {Bound.UNTIL},
    "最近50家": set(),
    "节约50元": set(),
    "部内50家": set(),
}


@pytest.mark.parametrize(("text", "bounds"), BOUNDS.items())
def test_bounds(text, bounds):
    (quantity,) = find_quantities(text)
    assert quantity.bounds == bounds


def test_places_slice_back_to_the_text():
    text = "支持不少于 50个实体园区，领航企业150家左右，到2025年底前完成。"
    found = find_quantities(text)
    assert [text[q.start : q.end] for q in found] == ["50个", "150家", "2025年底"]
    assert [text[q.phrase_start : q.phrase_end] for q in found] == [
        "不少于 50个",
        "150家左右",
        "到2025年底前",
    ]
    assert all(q.text == text[q.start : q.end] for q in found)


def test_values_are_scaled_to_their_unit():
    money, share, duration = find_quantities("3万元，30%，两年")
    assert (money.kind, money.unit, money.values) == (QuantityKind.MONEY, "元", (30_000,))
    assert (share.kind, share.values) == (QuantityKind.SHARE, (Fraction(3, 10),))
    assert (duration.kind, duration.unit, duration.values) == (QuantityKind.DURATION, "个月", (24,))
    (period,) = find_quantities("2022—2025年")
    assert (period.kind, period.moments) == (QuantityKind.PERIOD, (Moment(2022), Moment(2025)))


SAME = [
    ("1000家", "千家"),
    ("一千家", "１０００家"),
    ("30%", "百分之三十"),
    ("30％", "三成"),
    ("3年", "36个月"),
    ("7日", "一周"),
    ("不少于50个", "50个以上"),
    ("2022年5月12日", "二〇二二年五月十二日"),
    ("2%-3%", "百分之二至百分之三"),
    ("3万元", "30000元"),
    ("20名", "20人"),
]
DIFFERENT = [
    ("1000家", "1000万家"),
    ("1000家", "1000%"),
    ("30%", "30个百分点"),
    ("400家", "400家左右"),
    ("50个以上", "50个以下"),
    ("15日", "15个工作日"),
    ("2025年", "2025年底前"),
    ("三年", "2025年"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same(one, other):
    assert same(*find_quantities(one), *find_quantities(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_not_the_same(one, other):
    assert not same(*find_quantities(one), *find_quantities(other))


FOLLOWS = [
    ("2025年底前", "2025年"),
    ("2022年5月12日", "2022年5月"),
    ("2022年5月12日", "5月12日"),
    ("到2025年", "2025年"),
    ("自2023年9月1日起", "2023年9月1日"),
    ("千家", "1000家"),
    ("400家", "约400家"),
    ("超过50个", "不少于50个"),
    ("低于50个", "不超过50个"),
    ("1000家", "1000个"),
    ("1000家", "1000"),
    ("2022—2025年", "2022年至2025年"),
    ("自2022年至2025年", "2022—2025年"),
]
DOES_NOT = [
    ("2025年", "2025年底前"),
    ("2025年", "2025年12月"),
    ("2025年底前", "2026年"),
    ("自2023年起", "到2023年"),
    ("到2023年", "自2023年起"),
    ("2022—2025年", "2025年"),
    ("2022—2025年", "2022—2026年"),
    ("400家左右", "400家"),
    ("不少于50个", "50个"),
    ("不少于50个", "超过50个"),
    ("50个", "50个以上"),
    ("不少于50个", "不超过50个"),
    ("近千家", "约1000家"),
    ("2%-3%", "2%"),
    ("10至20家", "10至30家"),
    ("60%", "60家"),
    ("20项", "20亿元"),
    ("1000家", "1000类"),
    ("三年内", "三年后"),
]


@pytest.mark.parametrize(("source", "claim"), FOLLOWS)
def test_a_claim_may_be_less_precise(source, claim):
    assert implies(*find_quantities(source), *find_quantities(claim))


@pytest.mark.parametrize(("source", "claim"), DOES_NOT)
def test_a_claim_may_not_say_more(source, claim):
    assert not implies(*find_quantities(source), *find_quantities(claim))


def test_normalize_writes_quantities_in_one_way():
    text = "到２０２５年，培育千家企业，占比百分之三十，奖励三万元"
    assert normalize(text) == "到2025年，培育1000家企业，占比30%，奖励30000元"
    assert normalize("第三条　一批企业") == "第三条　一批企业"


def _chinese(number: int) -> str:
    """A numeral below a hundred million as texts write it."""
    digits = "零一二三四五六七八九"
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        return _chinese(head) + "万" + (("零" if rest < 1000 else "") + _chinese(rest) if rest else "")
    written, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("零" if zero and written else "") + digits[digit] + name
            zero = False
        else:
            zero = True
    return written


@given(st.integers(min_value=1, max_value=99_999_999))
def test_chinese_and_arabic_numerals_agree(number):
    assert parse_numeral(_chinese(number)) == number
    one, other = f"培育企业{number}家", f"培育企业{_chinese(number)}家"
    if number > 1:
        assert same(*find_quantities(one), *find_quantities(other))
        assert normalize(other) == normalize(one)


@given(
    st.integers(min_value=2, max_value=10**9),
    st.sampled_from(["家", "个", "万元", "%", "年", "个月", "项", "亩"]),
)
def test_a_quantity_follows_from_itself_and_from_no_other(number, unit):
    (quantity,) = find_quantities(f"目标为{number}{unit}。")
    (more,) = find_quantities(f"目标为{number + 1}{unit}。")
    assert same(quantity, quantity)
    assert implies(quantity, quantity)
    assert not implies(quantity, more)


@given(
    st.text(alphabet="到约超近2025年底前万千百十一二三家个%％以上内、，。第条〔〕号“”0９．-至半", max_size=40)
)
def test_any_text_is_read_without_error_and_in_order(text):
    found = find_quantities(text)
    assert all(0 <= q.phrase_start <= q.start < q.end <= q.phrase_end <= len(text) for q in found)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    assert find_quantities(half_width(text)) == tuple(found) or text != half_width(text)
    assert normalize(normalize(text)) == normalize(normalize(normalize(text)))
