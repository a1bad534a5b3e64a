"""lexicon/ → values: what is loaded, and how a broken file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.errors import DataError
from coder.load import expand, load_codebook, load_mapping, load_mappings
from coder.load.located import read_yaml
from coder.model.codebook import Codebook, Label

LEXICON = Path(__file__).parent.parent / "lexicon"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(LEXICON / "codebooks" / "spencer.yaml")


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped codebook with one thing wrong."""
    text = (LEXICON / "codebooks" / "spencer.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "spencer.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_load_codebook_holds_the_21_competencies(codebook: Codebook) -> None:
    assert len(codebook.competencies) == 21
    assert len(codebook.suggested_codes) == 20
    assert "OTH" not in codebook.suggested_codes


def test_load_codebook_gives_scales_with_their_anchors(codebook: Codebook) -> None:
    assert Label("ACH", "A", 8) in codebook
    assert Label("ACH", "A", 9) not in codebook
    assert Label("ACH", "A", 0) not in codebook
    assert codebook.by_code["ACH"].dimension("A").anchor(-1)


def test_load_codebook_knows_traditional_wordings(codebook: Codebook) -> None:
    assert "成就導向" in codebook.by_code["ACH"].variants


def test_load_codebook_neighbours_say_what_tells_them_apart(codebook: Codebook) -> None:
    for competency in codebook:
        for neighbour in competency.neighbours:
            assert neighbour.code in codebook.by_code
            assert len(neighbour.difference) > 5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level: 5, anchor", "level: 55, anchor", "的等级 55 接在 4 之后"),
        ("level: 5, anchor", "level: 五, anchor", "level 应是整数"),
        ("evidence: verified", "evidence: sure", "evidence 不认识：sure"),
        ("- code: CO\n", "- code: ACH\n", "代码 ACH 重复"),
        ("cluster: achievement", "cluster: nowhere", "没有类群 nowhere"),
        ("  definition:", "  definitoin:", "没有字段 definitoin"),
        ("numbering: spencer-1993\n", "", "缺少字段 numbering"),
        ("{code: INT,", "{code: XYZ,", "没有胜任特征 XYZ"),
        ("  - id: B\n", "  - id: A\n", "的维度 A 重复"),
    ],
)
def test_load_codebook_names_file_line_and_reason(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = broken(tmp_path, old, new)
    with pytest.raises(DataError) as error:
        load_codebook(path)
    assert said in str(error.value)
    where = str(error.value).split("：")[0]
    assert where.startswith("spencer.yaml:")
    assert 1 <= int(where.split(":")[1]) <= len(path.read_text(encoding="utf-8").split("\n"))


def test_load_codebook_points_at_the_line_itself(tmp_path: Path) -> None:
    path = broken(tmp_path, "evidence: verified", "evidence: sure")
    with pytest.raises(DataError, match=f"spencer.yaml:{line_of(path, 'evidence: sure')}："):
        load_codebook(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1, 2", "不是合法的 YAML"),
        ("", "文件是空的"),
        ("- a\n- b\n", "这里应是“键: 值”"),
        ("a: &x 1\nb: *x\n", "不接受 YAML 别名"),
        ("id: !!python/object/apply:os.system [ls]\n", "不认识的值"),
    ],
)
def test_load_codebook_refuses_what_is_no_codebook(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        load_codebook(path)


def test_read_yaml_refuses_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes("标题: 词典".encode("gb18030"))
    with pytest.raises(DataError, match="不是 UTF-8"):
        read_yaml(path)


def test_read_yaml_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="读不了"):
        read_yaml(tmp_path / "none.yaml")


def test_load_mappings_holds_the_client_models(codebook: Codebook) -> None:
    sizes = {id: len(m.items) for id, m in load_mappings(LEXICON / "mappings", codebook).items()}
    assert sizes == {"gen9": 9, "csm7": 7, "hrbp6": 6, "itss26": 26}


def test_load_mappings_tags_the_six_kinds_of_knowledge(codebook: Codebook) -> None:
    itss = load_mappings(LEXICON / "mappings", codebook)["itss26"]
    knowledge = [item for item in itss.items if item.kind == "knowledge"]
    assert len(knowledge) == 6
    assert not any(item.levelled for item in knowledge)


def test_load_mapping_refuses_another_numbering_family(tmp_path: Path, codebook: Codebook) -> None:
    text = (LEXICON / "mappings" / "gen9.yaml").read_text(encoding="utf-8")
    path = tmp_path / "gen9.yaml"
    path.write_text(text.replace("codebook: spencer", "codebook: hay"), encoding="utf-8")
    with pytest.raises(DataError, match="不同编号体系不混用"):
        load_mapping(path, codebook)


def test_expand_puts_the_longest_word_first() -> None:
    assert expand("<自己>去", {"自己": ("我", "我自己")}) == "(?:我自己|我)去"


def test_expand_knows_no_other_class() -> None:
    with pytest.raises(KeyError):
        expand("<谁>去", {})
