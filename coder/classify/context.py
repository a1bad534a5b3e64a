"""What the models see of a sentence: itself, its neighbours, the question, and its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coder.model.text import Role, Sentence, Transcript
from coder.words import fold


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence with what stands around it, all folded.

    ``signs`` are named numbers from elsewhere: cues and indicators found, place in the answer.
    """

    text: str
    before: str = ""
    after: str = ""
    question: str = ""
    signs: Mapping[str, float] = field(default_factory=dict)


def contexts(transcript: Transcript) -> tuple[Context, ...]:
    """The context of each interviewee sentence, in order; without signs of the lexicon."""
    folded = fold(transcript.text)
    sentences = transcript.sentences
    found = []
    question = ""
    for i, sentence in enumerate(sentences):
        text = sentence.span.of(folded)
        if sentence.role is not Role.INTERVIEWEE:
            joined = i > 0 and sentences[i - 1].turn == sentence.turn
            question = question + text if joined else text
            continue
        before, after = _own(folded, sentences, i - 1), _own(folded, sentences, i + 1)
        signs = {**_place(sentences, i), **shape(text, before, after)}
        found.append(Context(text, before, after, question, signs))
    return tuple(found)


def _own(folded: str, sentences: tuple[Sentence, ...], i: int) -> str:
    """The neighbour's text if it is the interviewee's own: a question has a place of its own."""
    if 0 <= i < len(sentences) and sentences[i].role is Role.INTERVIEWEE:
        return sentences[i].span.of(folded)
    return ""


def _place(sentences: tuple[Sentence, ...], i: int) -> dict[str, float]:
    """Where the sentence stands: in its answer, in an event, in the interview."""
    turn = sentences[i].turn
    first = i == 0 or sentences[i - 1].turn != turn
    last = i + 1 == len(sentences) or sentences[i + 1].turn != turn
    place = {"place:start" if i < len(sentences) // 8 else "place:later": 1.0}
    if i >= len(sentences) - len(sentences) // 10:
        place["place:end"] = 1.0
    if first:
        place["place:first"] = 1.0
    if last:
        place["place:last"] = 1.0
    place["place:event" if sentences[i].event else "place:outside"] = 1.0
    return place


def shape(text: str, before: str, after: str) -> dict[str, float]:
    """How long the speech is and who it is about, as numbers of about 1."""
    we = text.count("我们") + text.count("咱们")
    numbers = {
        "shape:length": len(text) / 80,
        "shape:before": min(len(before), 80) / 80,
        "shape:after": min(len(after), 80) / 80,
        "shape:i": float(text.count("我") - text.count("我们")),
        "shape:we": float(we),
        "shape:he": float(text.count("他") + text.count("她")),
        "shape:opens with i": float(text.startswith(("我", "俺"))),
        "shape:done": float("了" in text),
    }
    return {name: value for name, value in numbers.items() if value}
