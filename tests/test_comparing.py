"""What a question compares, and the table that tells it."""

import pytest

from chat.assistant import Assistant
from chat.question import Kind
from chat.sides import asks_each, coordinated, sides_of
from chat.succession import asks_both
from corpus.load import parse
from index.build import build_snapshot

PROVINCE = (
    "江西省促进智能制造若干措施\n赣府办发〔2026〕1号\n\n"
    "一、支持设备更新。对企业购置智能设备的，按设备投资额的10%给予补助，单个企业每年最高500万元。（责任单位：省工业和信息化厅）\n"
    "二、支持人才引进。对企业引进的博士，给予安家补贴30万元。（责任单位：省人力资源社会保障厅）\n\n"
    "江西省人民政府办公厅\n2026年1月5日\n"
)
CITY = (
    "九江市促进智能制造实施细则\n九府办发〔2026〕3号\n\n"
    "第一条 对企业购置智能设备的，按设备投资额的8%给予补助，单个企业每年最高200万元。\n"
    "第二条 补助标准按照企业规模确定：大型企业购置软件的，按软件投资额的20%给予补助；小微企业购置软件的，按软件投资额的40%给予补助。\n"
    "第三条 对符合条件的企业首次上云，按服务费的30%给予补助，最高10万元。\n"
    "第四条 对科技型中小企业首次上云，补助比例提高到50%，最高20万元。\n"
    "第五条 设备补助由市工业和信息化局受理。\n"
    "第六条 申报设备补助的，应当于每年3月31日前提出申请。\n"
    "第七条 申报软件补助的，应当于每年9月30日前提出申请。\n"
    "第八条 本细则自2026年2月1日起施行，有效期至2028年12月31日。\n\n"
    "九江市人民政府办公室\n2026年1月20日\n"
)
OLD = (
    "关于印发《湖南省转贷资金管理办法》的通知\n湘财金〔2021〕9号\n\n"
    "第一条 转贷资金单笔金额不超过1000万元。\n第二条 转贷资金使用期限不超过10个自然日。\n"
    "第三条 本办法自2021年5月1日起施行。\n\n湖南省财政厅\n2021年4月1日\n"
)
NEW = (
    "关于印发《湖南省转贷资金管理办法（2025年修订）》的通知\n湘财金〔2025〕7号\n\n"
    "第一条 转贷资金单笔金额不超过3000万元。\n第二条 转贷资金使用期限不超过15个自然日。\n"
    "第三条 本办法自2025年5月1日起施行。《湖南省转贷资金管理办法》（湘财金〔2021〕9号）同时废止。\n\n"
    "湖南省财政厅\n2025年4月1日\n"
)


@pytest.fixture(scope="module")
def assistant(embedder) -> Assistant:
    texts = {"省.txt": PROVINCE, "市.txt": CITY, "旧.txt": OLD, "新.txt": NEW}
    return Assistant(build_snapshot([parse(name, text) for name, text in texts.items()], embedder))


def rows(assistant: Assistant, text: str) -> dict[str, str]:
    """The rows of the table that answers: what stands in the second column by what stands in the first."""
    found: dict[str, str] = {}
    name = ""
    for statement in assistant.ask(text).statements:
        if statement.form == "row":
            name = statement.lead.rstrip("：") or name
            found[name] = found.get(name, "") + statement.text
    return found


