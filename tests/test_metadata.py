"""Titles, numbers, issuers, levels and dates."""

from datetime import date

import pytest

from corpus import dates
from corpus.document import Period
from corpus.issuers import law_issuer, level_of, split_names
from corpus.load import parse
from corpus.titles import announces, find_title

BODY = "各县财政局：\n为支持企业，制定本办法。\n一、奖励。\n二、服务。"


def known(head: str, tail: str = ""):
    return parse("甲.txt", f"{head}\n{BODY}\n{tail}")


# --- titles


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["山东省财政厅文件", "鲁财〔2021〕5号", "关于支持企业 的实施意见"], "关于支持企业的实施意见"),
        (["关于支持企业", "的实施意见"], "关于支持企业的实施意见"),
        (["青岛市财政局 青岛市商务局关于支持企业的通知"], "关于支持企业的通知"),
        (["工业和信息化部 国资委关于印发《三年行动计划》的通知"], "关于印发《三年行动计划》的通知"),
        (["十一部门关于开展携手行动的通知"], "十一部门关于开展携手行动的通知"),
        (["上海市关于促进产业发展的若干政策"], "上海市关于促进产业发展的若干政策"),
        (["某某市支持企业发展若干措施（试行）", "某政发〔2021〕5号"], "某某市支持企业发展若干措施（试行）"),
        (
            ["某某市工业互联网创新发展工程", "三年行动方案（2023—2025年）"],
            "某某市工业互联网创新发展工程三年行动方案（2023—2025年）",
        ),
        (
            ["四部委印发融通发展三年行动计划", "关于印发《三年行动计划》的通知"],
            "关于印发《三年行动计划》的通知",
        ),
        (
            ["最高人民法院关于审理期货纠纷案件若干问题的规定"],
            "最高人民法院关于审理期货纠纷案件若干问题的规定",
        ),
        (["国务院关于职工工作时间的规定"], "国务院关于职工工作时间的规定"),
        (["中华人民共和国中小企业促进法"], "中华人民共和国中小企业促进法"),
        (["天津市工业和信息化局关于公布2022年度名单的公告"], "关于公布2022年度名单的公告"),
    ],
)
def test_titles(lines, title):
    found = find_title(lines)
    assert found is not None
    assert found.text == title


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["山东省财政厅文件"],
        ["鲁财〔2021〕5号"],
        ["市工信局出台十条措施 助力企业"],
        ["为了支持企业，制定本办法。"],
    ],
)
def test_no_title(lines):
    assert find_title(lines) is None


def test_news_reports_announce():
    assert announces(
        "据工信部网站7月2日消息，六部门联合发布《关于加快培育发展制造业优质企业的指导意见》（工信部联政法〔2021〕70号）。"
    )
    assert not announces(
        "为贯彻落实《关于加快培育发展制造业优质企业的指导意见》（工信部联政法〔2021〕70号），制定本意见。"
    )


def test_a_code_in_several_files():
    document = parse(
        "甲.md",
        "# 中华人民共和国民法典\n\n# 人格权编\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n第一条 甲。\n\n第二条 乙。",
    )
    assert document.title == "中华人民共和国民法典人格权编"
    assert document.issuers == ("全国人民代表大会",)


def test_the_file_name_stands_in_for_a_title():
    assert parse("某某办法.txt", "一、支持企业发展，落实政策。\n二、加强服务。").title == "某某办法"


# --- numbers


def test_the_number_of_another_document_is_not_its_own():
    document = known("关于支持企业的通知", "三、按照国发〔2020〕1号文件执行。")
    assert (document.number, document.id, document.cites) == ("", "甲.txt", ("国发〔2020〕1号",))


def test_the_number_below_the_title_in_brackets():
    assert known("某某市支持企业办法\n（某财〔2020〕15号）").number == "某财〔2020〕15号"


def test_an_order_over_two_lines():
    document = known("工业和信息化部令\n第52号\n工业产品管理办法")
    assert document.number == "工业和信息化部令第52号"
    assert document.issued_on is None


