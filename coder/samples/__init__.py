"""samples/ looked at as a whole: what the corpus holds, by trade, competency and level, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coder.corpus import Corpus
from coder.samples import checks, tables
from coder.samples.alike import alike
from coder.samples.files import Header, Limits, read_headers, read_limits
from coder.samples.speech import Speech, spoken

__all__ = ["Header", "Limits", "Survey", "alike", "checks", "read_headers", "read_limits", "spoken", "survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    """The tables of the corpus as text, and its problems in words."""

    text: str
    problems: tuple[str, ...]


def survey(corpus: Corpus, folder: Path, codes: tuple[str, ...]) -> Survey:
    """All tables and checks of the corpus that was read from ``folder``."""
    limits, headers = read_limits(folder / "limits.json"), read_headers(folder / "codings")
    speech = {interview.id: spoken(interview) for interview in corpus.interviews}
    doubles = frozenset(path.stem for path in (folder / "double").glob("*.json"))
    return Survey(
        _text(corpus, speech, limits, doubles, codes),
        _problems(corpus, headers, speech, limits, doubles, codes),
    )


def _text(
    corpus: Corpus, speech: dict[str, Speech], limits: Limits, doubles: frozenset[str], codes: tuple[str, ...]
) -> str:
    parts = (
        tables.summary(corpus, speech, limits, len(doubles)),
        tables.by_level(corpus, codes, limits.codings),
        tables.by_trade(corpus, codes),
        tables.words(corpus, speech, limits.manual_words),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _problems(
    corpus: Corpus,
    headers: tuple[Header, ...],
    speech: dict[str, Speech],
    limits: Limits,
    doubles: frozenset[str],
    codes: tuple[str, ...],
) -> tuple[str, ...]:
    interviews = corpus.interviews
    return (
        *checks.headers(headers),
        *checks.spans(interviews, headers),
        *checks.roles(interviews),
        *checks.covered(speech, limits.covered_share),
        *checks.codable(speech, limits.codable_share),
        *checks.manual_words(speech, corpus.utterances, limits.manual_words),
        *checks.different(corpus, limits),
        *checks.splits(corpus),
        *checks.enough(corpus, limits, doubles, codes),
    )