@pytest.mark.parametrize(
    ("text", "names", "asked"),
    [
        ("小巨人和单项冠军的奖励各是多少？", ["小巨人", "单项冠军"], "奖励"),
        ("技改项目和软件项目的补助比例、上限各是多少？", ["技改项目", "软件项目"], "补助比例、上限"),
        ("一般企业与科技型企业，贴息比例和总额上限各是多少？", ["一般企业", "科技型企业"], "总额上限"),
        ("主导产业的企业比起一般企业，补贴高多少？", ["主导产业的企业", "一般企业"], "补贴"),
        ("设计中心和设计企业对从业人员的要求有何不同？", ["设计中心", "设计企业"], "对从业人员的要求"),
        ("初次认定与复核后又评上国家级的，奖励分别给多少？", ["初次认定", "复核后又评上国家级"], "奖励"),
        ("运动进校园、发放消费券分别由哪个部门牵头？", ["运动进校园", "发放消费券"], "部门牵头"),
        ("贷款的贴息、保单的贴息，幅度与期限各怎样？", ["贷款的贴息", "保单的贴息"], "期限"),
        (
            "个人交材料的最后一天，和县里公布名单的最后一天，分别是哪天？",
            ["个人交材料的最后一天", "县里公布名单的最后一天"],
            "哪天",
        ),
        ("小巨人、单项冠军还有领航企业各多少家？", ["小巨人", "单项冠军", "领航企业"], "多少家"),
        (
            "贷款的贴息，还有评估费补助，比例跟每年最高分别多少",
            ["贷款的贴息", "评估费补助"],
            "比例跟每年最高多少",
        ),
        ("商户未按规定备案，和网点未备案，罚款各是多少？", ["商户未按规定备案", "网点未备案"], "罚款"),
        ("加盟店和直营店交增值税，税率各是多少，哪个更划算？", ["加盟店", "直营店"], "交增值税税率是多少"),
        ("预付卡条例和消费解释都说能退，两者的前提各是什么？", ["预付卡条例", "消费解释"], "说能退，前提"),
        ("小微企业还有个体户能分别拿多少补贴？", ["小微企业", "个体户"], "能拿多少补贴"),
        ("种业那只基金和海洋那只基金，盘子各有多大？", ["种业那只基金", "海洋那只基金"], "盘子有多大"),
    ],
)
def test_things_compared_are_told_from_what_is_asked_of_them(text, names, asked) -> None:
    sides = sides_of(text)
    assert [side.name for side in sides] == names
    assert all(asked in side.text for side in sides)
    assert all(side.name in side.text for side in sides)
    assert not any(other in side.text for side in sides for other in names if other not in side.name)


@pytest.mark.parametrize(
    "text",
    [
        "各是多少",
        "各在什么时候",
        "各由谁负责",
        "分别给多少",
        "各自怎么定的",
        "两地各要什么条件",
        "各怎么写的",
    ],
)
def test_the_same_is_asked_of_each(text) -> None:
    assert asks_each(text)


@pytest.mark.parametrize(
    "text", ["各类企业有多少", "各地怎么落实", "各部门职责是什么", "分别于3月、9月申报吗"]
)
def test_each_of_a_kind_is_no_comparison(text) -> None:
    assert not asks_each(text)


def test_the_province_beside_its_city_is_compared_as_well(assistant) -> None:
    found = rows(assistant, "买智能设备，省里和九江补的比例、每年最高有什么不同？")
    assert len(found) == 2
    province, city = (
        next(text for name, text in found.items() if part in name) for part in ("江西省（", "九江")
    )
    assert "10%" in province
    assert "500万元" in province
    assert "8%" in city
    assert "200万元" in city
    assert assistant.understand("九江买智能设备补多少？").regions == ("江西省九江市",)


def test_the_old_and_the_new_document_stand_side_by_side(assistant) -> None:
    for text in (
        "湖南的转贷资金以前单笔最多多少，现在最多多少？",
        "湖南转贷资金新旧办法的单笔金额有什么不同？",
    ):
        found = rows(assistant, text)
        assert ["1000万元" in one for one in found.values()].count(True) == 1
        assert ["3000万元" in one for one in found.values()].count(True) == 1
    one = assistant.ask("湖南的转贷资金单笔最多多少？")
    assert "1000万元" not in "".join(statement.text for statement in one.statements)


