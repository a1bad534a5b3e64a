"""What a label's words say: a role, a numbered speaker, a person's name, or no speaker at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from coder.model.lexicon import Conventions
from coder.model.text import Role
from coder.words import fold

_LONG_SUFFIX = r"(?:[-_]?\d{1,3}|[a-z甲乙丙])?(?:\(.*\))?"
_SHORT_SUFFIX = r"\d{0,3}"
_QUESTION_NUMBER = re.compile(r"\d+$")


def key_of(label: str) -> str:
    """The label as it is compared: folded, without blanks.

    >>> key_of("說話人 １")
    '说话人1'
    """
    return "".join(fold(label).split())


@dataclass(frozen=True, slots=True)
class Names:
    """Answers about labels (as ``key_of`` gives them), from the conventions' lists."""

    roles: tuple[tuple[Role, re.Pattern[str]], ...]
    numbered: re.Pattern[str]
    generic: re.Pattern[str]
    persons: re.Pattern[str]
    refused_words: re.Pattern[str]
    loose: re.Pattern[str]

    def role(self, key: str) -> Role | None:
        """The role that the label's word names; None if it names none."""
        return next((role for role, pattern in self.roles if pattern.fullmatch(key)), None)

    def is_strong(self, key: str) -> bool:
        """Whether it is a speaker wherever it stands: 访谈者, Q1, 说话人2."""
        return self.role(key) is not None or self.numbered.fullmatch(key) is not None

    def is_short(self, key: str) -> bool:
        """Whether it is a role's one-character label (问, Q, Q1), which lists use too."""
        return len(strip_number(key)) == 1 and self.role(key) is not None

    def is_refused(self, key: str) -> bool:
        """Whether it is known to be no speaker: 周三, 结果, 我跟他说."""
        if self.is_strong(key) or self.generic.fullmatch(key):
            return False
        return self.refused_words.fullmatch(key) is not None

    def is_likely(self, key: str) -> bool:
        """Whether it is a speaker even if it stands only once: a role, or a person's name."""
        if self.is_refused(key):
            return False
        return self.is_strong(key) or any(p.fullmatch(key) for p in (self.generic, self.persons))


def strip_number(key: str) -> str:
    """The label without the number at its end."""
    return _QUESTION_NUMBER.sub("", key) or key


@lru_cache(maxsize=8)
def names_of(conventions: Conventions) -> Names:
    """The names that these conventions know, compiled."""
    plain = [fold(word) for word in conventions.generic_labels if word.isalnum()]
    shapes = [pattern for pattern in conventions.generic_labels if not pattern.isalnum()]
    roles = (
        (Role.INTERVIEWEE, conventions.interviewee_labels),
        (Role.INTERVIEWER, conventions.interviewer_labels),
        (Role.OTHER, conventions.other_labels),
    )
    spoken = [fold(word) for _, words in roles for word in words]
    return Names(
        roles=tuple((role, re.compile(_with_suffix(words))) for role, words in roles),
        numbered=re.compile(f"(?:{_words(plain)})(?:[-_]?\\d{{1,3}}|[a-z])"),
        generic=re.compile(_words(plain)),
        persons=re.compile(_any(shapes) + r"(?:\(.*\))?"),
        refused_words=re.compile(_any(conventions.not_speakers)),
        loose=re.compile(rf"(?P<name>(?:{_words(spoken)})(?:\s?\d{{1,3}})?|(?:{_words(plain)})\s?\d{{1,3}})"),
    )


def _with_suffix(words: Iterable[str]) -> str:
    folded = [fold(word) for word in words]
    short = _words(word for word in folded if len(word) == 1)
    long = _words(word for word in folded if len(word) > 1)
    return f"(?:{short}){_SHORT_SUFFIX}|(?:{long}){_LONG_SUFFIX}"


def _words(words: Iterable[str]) -> str:
    # the longest first: 受访者 before 受访
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) or "(?!)"


def _any(patterns: Iterable[str]) -> str:
    return "(?:" + ("|".join(f"(?:{p})" for p in patterns) or "(?!)") + ")"
