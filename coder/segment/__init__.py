"""Transcript → turns, roles, sentences, events. The text is never altered."""

from __future__ import annotations

from dataclasses import replace

from coder.model.lexicon import Conventions
from coder.model.text import Role, Transcript, Turn
from coder.segment.events import find_events
from coder.segment.roles import assign_roles
from coder.segment.sentences import find_sentences
from coder.segment.turns import find_turns

__all__ = ["segment", "with_turns"]


def segment(transcript: Transcript, conventions: Conventions, interviewee: str | None = None) -> Transcript:
    """The transcript with its layers; ``interviewee`` overrides the inferred role by name."""
    found = find_turns(transcript.text, conventions, transcript.hints)
    turns = assign_roles(found.turns, transcript.text, conventions, interviewee)
    warnings = transcript.warnings + found.warnings
    return with_turns(replace(transcript, warnings=warnings), turns, conventions)


def with_turns(transcript: Transcript, turns: tuple[Turn, ...], conventions: Conventions) -> Transcript:
    """The transcript with these turns (roles set) and new sentences and events."""
    sentences = find_sentences(transcript.text, turns)
    sentences, events = find_events(transcript.text, turns, sentences, conventions)
    speaker = next((turn.speaker for turn in turns if turn.role is Role.INTERVIEWEE), "")
    return replace(
        transcript,
        turns=turns,
        sentences=sentences,
        events=events,
        interviewee=transcript.interviewee or speaker,
    )
