"""samples/ and decisions → training examples."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coder.classify import Context, shape
from coder.combine import observe
from coder.errors import DataError
from coder.match import Matcher, SentenceMatches, signs
from coder.model.codebook import Codebook, Label
from coder.model.lexicon import Conventions
from coder.model.review import Coded
from coder.model.suggestion import Reason
from coder.model.text import Sentence, Span, Transcript
from coder.read import read_file
from coder.segment import segment
from coder.words import fold

_MAX_BYTES = 20 * 1024 * 1024
_HALF = 0.5
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Reference:
    """A coded span of the corpus."""

    span: Span
    label: Label


@dataclass(frozen=True, slots=True)
class Interview:
    """A coded interview: the segmented transcript, its codings, and who may be compared with it."""

    id: str
    trade: str
    transcript: Transcript
    codings: tuple[Reference, ...]
    reasons: tuple[tuple[Span, Reason], ...]
    validation: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in its context with what a coder made of it.

    ``code`` and ``level`` are None where it is not codable; then ``reason`` may say why.
    ``source`` names the interview or utterance file: examples of one source stay in one fold.
    """

    context: Context
    code: str | None
    level: int | None
    reason: Reason | None
    source: str
    trade: str
    weight: float = 1.0
    matches: SentenceMatches | None = None
    validation: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything to train from. ``version`` hashes the files."""

    version: str
    interviews: tuple[Interview, ...]
    utterances: tuple[Example, ...]
    folds: tuple[frozenset[str], ...] = ()


def load_corpus(folder: Path, codebook: Codebook, conventions: Conventions, matcher: Matcher) -> Corpus:
    """The corpus of ``folder`` (samples/); DataError naming the file and what does not fit."""
    interviews = tuple(
        load_interview(path, folder / "transcripts", codebook, conventions)
        for path in sorted((folder / "codings").glob("*.json"))
    )
    utterances = tuple(
        example
        for path in sorted((folder / "utterances").glob("*.jsonl"))
        for example in load_utterances(path, codebook, matcher)
    )
    if not interviews and not utterances:
        raise DataError(str(folder), "没有训练语料", "请检查 CODER_SAMPLES")
    folds = load_folds(folder / "folds.json", {interview.trade for interview in interviews})
    return Corpus(corpus_version(folder), interviews, utterances, folds)


def load_folds(path: Path, trades: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The trades in parts, so that no trade, and no interviewee, is in two of them.

    The file fixes them; a trade that it does not name joins the part that its hash picks.
    """
    fixed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else [[] for _ in range(_FOLDS)]
    place = {trade: k for k, part in enumerate(fixed) for trade in part}
    parts: list[set[str]] = [set() for _ in fixed]
    for trade in trades:
        digest = int(hashlib.sha256(trade.encode()).hexdigest(), 16)
        parts[place.get(trade, digest % len(parts))].add(trade)
    return tuple(frozenset(part) for part in parts if part)


