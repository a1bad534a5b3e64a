"""lexicon/{classes,cues,indicators}: what is shipped, and how a broken file is named."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from coder.errors import DataError
from coder.load import load_codebook, load_lexicon
from coder.model.suggestion import Reason
from coder.words import fold

FOLDER = Path(__file__).parent.parent / "lexicon"
CODEBOOK = load_codebook(FOLDER / "codebooks" / "spencer.yaml")
LEXICON = load_lexicon(FOLDER, CODEBOOK)
PLACEHOLDER = re.compile(r"<([\u4e00-\u9fff]+)>")


def test_lexicon_every_suggested_competency_has_twenty_indicators() -> None:
    count = Counter(indicator.label.competency for indicator in LEXICON.indicators)
    assert {code: count[code] for code in CODEBOOK.suggested_codes if count[code] < 20} == {}


def test_lexicon_every_level_of_a_suggested_scale_has_an_indicator() -> None:
    labels = {str(indicator.label) for indicator in LEXICON.indicators}
    wanted = [
        f"{code}.A.{level.level}"
        for code in CODEBOOK.suggested_codes
        for level in CODEBOOK.by_code[code].dimensions[0].levels
        if level.level != 0
    ]
    assert [label for label in wanted if label not in labels] == []


def test_lexicon_indicator_ids_begin_with_their_competency() -> None:
    for indicator in LEXICON.indicators:
        assert re.fullmatch(rf"{indicator.label.competency}-\d{{3}}", indicator.id), indicator.id


def test_lexicon_indicators_stand_in_the_file_of_their_competency() -> None:
    for path in (FOLDER / "indicators").glob("*.yaml"):
        ids = re.findall(r"^- id: (\w+)-", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(ids) == {path.stem.upper()}, path.name


def test_lexicon_no_two_indicators_share_a_pattern() -> None:
    patterns = Counter(indicator.pattern for indicator in LEXICON.indicators)
    assert [pattern for pattern, times in patterns.items() if times > 1] == []


def test_lexicon_every_indicator_has_two_sentences_of_each_kind() -> None:
    few = [i.id for i in LEXICON.indicators if len(i.matches) < 2 or len(i.misses) < 2]
    assert few == []


def test_lexicon_every_cue_has_three_sentences_of_each_kind() -> None:
    assert [c.id for c in LEXICON.cues if len(c.matches) < 3 or len(c.misses) < 3] == []


def test_lexicon_cues_speak_for_every_reason_but_the_rest() -> None:
    assert {cue.reason for cue in LEXICON.cues} == {reason.value for reason in Reason}


def test_lexicon_patterns_are_written_in_folded_text() -> None:
    patterns = [item.pattern for item in (*LEXICON.indicators, *LEXICON.cues)]
    patterns += [cue.unless for cue in LEXICON.cues]
    assert [pattern for pattern in patterns if fold(pattern) != pattern] == []


def test_lexicon_class_words_are_folded_and_written_once() -> None:
    for name, words in LEXICON.classes.items():
        assert len(set(words)) == len(words), name
        assert [word for word in words if fold(word) != word] == [], name


def test_lexicon_no_class_is_idle() -> None:
    patterns = [item.pattern for item in (*LEXICON.indicators, *LEXICON.cues)]
    patterns += [cue.unless for cue in LEXICON.cues]
    used = {name for pattern in patterns for name in PLACEHOLDER.findall(pattern)}
    assert set(LEXICON.classes) - used == set()


def test_lexicon_version_changes_with_any_file(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert load_lexicon(folder, CODEBOOK).version == LEXICON.version
    path = folder / "classes" / "people.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 改动\n", encoding="utf-8")
    assert load_lexicon(folder, CODEBOOK).version != LEXICON.version


def copied(tmp_path: Path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "lexicon")


GOOD = """\
# 试用
- id: INFO-901
  pattern: '<自己>挨个问'
  label: INFO.A.2
  matches: [我挨个问]
  not: [他挨个问]
