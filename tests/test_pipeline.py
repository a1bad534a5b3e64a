"""suggest() with models of the tiny corpus: rules that hold whatever the models say."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tiny import codebook, corpus, engine, lexicon, models, tokenizer, write_corpus

from coder.engine import Knowledge, load_engine
from coder.model.suggestion import Reason, Run, Suggestion
from coder.model.text import Span, Transcript
from coder.pipeline import Engine
from coder.segment import segment
from coder.settings import Settings
from coder.store import models as model_files
from coder.words import fold


@cache
def suggester() -> Engine:
    return engine(models())


@cache
def runs() -> tuple[tuple[Transcript, Run], ...]:
    return tuple((i.transcript, suggester().suggest(i.transcript)) for i in corpus().interviews)


def everything() -> list[tuple[Transcript, Suggestion]]:
    found = [(transcript, s) for transcript, run in runs() for s in run.suggestions]
    assert found
    return found


# ── suggestions ───────────────────────────────────────────────────────────────────────────────────


def test_pipeline_suggests_something_sure_of_every_interview() -> None:
    assert all(run.above(run.threshold) for _, run in runs())


def test_pipeline_says_the_same_on_a_second_run() -> None:
    for transcript, run in runs():
        assert suggester().suggest(transcript) == run


def test_pipeline_does_not_depend_on_what_was_coded_before() -> None:
    fresh = engine(models())
    transcript, run = runs()[-1]
    assert fresh.suggest(transcript) == run


def test_pipeline_gives_every_suggestion_evidence() -> None:
    assert all(s.evidence for _, s in everything())


def test_pipeline_spans_begin_and_end_with_sentences_of_one_answer() -> None:
    for transcript, suggestion in everything():
        inside = [s for s in transcript.interviewee_sentences if suggestion.span.contains(s.span)]
        assert suggestion.span == Span(inside[0].span.start, inside[-1].span.end)
        assert {s.turn for s in inside} == {suggestion.turn}


def test_pipeline_suggests_in_interviewee_speech_only() -> None:
    for transcript, suggestion in everything():
        others = [s for s in transcript.sentences if s not in transcript.interviewee_sentences]
        assert not any(s.span.overlap(suggestion.span) for s in others)


def test_pipeline_names_the_event_in_which_a_suggestion_stands() -> None:
    for transcript, suggestion in everything():
        first = next(s for s in transcript.sentences if s.span.start == suggestion.span.start)
        assert suggestion.event == first.event


def test_pipeline_labels_are_of_the_codebook_and_never_nought() -> None:
    for _, suggestion in everything():
        assert suggestion.label in codebook()
        assert suggestion.label.level != 0
        assert suggestion.label.competency in codebook().suggested_codes


def test_pipeline_confidences_are_probabilities() -> None:
    assert all(0 <= s.confidence <= 1 for _, s in everything())


def test_pipeline_sure_suggestions_never_overlap_but_on_the_same_stretch() -> None:
    for _, run in runs():
        spans = sorted({s.span for s in run.above(run.threshold)})
        assert not any(a.overlap(b) for a, b in pairwise(spans))


def test_pipeline_never_suggests_a_competency_twice_on_one_stretch() -> None:
    for _, run in runs():
        places = [(s.span, s.label.competency) for s in run.suggestions]
        assert len(places) == len(set(places))


def test_pipeline_alternatives_are_the_likeliest_the_best_first() -> None:
    for _, suggestion in everything():
        shares = [share for _, share in suggestion.alternatives]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] <= 1


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────


def test_pipeline_evidence_words_stand_where_their_span_says() -> None:
    words = [(t, piece) for t, s in everything() for piece in s.evidence if piece.kind == "word"]
    assert words
    for transcript, piece in words:
        assert piece.span is not None
        assert f"词 {fold(transcript.of(piece.span))}" == piece.text


def test_pipeline_evidence_quotes_stand_where_their_span_says() -> None:
    kinds = ("indicator", "blocked", "cue")
    quotes = [(t, piece) for t, s in everything() for piece in s.evidence if piece.kind in kinds]
    assert quotes
    for transcript, piece in quotes:
        assert piece.span is not None
        assert piece.text.endswith(f"「{transcript.of(piece.span)}」")


def test_pipeline_evidence_lies_inside_its_suggestion() -> None:
    for _, suggestion in everything():
        assert all(suggestion.span.contains(p.span) for p in suggestion.evidence if p.span)


# ── sentences without a suggestion ────────────────────────────────────────────────────────────────


def test_pipeline_explains_exactly_the_sentences_that_nothing_covers() -> None:
    for transcript, run in runs():
        sure = run.above(run.threshold)
        left = [
            s.span for s in transcript.interviewee_sentences if not any(u.span.overlap(s.span) for u in sure)
        ]
        assert [uncoded.span for uncoded in run.uncoded] == left


def test_pipeline_reasons_are_of_the_closed_list() -> None:
    reasons = [uncoded.reason for _, run in runs() for uncoded in run.uncoded]
    assert reasons
    assert all(isinstance(reason, Reason) for reason in reasons)


def test_pipeline_of_an_unreachable_threshold_leaves_every_sentence_uncoded() -> None:
    transcript, _ = runs()[0]
    run = suggester().suggest(transcript, threshold=1.01)
    assert run.above(run.threshold) == ()
    assert [u.span for u in run.uncoded] == [s.span for s in transcript.interviewee_sentences]
    assert run.suggestions


@pytest.mark.parametrize("threshold", [0.1, 0.2, 0.5])
def test_pipeline_explains_what_any_threshold_leaves(threshold: float) -> None:
    transcript, _ = runs()[0]
    run = suggester().suggest(transcript, threshold)
    covered = {
        s.span
        for s in transcript.interviewee_sentences
        if any(u.span.contains(s.span) for u in run.above(threshold))
    }
    spans = {uncoded.span for uncoded in run.uncoded}
    assert covered | spans == {s.span for s in transcript.interviewee_sentences}
    assert not covered & spans


def test_pipeline_keeps_the_run_of_a_text_without_answers_empty() -> None:
    transcript = Transcript("空.txt", "。。。")
    run = suggester().suggest(segment(transcript, suggester().lexicon.conventions))
    assert (run.suggestions, run.uncoded) == ((), ())


# ── versions ──────────────────────────────────────────────────────────────────────────────────────


def test_pipeline_run_names_all_that_it_depends_on() -> None:
    _, run = runs()[0]
    assert (run.codebook, run.codebook_version) == (codebook().id, codebook().version)
    assert run.lexicon_version == suggester().lexicon.version
    assert run.model_version == models().version
    assert run.threshold == models().threshold


# ── any span ──────────────────────────────────────────────────────────────────────────────────────


def test_pipeline_likeliest_ranks_competencies_of_any_span() -> None:
    transcript, _ = runs()[0]
    sentence = transcript.interviewee_sentences[3].span
    ranked = suggester().likeliest(transcript, Span(sentence.start + 1, sentence.end - 1), most=100)
    shares = [share for _, share in ranked]
    assert sorted(code for code, _ in ranked) == sorted(codebook().suggested_codes)
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def test_pipeline_likeliest_agrees_with_the_suggestion_on_the_same_span() -> None:
    transcript, run = runs()[0]
    suggestion = run.above(run.threshold)[0]
    ranked = suggester().likeliest(transcript, suggestion.span, most=len(suggestion.alternatives))
    assert [code for code, _ in ranked] == [code for code, _ in suggestion.alternatives]


def test_pipeline_likeliest_of_a_question_is_nothing() -> None:
    transcript, _ = runs()[0]
    asked = next(s for s in transcript.sentences if s not in transcript.interviewee_sentences)
    assert suggester().likeliest(transcript, asked.span) == ()


# ── models on disk ────────────────────────────────────────────────────────────────────────────────


def test_pipeline_suggests_the_same_with_a_model_saved_again(tmp_path: Path) -> None:
    stored = model_files.load(model_files.save(models(), tmp_path / "one"))
    again = model_files.load(model_files.save(stored, tmp_path / "two"))
    for transcript, _ in runs()[:2]:
        assert engine(again).suggest(transcript) == engine(stored).suggest(transcript)


def test_pipeline_suggests_nearly_the_same_with_the_model_as_trained(tmp_path: Path) -> None:
    stored = engine(model_files.load(model_files.save(models(), tmp_path)))
    for transcript, run in runs():
        ours = {(s.span, s.label.competency): s.confidence for s in run.suggestions}
        theirs = {(s.span, s.label.competency): s.confidence for s in stored.suggest(transcript).suggestions}
        both = ours.keys() & theirs.keys()
        assert len(both) >= 0.9 * len(ours)
        assert all(abs(ours[place] - theirs[place]) < 0.01 for place in both)


def test_pipeline_suggests_the_same_when_the_program_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the run that trained once used unrounded weights, the next ones what the file holds
    monkeypatch.setattr("coder.engine.load_knowledge", lambda _: Knowledge(codebook(), lexicon(), {}))
    monkeypatch.setattr("coder.engine.tokenizer_for", lambda *_: tokenizer())
    samples = write_corpus(tmp_path / "samples", interviews=1, utterances=30)
    settings = Settings.from_environ({"CODER_HOME": str(tmp_path / "home"), "CODER_SAMPLES": str(samples)})
    first, second = load_engine(settings), load_engine(settings)
    assert second.models is not first.models
    for transcript, _ in runs()[:2]:
        assert first.suggest(transcript) == second.suggest(transcript)
