"""Cleaning: what goes, what stays, and the map back to the source."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import breaks, fields, furniture, markup, repeats, webpage
from corpus.clauses import find_clauses
from corpus.clean import clean
from corpus.document import Removed
from corpus.draft import Draft, Edit, lines
from corpus.load import parse
from corpus.script import simplify

# --- edits and the map back


def test_edits_take_out_and_stand_in():
    draft = Draft.of("abcdefgh").apply([Edit(5, 7, "后"), Edit(1, 3, "前", "X")])
    assert draft.text == "aXdeh"
    places, removed = draft.trace()
    assert places.tolist() == [0, 1, 3, 4, 7]
    assert removed == (Removed(2, 3, "前"), Removed(5, 7, "后"))


def test_steps_map_back_to_the_source():
    draft = Draft.of("0123456789").apply([Edit(2, 4, "一")]).apply([Edit(1, 3, "二")])
    assert draft.text == "056789"
    places, removed = draft.trace()
    assert places.tolist() == [0, 5, 6, 7, 8, 9]
    assert removed == (Removed(1, 2, "二"), Removed(2, 4, "一"), Removed(4, 5, "二"))


def test_of_two_that_overlap_the_later_gives_way():
    assert Draft.of("abcdef").apply([Edit(0, 3, "一", "X"), Edit(2, 5, "二", "Y")]).text == "Xf"


def test_an_edit_cannot_keep_more_than_it_takes():
    with pytest.raises(ValueError, match="keeps more"):
        Draft.of("ab").apply([Edit(0, 1, "一", "XY")])


def test_lines_leave_blanks_at_the_edges_out():
    assert lines("\n  甲 \n\u3000\n乙") == ((3, 4), (8, 9))


PIECES = [
    "---\ntitle: '甲'\n---\n", "<p>", "</p>", "<strong>", "</strong>", "<br/>", "<!-- 正文 -->", "<table><tr><td>甲</td><td>乙</td></tr></table>", "&nbsp;", "&ldquo;",
    "<script>var a=1;</script>", "<div id='zoom'>", "</div>", "# 标题\n", "**粗**", "![图](a.png)", "[字](http://x.cn)", "|---|---|\n",
    "首页 > 政策 > 通知\n", "【打印】【关闭】\n", "来源：网站 浏览次数：3\n", "- 3 -\n", "友情链接\n", "索引号：1 发文字号：鲁政发〔2021〕1号\n", "EN\n", "https://www.gov.cn/\n",
    "关于支持企业发展的若干措施\n", "鲁政发〔2021〕1号\n", "各市人民政府：\n", "目录\n", "第一章 总则\n", "第一条 为了发展，制定本办法。\n", "第一条規定的企業，\n",
    "一、总体要求\n", "（一）支持企业。加大投入，\n", "(二\u00a0)到\u00a02025年，建成 10 家。\n", "1.甲。（财政部负责）\n", "行动一：乙\n", "《关于加快\n\n培育的意见》\n", "附件：1.表\n", "附件1\n",
    "山东省财政厅\n", "2021年10月22日\n", "（此件公开发布）\n", "\f", "\r\n", "\ufeff", "\u200b", "\u3000\u3000", " ", "\n", "\n\n", "繁體產業鏈與國務院關於開展。\n", "2.3.4 x < y > z && w\n", "𠮷",
]  # fmt: skip
SOURCES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join)


@settings(max_examples=250, deadline=None)
@given(SOURCES)
def test_kept_and_removed_are_the_source(source):
    cleaned = clean(source)
    places = [*map(int, cleaned.offsets), *(i for r in cleaned.removed for i in range(r.start, r.end))]
    assert sorted(places) == list(range(len(source)))
    assert len(cleaned.offsets) == len(cleaned.text)
    assert list(cleaned.offsets) == sorted(cleaned.offsets)
    assert all(item.reason and item.start < item.end for item in cleaned.removed)
    plain = simplify(source) if cleaned.traditional else source
    for char, place in zip(cleaned.text, cleaned.offsets, strict=True):
        assert char == plain[place] or char in "\n |“\u00a0" or plain[place] in "&<"


@settings(max_examples=250, deadline=None)
@given(SOURCES)
def test_clauses_tile_whatever_was_cleaned(source):
    text = clean(source).text
    found = find_clauses(text)
    assert "".join(text[clause.start : clause.end] for clause in found) == text
    assert all(clause.start <= clause.body_start <= clause.end for clause in found)


LABELS = ["一、", "（一）", "1.", "", "第一条 ", "行动一：", "(1)"]
FURNITURE = [
    "打印",
    "【关闭窗口】",
    "- 12 -",
    "上一篇：某某通知",
    "来源：某网 浏览次数：12",
    "",
    "https://www.example.gov.cn/a.html",
    "分享到：微信 微博",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(LABELS), st.integers(0, 10**6), st.sampled_from(FURNITURE)),
        min_size=1,
        max_size=12,
    )
)
def test_no_sentence_of_a_policy_is_lost_or_doubled(rows):
    sentences = [
        f"{label}支持第{number}户企业开展第{place}项创新，力争成效明显。"
        for place, (label, number, _) in enumerate(rows)
    ]
    source = "\n".join(
        f"{sentence}\n{noise}" for sentence, (_, _, noise) in zip(sentences, rows, strict=True)
    )
    assert clean(source).text.split("\n") == sentences


# --- marks that are not text


def test_front_matter_behind_a_blank_line():
    assert clean("\n---\ntitle: '甲：乙'\ndate: Fri\n---\n\n一、正文在此。\n").text == "一、正文在此。"


def test_a_rule_in_the_text_is_no_front_matter():
    assert clean("甲。\n---\n乙。\n---\n丙。").text == "甲。\n---\n乙。\n---\n丙。"


def test_tags_that_cut_through_a_sentence():
    assert (
        clean("<p>发展<strong>万家</strong>“小巨人”<b>企</b>业。</p><p>二、乙。</p>").text
        == "发展万家“小巨人”企业。\n二、乙。"
    )


def test_tags_with_odd_attributes():
    page = '<html><body><p title="a>b" onclick=\'f("x")\'>一、甲乙。</p><p style=font-family:\'宋体>二、丙丁。</p></body></html>'
    assert clean(page).text == "一、甲乙。\n二、丙丁。"


def test_a_comment_that_never_ends_takes_nothing_with_it():
    assert clean("<p>一、甲乙。</p><!-- <p>二、丙丁。</p>").text == "一、甲乙。\n二、丙丁。"


def test_a_script_that_never_ends_takes_nothing_with_it():
    assert clean("<p>一、甲乙。</p><script><p>二、丙丁。</p>").text == "一、甲乙。\n二、丙丁。"


def test_a_comparison_is_no_tag():
    assert clean("营业收入<5000万元且>100万元。").text == "营业收入<5000万元且>100万元。"


def test_entities_become_characters():
    cleaned = clean("<p>&ldquo;甲&rdquo;&amp;乙</p>")
    assert cleaned.text == "“甲”&乙"
    assert cleaned.offsets[0] == 3


def test_a_table_becomes_rows():
    page = "<p>标准如下：</p><table>\n<tr>\n<td>级别</td>\n<td><p>金额</p></td>\n</tr><tr><td>省级</td><td>30</td></tr></table>"
    assert clean(page).text == "标准如下：\n级别 | 金额\n省级 | 30"


def test_a_table_that_only_lays_out_the_page_is_none():
    assert (
        clean("<table><tr><td><p>一、甲。</p><p>二、乙。</p></td></tr></table>").text == "一、甲。\n二、乙。"
    )


def test_source_line_ends_in_a_page_are_no_paragraphs():
    assert clean("<p>支持企业\n   发展。</p>\n<p>第二段。</p>").text == "支持企业发展。\n第二段。"


def test_the_article_container_wins_over_the_page():
    page = (
        "<html><body><ul><li>导航栏目</li></ul><h1>关于支持企业发展的通知</h1><div id='zoom'><p>一、支持企业加大研发投入，落实各项补助政策。</p><p>二、落实税收优惠政策，减轻企业实际负担。</p></div>"
        "<p>页脚的话没有句号</p></body></html>"
    )
    assert clean(page).text == (
        "关于支持企业发展的通知\n一、支持企业加大研发投入，落实各项补助政策。\n二、落实税收优惠政策，减轻企业实际负担。"
    )


def test_markdown():
    source = "# 办法\n\n**第一条** 支持[企业](https://a.cn)。\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n"
    assert clean(source).text == "办法\n第一条 支持企业。\n| 甲 | 乙 |\n| 1 | 2 |"


def test_scripts_and_comments_go_with_their_reasons():
    cleaned = clean("<p>一、甲乙丙。</p><!-- 页数 --><script>var x='二、丁';</script>")
    assert cleaned.text == "一、甲乙丙。"
    assert {item.reason for item in cleaned.removed} == {
        webpage.TAG,
        markup.COMMENT,
        webpage.PROGRAM,
        breaks.BLANK,
    }


# --- furniture


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("您当前的位置:首页\u00a0>\u00a0政策法规\u00a0>\u00a0国家政策", furniture.POSITION),
        ("当前位置：首页 > 公开", furniture.POSITION),
        ("首页 >> 政务公开 >> 通知公告", furniture.POSITION),
        ("2018-11-29 来源:", furniture.WEB_INFO),
        ("发布时间：2021-10-25 09:12  来源：市工信局  浏览次数：123次  字体：[大 中 小]", furniture.WEB_INFO),
        ("时间：2021-10-25 来源：某网", furniture.WEB_INFO),
        ("2022-05-12 08:30", furniture.WEB_INFO),
        ("责任编辑：张三", furniture.WEB_INFO),
        ("每经编辑 王鑫", furniture.EDITORS),
        ("（记者 李四 通讯员 王五）", furniture.EDITORS),
        ("【打印本页】 【关闭窗口】", furniture.BUTTONS),
        ("分享到：", furniture.BUTTONS),
        (
            "来源：县某局  发布时间：2026-09-28 09:40  阅读：327 次  【打印本页】 【关闭窗口】 分享：",
            furniture.WEB_INFO,
        ),
        ("来源：县某局  发布时间：2026-09-28 09:40 分享到：微信 微博", furniture.WEB_INFO),
        ("扫一扫在手机打开当前页", furniture.BUTTONS),
        ("字号：大 中 小", furniture.BUTTONS),
        ("上一篇：关于印发某办法的通知", furniture.BUTTONS),
        ("回到顶部", furniture.BUTTONS),
        ("https://www.gov.cn/", furniture.ADDRESS),
        ("EN", furniture.BUTTONS),
        ("主办：某市人民政府 承办：市大数据局", furniture.FOOTER),
        ("版权所有 某市工信局 浙ICP备00000000号", furniture.FOOTER),
        ("— 12 —", furniture.PAGE_NUMBER),
        ("第3页 共10页", furniture.PAGE_NUMBER),
    ],
)
def test_furniture(line, reason):
    assert furniture.reason_for(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "一、总体要求", "2021年10月22日", "二〇二一年十月二十二日", "中国人民银行", "财政部", "各市、县：", "责任单位：市发展改革委", "有效期：三年", "联系人：张三，电话：010-12345678",
        "（此件公开发布）", "附件：1.申报表", "时间：2022年5月12日", "地点：市政府会议室", "营业收入>1000万元", "抄送：市委办公室", "单位：万元", "来源", "申报时间：即日起",
        "甲 | 乙 | 丙", "完成时限：2024年底", "主办单位：市工信局", "第一条", "编辑", "1 总则",
    ],
)  # fmt: skip
def test_no_furniture(line):
    assert furniture.reason_for(line) == ""


def test_a_lone_word_goes_only_beside_furniture_or_at_the_edge():
    body = "\n".join(f"一、第{number}段文字在此。" for number in range(6))
    assert (
        clean(f"首页\n{body}\n设置\n{body.replace('一、', '二、')}\n注册").text
        == f"{body}\n设置\n{body.replace('一、', '二、')}"
    )
    assert "设置" not in clean(f"{body}\n【打印】\n设置\n{body.replace('一、', '二、')}").text


def test_links_go_only_where_they_end_the_page():
    assert clean("一、甲乙。\n相关链接\n某某政策解读\n另一个通知").text == "一、甲乙。"
    assert clean("一、甲乙。\n相关文件\n二、丙丁。").text == "一、甲乙。\n相关文件\n二、丙丁。"


def test_running_heads_of_pages():
    pages = [f"某市人民政府公报\n一、第{n}段的文字，\n第 {n} 页" for n in (1, 2, 3)]
    assert clean("\f".join(pages)).text == "一、第1段的文字，\n一、第2段的文字，\n一、第3段的文字，"


# --- metadata blocks


def test_fields_of_a_block():
    block = "索 引 号：123/2021-1  发布机构：市工信局\n名\u00a0\u00a0称：关于甲的通知 文号: 甲工信〔2021〕3号\n成文日期：2021-03-05\n关于甲的通知\n一、正文。"
    assert [(item.kind, item.value) for item in fields.fields(block)] == [
        ("other", "123/2021-1"),
        ("issuer", "市工信局"),
        ("title", "关于甲的通知"),
        ("number", "甲工信〔2021〕3号"),
        ("date", "2021-03-05"),
    ]


def test_a_field_that_the_document_does_not_print_stays():
    cleaned = clean(
        "索引号：123 文号：甲工信〔2021〕3号\n发布机构：市工信局\n关于甲乙丙丁的通知\n一、正文在此。"
    )
    assert cleaned.text == "文号：甲工信〔2021〕3号\n关于甲乙丙丁的通知\n一、正文在此。"


def test_a_line_of_the_body_is_no_field():
    text = "关于甲乙丙丁的通知\n一、申报\n来源：财政资金\n有效期：三年\n二、其他\n甲\n乙\n丙"
    assert clean(text).text == text


# --- breaks and blanks


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("《关于加快\n\n培育企业的意见》已经发布。", "《关于加快培育企业的意见》已经发布。"),
        ("（省工业和信息化\n\n厅、省商务厅按职责分工负责）", "（省工业和信息化厅、省商务厅按职责分工负责）"),
        ("一、甲。提高全球竞争力，带动提\n\n升产业链水平。", "一、甲。提高全球竞争力，带动提升产业链水平。"),
        ("确定一批产业基础雄厚、\n比较优势明显的产业。", "确定一批产业基础雄厚、比较优势明显的产业。"),
        ("关于加快培育优质企业\n的实施意见", "关于加快培育优质企业的实施意见"),
        (
            "第五条 支持企业在技术创新、产品研发\n等方面加大投入；",
            "第五条 支持企业在技术创新、产品研发等方面加大投入；",
        ),
        (
            "各区人民政府，市政府各部门，市直各单位，各有关\n企业：",
            "各区人民政府，市政府各部门，市直各单位，各有关企业：",
        ),
        ("关于进一步促进民营经济\n高质量发展的若干意见", "关于进一步促进民营经济高质量发展的若干意见"),
    ],
)
def test_hard_breaks_are_joined(source, text):
    assert clean(source).text == text


@pytest.mark.parametrize(
    "source",
    [
        "一、总体要求\n（一）指导思想\n以创新为引领。",
        "（一）以创新为引领，打造创新链\n1.推动协同创新。",
        "（一）以创新为引领，打造创新链\n推动大企业与中小企业协同创新。",
        "山东省财政厅\n山东省商务厅\n2021年10月22日",
        "各有关单位：\n为落实要求，制定本办法。",
        "支持企业发展，\n一、总体要求",
        "具备下列条件，\n（一）甲；\n（二）乙。",
        "加大投入。\n（财政部负责）",
        "鼓励企业（含个体户\n一、支持企业。",
    ],
)
def test_other_breaks_stay(source):
    assert clean(source).text == source


def test_a_text_of_fixed_width_is_joined():
    source = "\u3000\u3000为了推动园区工业企业的高质量发展加快建设先进制造\n业集群和创新高地，制定本意见，请各有关单位认真执行\n并抓好落实。\n\u3000\u3000一、鼓励企业加大研发投入，对研发费用超过百分之五的\n给予补助。\n\u3000\u3000二、本意见自发布之日起施行。"
    assert clean(source).text == (
        "为了推动园区工业企业的高质量发展加快建设先进制造业集群和创新高地，制定本意见，请各有关单位认真执行并抓好落实。\n"
        "一、鼓励企业加大研发投入，对研发费用超过百分之五的给予补助。\n二、本意见自发布之日起施行。"
    )


def test_latin_words_keep_their_blank():
    assert breaks.hard_breaks("推广 Industrial，Internet\nPlatform 应用。")[0].keep == " "


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("(二\u00a0)单项冠军。", "(二)单项冠军。"),
        ("第 三 条 企业应当守法。", "第三条 企业应当守法。"),
        ("到\u00a02025年，培育\u20022000家，\u00a0比重 30 %。", "到2025年，培育2000家，比重30%。"),
        ("1. 市场主导、政策引导。", "1. 市场主导、政策引导。"),
        ("第一条 2021年起实行。", "第一条 2021年起实行。"),
        ("财政部 商务部", "财政部 商务部"),
        ("使用 Windows 10 系统", "使用 Windows 10 系统"),
        ("序号\u3000\u3000企业\u3000\u3000金额 10万", "序号\u3000\u3000企业\u3000\u3000金额 10万"),
    ],
)
def test_blanks_inside_lines(source, text):
    assert clean(source).text == text


# --- what stands twice


def test_contents_go():
    cleaned = clean(
        "某某办法\n目\u3000录\n第一章 总则……1\n第二章 附则……2\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。"
    )
    assert cleaned.text == "某某办法\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。"


def test_a_list_called_contents_stays():
    text = "附件\n目录\n一、甲产品\n二、乙产品"
    assert clean(text).text == text


NOTICE = ["关于支持企业的通知", "各市财政局："] + [
    f"{n}、支持第{n}类企业发展，落实各项政策措施，形成工作合力，确保取得实效。" for n in "一二三四五六七八"
]


def test_a_second_printing_goes():
    twice = "\n".join([*NOTICE, "打印", *NOTICE])
    assert clean(twice).text == "\n".join(NOTICE)


def test_a_second_printing_with_other_marks_goes():
    other = [line.replace("，", ",") for line in NOTICE[:5]] + NOTICE[5:]
    assert clean("\n".join([*NOTICE, *other])).text == "\n".join(NOTICE)


def test_items_that_two_articles_share_stay():
    shared = [
        "（一）提供虚假材料骗取财政资金的；",
        "（二）拒不接受监督检查并造成严重后果的；",
        "（三）法律法规规定的其他违法违规情形。",
    ]
    text = "\n".join(
        [
            "第一条 有下列情形之一的，取消资格：",
            *shared,
            "第二条 有下列情形之一的，追回资金：",
            *shared,
            "第三条 本办法由财政部门负责解释。",
        ]
    )
    assert clean(text).text == text


def test_a_teaser_goes_and_the_clause_stays():
    cleaned = clean(
        "支持参与制造业创新中心建设，承担国家重大科技项目。\n制定本意见。\n一、支持参与制造业创新中心建设，承担国家重大科技项目。加大投入。"
    )
    assert cleaned.text == "制定本意见。\n一、支持参与制造业创新中心建设，承担国家重大科技项目。加大投入。"
    assert repeats.TEASER in {item.reason for item in cleaned.removed}


def test_a_headline_goes_where_the_title_follows():
    source = "四部委印发融通发展三年行动计划\n2018-11-29 来源:\n关于印发《融通发展三年行动计划》的通知\n各市财政局：\n现印发给你们。"
    assert clean(source).text.startswith("关于印发《融通发展三年行动计划》的通知\n")


def test_a_title_printed_again_below_the_notes_of_a_law_goes():
    cleaned = clean(
        "支持企业发展促进条例\n2020年5月28日 某会议通过\n支持企业发展 促进条例\n第一条 甲。\n第二条 乙。"
    )
    assert cleaned.text == "支持企业发展促进条例\n2020年5月28日 某会议通过\n第一条 甲。\n第二条 乙。"


def test_the_heading_of_the_page_goes_where_the_document_prints_its_title():
    cleaned = clean(
        "某某市财政局关于支持企业的通知\n某某市财政局文件\n某财〔2022〕3号\n关于支持企业的通知\n各县财政局：\n一、甲乙。"
    )
    assert cleaned.text.startswith("某某市财政局文件\n某财〔2022〕3号\n关于支持企业的通知\n")


def test_the_only_title_stays():
    assert (
        clean("关于支持企业发展的若干措施\n发布时间：2021-01-02\n一、甲乙。").text
        == "关于支持企业发展的若干措施\n一、甲乙。"
    )


# --- other sources


def test_traditional_text_is_simplified_in_place():
    cleaned = clean("關於開展“攜手行動”促進産業鏈融通創新的通知\n一、總體要求")
    assert cleaned.traditional
    assert cleaned.text == "关于开展“携手行动”促进产业链融通创新的通知\n一、总体要求"


def test_line_ends_of_all_systems_and_shapeless_marks():
    assert (
        clean("\ufeff一、甲乙。\r\n二、丙\u200b丁。\r三、戊己。\u2028四、庚辛。").text
        == "一、甲乙。\n二、丙丁。\n三、戊己。\n四、庚辛。"
    )


def test_nothing_but_furniture_leaves_nothing():
    assert clean("首页 > 通知 > 公告\n【打印】【关闭】").text == ""
    assert clean("").text == ""


def test_punctuation_stays_as_printed():
    text = "一、支持“专精特新”企业,落实《办法》;(含个体户)．"
    assert clean(text).text == text
    assert not re.search(r"[，；]", clean(text).text)


def test_a_document_number_never_runs_on_from_the_title() -> None:
    text = (
        "关于印发《湖南省转贷资金管理办法》的通知\n湘财金〔2021〕9号\n\n第一条 转贷资金单笔金额不超过1000万元。\n"
        "第二条 转贷资金使用期限不超过10个自然日。\n第三条 本办法自2021年5月1日起施行。\n\n湖南省财政厅\n2021年4月1日\n"
    )
    document = parse("x.txt", text)
    assert document.title == "关于印发《湖南省转贷资金管理办法》的通知"
    assert document.number == "湘财金〔2021〕9号"
