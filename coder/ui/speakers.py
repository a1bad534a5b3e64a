"""Who is who in a transcript: names, roles and shares of talk, changed by the analyst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from coder.model.lexicon import Conventions
from coder.model.text import Role, Transcript
from coder.segment import with_turns

ROLE_NAMES = {Role.INTERVIEWER: "访谈者", Role.INTERVIEWEE: "受访者", Role.OTHER: "其他"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as the preview shows him."""

    name: str
    role: Role
    turns: int
    characters: int
    first: str


def speakers(transcript: Transcript) -> tuple[Speaker, ...]:
    """The speakers in the order in which they first speak."""
    found: dict[str, Speaker] = {}
    for turn in transcript.turns:
        old = found.get(turn.speaker) or Speaker(turn.speaker, turn.role, 0, 0, transcript.of(turn.span))
        found[turn.speaker] = replace(old, turns=old.turns + 1, characters=old.characters + len(turn.span))
    return tuple(found.values())


def relabel(
    transcript: Transcript, names: Mapping[str, str], roles: Mapping[str, Role], conventions: Conventions
) -> Transcript:
    """The transcript with speakers renamed (two with one name are merged) and roles set."""
    turns = tuple(
        replace(
            turn,
            speaker=names.get(turn.speaker) or turn.speaker,
            role=roles.get(turn.speaker, turn.role),
        )
        for turn in transcript.turns
    )
    if turns == transcript.turns:
        return transcript
    return with_turns(transcript, turns, conventions)


def proposed_interviewee(transcript: Transcript, conventions: Conventions) -> str:
    """A name for the interviewee: the label, unless every transcript has it; then the file's name."""
    plain = (*conventions.interviewee_labels, *conventions.generic_labels, *ROLE_NAMES.values())
    label = transcript.interviewee.rstrip("0123456789 ")
    generic = not label or any(label.casefold() == word.casefold() for word in plain)
    return PurePath(transcript.name).stem if generic else transcript.interviewee


def variables_of(text: str) -> dict[str, str]:
    """What is written as ``部门=销售，年资=5``; parts without ``=`` are left out.

    >>> variables_of("部门=销售，年资=5")
    {'部门': '销售', '年资': '5'}
    """
    parts = text.replace("，", ",").replace("；", ",").replace(";", ",").replace("＝", "=").split(",")
    pairs = (part.partition("=") for part in parts)
    return {name.strip(): value.strip() for name, sign, value in pairs if sign and name.strip()}
