import pytest

from eval.match import contains, fold, says, visible


def test_visible_leaves_what_a_reader_counts():
    text = "**400家**左右[1][12]\n\n- 支持\\(首台套\\)[2](/documents/x#1)\n\n| 甲 | 乙 |\n| --- | ---: |\n"
    assert visible(text) == "400家左右支持(首台套)|甲|乙|"


def test_visible_keeps_a_year_in_brackets():
    assert visible("鄂政办发[2020]19号[1]") == "鄂政办发[2020]19号"


def test_visible_does_not_join_numbers():
    assert visible("600 400") == "600¦400"


def test_fold_makes_widths_scripts_and_marks_alike():
    assert fold("「小快輕準」ＳＭＥ占６０％，1,500家") == "小快轻准sme占60%,1500家"
    assert fold("鄂政办发[2020]19号") == fold("鄂政办发〔2020〕19号")
    assert fold("2022—2025年") == fold("2022-2025年")


@pytest.mark.parametrize(
    ("text", "wanted", "held"),
    [
        ("培育400家左右", "400家", True),
        ("培育1400家左右", "400家", False),  # part of a longer number
        ("提高1.5个百分点", "5个百分点", False),
        ("到2025年", "2025", True),
        ("约20253家", "2025", False),
        ("比重3.5%", "3", False),
        ("二十一部门", "十一部门", False),
        ("由十一部门", "十一部门", True),
        ("奖励50万元", "万元", True),  # a unit, not part of a number
        ("由 省财\n政厅 负责", "省财政厅", True),
        ("省財政廳", "省财政厅", True),
        ("“小巨人”企业600家", "小巨人企业600家", True),
        ("省财政厅", "省科技厅", False),
        ("培育1000家单项冠军", "千家", True),
        ("发展万家小巨人", "10000家", True),
        ("比例不低于60％", "百分之六十", True),
        ("由11个部门印发", "十一个部门", True),
        ("发展万家小巨人", "1000家", False),
        ("奖励5万元", "50万元", False),
        ("任何", "[1]", False),  # nothing is left of what is wanted
    ],
)
def test_contains(text, wanted, held):
    assert contains(text, wanted) is held


def test_says_any_of_the_alternatives():
    assert says("不低于60％", ["六成", "60%"])
    assert not says("不低于60％", ["七成", "70%"])
    assert not says("不低于60％", [])