def test_no_sentence_of_one_thing_tells_of_the_other(assistant) -> None:
    found = rows(assistant, "九江首次上云，一般企业和科技型中小企业的补助比例和上限各是多少？")
    general, special = found["一般企业"], found["科技型中小企业"]
    assert "30%" in general
    assert "10万元" in general
    assert "50%" not in general
    assert "50%" in special
    assert "20万元" in special


def test_dates_of_two_things_are_told_though_the_question_is_no_comparison_by_its_words(assistant) -> None:
    asked = "九江的设备补助和软件补助，分别要在几月几号前提出申请？"
    found = rows(assistant, asked)
    assert "3月31日" in found["九江的设备补助"]
    assert "9月30日" in found["软件补助"]


def test_of_the_things_asked_about_the_one_that_no_clause_speaks_of_is_told_as_such(assistant_of) -> None:
    made = assistant_of(
        "己县标准厂房租金补贴和企业搬迁补贴细则\n己府发〔2026〕3号\n\n"
        "第一条 租金补贴每半年申报一次，企业于每年1月和7月的1日至20日提交申请。\n"
        "第二条 申请租金补贴应当提交租金发票。\n第三条 申请搬迁补贴的，还应当提交搬迁协议。\n\n"
        "己县人民政府\n2026年1月20日\n"
    )
    found = rows(made, "己县的租金补贴和搬迁补贴，各在什么时间段递材料申报？")
    assert "1月和7月" in found["己县的租金补贴"]
    assert found["搬迁补贴"] == "未提及"


def test_what_a_ministry_has_issued_is_not_of_the_other_place(assistant) -> None:
    question = assistant.understand("九江的设备补助和工信部的首台套认定结果，有效期分别是多长？")
    assert [own.national for _, own in question.sides] == [False, True]
    assert [bool(own.regions) for _, own in question.sides] == [True, False]


def test_a_department_of_the_place_is_no_ministry(assistant) -> None:
    question = assistant.understand("九江的设备补助和财政部门的软件补助，分别要在几月几号前提出申请？")
    assert [own.national for _, own in question.sides] == [False, False]


def test_each_place_names_its_departments(assistant) -> None:
    found = rows(assistant, "智能设备补助，江西省和九江市各由哪个部门负责？")
    assert any("省工业和信息化厅" in text for text in found.values())
    assert len(found) == 2


def test_a_region_beside_a_document_of_another_keeps_its_own(assistant) -> None:
    question = assistant.understand("九江市促进智能制造实施细则和江西省的措施，设备补助比例有什么不同？")
    assert question.kind is Kind.COMPARISON
    held = {d.title for d in assistant.snapshot.documents if d.id in (question.documents or ())}
    assert held == {"九江市促进智能制造实施细则", "江西省促进智能制造若干措施"}


def test_short_names_beside_a_number_are_named_as_well(assistant) -> None:
    find = assistant.catalog.find_documents
    both = {d.id for d in assistant.snapshot.documents if "转贷资金" in d.title}
    assert len(find("湘财金〔2021〕9号和智能制造实施细则各是多少").documents) == 2
    assert set(find("湘财金〔2021〕9号和湘财金〔2025〕7号").documents) == both
    assert len(find("湘财金〔2021〕9号，关于智能制造实施细则").documents) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A类人才和B类人才的补贴标准是多少", ["A类人才", "B类人才"]),
        ("大型企业与小微企业买软件的补助比例", ["大型企业", "小微企业"]),
        ("中小企业和大企业怎么融通发展", []),
        ("要发展多少家小巨人企业和单项冠军企业", []),
        ("跟银行借钱能贴息多少", []),
    ],
)
def test_two_things_of_one_sort_are_told_without_words_of_comparing(text, names) -> None:
    assert [side.name for side in coordinated(text)] == names


def test_two_things_of_one_sort_have_a_row_each(assistant) -> None:
    found = rows(assistant, "九江的大型企业和小微企业买软件的补助比例")
    assert [("20%" in text, "40%" in text) for text in found.values()] == [(True, False), (False, True)]