def corpus_version(folder: Path) -> str:
    """Twelve hexadecimal digits that change with any file of the corpus."""
    digest = hashlib.sha256()
    for part in ("transcripts", "codings", "utterances"):
        for path in sorted((folder / part).glob("*")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


def load_interview(path: Path, transcripts: Path, codebook: Codebook, conventions: Conventions) -> Interview:
    """The interview whose coding is ``path``; its transcript has the same stem."""
    data = _json(path.read_text(encoding="utf-8"), path.name)
    transcript = read_file(_transcript_of(path, transcripts), _MAX_BYTES)
    layered = segment(replace(transcript, group=data.get("group", "")), conventions)
    codings = tuple(_reference(row, layered, codebook, path.name) for row in data["codings"])
    reasons = tuple(
        (Span(row["start"], row["end"]), _reason(row["reason"], path.name))
        for row in data.get("not_codable", [])
    )
    return Interview(data["id"], data["trade"], layered, codings, reasons, bool(data.get("validation")))


def load_double(folder: Path, codebook: Codebook) -> dict[str, tuple[Coded, ...]]:
    """The second, independent codings (samples/double/) in dimension A, by interview id."""
    found: dict[str, tuple[Coded, ...]] = {}
    for path in sorted((folder / "double").glob("*.json")):
        data = _json(path.read_text(encoding="utf-8"), path.name)
        for row in data["codings"]:
            if Label(row["code"], row["dimension"], row["level"]) not in codebook:
                raise DataError(path.name, f"手册里没有 {row['code']}.{row['level']}", "请改代码或等级")
        found[path.stem] = tuple(
            Coded(Span(row["start"], row["end"]), row["code"], row["level"])
            for row in data["codings"]
            if row["dimension"] == "A"
        )
    return found


def _transcript_of(coding: Path, transcripts: Path) -> Path:
    for path in sorted(transcripts.glob(coding.stem + ".*")):
        return path
    raise DataError(coding.name, "没有同名的访谈稿", f"请把它放进 {transcripts.name}/")


def _reference(row: dict[str, Any], transcript: Transcript, codebook: Codebook, where: str) -> Reference:
    span = Span(row["start"], row["end"])
    if transcript.of(span) != row["text"]:
        raise DataError(where, f"[{span.start},{span.end}) 的文字与访谈稿不符", "请重算偏移")
    label = Label(row["code"], row["dimension"], row["level"])
    if label not in codebook:
        raise DataError(where, f"手册里没有 {label}", "请改代码或等级")
    return Reference(span, label)


def _reason(text: str, where: str) -> Reason:
    for reason in Reason:
        if text in (reason.value, reason.name_zh, reason.name_zh.removesuffix("泛述")):
            return reason
    raise DataError(where, f"没有理由 {text}", f"可用：{'、'.join(Reason)}")


def _json(text: str, where: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(where, f"不是合法的 JSON：第 {error.lineno} 行", "请检查引号与逗号") from None
    if not isinstance(data, dict):
        raise DataError(where, "这里应是一个 JSON 对象", "请对照 samples/README.md")
    return data


def load_utterances(path: Path, codebook: Codebook, matcher: Matcher) -> tuple[Example, ...]:
    """The examples of one JSON-lines file; DataError with file and line."""
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        row = _json(line, where)
        code, level = row.get("code"), row.get("level")
        if code is not None and Label(code, "A", level) not in codebook:
            raise DataError(where, f"手册里没有 {code}.A.{level}", "请改代码或等级")
        reason = _reason(row["reason"], where) if code is None else None
        matches = matcher.match(row["text"])
        text, before, after = (fold(row.get(field) or "") for field in ("text", "before", "after"))
        context = Context(text, before, after, "", {**shape(text, before, after), **signs(matches)})
        validation = row.get("split") == "validation"
        source = f"utterance:{row['trade']}"
        examples.append(Example(context, code, level, reason, source, row["trade"], 1.0, matches, validation))
    return tuple(examples)


def examples_of(interview: Interview, matcher: Matcher) -> tuple[Example, ...]:
    """One example for each interviewee sentence and competency coded in it, or its reason."""
    found: list[Example] = []
    codings = [c for c in interview.codings if c.label.dimension == "A"]
    sentences = interview.transcript.interviewee_sentences
    for sentence, (context, matches) in zip(sentences, observe(interview.transcript, matcher), strict=True):
        covering = labels_of(sentence, codings)
        reason = None if covering else reason_of(sentence, interview.reasons)
        plain = Example(
            context, None, None, reason, interview.id, interview.trade, 1.0, matches, interview.validation
        )
        if not covering:
            found.append(plain)
        for label in covering:
            weight = 1 / len(covering)
            found.append(replace(plain, code=label.competency, level=label.level, weight=weight))
    return tuple(found)


def labels_of(sentence: Sentence, codings: Iterable[Reference]) -> tuple[Label, ...]:
    """The labels whose span shares at least half of the sentence, or lies mostly inside it."""
    found = []
    for coding in codings:
        shared = coding.span.overlap(sentence.span)
        if shared and shared >= _HALF * min(len(sentence.span), len(coding.span)):
            found.append(coding.label)
    return tuple(found)


def reason_of(sentence: Sentence, reasons: Sequence[tuple[Span, Reason]]) -> Reason | None:
    """The coder's reason for a sentence that is not codable, if one is given."""
    for span, reason in reasons:
        if span.overlap(sentence.span) * 2 >= len(sentence.span):
            return reason
    return None
