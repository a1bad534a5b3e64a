"""Who asks and who answers: by the label's word, else inferred; never by who comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coder.errors import UsageError
from coder.model.lexicon import Conventions
from coder.model.text import Role, Turn
from coder.segment.names import key_of, names_of
from coder.segment.paragraphs import asking

# share of turns that ask from which a speaker is an asker
_ASKER = 0.4
_WEIGHT_ASKING = 1.5


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a speaker speaks: shares of all characters and of the own turns that ask."""

    turns: int
    length: float
    asks: float

    @property
    def interviewing(self) -> float:
        """How much it looks like an interviewer: asks, and leaves the word to the other."""
        return _WEIGHT_ASKING * self.asks + 1 - self.length


def assign_roles(
    turns: tuple[Turn, ...], text: str, conventions: Conventions, interviewee: str | None = None
) -> tuple[Turn, ...]:
    """The turns with each speaker's role; ``interviewee`` names who answers, whatever else says.

    UsageError for a name that nobody has.
    """
    names = names_of(conventions)
    told: dict[str, Role] = {}
    for turn in turns:
        by_label = names.role(key_of(turn.speaker))
        if by_label is not None:
            told[turn.speaker] = by_label
    if interviewee is not None and interviewee.strip():
        chosen = _find(turns, interviewee)
        told = {s: Role.INTERVIEWER if r is Role.INTERVIEWEE else r for s, r in told.items()}
        told[chosen] = Role.INTERVIEWEE
    roles = _infer(_habits(turns, text, conventions), told)
    return tuple(replace(turn, role=roles[turn.speaker]) for turn in turns)


def _habits(turns: Sequence[Turn], text: str, conventions: Conventions) -> dict[str, _Habits]:
    spoken: dict[str, list[str]] = {}
    for turn in turns:
        spoken.setdefault(turn.speaker, []).append(turn.span.of(text))
    total = sum(len(said) for own in spoken.values() for said in own) or 1
    return {
        speaker: _Habits(
            turns=len(own),
            length=sum(map(len, own)) / total,
            asks=sum(asking(said, conventions) > 0 for said in own) / len(own),
        )
        for speaker, own in spoken.items()
    }


def _infer(habits: Mapping[str, _Habits], told: Mapping[str, Role]) -> dict[str, Role]:
    """The told roles, completed: one interviewee at least if anyone is left to be it."""
    roles = dict(told)
    unknown = [speaker for speaker in habits if speaker not in roles]
    if unknown and Role.INTERVIEWEE not in roles.values():
        chosen = _answerer({speaker: habits[speaker] for speaker in unknown})
        roles[chosen] = Role.INTERVIEWEE
        unknown.remove(chosen)
    # whoever spoke but once comes last: one question makes no interviewer
    unknown.sort(key=lambda speaker: (habits[speaker].turns == 1, -habits[speaker].interviewing))
    for speaker in unknown:
        needed = Role.INTERVIEWER not in roles.values()
        asks = habits[speaker].asks >= _ASKER and (habits[speaker].turns > 1 or needed)
        only = needed and len(unknown) == 1 and habits[speaker].turns > 1
        roles[speaker] = Role.INTERVIEWER if asks or only else Role.OTHER
    return roles


def _answerer(habits: Mapping[str, _Habits]) -> str:
    """The interviewee: of two the one who asks less and speaks more, of more the longest answerer."""
    if len(habits) <= 2:
        return min(habits, key=lambda speaker: habits[speaker].interviewing)
    answering = [speaker for speaker, habit in habits.items() if habit.asks < _ASKER]
    return max(answering or habits, key=lambda speaker: habits[speaker].length)


def _find(turns: Sequence[Turn], name: str) -> str:
    """The speaker called ``name``, blanks and width aside."""
    speakers = dict.fromkeys(turn.speaker for turn in turns)
    for speaker in speakers:
        if key_of(speaker) == key_of(name):
            return speaker
    found = "、".join(speakers) or "（无）"
    raise UsageError("说话人", f"没有叫「{name}」的人", f"这篇里的说话人有：{found}")


def swap_roles(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns with interviewer and interviewee exchanged."""
    other = {Role.INTERVIEWER: Role.INTERVIEWEE, Role.INTERVIEWEE: Role.INTERVIEWER}
    return tuple(replace(turn, role=other.get(turn.role, turn.role)) for turn in turns)


def set_role(turns: tuple[Turn, ...], speaker: str, role: Role) -> tuple[Turn, ...]:
    """The turns with ``role`` for all that ``speaker`` says."""
    found = _find(turns, speaker)
    return tuple(replace(turn, role=role) if turn.speaker == found else turn for turn in turns)


def rename_speaker(turns: tuple[Turn, ...], old: str, new: str) -> tuple[Turn, ...]:
    """The turns with the speaker ``old`` called ``new``; UsageError for a name already taken."""
    found, wanted = _find(turns, old), new.strip()
    if not wanted:
        raise UsageError("说话人", f"「{found}」的新名字是空的", "请填一个名字")
    if any(turn.speaker != found and key_of(turn.speaker) == key_of(wanted) for turn in turns):
        raise UsageError("说话人", f"已经有人叫「{wanted}」", "要并成一人请用合并")
    return tuple(replace(turn, speaker=wanted) if turn.speaker == found else turn for turn in turns)


def merge_speakers(turns: tuple[Turn, ...], source: str, target: str) -> tuple[Turn, ...]:
    """The turns with all that ``source`` says given to ``target``, in its role."""
    old, new = _find(turns, source), _find(turns, target)
    role = next(turn.role for turn in turns if turn.speaker == new)
    return tuple(replace(t, speaker=new, role=role) if t.speaker == old else t for t in turns)