def test_two_questions_on_two_matters_are_both_answered(assistant) -> None:
    answer = assistant.ask("设备补助谁负责，人才补贴又归谁管")
    told = "".join(statement.text for statement in answer.statements)
    assert "市工业和信息化局" in told
    assert "省人力资源社会保障厅" in told


def test_what_sums_the_things_up_is_no_part_of_their_names() -> None:
    assert [side.name for side in sides_of("夯实网络和强化金融这两项任务分别由谁牵头？")] == [
        "夯实网络",
        "强化金融",
    ]


def test_one_sentence_that_tells_of_all_is_told_once(assistant_of) -> None:
    policy = (
        "甲市促进智能制造若干措施\n甲政办发〔2026〕3号\n\n"
        "一、支持改造。对数字化水平提升至二级、三级、四级的企业，分别给予10万元、25万元、45万元奖补。\n\n"
        "甲市人民政府办公室\n2026年1月20日\n"
    )
    answer = assistant_of(policy).ask("数字化水平升到二级、三级、四级的，各奖补多少？")
    assert not answer.refused
    assert "10万元、25万元、45万元" in "".join(statement.text for statement in answer.statements)
    assert sum("45万元" in statement.text for statement in answer.statements if statement.form == "row") < 2


def test_what_no_clause_asks_to_be_handed_in_is_not_told(assistant) -> None:
    assert assistant.ask("九江的设备补助要交哪些材料？").refused
    assert not assistant.ask("九江的设备补助按多少比例给？").refused


def test_a_number_of_firms_is_no_reward(assistant_of) -> None:
    policy = (
        "甲市促进智能制造若干措施\n甲政办发〔2026〕3号\n\n"
        "一、梯度培育。到2027年，培育小巨人企业60家、单项冠军企业30家。\n\n甲市人民政府办公室\n2026年1月20日\n"
    )
    assert assistant_of(policy).ask("小巨人企业和单项冠军企业分别奖励多少钱？").refused


@pytest.mark.parametrize("name", ["中小企业", "上市企业", "中型企业", "在校学生"])
def test_the_first_thing_is_not_cut_within_a_word(name) -> None:
    assert [side.name for side in sides_of(f"{name}和大企业分别怎么支持？")] == [name, "大企业"]


@pytest.mark.parametrize(
    "text",
    [
        "2021年之前购置的设备现在能申请补贴吗？",
        "购置设备补贴现在是多少，申报之前要先备案吗？",
        "企业名称变更后改了什么手续？",
    ],
)
def test_a_day_before_is_no_former_version(assistant, text) -> None:
    assert not asks_both(assistant.understand(text))


def test_what_the_asker_takes_for_granted_is_no_row(assistant) -> None:
    found = rows(assistant, "奖励900万元的大型企业和奖励800万元的小微企业，买软件的补助比例各是多少？")
    assert not any("900万" in name or "800万" in name for name in found)


def test_a_document_that_says_the_words_is_not_silent(assistant) -> None:
    found = rows(assistant, "江西省和九江市对购置智能设备分别怎么支持？")
    assert len(found) == 2
    assert not any("未提及" in text for text in found.values())


TABLE = (
    "丙市集成电路流片补贴办法\n丙科规〔2026〕4号\n\n第一条 流片补贴标准如下：\n\n"
    "| 类别 | 工艺节点 | 补贴比例 | 年度最高额 |\n| --- | --- | --- | --- |\n"
    "| 工程流片 | 40纳米及以上 | 流片费用的35% | 400万元 |\n| 工程流片 | 28纳米及以下 | 流片费用的45% | 900万元 |\n"
    "| 试验流片 | 不限 | 流片费用的60% | 120万元 |\n\n丙市科学技术局\n2026年1月20日\n"
)
LAND = (
    "丁市新型产业用地管理规定\n丁政发〔2026〕6号\n\n第一条 两类用地的要求如下：\n\n"
    "| 指标 | 新型产业用地 | 普通工业用地 |\n| --- | --- | --- |\n"
    "| 最长出让年限 | 40年 | 50年 |\n| 容积率 | 2.5至4.0 | 1.2至2.5 |\n\n丁市人民政府\n2026年1月20日\n"
)