"""


def error_of(tmp_path: Path, old: str, new: str) -> str:
    """The message for an indicator file with one thing wrong."""
    folder = copied(tmp_path)
    assert old in GOOD
    (folder / "indicators" / "zz.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_lexicon(folder, CODEBOOK)
    return str(caught.value)


def test_lexicon_a_good_file_beside_the_shipped_ones_is_loaded(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "indicators" / "zz.yaml").write_text(GOOD, encoding="utf-8")
    assert len(load_lexicon(folder, CODEBOOK).indicators) == len(LEXICON.indicators) + 1


def test_lexicon_names_a_level_outside_the_scale(tmp_path: Path) -> None:
    message = error_of(tmp_path, "INFO.A.2", "INFO.A.19")
    assert "zz.yaml:4" in message
    assert "INFO.A.19" in message


@pytest.mark.parametrize("label", ["INFO.A.0", "INFO.B.1", "ZZZ.A.1", "CSO.B.1"])
def test_lexicon_takes_only_a_levels_that_are_not_zero(tmp_path: Path, label: str) -> None:
    assert label in error_of(tmp_path, "INFO.A.2", label)


def test_lexicon_names_a_label_that_is_none(tmp_path: Path) -> None:
    assert "zz.yaml:4" in error_of(tmp_path, "INFO.A.2", "INFO-2")


def test_lexicon_names_an_unknown_class(tmp_path: Path) -> None:
    message = error_of(tmp_path, "<自己>", "<路人>")
    assert "zz.yaml:3" in message
    assert "路人" in message


def test_lexicon_names_a_bad_regular_expression(tmp_path: Path) -> None:
    message = error_of(tmp_path, "挨个问'", "(挨个问'")
    assert "zz.yaml:3" in message
    assert "正则" in message


def test_lexicon_refuses_a_pattern_that_matches_nothing_at_all(tmp_path: Path) -> None:
    assert "zz.yaml:3" in error_of(tmp_path, "'<自己>挨个问'", "'(挨个问)?'")


def test_lexicon_names_a_missing_not(tmp_path: Path) -> None:
    message = error_of(tmp_path, "  not: [他挨个问]\n", "")
    assert "zz.yaml:2" in message
    assert "缺少字段" in message


def test_lexicon_refuses_empty_sentences(tmp_path: Path) -> None:
    message = error_of(tmp_path, "[他挨个问]", "[]")
    assert "zz.yaml:2" in message
    assert "INFO-901" in message


def test_lexicon_names_an_id_written_twice(tmp_path: Path) -> None:
    message = error_of(tmp_path, "INFO-901", "INFO-001")
    assert "zz.yaml:2" in message
    assert "INFO-001" in message


def test_lexicon_names_an_unknown_field(tmp_path: Path) -> None:
    message = error_of(tmp_path, "  not:", "  weigth: 2\n  not:")
    assert "zz.yaml:6" in message
    assert "weigth" in message


def cue_error(tmp_path: Path, old: str, new: str) -> str:
    """The message for the shipped cues with one thing wrong."""
    folder = copied(tmp_path)
    path = folder / "cues" / "mood.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_lexicon(folder, CODEBOOK)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("effect: block", "effect: forbid"),
        ("scope: rest", "scope: page"),
        ("reason: hypothetical", "reason: weather"),
        ("id: HYP-02", "id: HYP-01"),
    ],
)
def test_lexicon_names_a_broken_cue(tmp_path: Path, old: str, new: str) -> None:
    message = cue_error(tmp_path, old, new)
    assert re.search(r"mood\.yaml:\d+", message)
    assert new.split(": ")[1] in message


def test_lexicon_names_a_class_defined_twice(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "classes" / "zz.yaml").write_text("自己: [我]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"zz\.yaml:1.*自己"):
        load_lexicon(folder, CODEBOOK)
