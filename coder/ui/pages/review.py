"""复核: one interview on the workbench."""

import streamlit as st

from coder import services
from coder.services import InterviewSummary
from coder.ui import found, state, widgets
from coder.ui.pane import workbench


def chosen(rows: dict[int, InterviewSummary]) -> int:
    """The interview asked for, or the first that is not finished."""
    asked = str(st.session_state.get("interview") or st.query_params.get("interview", ""))
    if asked.isdecimal() and int(asked) in rows:
        return int(asked)
    first = widgets.undone(tuple(rows.values()))
    return first.id if first else next(iter(rows))


def title(row: InterviewSummary) -> str:
    """An interview in the list: finished or not, its name, who spoke."""
    return f"{'✓ ' if row.done else ''}{row.name}　{row.interviewee} {row.group}".strip()


def choose(rows: dict[int, InterviewSummary]) -> int:
    """The list of interviews, the way to the next open one and the way out."""
    st.session_state["interview"] = chosen(rows)
    field, following, download = st.columns([6, 1.5, 1.5])
    number: int = field.selectbox(
        "访谈稿",
        list(rows),
        key="interview",
        label_visibility="collapsed",
        format_func=lambda id: title(rows[id]),
    )
    other = widgets.undone(tuple(rows.values()), number)
    following.button(
        "下一份",
        icon=":material/skip_next:",
        help=f"打开 {other.name}" if other else "没有别的访谈稿有待裁决的建议",
        disabled=other is None,
        on_click=lambda: st.session_state.update(interview=other.id if other else number),
        width="stretch",
    )
    # the file is made at the click: decisions do not run this page again
    store, project = state.desk().store, widgets.project()
    download.download_button(
        "下载 CSV",
        lambda: found.file_of(services.project_codings(store, project)),
        f"{project}.csv",
        "text/csv",
        icon=":material/download:",
        help="整个项目的编码；要选列、选状态，到“导出”页",
        on_click="ignore",
        width="stretch",
    )
    return number


listed = {row.id: row for row in widgets.interviews()}
if listed:
    interview = choose(listed)
    st.query_params["interview"] = str(interview)
    desk = state.desk()
    view = services.open_interview(desk.store, interview, widgets.annotator())
    workbench(desk.store, desk.codebook, view, widgets.annotator())
else:
    widgets.empty("这个项目还没有访谈稿。先导入一份，程序给出建议后在这里逐条裁决。")
