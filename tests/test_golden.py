"""Three samples through read, segment and match, compared with what is kept in tests/golden/.

The files are renewed, after a change that is meant, by `CODER_GOLDEN=renew pytest tests/test_golden.py`;
their diff then shows what the change does. See tests/golden/README.md.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from coder.combine import observe
from coder.load import load_codebook, load_lexicon
from coder.match import Matcher
from coder.model.text import Span, Transcript
from coder.read import read_file
from coder.segment import segment

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = ("013-structural-design", "019-insurance-claims", "109-wealth-manager")
# never where nobody would look at the difference
RENEW = os.environ.get("CODER_GOLDEN") == "renew" and "CI" not in os.environ
CODEBOOK = load_codebook(ROOT / "lexicon" / "codebooks" / "spencer.yaml")
LEXICON = load_lexicon(ROOT / "lexicon", CODEBOOK)
MATCHER = Matcher(LEXICON)


def read(sample: str) -> Transcript:
    return read_file(ROOT / "samples" / "transcripts" / f"{sample}.txt", 10**6)


def ends(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def as_read(transcript: Transcript) -> dict[str, Any]:
    return {
        "name": transcript.name,
        "format": transcript.format,
        "encoding": transcript.encoding,
        "characters": len(transcript.text),
        "lines": transcript.text.count("\n"),
        "hints": [ends(hint) for hint in transcript.hints],
    }


def turns(transcript: Transcript) -> list[Any]:
    return [
        [t.number, t.speaker, t.role, *(ends(t.span) or ()), ends(t.label), t.time, head(transcript, t.span)]
        for t in transcript.turns
    ]


def sentences(transcript: Transcript) -> list[Any]:
    return [
        [s.number, s.turn, s.role, s.event, s.span.start, s.span.end, head(transcript, s.span)]
        for s in transcript.sentences
    ]


def events(transcript: Transcript) -> list[Any]:
    return [[e.number, e.span.start, e.span.end, e.title] for e in transcript.events]


def matches(transcript: Transcript) -> list[Any]:
    rows = []
    observed = observe(transcript, MATCHER)
    for sentence, (_, found) in zip(transcript.interviewee_sentences, observed, strict=True):
        rows += [
            [
                *(sentence.number, match.indicator, str(match.label), *(ends(match.span) or ())),
                *("blocked" if match.blocked else "counts", transcript.of(match.span)),
            ]
            for match in found.matches
        ]
        rows += [
            [sentence.number, cue.cue, cue.effect, *(ends(cue.span) or ()), cue.reason] for cue in found.cues
        ]
    return rows


def head(transcript: Transcript, span: Span) -> str:
    """The first characters, so that a diff can be read."""
    return transcript.of(span)[:12]


LAYERS = {"turns": turns, "sentences": sentences, "events": events, "matches": matches}


def lines(values: list[Any]) -> list[str]:
    return [json.dumps(value, ensure_ascii=False) for value in values]


def kept(sample: str, part: str, found: list[Any]) -> list[str]:
    """The kept lines of a part; with RENEW what was found becomes what is kept."""
    path = GOLDEN / f"{sample}.{part}.jsonl"
    if RENEW:
        path.write_text("".join(line + "\n" for line in lines(found)), encoding="utf-8")
    return path.read_text(encoding="utf-8").split("\n")[:-1]


@pytest.mark.parametrize("sample", SAMPLES)
def test_golden_read(sample: str) -> None:
    found = [as_read(read(sample))]
    assert lines(found) == kept(sample, "read", found)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_golden_layers(sample: str, layer: str) -> None:
    found = LAYERS[layer](segment(read(sample), LEXICON.conventions))
    assert lines(found) == kept(sample, layer, found)


@pytest.mark.parametrize("sample", SAMPLES)
def test_golden_spans_cover_the_text_that_they_show(sample: str) -> None:
    text = read(sample).text
    for line in (GOLDEN / f"{sample}.sentences.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        *_, start, end, shown = json.loads(line)
        assert text[start:end][:12] == shown