def answered(assistant: Assistant, text: str) -> str:
    answer = assistant.ask(text)
    return (
        "" if answer.refused else "".join(statement.lead + statement.text for statement in answer.statements)
    )


def test_a_row_of_a_table_is_told_by_a_figure_of_the_question(assistant_of) -> None:
    table = assistant_of(TABLE)
    said = answered(table, "丙市工程流片，28纳米及以下的补贴比例是多少？")
    assert "45%" in said
    assert "35%" not in said
    both = answered(table, "丙市工程流片，40纳米及以上和28纳米及以下，补贴比例各是多少？")
    assert "35%" in both
    assert "45%" in both


def test_two_columns_of_one_row_are_compared(assistant_of) -> None:
    said = answered(assistant_of(LAND), "丁市新型产业用地与普通工业用地的最长出让年限有何不同？")
    assert "40年" in said
    assert "50年" in said


def test_the_same_asked_again_of_another_place_is_a_comparison(assistant) -> None:
    question = assistant.understand("购置智能设备，省里补几成，九江这边又是几成？")
    assert question.kind is Kind.COMPARISON
    other = assistant.understand("九江的设备补助归哪里受理，江西引进博士又是谁牵头？")
    assert other.kind is not Kind.COMPARISON


def test_a_thing_in_quotation_marks_is_called_by_what_they_hold(assistant_of) -> None:
    made = assistant_of(
        "戊市工业设计中心认定办法\n戊工信规〔2026〕2号\n\n"
        "第一条 申报企业工业设计中心的，设计人员应当在50人以上。\n"
        "第二条 申报工业设计企业的，设计人员应当在80人以上。\n\n戊市工业和信息化局\n2026年1月20日\n"
    )
    found = rows(made, "戊市走“企业工业设计中心”这条路和走“工业设计企业”这条路，设计人员各要多少人？")
    assert ["50人" in text for text in found.values()] == [True, False]
    assert ["80人" in text for text in found.values()] == [False, True]


def test_where_one_sentence_was_told_of_two_things_the_next_stands_beside_it(assistant_of) -> None:
    made = assistant_of(
        "己市设计中心管理办法\n己工信规〔2026〕2号\n\n"
        "第一条 有下列情形之一的，撤销设计中心称号：（一）主动要求撤销的；（二）提供虚假材料的；（三）不参加复核的。\n"
        "第二条 因前条第二项原因被撤销称号的，四年内不得再次申报；因前条第三项原因被撤销称号的，两年内不得再次申报。\n\n"
        "己市工业和信息化局\n2026年1月20日\n"
    )
    said = answered(made, "己市设计中心被撤销称号后，材料造假被撤的和不参加复核被撤的，各要等几年才能再报？")
    assert "四年" in said
    assert "两年" in said


def test_one_sentence_with_both_figures_has_no_other_beside_it(assistant_of) -> None:
    made = assistant_of(
        "庚市绿色制造措施\n庚政发〔2026〕9号\n\n"
        "第一条 新获评国家级绿色工厂的奖励50万元，新获评市级绿色工厂的奖励22万元。\n"
        "第二条 新获评国家级绿色园区的奖励100万元，新获评市级绿色园区的奖励48万元。\n\n庚市人民政府\n2026年1月20日\n"
    )
    said = answered(made, "庚市国家级绿色工厂和市级绿色工厂的奖励相差多少？")
    assert "50万元" in said
    assert "48万元" not in said


