"""Indicators and cues on sentences: their own, then how cues govern and where matches stand."""

from __future__ import annotations

from pathlib import Path

import opencc
import pytest

from coder.load import load_codebook, load_lexicon
from coder.match import Matcher, SentenceMatches, signs
from coder.model.codebook import Label
from coder.model.lexicon import Conventions, Cue, Effect, Indicator, Lexicon, Scope
from coder.words import fold

FOLDER = Path(__file__).parent.parent / "lexicon"
CODEBOOK = load_codebook(FOLDER / "codebooks" / "spencer.yaml")
LEXICON = load_lexicon(FOLDER, CODEBOOK)
MATCHER = Matcher(LEXICON)
CODES = sorted({indicator.label.competency for indicator in LEXICON.indicators})
CATEGORIES = sorted({cue.category for cue in LEXICON.cues})


def own(code: str) -> list[Indicator]:
    return [i for i in LEXICON.indicators if i.label.competency == code]


def hits(found: SentenceMatches, indicator: str) -> int:
    return sum(match.indicator == indicator for match in found.counting)


@pytest.mark.parametrize("code", CODES)
def test_match_every_indicator_counts_in_its_own_sentences(code: str) -> None:
    failed = [(i.id, s) for i in own(code) for s in i.matches if not hits(MATCHER.match(s), i.id)]
    assert failed == []


@pytest.mark.parametrize("code", CODES)
def test_match_no_indicator_counts_in_its_near_misses(code: str) -> None:
    failed = [(i.id, s) for i in own(code) for s in i.misses if hits(MATCHER.match(s), i.id)]
    assert failed == []


def cues_of(cue: Cue, sentence: str) -> list[str]:
    """The cues found; an interviewer's sentence is asked of a short answer."""
    if cue.speaker == "interviewer":
        return [hit.cue for hit in MATCHER.match("对,是的", question=sentence).cues]
    return [hit.cue for hit in MATCHER.match(sentence).cues]


@pytest.mark.parametrize("category", CATEGORIES)
def test_match_every_cue_is_found_in_its_own_sentences(category: str) -> None:
    cues = [cue for cue in LEXICON.cues if cue.category == category]
    assert [(c.id, s) for c in cues for s in c.matches if c.id not in cues_of(c, s)] == []
    assert [(c.id, s) for c in cues for s in c.misses if c.id in cues_of(c, s)] == []


@pytest.mark.parametrize("code", CODES)
def test_match_traditional_text_as_simplified(code: str) -> None:
    to_traditional = opencc.OpenCC("s2t")
    for indicator in own(code):
        for sentence in indicator.matches:
            turned = to_traditional.convert(sentence)
            # a few traditional forms are left alone by folding (着, 干): those sentences prove nothing
            if fold(turned) == fold(sentence):
                assert MATCHER.match(turned) == MATCHER.match(sentence), turned


def test_match_most_sentences_can_be_written_in_traditional_characters() -> None:
    to_traditional = opencc.OpenCC("s2t")
    sentences = [sentence for indicator in LEXICON.indicators for sentence in indicator.matches]
    same = [fold(to_traditional.convert(sentence)) == fold(sentence) for sentence in sentences]
    assert sum(same) / len(same) > 0.9


# ── a lexicon small enough to see through ─────────────────────────────────────────────────────────


def indicator(pattern: str, label: str = "INFO.A.2", number: int = 1) -> Indicator:
    return Indicator(f"T-{number:03d}", pattern, Label.parse(label), ("x",), ("y",))


def cue(pattern: str, effect: Effect, scope: Scope, unless: str = "", speaker: str = "interviewee") -> Cue:
    return Cue("CUE", "test", pattern, effect, scope, "habit", ("x",), ("y",), unless, speaker)


def matcher(*cues: Cue, pattern: str = "挨个问", label: str = "INFO.A.2") -> Matcher:
    lists = dict.fromkeys(Conventions.__dataclass_fields__, ())
    classes = {"自己": ("我", "俺", "我自己")}
    return Matcher(Lexicon("v", classes, (indicator(pattern, label),), cues, Conventions(**lists)))


def test_match_span_is_that_of_the_text() -> None:
    text = "前头的话。我就挨个问了一遍"
    found = matcher().match(text[5:], offset=5)
    assert [m.span.of(text) for m in found.matches] == ["挨个问"]


def test_match_span_survives_characters_outside_the_basic_plane() -> None:
    text = "𠮷家😀那天我挨個問"
    assert [m.span.of(text) for m in matcher().match(text).matches] == ["挨個問"]


def test_match_full_width_punctuation_as_half_width() -> None:
    assert len(matcher(pattern="问,挨个").match("我问，挨个问").matches) == 1


def test_match_class_stands_for_its_longest_word() -> None:
    text = "那天我自己问的"
    found = matcher(pattern="<自己>问").match(text)
    assert [m.span.of(text) for m in found.matches] == ["我自己问"]


