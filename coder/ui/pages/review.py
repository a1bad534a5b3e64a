"""复核: one interview on the workbench."""

import streamlit as st

from coder import services
from coder.ui import state, widgets
from coder.ui.pane import workbench


def choose() -> int | None:
    """The interview to review: asked for, or the first that is not done."""
    rows = {row.id: row for row in widgets.interviews()}
    if not rows:
        widgets.empty("这个项目还没有访谈稿。")
        return None
    asked = st.session_state.get("interview") or st.query_params.get("interview", "")
    asked = int(asked) if str(asked).isdecimal() else 0
    open_ones = [id for id, row in rows.items() if not row.done]
    st.session_state["interview"] = asked if asked in rows else (open_ones or list(rows))[0]
    return st.selectbox(
        "访谈稿",
        list(rows),
        key="interview",
        label_visibility="collapsed",
        format_func=lambda id: f"{rows[id].name}　{rows[id].interviewee} {rows[id].group}".strip(),
    )


interview = choose()
if interview is not None:
    st.query_params["interview"] = str(interview)
    desk = state.desk()
    view = services.open_interview(desk.store, interview, widgets.annotator())
    workbench(desk.store, desk.codebook, view, widgets.annotator())