def test_the_order_that_a_note_of_a_law_names_is_not_its_number():
    document = parse(
        "甲.md",
        "# 营业场所管理条例\n\n2002年9月29日 中华人民共和国国务院令第363号公布\n\n2022年3月29日 《国务院关于修改部分行政法规的决定》第四次修订\n\n第一条 甲。\n\n第二条 乙。",
    )
    assert (document.number, document.issuers, document.level) == ("", ("国务院",), "国家")
    assert str(document.issued_on) == "2022-03-29"


# --- issuers and regions


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("山东省财政厅文件", ["山东省财政厅"]),
        ("工业和信息化部 国家发展和改革委员会", ["工业和信息化部", "国家发展和改革委员会"]),
        (" 省国资委省金融局湖北证监局", ["省国资委", "省金融局", "湖北证监局"]),
        ("中国证券监督管理委员会山东监管局", ["中国证券监督管理委员会山东监管局"]),
        ("国务院国有資産监督管理委员会".replace("資産", "资产"), ["国务院国有资产监督管理委员会"]),
        ("山东省人民政府国有资产监督管理委员会", ["山东省人民政府国有资产监督管理委员会"]),
        ("市工信局、市财政局", ["市工信局", "市财政局"]),
        ("各有关企业", []),
    ],
)
def test_names_of_issuers(line, names):
    assert split_names(line) == names


@pytest.mark.parametrize(
    ("issuers", "number", "title", "level", "region"),
    [
        (["工业和信息化部", "财政部"], "工信部联企业〔2022〕54号", "", "国家", ""),
        (["国务院办公厅"], "国办发〔2023〕12号", "", "国家", ""),
        (
            ["山东省工业和信息化厅", "中国证券监督管理委员会山东监管局"],
            "鲁工信发〔2021〕5号",
            "",
            "省",
            "山东省",
        ),
        (["自治区工业和信息化厅"], "宁工信规发〔2025〕6号", "", "省", "宁夏回族自治区"),
        (["自治区财政厅"], "", "关于推进广西壮族自治区服务体系建设的方案", "省", "广西壮族自治区"),
        ([], "", "工业和信息化部等八部门关于推动融通发展的通知", "国家", ""),
        (["省国资委", "湖北证监局"], "鄂经信产业〔2022〕13号", "", "省", "湖北省"),
        (["中国人民银行济南分行"], "", "", "省", "山东省"),
        (["上海市经济和信息化委员会"], "沪经信企〔2021〕1号", "", "省", "上海市"),
        (["济南市工业和信息化局"], "", "", "市", "山东省济南市"),
        (["恩施州人民政府"], "", "", "市", "湖北省恩施土家族苗族自治州"),
        (["上海市浦东新区人民政府"], "", "", "县", "上海市浦东新区"),
        (["济南市历下区人民政府"], "", "", "县", "山东省济南市历下区"),
        (["长兴县人民政府办公室"], "", "", "县", "浙江省湖州市长兴县"),
        (["昆山市工业和信息化局"], "", "", "县", "江苏省苏州市昆山市"),
        ([], "鄂政办发〔2020〕19号", "", "省", "湖北省"),
        ([], "", "深圳经济特区中小企业发展促进条例", "市", "广东省深圳市"),
        ([], "", "浙江省企业权益保护规定", "省", "浙江省"),
        ([], "", "中华人民共和国公司法", "国家", ""),
        ([], "", "某某办法", "", ""),
    ],
)
def test_level_and_region(issuers, number, title, level, region):
    assert level_of(issuers, number, title, "") == (level, region)


@pytest.mark.parametrize(
    ("line", "issuer"),
    [
        (
            "2017年9月30日 浙江省第十二届人民代表大会常务委员会第四十四次会议通过",
            "浙江省人民代表大会常务委员会",
        ),
        ("2020年5月28日 第十三届全国人民代表大会第三次会议通过", "全国人民代表大会"),
        ("2002年9月29日 中华人民共和国国务院令第363号公布", "国务院"),
        ("2008年7月17日 经人力资源和社会保障部第6次部务会议通过", "人力资源和社会保障部"),
    ],
)
def test_who_passed_a_law(line, issuer):
    assert law_issuer(["某法", line]) == (issuer,)


