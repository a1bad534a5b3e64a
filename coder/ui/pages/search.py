"""检索: the project's codings, filtered; quotes to copy; CSV."""

from functools import partial

import streamlit as st

from coder.model.review import Coding
from coder.review import coding_order
from coder.ui import found, widgets


def quote(coding: Coding) -> str:
    """A coding's words with their place, as a report cites them."""
    place = [coding.transcript, coding.interviewee]
    place += [f"事件 {coding.event}"] if coding.event else []
    place += [f"[{coding.span.start},{coding.span.end})", str(coding.label)]
    return f"“{coding.text}”（{'，'.join(place)}）"


def show(codings: tuple[Coding, ...]) -> None:
    """The table; chosen rows below it as quotes."""
    rows = sorted(codings, key=coding_order)
    picked = st.dataframe(
        found.table(rows),
        hide_index=True,
        height=520,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "原文": st.column_config.TextColumn(width=430),
            "把握": st.column_config.NumberColumn(format="%.2f"),
        },
    )
    chosen = [rows[index] for index in picked["selection"]["rows"] if index < len(rows)]
    if chosen:
        st.code("\n".join(map(quote, chosen)), language=None, wrap_lines=True)
    else:
        st.caption("在最左边勾选若干行，可把引文连同出处一起复制。")


st.title("检索", anchor=False)
widgets.tour_note()
everything = found.project_codings()
if not everything:
    widgets.empty("这个项目还没有编码。先导入访谈稿，编码就能在这里检索。")
else:
    kept = found.filters(everything)
    told, download = st.columns([5, 1], vertical_alignment="center")
    told.write(f"{len(kept)} / {len(everything)} 条")
    download.download_button(
        "下载 CSV",
        partial(found.file_of, kept),  # made at the click
        f"{widgets.project()}-检索.csv",
        "text/csv",
        icon=":material/download:",
        disabled=not kept,
        on_click="ignore",
        width="stretch",
    )
    show(kept)
