"""Reading files of every format, registering them, and keeping each notice once."""

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.copies import merge_copies
from corpus.docx_numbers import chinese
from corpus.load import load_document, load_documents, parse
from corpus.read_text import UnreadableError, decode

POLICY = "关于支持企业发展的通知\n甲财〔2022〕3号\n各县财政局：\n一、支持范围。在本市注册的企业。\n二、支持标准。每户补助10万元。\n甲州市财政局\n2022年3月1日"


def labels(document) -> list[str]:
    return [clause.label for clause in document.clauses]


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(POLICY.encode(encoding))
    assert load_document(path).text == POLICY


def test_a_page_says_its_encoding():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>镕基</p>'
    assert decode(page.encode("gb18030")) == page
    big5 = '<meta charset="big5"><p>中小企業</p>'
    assert decode(big5.encode("big5")) == big5


def test_an_encoding_that_fits_nothing_is_refused():
    with pytest.raises(UnreadableError, match="无法识别文件的文字编码"):
        decode(b"\xff\xff\x81")


# --- problems


def test_problems_are_told_in_chinese_and_the_rest_is_loaded(tmp_path):
    (tmp_path / "好.txt").write_text(POLICY, encoding="utf-8")
    (tmp_path / "空.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "英文.md").write_text("No Chinese at all.", encoding="utf-8")
    (tmp_path / "坏.docx").write_bytes(b"not a zip")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "README.md").write_text("说明文件，不是政策，不应当导入。", encoding="utf-8")
    (tmp_path / ".隐藏.txt").write_text(POLICY, encoding="utf-8")
    loaded = load_documents(tmp_path)
    assert [document.file for document in loaded.documents] == ["好.txt"]
    assert loaded.problems == {
        "空.txt": "文件是空的。",
        "英文.md": "文件是空的，或者没有中文文字。",
        "坏.docx": "无法打开 Word 文件：文件损坏、加了密码，或其实是旧的 .doc 格式。请另存为 .docx 后重试。",
        "坏.pdf": "无法打开 PDF 文件：文件已损坏。",
        "旧.doc": "不支持旧版 Word（.doc）：请另存为 .docx、.pdf、.html、.md 或 .txt。",
    }


def test_a_folder_that_is_not_there(tmp_path):
    loaded = load_documents(tmp_path / "无")
    assert loaded.documents == ()
    assert loaded.problems == {str(tmp_path / "无"): "文件夹不存在。"}


