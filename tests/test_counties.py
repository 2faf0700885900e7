"""Counties that a text names."""

import pytest

from corpus.counties import find_counties


def named(text: str) -> list[str]:
    return [mention.region for mention in find_counties(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上高县人民政府办公室", ["江西省宜春市上高县"]),
        ("昆山市和义乌市", ["江苏省苏州市昆山市", "浙江省金华市义乌市"]),
        ("石柱土家族自治县", ["重庆市石柱土家族自治县"]),
        ("忠县", ["重庆市忠县"]),
        ("南京鼓楼区与福州市鼓楼区", ["江苏省南京市鼓楼区", "福建省福州市鼓楼区"]),
        ("在长春的企业，朝阳区给补贴吗", ["吉林省长春市朝阳区"]),
        ("鞍山海城市", ["辽宁省鞍山市海城市"]),
        ("济南市市中区", ["山东省济南市市中区"]),
    ],
)
def test_named(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "鼓楼区的补贴", "朝阳区", "各县（市、区）", "新建区域", "平山县域经济", "各市和县", "会同县财政局", "示范县", "沿海城市", "各项城市建设",
        "解放区", "城区", "市辖区", "工业园区", "经济技术开发区", "宜春市、江西省",
    ],
)  # fmt: skip
def test_not_named(text):
    assert named(text) == []


def test_offsets():
    mention = find_counties("问江西上高县的政策")[0]
    assert (mention.start, mention.end, mention.county) == (3, 6, "上高县")
