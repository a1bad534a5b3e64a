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
from coder.model.lexicon import Conventions, Indicator
from coder.model.review import Coded
from coder.model.suggestion import Reason
from coder.model.text import Sentence, Span, Transcript
from coder.read import read_file
from coder.segment import segment
from coder.words import fold

_MAX_BYTES = 20 * 1024 * 1024
_HALF = 0.5
_FOLDS = 5
_INDICATOR_WEIGHT = 0.5


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
    fixed = _parsed(_read(path), path.name) if path.exists() else [[] for _ in range(_FOLDS)]
    if not isinstance(fixed, list) or not fixed or not all(isinstance(part, list) for part in fixed):
        raise DataError(path.name, "这里应是由行业列表组成的列表", "请对照 samples/README.md")
    place = {trade: k for k, part in enumerate(fixed) for trade in part}
    parts: list[set[str]] = [set() for _ in fixed]
    for trade in trades:
        digest = int(hashlib.sha256(trade.encode()).hexdigest(), 16)
        parts[place.get(trade, digest % len(parts))].add(trade)
    return tuple(frozenset(part) for part in parts if part)


def corpus_version(folder: Path) -> str:
    """Twelve hexadecimal digits that change with any file of the corpus."""
    digest = hashlib.sha256()
    for pattern in ("transcripts/*", "codings/*", "utterances/*", "folds.json"):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


def load_interview(path: Path, transcripts: Path, codebook: Codebook, conventions: Conventions) -> Interview:
    """The interview whose coding is ``path``; its transcript has the same stem."""
    data = _json(_read(path), path.name)
    transcript = read_file(_transcript_of(path, transcripts), _MAX_BYTES)
    layered = segment(replace(transcript, group=data.get("group", "")), conventions)
    id, trade, rows = (_field(data, name, path.name) for name in ("id", "trade", "codings"))
    codings = tuple(_reference(row, layered, codebook, path.name) for row in rows)
    reasons = tuple(
        (_span(row, path.name), _reason(_field(row, "reason", path.name), path.name))
        for row in data.get("not_codable", [])
    )
    return Interview(id, trade, layered, codings, reasons, bool(data.get("validation")))


def load_double(folder: Path, codebook: Codebook) -> dict[str, tuple[Coded, ...]]:
    """The second, independent codings (samples/double/) in dimension A, by interview id."""
    found: dict[str, tuple[Coded, ...]] = {}
    for path in sorted((folder / "double").glob("*.json")):
        rows = _field(_json(_read(path), path.name), "codings", path.name)
        codings = [(_span(row, path.name), _label(row, codebook, path.name)) for row in rows]
        found[path.stem] = tuple(
            Coded(span, label.competency, label.level) for span, label in codings if label.dimension == "A"
        )
    return found


def _transcript_of(coding: Path, transcripts: Path) -> Path:
    for path in sorted(transcripts.glob(coding.stem + ".*")):
        return path
    raise DataError(coding.name, "没有同名的访谈稿", f"请把它放进 {transcripts.name}/")


def _reference(row: dict[str, Any], transcript: Transcript, codebook: Codebook, where: str) -> Reference:
    span = _span(row, where)
    if transcript.of(span) != _field(row, "text", where):
        raise DataError(where, f"[{span.start},{span.end}) 的文字与访谈稿不符", "请重算偏移")
    return Reference(span, _label(row, codebook, where))


def _label(row: dict[str, Any], codebook: Codebook, where: str) -> Label:
    label = Label(*(_field(row, name, where) for name in ("code", "dimension", "level")))
    if label not in codebook:
        raise DataError(where, f"手册里没有 {label}", "请改代码或等级")
    return label


def _span(row: dict[str, Any], where: str) -> Span:
    start, end = (_field(row, name, where) for name in ("start", "end"))
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise DataError(where, f"[{start},{end}) 不是区间", "请重算偏移")
    return Span(start, end)


def _field(row: dict[str, Any], name: str, where: str) -> Any:
    if name not in row:
        raise DataError(where, f"缺少 {name}", "请对照 samples/README.md")
    return row[name]


def _reason(text: str, where: str) -> Reason:
    for reason in Reason:
        if text in (reason.value, reason.name_zh, reason.name_zh.removesuffix("泛述")):
            return reason
    raise DataError(where, f"没有理由 {text}", f"可用：{'、'.join(Reason)}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DataError(path.name, "不是 UTF-8 文本", "请另存为 UTF-8") from None


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(where, f"不是合法的 JSON：第 {error.lineno} 行", "请检查引号与逗号") from None


def _json(text: str, where: str) -> dict[str, Any]:
    data = _parsed(text, where)
    if not isinstance(data, dict):
        raise DataError(where, "这里应是一个 JSON 对象", "请对照 samples/README.md")
    return data


def load_utterances(path: Path, codebook: Codebook, matcher: Matcher) -> tuple[Example, ...]:
    """The examples of one JSON-lines file; DataError with file and line."""
    examples = []
    for number, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        row = _json(line, where)
        code, level = row.get("code"), row.get("level")
        if code is not None and Label(code, "A", level) not in codebook:
            raise DataError(where, f"手册里没有 {code}.A.{level}", "请改代码或等级")
        said, trade = _field(row, "text", where), _field(row, "trade", where)
        reason = _reason(_field(row, "reason", where), where) if code is None else None
        matches = matcher.match(said)
        text, before, after = (fold(row.get(field) or "") for field in ("text", "before", "after"))
        context = Context(text, before, after, "", {**shape(text, before, after), **signs(matches)})
        validation = row.get("split") == "validation"
        source = f"utterance:{trade}"
        examples.append(Example(context, code, level, reason, source, trade, 1.0, matches, validation))
    return tuple(examples)


def indicator_examples(indicators: Iterable[Indicator]) -> tuple[Example, ...]:
    """The sentences that indicators must match, as examples of their label.

    Without signs: that the indicator fires on its own sentence proves nothing.
    """
    examples = []
    for indicator in indicators:
        for sentence in indicator.matches:
            text = fold(sentence)
            context = Context(text, signs=shape(text, "", ""))
            code, level = indicator.label.competency, indicator.label.level
            source = f"utterance:{indicator.id}"
            examples.append(Example(context, code, level, None, source, indicator.id, _INDICATOR_WEIGHT))
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
