from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from builders import STRICT, docx, package, paragraph, run, table

from coder.errors import CoderError, EncodingError, FormatError, ReadError, TooLargeError
from coder.model.text import Transcript
from coder.read import SUFFIXES, read_bytes, read_file

LIMIT = 1024 * 1024
SIMPLIFIED = "访谈者：您先讲讲那件事吧。\n受访者：那天下午我就去了库房，一箱一箱地点数。\n"
TRADITIONAL = "訪談者：您先講講那件客訴。\n受訪者：那天下午我就去了產線，跟課長一起看品質。\n"
LONG = 60


def read(data: bytes, name: str = "a.txt") -> Transcript:
    return read_bytes(data, name, LIMIT)


def word(*blocks: str) -> Transcript:
    return read(docx(*blocks), "a.docx")


def hinted(transcript: Transcript) -> list[str]:
    return [transcript.of(hint) for hint in transcript.hints]


# text


@pytest.mark.parametrize("times", [1, LONG])
@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED + "𠮷野家😀", "gb18030", "gb18030"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
    ],
)
def test_read_detects_the_encoding(text: str, codec: str, named: str, times: int) -> None:
    transcript = read((text * times).encode(codec))
    assert (transcript.text, transcript.encoding) == (text * times, named)


@pytest.mark.parametrize("words", ["问：您好。\n答：你好。", "谢谢您", "我当天就去找他了"])
def test_read_detects_gbk_in_a_few_characters(words: str) -> None:
    assert read(words.encode("gbk")).text == words


@pytest.mark.parametrize("words", ["問：您好。\n答：你好。", "謝謝您", "我當天就去找他了"])
def test_read_detects_big5_in_a_few_characters(words: str) -> None:
    assert read(words.encode("big5")).text == words


def test_read_keeps_the_characters_that_only_windows_has_in_big5() -> None:
    assert read((TRADITIONAL + "恒裏").encode("cp950")).text.endswith("恒裏")


def test_read_takes_ascii_in_utf16_without_mark() -> None:
    assert read("Q: hello\nA: yes\n".encode("utf-16-le")).text == "Q: hello\nA: yes\n"


def test_read_takes_utf16_big_endian_with_mark() -> None:
    assert read(b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be")).text == SIMPLIFIED


def test_read_makes_line_ends_lf_and_drops_one_mark() -> None:
    assert read("\ufeff问：一\r\n答：二\r三\n".encode()).text == "问：一\n答：二\n三\n"


def test_read_alters_no_other_character() -> None:
    text = "问：\u2028\u3000=1+1\t𠮷😀\u200b\x0c「」\ufeff \n\n"
    assert read(text.encode()).text == text


def test_read_takes_the_encoding_that_it_is_told() -> None:
    data = "問題".encode("big5")
    assert read_bytes(data, "a.txt", LIMIT, encoding="Big5").text == "問題"
    assert read_bytes(data, "a.txt", LIMIT, encoding="gbk").text != "問題"


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "utf-8"])
def test_read_refuses_a_told_encoding_that_does_not_fit(encoding: str) -> None:
    with pytest.raises(EncodingError, match=encoding):
        read_bytes("問題".encode("big5"), "a.txt", LIMIT, encoding=encoding)


def test_read_names_the_file_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "访谈.MD"
    path.write_text(SIMPLIFIED, encoding="utf-8")
    transcript = read_file(path, LIMIT)
    assert (transcript.name, transcript.format, transcript.text) == ("访谈.MD", "md", SIMPLIFIED)


# bad input


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", "\ufeff\u3000\n".encode()])
def test_read_refuses_an_empty_file(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"^a\.txt：空文件；"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8,
        bytes(range(256)) * 20,
        b"\x01\x02\x03\x04abc" * 40,
        "正常的文字\0\0\0".encode(),
        b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 400,
    ],
)
def test_read_refuses_binary_called_txt(data: bytes) -> None:
    with pytest.raises(FormatError, match="二进制"):
        read(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (docx(paragraph("问：好")), r"\.docx"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word"),
    ],
)
def test_read_says_what_a_misnamed_file_is(data: bytes, kind: str) -> None:
    with pytest.raises(FormatError, match=kind):
        read(data)


