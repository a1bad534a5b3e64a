"""A database with a few interviews of the fake engine, and what lexicon/ says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from desk import fake_engine

from coder import engine, tour
from coder.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def knowledge() -> engine.Knowledge:
    return engine.load_knowledge(Settings.from_environ())


@pytest.fixture
def settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knowledge: engine.Knowledge
) -> Iterator[Settings]:
    monkeypatch.setenv("CODER_HOME", str(tmp_path))
    monkeypatch.delenv("CODER_DATABASE_URL", raising=False)
    monkeypatch.setattr(engine, "load_engine", fake_engine)
    monkeypatch.setattr(engine, "load_knowledge", lambda settings: knowledge)
    monkeypatch.setattr(engine, "wanted_model", lambda *_: ROOT)  # it exists: nothing to train
    monkeypatch.setattr(tour, "open_tour", lambda *_: None)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    yield Settings.from_environ()
    st.cache_resource.clear()
