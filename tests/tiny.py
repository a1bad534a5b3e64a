"""A corpus of four interviews and some utterances, small enough to train from in seconds.

Besides, sentences as the models and the matcher leave them, made by hand.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from coder.classify import Judgement, Models
from coder.combine import Found
from coder.corpus import Corpus, load_corpus
from coder.load import load_codebook, load_lexicon
from coder.match import Matcher, SentenceMatches
from coder.model.codebook import Codebook, Label
from coder.model.lexicon import Effect, Lexicon
from coder.model.suggestion import Codability, CueHit, Match, Reason, Vote
from coder.model.text import Role, Sentence, Span
from coder.pipeline import Engine
from coder.train import train
from coder.words import Tokenizer

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
_UTTERANCES = 80
_INDICATORS = 6


@cache
def codebook() -> Codebook:
    return load_codebook(ROOT / "lexicon" / "codebooks" / "spencer.yaml")


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon with a few indicators of each competency: the others only take time."""
    whole = load_lexicon(ROOT / "lexicon", codebook())
    codes = codebook().suggested_codes
    few = [[i for i in whole.indicators if i.label.competency == code][:_INDICATORS] for code in codes]
    return replace(whole, indicators=tuple(indicator for own in few for indicator in own))


@cache
def matcher() -> Matcher:
    return Matcher(lexicon())


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer()


# ── the corpus ────────────────────────────────────────────────────────────────────────────────────


@cache
def shortest() -> tuple[tuple[Path, str], ...]:
    """The coding files of the four shortest typed interviews of different trades, with the trades."""
    found: dict[str, Path] = {}
    transcripts = sorted((SAMPLES / "transcripts").glob("*.txt"), key=lambda p: (p.stat().st_size, p.name))
    for transcript in transcripts:
        path = SAMPLES / "codings" / f"{transcript.stem}.json"
        found.setdefault(json.loads(path.read_text(encoding="utf-8"))["trade"], path)
    return tuple((path, trade) for trade, path in found.items())[:4]


def write_corpus(folder: Path, interviews: int = 4, utterances: int = _UTTERANCES) -> Path:
    """A folder like samples/ with two folds; each interview's trade has an utterance, too."""
    for part in ("transcripts", "codings", "utterances"):
        (folder / part).mkdir(parents=True)
    kept = shortest()[:interviews]
    for path, _ in kept:
        shutil.copy(path, folder / "codings")
        shutil.copy(SAMPLES / "transcripts" / f"{path.stem}.txt", folder / "transcripts")
    lines = (SAMPLES / "utterances" / "start.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line][:: max(1, len(lines) // _UTTERANCES)][:utterances]
    for row, (_, trade) in zip(rows, kept, strict=False):
        row["trade"] = trade
    written = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "utterances" / "few.jsonl").write_text(written, encoding="utf-8")
    trades = [trade for _, trade in kept]
    (folder / "folds.json").write_text(json.dumps([trades[::2], trades[1::2]]), encoding="utf-8")
    return folder


def read_corpus(folder: Path) -> Corpus:
    return load_corpus(folder, codebook(), lexicon().conventions, matcher())


@cache
def corpus() -> Corpus:
    with tempfile.TemporaryDirectory() as folder:
        return read_corpus(write_corpus(Path(folder) / "samples"))


def trained(corpus: Corpus) -> Models:
    return train(corpus, codebook(), lexicon(), tokenizer())


@cache
def models() -> Models:
    return trained(corpus())


def engine(models: Models) -> Engine:
    return Engine(codebook(), lexicon(), matcher(), tokenizer(), models)


# ── sentences by hand ─────────────────────────────────────────────────────────────────────────────

FIRST = Span(0, 1)
CODES = ("ACH", "INFO", "CO", "DIR", "TL", "CT")


def match(label: str, weight: float = 1.0, span: Span = FIRST, blocked: bool = False) -> Match:
    cue = CueHit("NEG-1", "negation", Effect.BLOCK, Reason.OTHER, span)
    return Match("X-001", Label.parse(label), span, weight, (cue,) if blocked else ())


def found(
    text: str = "我就一户一户去问。",
    start: int = 0,
    turn: int = 1,
    codability: float = 0.8,
    shares: Sequence[float] = (0.5, 0.2, 0.1, 0.1, 0.06, 0.04),
    matches: tuple[Match, ...] = (),
    cues: tuple[CueHit, ...] = (),
    reason: Reason = Reason.BACKGROUND,
    score: float = 0.0,
) -> Found:
    """A sentence at ``start`` with the competencies of CODES as likely as ``shares`` say."""
    sentence = Sentence(start + 1, turn, Role.INTERVIEWEE, Span(start, start + len(text)))
    ranked = sorted(zip(CODES, shares, strict=True), key=lambda pair: -pair[1])
    votes = tuple(Vote(code, share, score) for code, share in ranked)
    judgement = Judgement(Codability(codability, reason), votes)
    return Found(sentence, text, SentenceMatches(matches, cues), judgement)