@pytest.mark.parametrize("data", [b"\xff\xfa\xfb\xfc\xfd" * 9, b"\xef\xbb\xbf\xff\xff", b"\xff\xfeab\x00"])
def test_read_says_that_no_encoding_fits(data: bytes) -> None:
    with pytest.raises(EncodingError):
        read(data)


def test_read_refuses_what_is_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 101)
    with pytest.raises(TooLargeError, match="超过上限"):
        read_file(path, 100)
    with pytest.raises(TooLargeError):
        read_bytes(b"x" * 101, "a.txt", 100)


@pytest.mark.parametrize("name", ["a.xyz", "a", "a.doc", ".txt"])
def test_read_refuses_unknown_suffixes(name: str) -> None:
    with pytest.raises(FormatError, match="不支持的格式"):
        read(b"abc", name)


def test_read_refuses_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="没有这个文件"):
        read_file(tmp_path / "none.txt", LIMIT)
    with pytest.raises(ReadError, match="不是文件"):
        read_file(tmp_path, LIMIT)


def test_read_lists_its_suffixes() -> None:
    assert set(SUFFIXES) == {".txt", ".md", ".docx"}


# Word


def test_word_joins_paragraphs_by_lf() -> None:
    assert word(paragraph("问：好"), paragraph(), paragraph("答：", "好")).text == "问：好\n\n答：好"


def test_word_keeps_tabs_breaks_and_line_separators() -> None:
    transcript = word(paragraph("一<!-- -->", "<w:r><w:tab/><w:t>二</w:t><w:br/><w:t>三\u2028四</w:t></w:r>"))
    assert transcript.text == "一\t二\n三\u2028四"


def test_word_accepts_insertions_and_leaves_deletions_out() -> None:
    inserted = f'<w:ins w:id="1">{run("当天下午")}</w:ins>'
    deleted = '<w:del w:id="2"><w:r><w:delText>第二天</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="3">{run("搬走")}</w:moveFrom><w:moveTo w:id="4">{run("搬来")}</w:moveTo>'
    assert word(paragraph("我", inserted, deleted, "就去了", moved)).text == "我当天下午就去了搬来"


def test_word_joins_paragraphs_whose_mark_is_deleted() -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>{run('上半句，')}</w:p>"
    assert word(first, paragraph("下半句"), paragraph("后")).text == "上半句，下半句\n后"


def test_word_leaves_deleted_rows_out() -> None:
    gone = "<w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
    rows = table(("张三", "好")).replace("</w:tbl>", f"{gone}</w:tbl>")
    assert word(rows).text == "张三\t好"


def test_word_reads_content_controls_and_hyperlinks() -> None:
    inline = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
    link = f"<w:hyperlink>{run('链接')}</w:hyperlink>"
    block = f"<w:sdt><w:sdtContent>{paragraph('整段')}</w:sdtContent></w:sdt>"
    assert word(paragraph("有", inline, link), block).text == "有控件链接\n整段"


def test_word_reads_what_fields_show_not_their_codes() -> None:
    field = "<w:r><w:instrText> PAGE </w:instrText></w:r>"
    assert (
        word(paragraph("第", field, f"<w:fldSimple w:instr='X'>{run('3')}</w:fldSimple>", "页")).text
        == "第3页"
    )


def test_word_leaves_footnotes_and_pinyin_out() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('zhāng')}</w:rt><w:rubyBase>{run('张')}</w:rubyBase></w:ruby></w:r>"
    note = "<w:r><w:footnoteReference w:id='1'/></w:r>"
    assert word(paragraph(ruby, "三", note)).text == "张三"


def test_word_warns_of_text_boxes() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('框里')}</w:txbxContent></w:pict></w:r>"
    transcript = word(paragraph("外面", box))
    assert transcript.text == "外面"
    assert len(transcript.warnings) == 1


def test_word_joins_rows_by_lf_cells_by_tab_and_paragraphs_in_cells_by_lf() -> None:
    rows = table(("张三", paragraph("一") + paragraph("二")), ("李四", "三"))
    assert word(paragraph("题"), rows, paragraph("尾")).text == "题\n张三\t一\n二\n李四\t三\n尾"


def test_word_reads_nested_tables() -> None:
    assert word(table(("甲", table(("乙", "丙")) + paragraph("丁")))).text == "甲\t乙\t丙\n丁"


