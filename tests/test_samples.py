"""The shipped corpus holds what it must, and the checks find what is wrong with another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coder.corpus import Corpus, load_corpus, load_double
from coder.errors import DataError
from coder.load import load_codebook, load_lexicon
from coder.match import Matcher
from coder.model.text import Role, Span
from coder.samples import Header, alike, checks, read_headers, read_limits, spoken, survey
from coder.samples.alike import grams
from coder.samples.speech import Said, is_noisy, is_traditional, layout

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
CODEBOOK = load_codebook(ROOT / "lexicon" / "codebooks" / "spencer.yaml")
LIMITS = read_limits(SAMPLES / "limits.json")
HEADERS = read_headers(SAMPLES / "codings")
CODES = CODEBOOK.suggested_codes


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Reading checks already that spans fit their text, and that codes, levels and reasons exist."""
    lexicon = load_lexicon(ROOT / "lexicon", CODEBOOK)
    return load_corpus(SAMPLES, CODEBOOK, lexicon.conventions, Matcher(lexicon))


@pytest.fixture(scope="module")
def speech(corpus: Corpus) -> dict[str, tuple[Said, ...]]:
    return {interview.id: spoken(interview) for interview in corpus.interviews}


def test_samples_are_named_and_marked_synthetic() -> None:
    assert list(checks.headers(HEADERS)) == []


def test_samples_have_a_coding_for_each_transcript() -> None:
    transcripts = {path.stem for path in (SAMPLES / "transcripts").iterdir()}
    assert transcripts == {header.stem for header in HEADERS}


def test_samples_events_and_reasons_lie_in_the_text(corpus: Corpus) -> None:
    assert list(checks.spans(corpus.interviews, HEADERS)) == []