@pytest.mark.parametrize(
    "text",
    ["九江购置智能设备补几成、宁波购置智能设备补几成？", "九江和宁波购置智能设备，分别按百分之几补？"],
)
def test_of_two_places_the_one_that_is_held_is_told_and_the_other_named(assistant, text) -> None:
    said = answered(assistant, text)
    assert "8%" in said
    assert "没有收录宁波市" in said
    assert "宁波：" not in said


def test_which_of_two_places_gives_more_is_not_told_by_one_of_them(assistant) -> None:
    assert not answered(assistant, "九江和宁波对购置智能设备的补助，哪个更高？")


def test_where_one_place_is_silent_nothing_else_stands_in_its_row(embedder) -> None:
    texts = {
        "甲.txt": CITY,
        "乙.txt": "赣州市支持制造业措施\n赣市府办发〔2026〕5号\n\n第一条 购置工业机器人的，按12%给予补助。\n"
        "第二条 对“小巨人”企业奖励60万元。\n\n赣州市人民政府办公室\n2026年2月20日\n",
        "丙.txt": "宜春市支持制造业措施\n宜府办发〔2026〕5号\n\n第一条 对单项冠军企业奖励80万元。\n\n宜春市人民政府办公室\n2026年2月20日\n",
    }
    made = Assistant(build_snapshot([parse(name, text) for name, text in texts.items()], embedder))
    found = rows(made, "九江和赣州购置智能设备分别补几成？")
    assert "8%" in "".join(found.values())
    assert "12%" not in "".join(found.values())
    for asked in ("奖励多少", "的奖励比例或金额是多少"):
        found = rows(made, f"赣州和宜春的单项冠军企业分别{asked}？")
        assert "80万元" in "".join(found.values())
        assert "60万元" not in "".join(found.values())


def test_what_a_place_that_is_not_held_differs_by_is_not_told(assistant) -> None:
    assert not answered(assistant, "宁波和九江购置智能设备的补助比例差多少，为什么？")


def test_what_is_said_of_the_negated_thing_is_not_said_of_the_thing(assistant_of) -> None:
    made = assistant_of(
        "辛市外资研发中心认定办法\n辛商发〔2026〕2号\n\n"
        "第一条 独立法人申请认定的，实缴注册资本不低于500万美元。\n"
        "第二条 非独立法人申请认定的，上一年度研发费用支出不低于2500万元。\n\n辛市商务局\n2026年1月20日\n"
    )
    found = rows(made, "辛市独立法人和非独立法人申请认定，投入各要多少？")
    assert ["500万美元" in text for text in found.values()] == [True, False]
    assert ["2500万元" in text for text in found.values()] == [False, True]


def test_the_document_in_force_answers_though_the_former_one_says_it_in_more_words(embedder) -> None:
    former = (
        "关于印发《湖南省转贷资金管理办法》的通知\n湘财金〔2021〕9号\n\n"
        "第一条 转贷资金单笔金额不超过1000万元，使用期限不超过10个自然日，每户企业每年使用不超过2次。\n\n"
        "湖南省财政厅\n2021年4月1日\n"
    )
    now = (
        "关于印发《湖南省转贷资金管理办法（2025年修订）》的通知\n湘财金〔2025〕7号\n\n"
        "第一条 转贷资金单笔金额不超过3000万元。单笔使用期限不超过15个自然日。每户企业每年使用不超过4次。\n"
        "第二条 本办法自2025年5月1日起施行。《湖南省转贷资金管理办法》（湘财金〔2021〕9号）同时废止。\n\n"
        "湖南省财政厅\n2025年4月1日\n"
    )
    made = Assistant(build_snapshot([parse("旧.txt", former), parse("新.txt", now)], embedder))
    told = made.ask("湖南转贷资金一年能用几次").statements
    assert told[0].text == "每户企业每年使用不超过4次"
    assert made.understand("湖南21年那版转贷资金办法，一年能用几次").documents == ("湘财金〔2021〕9号",)