def test_word_reads_strict_documents_under_another_name() -> None:
    data = docx(paragraph("问：好"), namespace=STRICT, path="word/document2.xml")
    assert read(data, "a.docx").text == "问：好"


def test_word_reads_without_a_package_list() -> None:
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    parts = {"word/document.xml": f"{body}{paragraph('好')}</w:body></w:document>"}
    assert read(package(parts), "a.docx").text == "好"


def test_word_hints_at_names_in_two_column_tables() -> None:
    transcript = word(
        table(("说话人", "内容"), ("张三：", "你好"), ("小陈", "好"), ("今天的天气，很好。", "x"))
    )
    assert hinted(transcript) == ["说话人", "张三", "小陈"]


def test_word_hints_at_the_name_after_time_or_number() -> None:
    transcript = word(table(("1", "张三", "你好"), ("00:12", "李四", "好"), ("甲", "乙", "丙")))
    assert hinted(transcript) == ["张三", "李四"]


def test_word_hints_at_bold_names_at_a_paragraphs_start() -> None:
    transcript = word(
        paragraph(run("张三", bold=True), "  你好"),
        paragraph(run("李", bold=True), run("四：", bold=True), "好"),
        paragraph(run("王五：整段都是粗体。", bold=True)),
        paragraph("前面", run("赵六", bold=True)),
        paragraph(run("这一句太长了不可能是名字吧", bold=True)),
    )
    assert hinted(transcript) == ["张三", "李四", "王五"]


def test_word_does_not_take_bold_switched_off_for_bold() -> None:
    off = '<w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>张三</w:t></w:r>'
    assert word(paragraph(off, "你好")).hints == ()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"not a zip at all", "压缩包"),
        (docx(paragraph("好"))[:200], "压缩包"),
        (package({"a.txt": "x"}), "不是 Word 文档"),
        (package({"word/document.xml": "<w:document"}), "损坏"),
        (package({"word/document.xml": "<html/>"}), "不是 Word 文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "加了密码"),
        (docx(), "空文件"),
        (docx(paragraph(), paragraph("  ")), "空文件"),
    ],
)
def test_word_refuses_what_is_no_sound_document(data: bytes, what: str) -> None:
    with pytest.raises(FormatError, match=what) as caught:
        read(data, "a.docx")
    assert "\n" not in str(caught.value)


def test_word_refuses_a_damaged_member() -> None:
    data = bytearray(docx(paragraph("好" * 4000)))
    at = data.index(b"word/document.xml") + 40
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(FormatError):
        read(bytes(data), "a.docx")


def test_word_refuses_a_zip_bomb() -> None:
    data = docx(paragraph(" " * (60 * 1024 * 1024)))
    assert len(data) < LIMIT
    with pytest.raises(FormatError, match="解压后超过"):
        read(data, "a.docx")


def test_word_refuses_entities() -> None:
    head = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(FormatError, match="实体"):
        read(docx(paragraph("&x;"), head=head), "a.docx")


def test_word_refuses_nesting_without_end() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3000 + paragraph("好") + "</w:sdtContent></w:sdt>" * 3000
    with pytest.raises(FormatError):
        read(docx(deep), "a.docx")


@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.md"])
@pytest.mark.parametrize("seed", range(12))
def test_read_ends_in_a_transcript_or_an_error_of_ours(name: str, seed: int) -> None:
    data = random.Random(seed).randbytes(seed * 7)
    try:
        assert read(data, name).text.strip()
    except CoderError as error:
        assert str(error).startswith(name)


def test_word_refuses_compression_that_word_does_not_use() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(FormatError, match="压缩方式"):
        read(buffer.getvalue(), "a.docx")


def test_read_survives_any_byte_changed_in_a_word_file() -> None:
    # regression: zipfile raised ValueError for a wrong offset
    sound = docx(paragraph("问：好"), table(("张三", "好")))
    for seed in range(200):
        damage = random.Random(seed)
        data = bytearray(sound)
        for _ in range(4):
            data[damage.randrange(len(data))] = damage.randrange(256)
        try:
            assert read(bytes(data), "a.docx").text
        except CoderError as error:
            assert str(error).startswith("a.docx：")
