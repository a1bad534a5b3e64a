"""Text → turns: spans of what each speaker says, without labels, stamps and products' lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coder.model.lexicon import Conventions
from coder.model.text import Role, Span, Turn
from coder.segment.labels import Candidate, find_candidates, lines_of
from coder.segment.layout import choose_labels
from coder.segment.names import Names, names_of
from coder.segment.paragraphs import INTERVIEWEE, INTERVIEWER, alternation, blocks_of
from coder.words import fold

_HEAD_LINES = 15
_HEAD_WIDTH = 60
_BOILERPLATE_WIDTH = 120
_LONG_PREFACE = 120
_SPEECH = re.compile("[。?!您]")
_PARTICULAR = re.compile(r"[^:]{1,10}:\s*[^,:]{1,20}")


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a text, numbered from 1, and what had to be guessed, in words."""

    turns: tuple[Turn, ...]
    warnings: tuple[str, ...] = ()


def find_turns(text: str, conventions: Conventions, hints: tuple[Span, ...] = ()) -> Turns:
    """The turns of ``text``; roles as the labels' words say, else OTHER until they are assigned.

    ``hints`` are spans of speaker names that the file's structure gives away.
    """
    names = names_of(conventions)
    lines = lines_of(text)
    body: Sequence[Span] = lines[_head_end(text, lines, conventions) :]
    candidates = find_candidates(text, tuple(body), names, hints)
    labels = choose_labels(candidates, names, len(body))
    body = _without_tail(text, body, conventions)
    if labels:
        return _labelled(text, body, labels, names)
    spoken = [line for line in body if not _is_boilerplate(line.of(text), conventions)]
    return _unlabelled(text, spoken, conventions)


def _is_boilerplate(line: str, conventions: Conventions) -> bool:
    if len(line) > _BOILERPLATE_WIDTH:
        return False
    folded = fold(line)
    return any(re.search(pattern, folded) for pattern in conventions.boilerplate)


def _head_end(text: str, lines: Sequence[Span], conventions: Conventions) -> int:
    """How many lines at the top are the interview's particulars, among them 受访者:李经理.

    A head is short lines without speech, up to the last known particular; lines of its form go
    with it as far as a blank line.
    """
    top = 0
    while top < min(_HEAD_LINES, len(lines)) and not _is_speech(lines[top].of(text)):
        top += 1
    end = max((i + 1 for i in range(top) if _is_boilerplate(lines[i].of(text), conventions)), default=0)
    on = end
    while 0 < on < top and _touch(text, lines, on) and _PARTICULAR.fullmatch(fold(lines[on].of(text))):
        on += 1
    return on if on < len(lines) and not _touch(text, lines, on) else end


def _is_speech(line: str) -> bool:
    return len(line) > _HEAD_WIDTH or _SPEECH.search(fold(line)) is not None


def _touch(text: str, lines: Sequence[Span], at: int) -> bool:
    """Whether no blank line parts line ``at`` from the one before."""
    return at > 0 and text.count("\n", lines[at - 1].end, lines[at].start) == 1


def _without_tail(text: str, lines: Sequence[Span], conventions: Conventions) -> Sequence[Span]:
    """The lines without those at the end that a product adds."""
    end = len(lines)
    while end and _is_boilerplate(lines[end - 1].of(text), conventions):
        end -= 1
    return lines[:end]


def _labelled(text: str, lines: Sequence[Span], labels: tuple[Candidate, ...], names: Names) -> Turns:
    turns: list[Turn] = []
    speakers: dict[str, str] = {}
    lasts = [label.line for label in labels[1:]] + [len(lines)]
    for label, last in zip(labels, lasts, strict=True):
        speaker = speakers.setdefault(label.key, _speaker(label, text))
        said = _trimmed(text, label.said, lines[min(last, len(lines)) - 1].end)
        if said:
            role = names.role(label.key) or Role.OTHER
            turns.append(Turn(len(turns) + 1, speaker, role, said, label.label, label.time))
    return Turns(tuple(turns), tuple(_doubts(text, lines[: labels[0].line], turns)))


def _speaker(label: Candidate, text: str) -> str:
    """The name as written; without the number where that counts questions (Q12)."""
    written = label.label.of(text).strip()
    counts_questions = written[-1].isdecimal() and not label.key[-1].isdecimal()
    return re.sub(r"\s*\d+$", "", written) if counts_questions else written


def _trimmed(text: str, start: int, end: int) -> Span | None:
    said = text[start:end]
    if not said.strip():
        return None
    return Span(start + len(said) - len(said.lstrip()), start + len(said.rstrip()))


def _doubts(text: str, preface: Sequence[Span], turns: Sequence[Turn]) -> Iterable[str]:
    before = sum(len(line) for line in preface)
    if before > _LONG_PREFACE:
        yield f"第一个说话人之前有 {before} 字没有归入任何话轮，请核对"
    speakers = {turn.speaker for turn in turns}
    if len(speakers) == 1:
        yield f"只找到一个说话人（{next(iter(speakers))}），请核对"


def _unlabelled(text: str, lines: Sequence[Span], conventions: Conventions) -> Turns:
    """Two people where paragraphs clearly alternate, else one interviewee."""
    if not lines:
        return Turns((), ("没有可用的文字",))
    passages = alternation(text, lines, conventions)
    if passages:
        named = {Role.INTERVIEWER: INTERVIEWER, Role.INTERVIEWEE: INTERVIEWEE}
        turns = tuple(Turn(n, named[p.role], p.role, p.span) for n, p in enumerate(passages, 1))
        return Turns(turns, ("没有说话人标签，按一问一答的段落推断了访谈者和受访者，请核对",))
    blocks = blocks_of(text, lines)
    turns = tuple(Turn(n, INTERVIEWEE, Role.INTERVIEWEE, b) for n, b in enumerate(blocks, 1))
    return Turns(turns, ("没有找到说话人标签，全文当作一位受访者的话，请核对",))
