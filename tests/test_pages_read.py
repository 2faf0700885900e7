"""Policies as pages print them, furniture and all: what is read of them, and that nothing of the policy goes."""

import pytest

from corpus import furniture
from corpus.load import parse


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("青川市人民政府门户网站  无障碍阅读  |  长者专区  |  登录/注册", furniture.POSITION),
        ("首页  政务公开  政务服务  政民互动  走进青川", furniture.POSITION),
        ("首页 机构概况 政务公开 办事服务 互动交流 财政数据", furniture.POSITION),
        ("青川县人民政府网", furniture.SITE),
        ("简 | 繁 | EN | 登录 | 个人中心", furniture.BUTTONS),
        ("字号： 默认 大 超大 | 打印 | 收藏 | 留言", furniture.BUTTONS),
        ("信息来源：县政府办　发布日期：2026-01-08　访问量：906　 字体：[ 大 中 小 ]  [打印]  [关闭]", furniture.WEB_INFO),
        ("发布时间：2026-11-03 16:42　来源：本局中小企业科　浏览次数：2317　【打印】【收藏】", furniture.WEB_INFO),
        ("【我要纠错】 责任编辑：政策室", furniture.WEB_INFO),
    ],
)  # fmt: skip
def test_furniture(line, reason):
    assert furniture.reason_for(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "政务服务 办事指南", "市经信局 市财政局 市科技局", "服务 创新 发展", "政务公开工作由办公室负责", "一、政务公开 政策解读 互动交流", "数据发布：市统计局 市数据局",
    ],
)  # fmt: skip
def test_lines_of_a_policy(line):
    assert furniture.reason_for(line) == ""


PAGE = """青川市人民政府门户网站  无障碍阅读  |  长者专区  |  登录/注册
首页  政务公开  政务服务  政民互动  走进青川

青川市人民政府办公室关于支持制造业企业
高质量发展的若干措施

青政办发〔2025〕8号

各区人民政府，市政府各部门：
为支持企业，现提出如下措施。
一、奖励
（一）分级补助。对首次认定的企业给予奖励20万元，由市财政局拨付。（责任单位：市经信局，各县〈市、区〉人民政府）
（二）金融支持。对企业贷款给予贴息。
二、附则
本措施自2025年4月1日起施行，有效期至2026年12月31日。

青川市人民政府办公室
2025年2月24日
（此件公开发布）

版权声明：转载请注明出处。投稿、爆料请联系本网。
"""


def test_a_page_with_menus_above_a_title_of_two_lines():
    document = parse("x.txt", PAGE)
    assert document.title == "关于支持制造业企业高质量发展的若干措施"
    assert (document.number, document.issuers) == ("青政办发〔2025〕8号", ("青川市人民政府办公室",))
    assert str(document.valid_until) == "2026-12-31"
    assert [c.label for c in document.clauses] == [
        "版头",
        "前言",
        "一",
        "一、（一）",
        "一、（二）",
        "二",
        "落款",
    ]
    assert document.clauses[3].heading == "分级补助"
    assert [d.name for d in document.clauses[3].departments] == ["市经信局", "各县〈市、区〉人民政府"]
    assert document.text.startswith("青川市人民政府办公室关于")
    assert document.text.endswith("（此件公开发布）")


def test_questions_and_answers_on_a_policy():
    document = parse(
        "x.html",
        "<html><body><h1>《青川市助企若干政策》政策问答</h1><div>发布时间：2026-04-15</div><div id='zoom'>"
        "<p>近日，青川市人民政府办公室印发《青川市助企若干政策》（以下简称《若干政策》）。现将有关问题解答如下。</p>"
        "<p>一、问：招用毕业生有什么补助？</p><p>答：按每招用1人1500元发放一次性扩岗补助。该项补助执行至2026年9月30日。</p>"
        "<p>二、问：什么时候开始执行？</p><p>答：《若干政策》自2026年4月1日起执行，有效期至2027年3月31日。</p></div></body></html>",
    )
    assert document.title == "〈青川市助企若干政策〉政策问答"
    assert document.issuers == ()
    assert (str(document.valid_from), str(document.valid_until)) == ("2026-04-01", "2027-03-31")


def test_offices_of_ministries_are_national():
    document = parse(
        "x.txt",
        "工业和信息化部办公厅 财政部办公厅关于开展试点的通知\n工信厅联企业〔2026〕21号\n各省主管部门：\n为支持企业，现通知如下：\n"
        "一、目标。2028年前遴选60个城市。\n二、联系。请与我们联系。\n附件：1.编制提纲\n　　　2.参考目录（2026年版）\n\n"
        "工业和信息化部办公厅\n财政部办公厅\n2026年3月18日\n\n【我要纠错】 责任编辑：政策室\n",
    )
    assert (document.level, document.region) == ("国家", "")
    assert document.clauses[-1].label == "落款"
    assert document.clauses[-1].text.startswith("附件：1.编制提纲")


def test_topics_count_on_from_the_first():
    source = (
        "某市关于申报资金的通知\n一、专题\n专题一：认定奖励。奖励100万元，由市经信局负责审核。\n专题二：设备补助。补助10%，由市经信局负责审核。\n"
        "二、联系方式\n专题一、专题二：中小企业科，0757-8399；\n专题五：园区科，0757-8398。\n"
    )
    labels = [clause.label for clause in parse("x.txt", source).clauses]
    assert labels == ["版头", "一", "一、专题一", "一、专题二", "二"]


def test_emphasis_with_single_stars():
    document = parse(
        "x.md",
        "# 某市人才支持办法\n\n**第一条** 为吸引人才，制定本办法。\n\n**第二条** 补贴*最高*限额为五万元。\n\n---\n*上一篇：* 关于征集需求的公告\n*下一篇：* 没有了\n\n*来源：某市网站。转载请注明出处。*\n",
    )
    assert document.text == "某市人才支持办法\n第一条 为吸引人才，制定本办法。\n第二条 补贴最高限额为五万元。"