def test_samples_second_codings_fit_their_text(corpus: Corpus) -> None:
    texts = {interview.id: interview.transcript for interview in corpus.interviews}
    for path in sorted((SAMPLES / "double").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8"))["codings"]:
            assert texts[path.stem].of(Span(row["start"], row["end"])) == row["text"], path.name
    assert load_double(SAMPLES, CODEBOOK).keys() <= texts.keys()


def test_samples_inferred_roles_cover_every_coding(corpus: Corpus) -> None:
    assert list(checks.roles(corpus.interviews)) == []


def test_samples_b_to_d_stand_beside_a_positive_a(corpus: Corpus) -> None:
    for interview in corpus.interviews:
        positive = {
            (c.span, c.label.competency)
            for c in interview.codings
            if c.label.dimension == "A" and (c.label.level or 0) > 0
        }
        for coding in interview.codings:
            # negative levels of B tell of failure and may stand beside a negative A
            if coding.label.dimension != "A" and (coding.label.level or 0) > 0:
                assert (coding.span, coding.label.competency) in positive, (interview.id, coding)


def test_samples_code_a_span_once_a_competency(corpus: Corpus) -> None:
    for interview in corpus.interviews:
        found = [(c.span, c.label.competency) for c in interview.codings if c.label.dimension == "A"]
        assert len(found) == len(set(found)), interview.id


def test_samples_give_each_sentence_a_coding_or_a_reason(speech: dict[str, tuple[Said, ...]]) -> None:
    assert list(checks.covered(speech, LIMITS.covered_share)) == []


def test_samples_are_codable_by_a_quarter_to_a_half(speech: dict[str, tuple[Said, ...]]) -> None:
    assert list(checks.codable(speech, LIMITS.codable_share)) == []


def test_samples_use_manual_words_rather_where_nothing_is_codable(
    corpus: Corpus, speech: dict[str, tuple[Said, ...]]
) -> None:
    assert list(checks.manual_words(speech, corpus.utterances, LIMITS.manual_words)) == []


def test_samples_have_no_near_duplicates(corpus: Corpus) -> None:
    assert list(checks.different(corpus, LIMITS)) == []


def test_samples_keep_a_trade_in_one_part(corpus: Corpus) -> None:
    assert list(checks.splits(corpus)) == []


def test_samples_hold_enough_of_each_kind(corpus: Corpus) -> None:
    doubles = frozenset(path.stem for path in (SAMPLES / "double").glob("*.json"))
    assert list(checks.enough(corpus, LIMITS, doubles, CODES)) == []


def test_survey_shows_every_competency_and_trade(corpus: Corpus) -> None:
    found = survey(corpus, SAMPLES, CODES)
    lines = found.text.splitlines()
    assert found.problems == ()
    assert all(any(line.startswith(code) for line in lines) for code in CODES)
    assert all(any(line.startswith(i.trade) for line in lines) for i in corpus.interviews)


def test_survey_names_what_is_wrong(corpus: Corpus) -> None:
    few = replace(corpus, interviews=corpus.interviews[:2], utterances=corpus.utterances[:1] * 2)
    problems = "\n".join(survey(few, SAMPLES, CODES).problems)
    assert "访谈只有 2" in problems
    assert "OA 在访谈里只有" in problems
    assert "太像（1.00）" in problems


def test_checks_headers_name_the_file() -> None:
    found = list(checks.headers([Header("001-a", "001-b", False, "", "中等", "甲", ())]))
    assert len(found) == 4
    assert all(problem.startswith("001-a：") for problem in found)


def test_checks_roles_find_a_coding_over_the_question(corpus: Corpus) -> None:
    interview = corpus.interviews[0]
    asked = next(t.span for t in interview.transcript.turns if t.role is Role.INTERVIEWER)
    wrong = replace(interview.codings[0], span=asked)
    assert len(list(checks.roles([replace(interview, codings=(wrong,))]))) == 1


def test_checks_splits_find_a_trade_on_both_sides(corpus: Corpus) -> None:
    first = corpus.utterances[0]
    both = replace(corpus, utterances=(first, replace(first, validation=not first.validation)))
    assert len(list(checks.splits(both))) == 1


def test_checks_manual_words_compare_rates() -> None:
    speech = {"a": (Said("我主动去的", True, False), Said("那天下雨了,路不好走", False, True))}
    assert list(checks.manual_words(speech, (), ["主动"])) != []
    assert list(checks.manual_words(speech, (), ["下雨"])) == []


def test_alike_is_the_jaccard_similarity_of_five_grams() -> None:
    # 一二三四五六 has two, 一二三四五七 two, one of them shared
    assert alike(["一二三四五六", "一二三四五七", "别的话别的话"], 0.1) == ((1 / 3, 0, 1),)
    assert alike(["一二三四五六", "一二三四五七"], 1 / 3) == ()


def test_grams_do_not_see_punctuation_width_or_script() -> None:
    assert grams("這個，專案！ＡＢ") == grams("这个专案ab")


def test_speech_tells_traditional_noisy_and_layout(corpus: Corpus) -> None:
    by_id = {interview.id: interview.transcript for interview in corpus.interviews}
    assert is_traditional(by_id["011-software-test"], LIMITS.traditional_characters)
    assert not is_traditional(by_id["001-bus-dispatch"], LIMITS.traditional_characters)
    assert is_noisy(by_id["002-pharmacy"], LIMITS.full_stops)
    assert not is_noisy(by_id["001-bus-dispatch"], LIMITS.full_stops)
    assert layout(by_id["002-pharmacy"]) == "名 0:0:0\n"


def test_limits_of_a_wrong_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    with pytest.raises(DataError, match="没有这个文件"):
        read_limits(path)
    path.write_text('{"interview": 3}', encoding="utf-8")
    with pytest.raises(DataError, match="字段不符"):
        read_limits(path)
    path.write_text("[3]", encoding="utf-8")
    with pytest.raises(DataError, match="JSON 对象"):
        read_limits(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="第 1 行"):
        read_limits(path)
