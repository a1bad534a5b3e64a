"""The project's interviews as a list: progress, the way to review, deletion."""

from __future__ import annotations

import streamlit as st

from coder import services
from coder.services import InterviewSummary
from coder.ui import state, widgets

_COLUMNS = {"名称": 4, "受访者": 2, "组别": 1, "字数": 1.2, "已裁决": 3, "复核": 1.1, "删除": 0.9}
_BARE = ("复核", "删除")  # their buttons say it


def show(rows: tuple[InterviewSummary, ...]) -> None:
    """One line an interview, and the way to the first that is not finished."""
    head, go = st.columns([3, 2], vertical_alignment="bottom")
    finished = sum(row.done or row.decided == row.total for row in rows)
    words = f"{widgets.plain(widgets.project())}：{len(rows)} 份，{finished} 份已完成"
    head.subheader(words, anchor=False)
    following = widgets.undone(rows)
    if following:
        label = f"继续复核：{widgets.plain(following.name)}"
        if go.button(label, icon=":material/rule:", width="stretch"):
            widgets.open_review(following.id)
    for column, text in zip(st.columns(list(_COLUMNS.values())), _COLUMNS, strict=True):
        column.caption("" if text in _BARE else text)
    for row in rows:
        _line(row)


def _line(row: InterviewSummary) -> None:
    """An interview with its progress, to be opened or deleted."""
    name, person, group, size, bar, review, delete = st.columns(
        list(_COLUMNS.values()), vertical_alignment="center"
    )
    name.write(f"{'✓ ' if row.done else ''}{widgets.plain(row.name)}")
    person.write(widgets.plain(row.interviewee))
    group.write(row.group or "—")
    size.write(f"{row.characters:,}")
    bar.progress(row.decided / row.total if row.total else 0.0, f"{row.decided} / {row.total}")
    if review.button("复核", key=f"open-{row.id}", width="stretch"):
        widgets.open_review(row.id)
    with delete.popover("", icon=":material/delete:", help="删除", width="stretch"):
        st.write(f"删除“{widgets.plain(row.name)}”和它的全部裁决？不能恢复。")
        if st.button("确认删除", key=f"delete-{row.id}", type="primary"):
            services.delete_interview(state.desk().store, row.id)
            st.rerun()
