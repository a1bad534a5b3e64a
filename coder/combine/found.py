"""What was found out about each sentence, before anything is proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coder.classify import Context, Judgement, contexts
from coder.match import Matcher, SentenceMatches, signs
from coder.model.text import Sentence, Span, Transcript


@dataclass(frozen=True, slots=True)
class Found:
    """One interviewee sentence with everything that was found out about it."""

    sentence: Sentence
    text: str
    matches: SentenceMatches
    judgement: Judgement

    def of(self, span: Span) -> str:
        """The characters of the sentence under a span of the transcript."""
        return self.text[span.start - self.sentence.span.start : span.end - self.sentence.span.start]


def observe(transcript: Transcript, matcher: Matcher) -> tuple[tuple[Context, SentenceMatches], ...]:
    """Each interviewee sentence as the models see it, with its matches."""
    seen = []
    for sentence, context in zip(transcript.interviewee_sentences, contexts(transcript), strict=True):
        matches = matcher.match(transcript.of(sentence.span), sentence.span.start, context.question)
        seen.append((replace(context, signs={**context.signs, **signs(matches)}), matches))
    return tuple(seen)