def test_progress_is_told(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(POLICY, encoding="utf-8")
    seen = []
    load_documents(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_sources_can_be_left_out(tmp_path):
    (tmp_path / "a.txt").write_text(POLICY, encoding="utf-8")
    (document,) = load_documents(tmp_path, keep_source=False).documents
    assert (document.source, document.removed, len(document.offsets)) == ("", (), 0)
    assert document.text == POLICY


# --- formats


def word_file(build) -> bytes:
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_word_paragraphs_and_tables(tmp_path):
    def build(document):
        for line in POLICY.split("\n")[:4]:
            document.add_paragraph(line)
        table = document.add_table(rows=2, cols=2)
        for row, cells in zip(table.rows, (("级别", "金额"), ("市级", "10")), strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
        paragraph = document.add_paragraph("二、支持标准。")
        paragraph.add_run("每户").bold = True
        paragraph.add_run("补助10万元。")

    (tmp_path / "a.docx").write_bytes(word_file(build))
    document = load_document(tmp_path / "a.docx")
    assert labels(document) == ["版头", "一", "二"]
    assert document.clauses[1].text == "一、支持范围。在本市注册的企业。\n级别 | 金额\n市级 | 10"
    assert document.clauses[2].text == "二、支持标准。每户补助10万元。"


NUMBERING = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="77">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum>"""


def test_word_numbers_that_are_not_in_the_text(tmp_path):
    def build(document):
        numbering = document.part.numbering_part.element
        numbering.insert(0, parse_xml(NUMBERING))
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
        )
        document.add_paragraph("关于支持企业发展的若干措施")
        for depth, words in (
            (0, "总体要求"),
            (1, "指导思想。推动发展。"),
            (1, "主要目标。建成十家。"),
            (0, "保障措施"),
            (1, "加强领导。"),
        ):
            paragraph = document.add_paragraph(words)
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')
            )

    (tmp_path / "a.docx").write_bytes(word_file(build))
    document = load_document(tmp_path / "a.docx")
    assert labels(document) == ["版头", "一", "一、（一）", "一、（二）", "二", "二、（一）"]
    assert document.clauses[3].text == "（二）主要目标。建成十家。"


def test_word_insertions_text_boxes_and_breaks(tmp_path):
    inserted = f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>新增的字</w:t></w:r></w:ins>'
    deleted = (
        f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>删去的字</w:delText></w:r></w:del>'
    )
    box = (
        f'<w:r {nsdecls("w")}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>甲州市人民政府文件</w:t></w:r></w:p>'
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )

    def build(document):
        document.add_paragraph("关于支持企业的通知")._p.append(parse_xml(box))
        paragraph = document.add_paragraph("一、保留")
        paragraph._p.append(parse_xml(inserted))
        paragraph._p.append(parse_xml(deleted))
        paragraph.add_run("。").add_break()
        paragraph.add_run("二、另起一行。")

    (tmp_path / "a.docx").write_bytes(word_file(build))
    assert (
        load_document(tmp_path / "a.docx").text
        == "甲州市人民政府文件\n关于支持企业的通知\n一、保留新增的字。\n二、另起一行。"
    )


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百〇五"), (1260, "一千二百六十")],
)
def test_chinese_numbers(number, written):
    assert chinese(number) == written


def pdf_file(pages: list[list[tuple[int, int, str]]], rules: str = "") -> bytes:
    """A PDF whose text layer holds words at places in points; `rules` is drawn on every page."""
    chars = sorted({char for page in pages for _, _, words in page for char in words})
    code = {char: number for number, char in enumerate(chars, 1)}
    mapping = "\n".join(f"<{number:04x}> <{char.encode('utf-16-be').hex()}>" for char, number in code.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(code)} beginbfchar\n{mapping}\nendbfchar\nendcmap end end"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor 5 0 R>>",
        "<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800/StemV 80>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    for number, page in enumerate(pages):
        content = rules + "".join(
            f"BT /F 12 Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{code[char]:04x}' for char in words)}> Tj ET\n"
            for x, y, words in page
        )
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>/Contents {8 + 2 * number} 0 R>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream",
        ]
    data, places = b"%PDF-1.4\n", []
    for number, words in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{words}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    return data + f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def rows(*words: str) -> list[tuple[int, int, str]]:
    return [(60, 760 - 40 * row, line) for row, line in enumerate(words)]


def test_pdf_pages_and_breaks(tmp_path):
    pages = [
        rows(
            "关于支持企业的通知",
            "甲财〔2022〕3号",
            "各县财政局：",
            "一、支持企业技术改造，",
            "加大投入。",
            "- 1 -",
        ),
        rows("二、每户补助10万元。", "甲州市财政局", "2022年3月1日", "- 2 -"),
    ]
    (tmp_path / "a.pdf").write_bytes(pdf_file(pages))
    document = load_document(tmp_path / "a.pdf")
    assert labels(document) == ["版头", "一", "二", "落款"]
    assert document.clauses[1].text == "一、支持企业技术改造，加大投入。"
    assert document.number == "甲财〔2022〕3号"
    assert document.page_of(document.clauses[1].start) == 1
    assert document.page_of(document.clauses[2].start) == 2
    assert len(document.pages) == 2


def test_pdf_tables_become_rows(tmp_path):
    rules = "".join(f"60 {y} m 400 {y} l S\n" for y in (730, 690, 650))
    rules += "".join(f"{x} 650 m {x} 730 l S\n" for x in (60, 230, 400))
    cells = [(70, 705, "级别"), (240, 705, "金额"), (70, 665, "市级"), (240, 665, "10")]
    page = [(60, 760, "一、标准如下所列，请各县遵照执行："), *cells, (60, 600, "二、附则另行规定。")]
    (tmp_path / "a.pdf").write_bytes(pdf_file([page], rules))
    assert load_document(tmp_path / "a.pdf").text == (
        "一、标准如下所列，请各县遵照执行：\n级别 | 金额\n市级 | 10\n二、附则另行规定。"
    )


def test_a_scanned_pdf_is_refused(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_file([[], []]))
    with pytest.raises(UnreadableError, match="扫描件"):
        load_document(tmp_path / "a.pdf")


def test_a_page_of_frames_is_refused(tmp_path):
    (tmp_path / "a.html").write_text(
        "<frameset cols='20%,80%'><frame src='甲.html'></frameset>", encoding="utf-8"
    )
    with pytest.raises(UnreadableError, match="框架"):
        load_document(tmp_path / "a.html")


# --- the register


def write_register(root: Path, entries: str) -> None:
    (root / "a.txt").write_text(POLICY, encoding="utf-8")
    (root / "documents.toml").write_text(entries, encoding="utf-8")


def test_what_staff_add_is_used_and_shown_as_added(tmp_path):
    write_register(
        tmp_path,
        '[[document]]\nfile = "a.txt"\nsource_url = "https://example.gov.cn/a"\n[document.added]\nnumber = "甲财[2022]4号"\nissued_on = "2022-03-02"\n'
        'region = "山东省"\nissuers = ["甲州市财政局", "甲州市商务局"]\nvalid_until = 2025-12-31\nperiod = "2022-2025"\n',
    )
    (document,) = load_documents(tmp_path).documents
    assert (document.id, document.number) == ("甲财〔2022〕4号", "甲财〔2022〕4号")
    assert (str(document.issued_on), document.region, str(document.valid_until)) == (
        "2022-03-02",
        "山东省",
        "2025-12-31",
    )
    assert document.issuers == ("甲州市财政局", "甲州市商务局")
    assert str(document.period) == "2022—2025"
    assert document.source_url == "https://example.gov.cn/a"
    assert document.added == {
        "number": "甲财〔2022〕4号",
        "issued_on": "2022-03-02",
        "region": "山东省",
        "issuers": "甲州市财政局、甲州市商务局",
        "valid_until": "2025-12-31",
        "period": "2022—2025",
    }
    assert all(clause.document is document for clause in document.clauses)


@pytest.mark.parametrize(
    ("entries", "name", "problem"),
    [
        ('[[document]]\nfile = "b.txt"\n', "b.txt", "登记了这个文件，但文件夹里没有。"),
        ('[[document]]\nfile = "a.txt"\nsha256 = "00"\n', "a.txt", "sha256 不符"),
        ('[[document]]\nfile = "a.txt"\n[document.added]\ncolor = "红"\n', "a.txt", "不认识的项：color"),
        (
            '[[document]]\nfile = "a.txt"\n[document.added]\nissued_on = "去年"\n',
            "a.txt",
            "应写成 2022-05-12",
        ),
        ('[[document]]\nfile = "a.txt"\n[document.added]\nperiod = "三年"\n', "a.txt", "应写成 2022—2025"),
        ("[[document]\n", "documents.toml", "登记文件无法读取"),
    ],
)
def test_mistakes_in_the_register_are_told(tmp_path, entries, name, problem):
    write_register(tmp_path, entries)
    loaded = load_documents(tmp_path)
    assert problem in loaded.problems[name]
    assert len(loaded.documents) == 1


# --- copies


BODY = [
    "一、支持企业开展技术改造，按照设备投资额的百分之八给予补助，单个项目最高一百万元。",
    "二、鼓励中小企业加快数字化转型，对上云用数的企业发放服务券，落实好各项惠企政策。",
    "三、引导金融机构扩大信用贷款规模，完善风险补偿机制，降低综合融资成本。",
    "四、建立企业诉求直通渠道，限时办结并公开结果，提升服务效能。",
]


def notice(
    title: str = "关于支持企业技术改造的通知",
    number: str = "甲财〔2022〕3号",
    day: str = "2022年3月1日",
    body: list[str] | None = None,
) -> str:
    return "\n".join([title, number, *(body or BODY), "甲州市财政局", day])


def files(*sources: str) -> list[str]:
    documents = merge_copies([parse(f"{place}.txt", source) for place, source in enumerate(sources)])
    return [
        f"{document.file}+{'+'.join(document.copies)}" if document.copies else document.file
        for document in documents
    ]


def test_the_same_notice_from_two_sites_is_one_document():
    page = f"首页 > 政策 > 通知\n{notice()}\n【打印】"
    assert files(notice(), page) == ["0.txt+1.txt"]


def test_a_copy_with_other_marks_or_a_misprint_is_a_copy():
    other = [line.replace("，", ",") for line in BODY[:-1]] + [BODY[-1].replace("惠企", "惠企业")]
    assert files(notice(), notice(body=other)) == ["0.txt+1.txt"]


def test_the_fullest_copy_is_kept():
    assert files(notice(number="", day=""), notice()) == ["1.txt+0.txt"]


def test_versions_of_one_law_are_not_copies():
    old = notice(number="", day="2018年3月1日")
    new = notice(number="", day="2022年3月1日", body=[*BODY[:-1], BODY[-1].replace("限时", "限期")])
    assert files(old, new) == ["0.txt", "1.txt"]
    assert files(old, notice(number="", day="2022年3月1日")) == ["0.txt", "1.txt"]


def test_undated_texts_of_one_title_are_not_copies_unless_every_word_is_the_same():
    changed = [*BODY[:-1], BODY[-1].replace("限时", "限期")]
    assert files(notice(number="", day=""), notice(number="", day="", body=changed)) == ["0.txt", "1.txt"]
    assert files(notice(number="", day=""), notice(number="", day="")) == ["0.txt+1.txt"]


def test_another_notice_of_the_same_title_is_no_copy():
    body = [
        f"{number}、做好第{number}批人才引进工作，提供住房保障，落实子女入学政策，优化服务。"
        for number in "一二三四五六"
    ]
    assert files(notice(), notice(number="乙财〔2022〕3号", body=body)) == ["0.txt", "1.txt"]


def test_an_explanation_under_the_same_number_keeps_an_id_of_its_own(tmp_path):
    (tmp_path / "a.txt").write_text(notice(), encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        "关于该通知的解读\n甲财〔2022〕3号\n一、起草背景是推动企业转型。\n二、主要内容是三个方面的支持。",
        encoding="utf-8",
    )
    loaded = load_documents(tmp_path)
    assert [document.id for document in loaded.documents] == ["甲财〔2022〕3号", "b.txt"]
    assert all(clause.document is document for document in loaded.documents for clause in document.clauses)


def test_two_roots_may_hold_files_of_one_name(tmp_path):
    for name, words in (("甲", "技术"), ("乙", "人才")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(
            f"一、支持{words}工作，落实政策。\n二、加强{words}服务，做好保障。", encoding="utf-8"
        )
    loaded = load_documents([tmp_path / "甲", tmp_path / "乙"])
    assert [document.id for document in loaded.documents] == ["a.txt", "a.txt~2"]
