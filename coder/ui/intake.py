"""The way in: dropped files and pasted text, previewed, corrected, coded and stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from coder import services
from coder.errors import CoderError
from coder.model.text import Role, Transcript
from coder.pipeline import Engine
from coder.ui import state, widgets
from coder.ui.speakers import (
    ROLE_NAMES,
    Speaker,
    proposed_interviewee,
    relabel,
    speakers,
    variables_of,
)

GROUPS = {"": "无", "优秀": "优秀", "普通": "普通"}
_PASTED = "粘贴.txt"


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes to read, under a key that stays the same while the page is open."""

    key: str
    name: str
    data: bytes


def uploads() -> list[Upload]:
    """What was dropped or pasted."""
    turn = st.session_state.setdefault("intake", 0)  # counted up to empty the fields after an import
    dropped, pasted = st.tabs(["拖入文件", "粘贴文字"])
    files: list[UploadedFile] = dropped.file_uploader(
        "访谈稿（txt、docx，可一次多份）",
        accept_multiple_files=True,
        key=f"files-{turn}",
        max_upload_size=widgets.megabytes(),
        help="任何编码的纯文本，或 Word 文档；说话人写在每段前面或表格第一列",
    )
    text = pasted.text_area(
        "访谈稿文字", key=f"text-{turn}", height=160, placeholder="访谈者：……\n受访者：……"
    )
    found = [Upload(file.file_id, file.name, file.getvalue()) for file in files or ()]
    if text.strip():
        name = pasted.text_input("名称", _PASTED, key=f"name-{turn}")
        found.append(Upload(f"pasted-{turn}", name.strip() or _PASTED, text.encode()))
    return found


def preview(upload: Upload, open_: bool) -> Transcript | None:
    """The transcript as it will be stored; None when it cannot be, or is not wanted."""
    desk = state.desk()
    try:
        read = _prepared(upload)
    except CoderError as error:
        st.error(str(error), icon=":material/error:")
        return None
    who = (f"{name}＝{ROLE_NAMES[role]}" for name, role in list(read.speakers.items())[:4])
    words = [read.format, read.encoding, f"{len(read.text):,} 字", widgets.plain("，".join(who))]
    double = services.find_duplicate(desk.store, read.text)
    with st.expander(f"**{widgets.plain(read.name)}**　{' · '.join(filter(None, words))}", expanded=open_):
        for warning in read.warnings:
            st.warning(warning, icon=":material/warning:")
        if double:
            place = f"项目“{widgets.plain(double.project)}”里的“{widgets.plain(double.name)}”"
            st.warning(f"全文与{place}相同。", icon=":material/content_copy:")
        wanted = not double or st.checkbox("仍然导入", key=f"again-{upload.key}")
        changed = _speaker_fields(upload.key, read)
        changed = _person_fields(upload.key, changed)
    return changed if wanted else None


def _prepared(upload: Upload) -> Transcript:
    """The upload read and segmented; kept for the session, since every keystroke runs the page."""
    desk, kept = state.desk(), st.session_state.setdefault("prepared", {})
    if upload.key.startswith("pasted") or upload.key not in kept:
        kept[upload.key] = services.prepare_bytes(
            upload.data, upload.name, desk.conventions, desk.settings.max_bytes
        )
    prepared: Transcript = kept[upload.key]
    return prepared if prepared.name == upload.name else replace(prepared, name=upload.name)


def _speaker_fields(key: str, transcript: Transcript) -> Transcript:
    found = speakers(transcript)
    if len(found) == 2 and st.button("对调两人的角色", key=f"swap-{key}", icon=":material/swap_horiz:"):
        for speaker in found:
            st.session_state[f"role-{key}-{speaker.name}"] = _other_role(key, speaker)
    names: dict[str, str] = {}
    roles: dict[str, Role] = {}
    for speaker in found:
        name, role, about = st.columns([2, 2, 6], vertical_alignment="center")
        names[speaker.name] = name.text_input(
            "说话人", speaker.name, key=f"who-{key}-{speaker.name}", label_visibility="collapsed"
        ).strip()
        field = f"role-{key}-{speaker.name}"
        st.session_state.setdefault(field, speaker.role)
        roles[speaker.name] = role.selectbox(
            "角色",
            list(ROLE_NAMES),
            key=field,
            format_func=ROLE_NAMES.__getitem__,
            label_visibility="collapsed",
        )
        about.caption(
            f"{speaker.turns} 次，{speaker.characters:,} 字：{widgets.plain(_start(speaker.first))}"
        )
    if len(found) > 1:
        st.caption("两个说话人改成同一个名字，就合并为一人。")
    return relabel(transcript, names, roles, state.desk().conventions)


def _other_role(key: str, speaker: Speaker) -> Role:
    now = st.session_state.get(f"role-{key}-{speaker.name}", speaker.role)
    return Role.INTERVIEWER if now == Role.INTERVIEWEE else Role.INTERVIEWEE


def _start(words: str) -> str:
    return words[:36].replace("\n", " ") + ("……" if len(words) > 36 else "")


def _person_fields(key: str, transcript: Transcript) -> Transcript:
    person, group, more = st.columns([2, 3, 5], vertical_alignment="bottom")
    proposed = proposed_interviewee(transcript, state.desk().conventions)
    named = person.text_input("受访者编号", proposed, key=f"person-{key}")
    chosen = group.radio(
        "组别", list(GROUPS), key=f"group-{key}", format_func=GROUPS.__getitem__, horizontal=True
    )
    text = more.text_input("其他变量", key=f"more-{key}", placeholder="部门=销售，年资=5")
    return replace(
        transcript, interviewee=named.strip() or proposed, group=chosen, variables=variables_of(text)
    )


def store_all(transcripts: list[Transcript], project: str) -> list[int]:
    """Code and store each, with a bar that names the file; what fails is noted and skipped."""
    bar = st.progress(0.0, "准备")
    engine = _engine(bar)
    stored: list[int] = []
    failed: list[str] = []
    if engine is None:
        return stored
    for number, transcript in enumerate(transcripts):
        share, name = f"{number + 1}/{len(transcripts)}", widgets.plain(transcript.name)
        bar.progress(number / len(transcripts), f"正在编码 {share}：{name}")
        try:
            run = engine.suggest(transcript)
            stored.append(services.import_interview(state.desk().store, transcript, run, project))
        except CoderError as error:
            failed.append(f"{transcript.name}：{error}")
    bar.empty()
    st.session_state["imported"], st.session_state["failed"] = stored, failed
    return stored


def _engine(bar: st.delta_generator.DeltaGenerator) -> Engine | None:
    """The engine, waited for; None with its reason on the page when it will not come."""
    loader = state.engine_loader()
    while not loader.wait(0.3):
        bar.progress(loader.fraction, f"模型准备中（只在第一次），随后自动编码：{loader.text}")
    if loader.error:
        st.error(loader.error, icon=":material/error:")
    return loader.engine