def test_match_twice_in_one_sentence_is_two_matches() -> None:
    assert len(matcher().match("挨个问完,又挨个问").matches) == 2


def test_match_clause_cue_reaches_its_clause_only() -> None:
    found = matcher(cue("没", Effect.BLOCK, Scope.CLAUSE)).match("我没挨个问,后来挨个问了")
    assert [m.blocked for m in found.matches] == [True, False]


def test_match_clause_cue_reaches_back_to_the_clause_head() -> None:
    assert matcher(cue("来着", Effect.BLOCK, Scope.CLAUSE)).match("想挨个问来着,没成").counting == ()


def test_match_rest_cue_reaches_forward_only() -> None:
    found = matcher(cue("如果", Effect.BLOCK, Scope.REST)).match("我挨个问了,如果再挨个问")
    assert [m.blocked for m in found.matches] == [False, True]


def test_match_sentence_cue_reaches_everything() -> None:
    found = matcher(cue("就这样", Effect.BLOCK, Scope.SENTENCE)).match("挨个问,年年就这样,挨个问")
    assert found.counting == ()


def test_match_that_only_runs_into_a_scope_counts() -> None:
    governed = cue("他说", Effect.BLOCK, Scope.CLAUSE)
    found = matcher(governed, pattern="我又问.{0,9}才说").match("我又问,他说没有,后来才说")
    assert len(found.counting) == 1


def test_match_unless_switches_the_cue_off() -> None:
    switched = cue("没", Effect.BLOCK, Scope.CLAUSE, unless="还没.*就")
    assert len(matcher(switched).match("他还没开口,我就挨个问").counting) == 1
    assert matcher(switched).match("我没挨个问").counting == ()


def test_match_lowered_counts_with_half_the_weight() -> None:
    found = matcher(cue("我们", Effect.LOWER, Scope.CLAUSE)).match("我们挨个问的")
    assert [m.weight for m in found.counting] == [0.5]


def test_match_blocked_stays_as_evidence_but_does_not_count() -> None:
    found = matcher(cue("一般", Effect.BLOCK, Scope.REST)).match("一般都挨个问")
    assert len(found.matches) == 1
    assert found.counting == ()
    assert [hit.cue for hit in found.matches[0].cues] == ["CUE"]


def test_match_marked_counts_in_full() -> None:
    found = matcher(cue("我们", Effect.MARK, Scope.SENTENCE)).match("我们挨个问的")
    assert [m.weight for m in found.counting] == [1.0]
    assert [hit.effect for hit in found.cues] == [Effect.MARK]


def test_match_leading_question_blocks_a_short_answer_only() -> None:
    asked = matcher(cue("很着急吧", Effect.BLOCK, Scope.SENTENCE, speaker="interviewer"))
    question = "您当时很着急吧？"
    assert asked.match("对,挨个问", question=question).counting == ()
    long_answer = "那天礼拜五,下午四点一刻,我从仓库出来,挨个问了一圈才晓得"
    assert len(asked.match(long_answer, question=question).counting) == 1


def test_match_open_question_blocks_nothing() -> None:
    asked = matcher(cue("很着急吧", Effect.BLOCK, Scope.SENTENCE, speaker="interviewer"))
    assert len(asked.match("挨个问", question="后来呢？").counting) == 1


def test_match_nothing_in_an_empty_sentence() -> None:
    assert MATCHER.match("") == SentenceMatches((), ())


def test_match_same_sentence_gives_the_same_twice() -> None:
    sentence = "我就一户一户敲门问，他说不知道，我又去翻台账"
    assert MATCHER.match(sentence) == MATCHER.match(sentence)


def test_signs_keep_hits_apart_from_blocked() -> None:
    hypothetical = matcher(cue("如果", Effect.BLOCK, Scope.REST))
    assert signs(hypothetical.match("我挨个问")) == {"hit:INFO": 1.0}
    assert signs(hypothetical.match("如果挨个问")) == {"cue:test": 1.0, "blocked:INFO": 1.0}


# ── cases of speech ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sentence",
    [
        "他就挨个打电话问了一遍",
        "领导让小王挨个去问",
        "如果是我，我会挨个去问",
        "以后我打算挨个去问",
        "我一般都挨个去问",
        "现在想想，我当时应该挨个去问",
        "你们可以挨个去问",
        "大家就挨个去问了",
        "我没有挨个去问",
        "我本来想挨个去问",
    ],
)
def test_match_what_the_speaker_did_not_do_is_blocked(sentence: str) -> None:
    assert hits(MATCHER.match(sentence), "INFO-001") == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "我就挨个去问",
        "俺挨个打电话问",
        "他还没开口，我就挨个去问了",
        "他说没用，我就挨个去问",
        "我没吭声，第二天挨个去问",
    ],
)
def test_match_what_the_speaker_did_counts(sentence: str) -> None:
    assert hits(MATCHER.match(sentence), "INFO-001") == 1
