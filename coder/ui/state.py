"""What all sessions share: the desk (store and knowledge) and the engine. Nothing else is cached."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from coder import engine, services, tour
from coder.engine import Knowledge
from coder.model.codebook import Codebook
from coder.model.lexicon import Conventions
from coder.settings import Settings
from coder.store import Store
from coder.ui import loading
from coder.ui.loading import EngineLoader


@dataclass(frozen=True)
class Desk:
    """The open database and what lexicon/ says."""

    settings: Settings
    store: Store
    knowledge: Knowledge

    @property
    def codebook(self) -> Codebook:
        """The codebook that everything is coded by."""
        return self.knowledge.codebook

    @property
    def conventions(self) -> Conventions:
        """How transcripts name their speakers."""
        return self.knowledge.lexicon.conventions


def desk() -> Desk:
    """The desk of the settings in force."""
    return _desk(Settings.from_environ())


def engine_loader() -> EngineLoader:
    """The engine, or how far it is; trained at first use."""
    return _engine_loader(Settings.from_environ())


def retry_engine() -> None:
    """Forget an engine that would not come, so that the next look makes it anew."""
    _engine_loader.clear()


@st.cache_resource(show_spinner="正在打开数据库……", max_entries=1)
def _desk(settings: Settings) -> Desk:
    opened = Desk(settings, services.open_store(settings), engine.load_knowledge(settings))
    tour.open_tour(opened.store, settings, opened.knowledge)
    return opened


@st.cache_resource(show_spinner=False, max_entries=1)
def _engine_loader(settings: Settings) -> EngineLoader:
    knowledge = _desk(settings).knowledge
    return EngineLoader(lambda progress: loading.prepare(settings, knowledge, progress))
