"""What is said in an interview, sentence by sentence, and how its transcript looks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from coder.corpus import Interview, labels_of, reason_of
from coder.model.text import Role, Transcript
from coder.words import fold

_HAN = ("\u4e00", "\u9fff")
_STOPS = "。！？!?"
_PRODUCT = re.compile(r"\d|[A-Za-z]|说话人|发言人")


@dataclass(frozen=True, slots=True)
class Said:
    """One interviewee sentence, folded: whether it is coded, or whether a reason is given."""

    text: str
    codable: bool
    reasoned: bool


Speech = tuple[Said, ...]


def spoken(interview: Interview) -> Speech:
    """The interviewee's sentences with what the coder made of them (dimension A)."""
    codings = [c for c in interview.codings if c.label.dimension == "A"]
    folded = fold(interview.transcript.text)
    return tuple(
        Said(
            s.span.of(folded),
            bool(labels_of(s, codings)),
            reason_of(s, interview.reasons) is not None,
        )
        for s in interview.transcript.interviewee_sentences
    )


def own_words(transcript: Transcript) -> str:
    """Everything that the interviewee says."""
    return "".join(transcript.of(t.span) for t in transcript.turns if t.role is Role.INTERVIEWEE)


def is_traditional(transcript: Transcript, share: float) -> bool:
    """Whether at least ``share`` of the Chinese characters are Traditional forms."""
    pairs = [
        (old, new)
        for old, new in zip(transcript.text, fold(transcript.text), strict=True)
        if _HAN[0] <= old <= _HAN[1]
    ]
    return sum(old != new for old, new in pairs) >= share * max(1, len(pairs))


def is_noisy(transcript: Transcript, stops: float) -> bool:
    """Whether it reads like speech-to-text: fewer than ``stops`` full stops a character."""
    words = own_words(transcript)
    return sum(words.count(stop) for stop in _STOPS) < stops * len(words)


def layout(transcript: Transcript) -> str:
    """The commonest label as a pattern: 0 for numbers, 名 for a name; empty where there is none."""
    found: Counter[str] = Counter()
    end = 0
    for turn in transcript.turns:
        label = transcript.text[end : turn.span.start]
        end = turn.span.end
        if turn.speaker and not _PRODUCT.search(turn.speaker):
            label = label.replace(turn.speaker, "名")
        found[re.sub(r"\d+", "0", label).lstrip("\n")] += 1
    return found.most_common(1)[0][0] if found else ""
