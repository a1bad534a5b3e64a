"""访谈稿: files in, with a preview; the project's interviews with their progress."""

import streamlit as st

from coder.services import TOUR_PROJECT
from coder.ui import intake, listing, widgets

_EMPTY = "这个项目还没有访谈稿。把 txt 或 docx 拖进上面的框，或粘贴文字；编码后在这里列出，逐份复核。"


def bring_in() -> None:
    """Drop, preview, code; a single interview is opened for review at once."""
    files = intake.uploads()
    previews = [intake.preview(file, open_=len(files) <= 2) for file in files]
    ready = [transcript for transcript in previews if transcript is not None]
    if not files:
        return
    where = widgets.import_project()
    label = "编码并开始复核" if len(ready) == 1 else f"编码 {len(ready)} 份"
    if widgets.project() == TOUR_PROJECT:
        st.caption(f"会放进“{where}”，不混入导览。")
    if not st.button(label, type="primary", disabled=not ready, icon=":material/play_arrow:"):
        return
    if stored := intake.store_all(ready, where):
        st.session_state["intake"] += 1
        st.session_state["prepared"] = {}
        st.session_state["go_to_project"] = where
        if len(ready) == 1:
            del st.session_state["imported"]
            widgets.open_review(stored[0])
    st.rerun()


def told_imported() -> None:
    """After an import: how many, which not and why, and the way on."""
    for failure in st.session_state.pop("failed", []):
        st.error(failure, icon=":material/error:")
    stored = st.session_state.get("imported", [])
    if not stored:
        return
    note, button = st.columns([5, 1], vertical_alignment="center")
    note.success(f"已编码 {len(stored)} 份。", icon=":material/check:")
    if button.button("开始复核", type="primary", width="stretch"):
        del st.session_state["imported"]
        widgets.open_review(stored[0])


st.title("访谈稿", anchor=False)
st.caption("拖入访谈稿 → 逐条复核建议 → 下载 CSV。不必先建项目。")
widgets.tour_note()
told_imported()
bring_in()
if summaries := widgets.interviews():
    listing.show(summaries)
else:
    st.info(_EMPTY, icon=":material/info:")
