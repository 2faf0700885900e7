"""Personal data in questions."""

import pytest

from chat.masking import mask, personal, without_signature


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的电话13812345678，请回电", "我的电话［电话］，请回电"),
        ("电话 138-1234-5678 或 +86 139 1234 5678", "电话 ［电话］ 或 ［电话］"),
        ("座机0531-86012345转8", "座机［电话］转8"),
        ("座机（010）62345678", "座机［电话］"),
        ("座机02012345678", "座机02012345678"),  # no number of the city begins with 1
        ("座机02087654321", "座机［电话］"),
        ("热线400-800-1234", "热线［电话］"),
        ("身份证11010519491231002X能办吗", "身份证［证件号］能办吗"),
        ("旧身份证110105491231002", "旧身份证［证件号］"),
        ("发到zhang.san@example.com.cn吧", "发到［邮箱］吧"),
        ("全角１３８１２３４５６７８也算", "全角［电话］也算"),
    ],
)
def test_personal_data_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "到2025年要培育多少家单项冠军企业？",
        "鲁工信发〔2021〕5号第十二条",
        "资金1380000000元，占30%",
        "统一社会信用代码91370000MA3C1234XY怎么变更",
        "2022—2025年、20220101",
        "电话12345怎么打",
    ],
)
def test_what_policies_are_asked_about_is_left_alone(text):
    assert mask(text) == text


def test_only_what_the_question_held_is_masked_elsewhere():
    known = personal("我是13812345678")
    assert mask("没有找到与“13812345678”相符的规定，咨询电话13987654321", known) == (
        "没有找到与“［电话］”相符的规定，咨询电话13987654321"
    )


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("培育多少家单项冠军企业？电话13812345678", "培育多少家单项冠军企业？"),
        ("我的手机号是13812345678，单项冠军怎么申报？", "单项冠军怎么申报？"),
        ("单项冠军怎么申报？请回复到我们公司邮箱abc@qq.com", "单项冠军怎么申报？"),
        ("13812345678是谁的电话？", "13812345678是谁的电话？"),
        ("咨询电话0712-2345678是哪个部门的", "咨询电话0712-2345678是哪个部门的"),
        ("13812345678", "13812345678"),
        ("单项冠军怎么申报？", "单项冠军怎么申报？"),
    ],
)
def test_how_to_reach_the_asker_is_no_part_of_the_question(text, asked):
    assert without_signature(text) == asked
