"""What the pages share: the sidebar, the engine's progress, lists of interviews, words for errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coder import services, tour
from coder.errors import CoderError
from coder.services import DEFAULT_PROJECT, TOUR_PROJECT, InterviewSummary
from coder.ui import state
from coder.ui.pane import link

_ME = "我"
# streamlit leaves six rem above every page, and speaks English in its uploader
_STYLE = """<style>
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"] style:only-child) { display: none; }
.st-key-bei-link:not(:has(.bei-note)) { display: none; }
[data-testid="stTab"][aria-selected="true"] { color: inherit; font-weight: 600; }
.stMainBlockContainer { padding-top: 2.2rem; padding-bottom: 2rem; }
[data-testid="stFileUploaderDropzone"] > span > button [data-testid="stMarkdownContainer"] p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] > span > button [data-testid="stMarkdownContainer"] p::after {
  content: "选择文件"; font-size: 0.95rem; }
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after {
  content: "或拖到这里，每份最大 MEGABYTES MB"; font-size: 0.9rem; }
</style>"""
_NEW_PROJECT = "可直接输入新项目名；有了第一份访谈稿才会建立"
_TOUR = "这是导览：三份合成访谈，建议由没见过它们的模型给出。可以随意试，随时移除。"


def run(page: StreamlitPage) -> None:
    """The sidebar and the page; an error that the user can mend is one line."""
    with told():
        st.html(_STYLE.replace("MEGABYTES", str(megabytes())))
        sidebar()
        with st.container(key="bei-link"):
            link(state.desk().store, state.desk().codebook)
        page.run()


def megabytes() -> int:
    """How large an upload may be."""
    return state.desk().settings.max_bytes // 1024**2


@contextmanager
def told() -> Iterator[None]:
    """Errors inside the block become a line on the page."""
    try:
        yield
    except CoderError as error:
        st.error(str(error), icon=":material/error:")


def sidebar() -> None:
    """Project, annotator, and how far the engine is; both choices go into the address."""
    with st.sidebar:
        _choose_project()
        st.text_input("编码者", key="annotator", max_chars=40, help="记在每一条裁决上")
        if state.engine_loader().busy:
            _engine_progress()
        elif state.engine_loader().error:
            st.error(state.engine_loader().error)
            st.button("重试", icon=":material/refresh:", on_click=state.retry_engine, width="stretch")
    wanted = {"project": project(), "who": annotator()}
    if any(st.query_params.get(name) != value for name, value in wanted.items()):
        st.query_params.update(wanted)


def _choose_project() -> None:
    existing = [row.name for row in services.list_projects(state.desk().store)]
    names = list(dict.fromkeys((*existing, DEFAULT_PROJECT)))
    st.session_state.setdefault("annotator", st.query_params.get("who", _ME))
    chosen = st.session_state.pop("go_to_project", None) or st.session_state.get("project")
    chosen = chosen or st.query_params.get("project")
    if chosen not in names:
        # a name typed in is a project to be: it is made with its first interview
        typed = st.session_state.get("project")
        names += [typed] if typed and chosen == typed and typed.strip() else []
    st.session_state["project"] = chosen if chosen in names else _first(existing)
    st.selectbox(
        "项目",
        names,
        key="project",
        accept_new_options=True,
        help=_NEW_PROJECT,
    )


def _first(existing: list[str]) -> str:
    """The project to show at first: one's own before the tour."""
    own = [name for name in existing if name != TOUR_PROJECT]
    return own[-1] if own else (existing[0] if existing else DEFAULT_PROJECT)


def project() -> str:
    """The project that is looked at."""
    return str(st.session_state.get("project") or DEFAULT_PROJECT).strip()


def import_project() -> str:
    """Where new interviews go: never into the tour."""
    return DEFAULT_PROJECT if project() == TOUR_PROJECT else project()


def annotator() -> str:
    """Who is coding."""
    return str(st.session_state.get("annotator") or _ME).strip() or _ME


@st.fragment(run_every=1.0)
def _engine_progress() -> None:
    loader = state.engine_loader()
    if not loader.busy:
        st.rerun()
    st.progress(loader.fraction, f"模型准备中：{loader.text}")
    st.caption("只在第一次，约两分钟；这期间页面都能用。")


def interviews() -> tuple[InterviewSummary, ...]:
    """The project's interviews with their progress; none for a project not yet made."""
    known = {row.name for row in services.list_projects(state.desk().store)}
    return services.list_interviews(state.desk().store, project()) if project() in known else ()


def undone(rows: tuple[InterviewSummary, ...], after: int = 0) -> InterviewSummary | None:
    """The next interview, from the one with the number ``after`` on, that has something to decide."""
    place = next((i for i, row in enumerate(rows) if row.id == after), -1)
    turned = rows[place + 1 :] + rows[: max(place, 0)]
    return next((row for row in turned if not row.done and row.decided < row.total), None)


def open_review(number: int) -> None:
    """Go to 复核 with this interview."""
    st.session_state["interview"] = number
    st.switch_page("coder/ui/pages/review.py")


def tour_note() -> None:
    """What the tour is, and the button that takes it away."""
    if project() != TOUR_PROJECT:
        return
    note, button = st.columns([5, 1], vertical_alignment="center")
    note.info(_TOUR, icon=":material/explore:")
    if button.button("移除导览", width="stretch"):
        tour.remove_tour(state.desk().store, state.desk().settings)
        st.session_state["go_to_project"] = DEFAULT_PROJECT
        st.rerun()


def plain(text: str) -> str:
    """Text that markdown leaves as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>$~:^=" else c for c in text)


def empty(text: str) -> None:
    """A page with nothing to show yet: why, and the way to the first step."""
    st.info(text, icon=":material/info:")
    st.page_link("coder/ui/pages/transcripts.py", label="去导入访谈稿", icon=":material/description:")
