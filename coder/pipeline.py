"""suggest(): the only place where match, classify and combine are joined."""

from __future__ import annotations

from dataclasses import dataclass

from coder import __version__
from coder.classify import Models
from coder.combine import Found, Scene, combine, observe
from coder.match import Matcher
from coder.model.codebook import Codebook
from coder.model.lexicon import Lexicon
from coder.model.suggestion import Run
from coder.model.text import Span, Transcript
from coder.words import Tokenizer


@dataclass(frozen=True)
class Engine:
    """Codebook, lexicon and models, ready to propose; shared between threads."""

    codebook: Codebook
    lexicon: Lexicon
    matcher: Matcher
    tokenizer: Tokenizer
    models: Models

    def suggest(self, transcript: Transcript, threshold: float | None = None) -> Run:
        """The run over a segmented transcript; the same input gives the same output."""
        cut = self.models.threshold if threshold is None else threshold
        codes = self.codebook.suggested_codes
        founds = self.find(transcript)
        suggestions, uncoded = combine(founds, codes, self.models.combination, cut, self.models.levels)
        return Run(
            codebook=self.codebook.id,
            codebook_version=self.codebook.version,
            lexicon_version=self.lexicon.version,
            model_version=self.models.version,
            program_version=__version__,
            threshold=cut,
            suggestions=suggestions,
            uncoded=uncoded,
        )

    def find(self, transcript: Transcript) -> tuple[Found, ...]:
        """What each interviewee sentence shows, before anything is proposed."""
        seen = observe(transcript, self.matcher)
        offsets = [s.span.start for s in transcript.interviewee_sentences]
        judgements = self.models.judge([c for c, _ in seen], offsets, self.tokenizer)
        return tuple(
            Found(sentence, transcript.of(sentence.span), matches, judgement)
            for sentence, (_, matches), judgement in zip(
                transcript.interviewee_sentences, seen, judgements, strict=True
            )
        )

    def likeliest(self, transcript: Transcript, span: Span, most: int = 3) -> tuple[tuple[str, float], ...]:
        """The likeliest competencies of any span, with their probabilities given that it is codable."""
        touched = [found for found in self.find(transcript) if found.sentence.span.overlap(span)]
        if not touched:
            return ()
        scene = Scene(touched, self.codebook.suggested_codes)
        shares = scene.joined(0, len(touched) - 1).tolist()
        ranked = sorted(zip(scene.codes, shares, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return tuple(ranked[:most])
