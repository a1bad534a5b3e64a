"""The workbench mounted: the pane on its page, the link on every page, in a fragment of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from coder import services
from coder.model.codebook import Codebook
from coder.store import Store
from coder.ui.pane.content import content, database_id
from coder.ui.pane.protocol import answer

_HERE = Path(__file__).resolve().parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _script() -> str:
    """The files of js/ as one module, in the order of their names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((_HERE / "js").glob("*.js")))


# isolate_styles off: in a shadow root a selection is collapsed, and adding by selection fails.
_PANE = st.components.v2.component("bei_pane", js=_script(), css=_read("pane.css"), isolate_styles=False)
_LINK = st.components.v2.component(
    "bei_link", js=_read("link.js"), css=_read("link.css"), isolate_styles=False
)


def workbench(store: Store, codebook: Codebook, view: services.InterviewView, annotator: str) -> None:
    """The interview for review; the link must have been mounted before."""
    _PANE(key="pane", data=content(view, codebook, annotator, store.where))


@st.fragment
def link(store: Store, codebook: Codebook) -> None:
    """Stores every decision as it comes in. Runs alone when a message comes; mounted before the page,
    so that what an earlier run left in the queue is stored before the page reads the database."""
    message: dict[str, Any] | None = (st.session_state.get("link") or {}).get("queue")
    reply = st.session_state.get("answered")
    # a message stays in the state until the next one: when the page runs again it is not carried out twice
    if message and (reply is None or reply["nonce"] != message.get("nonce") or reply["retry"]):
        reply = st.session_state["answered"] = answer(store, codebook, message)
    _LINK(key="link", data={"database": database_id(store.where), "answer": reply}, on_queue_change=_noted)


def _noted() -> None:
    """Nothing: the fragment's body reads the queue, once a run, also where callbacks never come."""
