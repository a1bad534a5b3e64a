"""访谈稿: files in, with a preview; the project's interviews with their progress."""

import streamlit as st

from coder import services
from coder.services import InterviewSummary
from coder.ui import intake, state, widgets

_WIDTHS = [4, 2, 1, 1.2, 3, 1.1, 0.9]


def bring_in() -> None:
    """Drop, preview, import."""
    files = intake.uploads()
    previews = [intake.preview(file, open_=len(files) <= 2) for file in files]
    ready = [transcript for transcript in previews if transcript is not None]
    if not files:
        return
    where = widgets.import_project()
    label = f"导入并编码 {len(ready)} 份到“{where}”"
    if st.button(label, type="primary", disabled=not ready, icon=":material/play_arrow:"):
        stored = intake.store_all(ready)
        if stored:
            st.session_state["intake"] += 1
            st.session_state["prepared"] = {}
            st.session_state["imported"] = stored
            st.session_state["go_to_project"] = where
            st.rerun()


def told_imported() -> None:
    """After an import: how many, and the way on."""
    stored = st.session_state.get("imported", [])
    if not stored:
        return
    note, button = st.columns([5, 1], vertical_alignment="center")
    note.success(f"已导入 {len(stored)} 份。", icon=":material/check:")
    if button.button("开始复核", type="primary", width="stretch"):
        st.session_state["interview"] = stored[0]
        del st.session_state["imported"]
        st.switch_page("coder/ui/pages/review.py")


def listed(rows: tuple[InterviewSummary, ...]) -> None:
    """One line an interview."""
    heads = ("名称", "受访者", "组别", "字数", "已裁决", "", "")
    for column, head in zip(st.columns(_WIDTHS), heads, strict=True):
        column.caption(head)
    for row in rows:
        line(row)


def line(row: InterviewSummary) -> None:
    """An interview with its progress, to be opened or deleted."""
    name, person, group, size, bar, review, delete = st.columns(_WIDTHS, vertical_alignment="center")
    name.write(f"{'✓ ' if row.done else ''}{widgets.plain(row.name)}")
    person.write(widgets.plain(row.interviewee))
    group.write(row.group or "—")
    size.write(f"{row.characters:,}")
    bar.progress(row.decided / row.total if row.total else 0.0, f"{row.decided} / {row.total}")
    if review.button("复核", key=f"open-{row.id}", width="stretch"):
        st.session_state["interview"] = row.id
        st.switch_page("coder/ui/pages/review.py")
    with delete.popover("", icon=":material/delete:", help="删除", width="stretch"):
        st.write(f"删除“{widgets.plain(row.name)}”和它的全部裁决？不能恢复。")
        if st.button("确认删除", key=f"delete-{row.id}", type="primary"):
            services.delete_interview(state.desk().store, row.id)
            st.rerun()


st.title("访谈稿")
widgets.tour_note()
told_imported()
bring_in()
if summaries := widgets.interviews():
    st.subheader(f"{widgets.plain(widgets.project())}：{len(summaries)} 份")
    listed(summaries)
