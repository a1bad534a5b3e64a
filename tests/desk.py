"""A database with interviews whose suggestions are known, and an engine that needs no training."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from coder import engine, services
from coder.engine import Knowledge
from coder.model.codebook import Label
from coder.model.suggestion import Evidence, Reason, Run, Suggestion, Uncoded
from coder.model.text import Sentence, Span, Transcript
from coder.settings import Settings
from coder.store import Store

CODES = ("INFO", "ACH", "CSO", "AT", "INT", "CO")


def words(sentences: int = 60) -> str:
    """An interview with as many interviewee sentences, an emoji and a 𠮷 early in it."""
    lines = ["访谈者：请讲一件您亲自经手的事。", "受访者：😀𠮷野家那次我先去了库房。我一箱一箱看了一遍。"]
    for number in range(3, sentences, 6):
        lines.append("访谈者：后来呢？")
        lines.append(
            "受访者：" + "".join(f"第{n}回我去找了客户，问清楚了才动手。" for n in range(number, number + 6))
        )
    return "\n".join(lines) + "\n"


class FakeEngine:
    """Suggests one coding a sentence in turn, the last sentence of each turn excepted."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.models = SimpleNamespace(version="fake", threshold=0.3)

    def suggest(self, transcript: Transcript, threshold: float | None = None) -> Run:
        own = transcript.interviewee_sentences
        last = {sentence.turn: sentence.number for sentence in own}
        coded = [sentence for sentence in own if last[sentence.turn] != sentence.number or sentence.turn == 2]
        book = self.knowledge.codebook
        return Run(
            book.id,
            book.version,
            self.knowledge.lexicon.version,
            "fake",
            "0",
            0.3,
            tuple(suggestion(transcript, sentence, n) for n, sentence in enumerate(coded)),
            tuple(Uncoded(s.span, Reason.HABIT, "平时") for s in own if s not in coded),
        )


def suggestion(transcript: Transcript, sentence: Sentence, number: int) -> Suggestion:
    """The suggestion that the fake engine makes of a sentence."""
    code, span = CODES[number % len(CODES)], sentence.span
    head = Span(span.start, min(span.start + 4, span.end))
    evidence = Evidence("indicator", f"指标 {code}-001「{transcript.of(head)}」", head, 0.5)
    confidence = round(0.4 + (number * 37 % 60) / 100, 3)
    words = [Evidence("word", f"词 {word}", head, 0.1) for word in ("我", "，之", "客户")]
    likeliest = ((code, confidence), ("OC", 0.2), ("TW", 0.1))
    return Suggestion(
        span, sentence.turn, sentence.event, Label(code, "A", 2), confidence, (evidence, *words), likeliest
    )


def fake_engine(settings: Settings, *_: Any, **__: Any) -> FakeEngine:
    """What stands in for `coder.engine.load_engine`."""
    return FakeEngine(engine.load_knowledge(settings))


def desk(settings: Settings, *texts: str, project: str = services.DEFAULT_PROJECT) -> tuple[Store, list[int]]:
    """The settings' database with these interviews; gives it and their numbers."""
    store = services.open_store(settings)
    made = fake_engine(settings)
    conventions = made.knowledge.lexicon.conventions
    numbers = []
    for count, text in enumerate(texts or (words(),), 1):
        name = f"访谈{count}.txt"
        transcript = services.prepare_bytes(text.encode(), name, conventions, settings.max_bytes)
        transcript = replace(transcript, interviewee=f"P{count:02}", group="优秀")
        numbers.append(services.import_interview(store, transcript, made.suggest(transcript), project))
    return store, numbers
