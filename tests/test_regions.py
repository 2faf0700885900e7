"""Regions that a text names."""

import pytest

from corpus.regions import RegionMention, find_regions, province_of, provinces


def named(text: str) -> list[tuple[str, str, str]]:
    return [(text[m.start : m.end], m.province, m.city) for m in find_regions(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("山东省的目标", [("山东省", "山东省", "")]),
        ("山东的目标", [("山东", "山东省", "")]),
        ("鼓励来鲁设立研发机构", [("鲁", "山东省", "")]),
        ("在鄂企业", [("鄂", "湖北省", "")]),
        ("鲁企与粤商", [("鲁", "山东省", ""), ("粤", "广东省", "")]),
        ("鲁工信发〔2021〕5号", [("鲁", "山东省", "")]),
        ("鄂政办发〔2020〕19号", [("鄂", "湖北省", "")]),
        ("青岛市和威海", [("青岛市", "山东省", "青岛市"), ("威海", "山东省", "威海市")]),
        ("吉林省吉林市", [("吉林省", "吉林省", ""), ("吉林市", "吉林省", "吉林市")]),
        ("人民银行济南分行", [("济南", "山东省", "济南市")]),
        ("恩施州", [("恩施州", "湖北省", "恩施土家族苗族自治州")]),
        ("延边朝鲜族自治州", [("延边朝鲜族自治州", "吉林省", "延边朝鲜族自治州")]),
        ("内蒙古包头", [("内蒙古", "内蒙古自治区", ""), ("包头", "内蒙古自治区", "包头市")]),
        ("上海浦东新区", [("上海", "上海市", ""), ("浦东新区", "上海市", "浦东新区")]),
        ("海南藏族自治州", [("海南藏族自治州", "青海省", "海南藏族自治州")]),
    ],
)
def test_named(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "在晋江开厂", "在青山区办厂", "鲁班奖", "冀望", "黄海南部海域", "东海南部", "孙中山先生", "中山大学", "嘉宾与来宾", "日照时间", "朝阳产业", "白银市场价", "专精特新企业", "上云企业", "出海口", "大理石",
        "世界大同", "普通化", "太行山东麓", "黄河南岸", "洞庭湖南岸", "全新模式", "在新的起点", "云计算", "港口", "贵公司", "晋级", "京剧", "阿里巴巴", "长治久安",
    ],
)  # fmt: skip
def test_not_named(text):
    assert named(text) == []


def test_offsets():
    assert find_regions("由江苏省牵头") == [RegionMention(1, 4, "江苏省")]


def test_all_provincial_regions():
    assert len(provinces()) == 34
    assert {"山东省", "湖北省", "北京市", "广西壮族自治区", "香港特别行政区"} <= set(provinces())
    for province in provinces():
        assert [(m.province, m.city) for m in find_regions(province)] == [(province, "")]


def test_province_of_a_name():
    assert (
        province_of("鲁") == province_of("山东") == province_of("山东省") == province_of("青岛") == "山东省"
    )
    assert province_of("江苏省") == "江苏省"
    assert province_of("乌有") == ""
