"""channels.toml: which portals may show the chat."""

import pytest

from chat.access.channels import Channels, ChannelsError, load_channels
from settings import ROOT


def written(tmp_path, text):
    file = tmp_path / "channels.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_nobody_may(tmp_path):
    assert load_channels(tmp_path / "channels.toml") == Channels()
    assert Channels().origins == frozenset()


def test_a_channel_without_origins_is_shown_nowhere(tmp_path):
    channels = load_channels(written(tmp_path, "[channels.portal]\n"))
    assert channels.portals["portal"].origins == ()
    assert channels.portals["portal"].name == "embed:portal"


def test_a_channel_is_read_whole(tmp_path):
    text = """
    [chat]
    visitor_minute = 3
    [channels.shandong]
    origins = ["https://WWW.Example.gov.cn:443", "http://10.0.0.5:8080"]
    title = "惠企政策"
    colour = "#B5281F"
    greeting = "您好"
    starters = ["目标？"]
    region = "鲁"
    secret = "0123456789abcdef0123456789abcdef"
    [channels.shandong.limits]
    visitor_day = 7
    """
    channels = load_channels(written(tmp_path, text.replace("鲁", "山东")))
    portal = channels.portals["shandong"]
    assert portal.origins == ("https://www.example.gov.cn", "http://10.0.0.5:8080")
    assert (portal.id, portal.colour, portal.region) == ("shandong", "#b5281f", "山东省")
    assert (portal.limits.visitor_day, portal.limits.visitor_minute) == (7, 30)
    assert (channels.chat.visitor_minute, channels.api.visitor_minute) == (3, 600)
    assert portal.secret not in repr(portal)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[channels.p]\norigins = ["*"]', "不是来源"),
        ('[channels.p]\norigins = ["https://*.gov.cn"]', "不是来源"),
        ('[channels.p]\norigins = ["https://a.gov.cn/"]', "不是来源"),
        ('[channels.p]\norigins = ["https://a.gov.cn; script-src *"]', "不是来源"),
        ('[channels.p]\norigins = ["https://u@a.gov.cn"]', "不是来源"),
        ('[channels.p]\norigins = ["https://a.gov.cn:99999"]', "不是来源"),
        ('[channels.p]\norigins = ["null"]', "不是来源"),
        ('[channels.p]\norigins = ["file://"]', "不是来源"),
        ('[channels.p]\norigins = "https://a.gov.cn"', "origins"),
        ('[channels.p]\ncolour = "red"', "#1a5799"),
        ('[channels.p]\nregion = "火星"', "不认识的地区“火星”"),
        ('[channels.p]\nsecret = "短"', "密钥太短"),
        ("[channels.p]\nlimit = 1", "没有这个设置项"),
        ("[channels.p.limits]\nvisitor_minute = 0", "visitor_minute"),
        ("[channels.assets]\n", "渠道名“assets”不可用"),
        ("[channels.Portal]\n", "渠道名“Portal”不可用"),
        ('[channels."../x"]\n', "不可用"),
        ("[channels.p\n", "无法读取"),
        ("origins = []\n", "没有这个设置项"),
    ],
)
def test_a_mistake_is_told_in_chinese(tmp_path, text, message):
    with pytest.raises(ChannelsError, match="channels.toml") as told:
        load_channels(written(tmp_path, text))
    assert message in str(told.value)


def test_the_example_for_webmasters_can_be_used():
    channels = load_channels(ROOT / "docs" / "channels.example.toml")
    assert channels.portals["portal"].origins
    assert channels.portals["portal"].secret == ""
