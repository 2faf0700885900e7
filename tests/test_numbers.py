"""Document numbers (文号)."""

import pytest

from corpus.numbers import find_numbers, normalize_number


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("鲁工信发〔2021〕5号", "鲁工信发〔2021〕5号"),
        ("鲁工信发[2021]5号", "鲁工信发〔2021〕5号"),
        ("鲁工信发（2021）5号", "鲁工信发〔2021〕5号"),
        ("鲁工信发(2021)第5号", "鲁工信发〔2021〕5号"),
        ("鲁工信发【２０２１】 ５ 号", "鲁工信发〔2021〕5号"),
        ("工信部聯企業﹝2022﹞54號", "工信部联企业〔2022〕54号"),
        ("国务院令第 722 号", "国务院令第722号"),
    ],
)
def test_one_style(written, normal):
    assert normalize_number(written) == normal
    assert [number for _, _, number in find_numbers(f"见{written}。")] == [normal]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("按照工信部联政法〔2021〕70号要求", "工信部联政法〔2021〕70号"),
        ("根据《意见》和国办发〔2023〕12号文件", "国办发〔2023〕12号"),
        ("（鄂政办发〔2020〕19号）", "鄂政办发〔2020〕19号"),
        ("依照中华人民共和国国务院令第363号公布", "国务院令第363号"),
        ("财政部公告2020年第1号", "财政部公告2020年第1号"),
        ("财政部 税务总局公告2023年第7号", "税务总局公告2023年第7号"),
    ],
)
def test_words_in_front_are_left_out(text, found):
    ((start, end, number),) = find_numbers(text)
    assert number == found
    assert normalize_number(text[start:end]) == found


def test_several_in_reading_order():
    found = find_numbers("甲（国发〔2018〕32号）、乙（鲁政字[2020]1号）")
    assert [number for _, _, number in found] == ["国发〔2018〕32号", "鲁政字〔2020〕1号"]


@pytest.mark.parametrize(
    "text", ["到2025年培育600家", "（2022—2025年）", "第（2021）京0105民初1号", "〔2021〕5号", "3号楼"]
)
def test_none(text):
    assert find_numbers(text) == []