def test_issuers_of_a_cut_header_are_only_those_printed():
    document = known(" 省国资委省金融局湖北证监局\n关于支持企业的通知\n鄂经信产业〔2022〕13号")
    assert document.issuers == ("省国资委", "省金融局", "湖北证监局")


# --- dates


def test_a_web_date_is_not_the_day_of_issue():
    document = known("2018-11-29 来源:某网\n关于支持企业的通知\n某财〔2018〕5号")
    assert str(document.issued_on) == "2018"


def test_without_any_date_none_is_invented():
    assert known("关于支持企业的通知").issued_on is None


def test_the_page_s_field_gives_the_day_where_the_document_is_unsigned():
    document = parse(
        "甲.txt",
        f"索引号：1 发文字号：某财〔2018〕5号\n成文日期：20180921 发布日期：2018-10-01\n关于支持企业的通知\n某财〔2018〕5号\n{BODY}",
    )
    assert str(document.issued_on) == "2018-09-21"


@pytest.mark.parametrize(
    "written",
    [
        "2021年10月22日",
        "2021年 10月 22日",
        "二〇二一年十月二十二日",
        "二○二一年十月二十二日",
        "２０２１年１０月２２日",
    ],
)
def test_the_day_in_the_signature_in_every_style(written):
    assert str(known("关于支持企业的通知", f"某某市财政局\n{written}").issued_on) == "2021-10-22"


def test_a_day_that_does_not_exist():
    assert dates.days("2021年2月30日") == []


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("本办法自2022年4月15日起施行，有效期至2027年4月14日。", "2022-04-15", "2027-04-14"),
        ("本意见自发布之日起施行，有效期3年。", "2022-03-01", "2025-02-28"),
        ("五、本措施自2022年5月1日起施行，试行期两年。", "2022-05-01", "2024-04-30"),
        ("第三条 本政策自发布之日起30日后施行，有效期至2025年12月31日。", "2022-03-31", "2025-12-31"),
        ("本办法由市局负责解释，自2022年1月1日起执行，有效期至2024年12月31日。", "2022-01-01", "2024-12-31"),
        ("本办法有效期为5年，自2020年1月1日起施行。", "2020-01-01", "2024-12-31"),
        ("上述政策执行至2023年12月31日。", None, "2023-12-31"),
        ("本行动计划实施期限为2026年1月1日至2028年12月31日。", None, "2028-12-31"),
        ("第四条 经认定的基地，有效期为三年。", None, None),
        ("许可证有效期5年。", None, None),
        ("备案自准予之日起生效，有效期为10年。", None, None),
        ("企业自2022年7月1日起执行新标准。", None, None),
        ("《甲办法》自2019年1月1日起施行。", None, None),
        ("到2025年，建成十家。", None, None),
    ],
)
def test_validity(words, start, end):
    issued = date(2022, 3, 1)
    first = dates.valid_from(words, issued)
    last = dates.valid_until(words, first or issued)
    assert (first and str(first), last and str(last)) == (start, end)


@pytest.mark.parametrize(
    ("title", "text", "period"),
    [
        ("关于促进融通创新(2022-2025年)的通知", "", Period(2022, 2025)),
        ("三年行动方案（2023—2025年）", "", Period(2023, 2025)),
        ("三年行动计划", "用三年时间，总结推广。到2021年，形成格局。", Period(2018, 2021)),
        ("“十四五”促进中小企业发展规划", "", Period(2021, 2025)),
        ("关于支持企业的通知", "到2025年，建成十家。用三年时间。", None),
        ("2022年工作要点", "", None),
    ],
)
def test_periods(title, text, period):
    assert dates.period([title], text, 2018) == period
