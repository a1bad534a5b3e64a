"""词典: the codebook with its scales, anchors and neighbours."""

import streamlit as st

from coder.model.codebook import Competency, Dimension
from coder.ui import state

EVIDENCE = {"verified": "已核实", "recalled": "转述"}
book = state.desk().codebook


def choose() -> Competency:
    """The competency to read about."""
    clusters = {cluster.id: cluster.name for cluster in book.clusters}
    return st.selectbox(
        "胜任特征",
        list(book),
        format_func=lambda row: f"{row.code} {row.name}　（{clusters[row.cluster]}）",
        label_visibility="collapsed",
    )


def level(dimension: str, number: int) -> str:
    """A level as tables show it."""
    return f"{dimension}{number}".replace("-", "−") + ("" if number else "（不编码）")


def scale(dimension: Dimension) -> None:
    """A dimension's levels and anchors."""
    st.subheader(f"{dimension.id} 维　{dimension.name}", anchor=False)
    notes = [dimension.note] if dimension.note else []
    if dimension.requires_level is not None:
        notes.append(f"只在 A 维达到 {dimension.requires_level} 级的编码旁评定。")
    if notes:
        st.caption("　".join(notes))
    rows = [
        {
            "等级": f"{dimension.id}{step.level}".replace("-", "−")
            + ("（不编码）" if step.level == 0 else ""),
            "锚定描述": step.anchor,
            "出处": EVIDENCE[step.evidence],
        }
        for step in dimension.levels
    ]
    st.table(rows)


st.title("词典", anchor=False)
st.caption(f"{book.title}，版本 {book.version}。{book.source}")
competency = choose()
st.write(f"**{competency.name}**　{competency.name_en}")
st.write(competency.definition)
if competency.variants:
    st.caption(f"又作：{'、'.join(competency.variants)}")
scales, near = st.columns([3, 2], gap="large")
with scales:
    for one in competency.dimensions:
        scale(one)
with near:
    st.subheader("区别", anchor=False)
    for neighbour in competency.neighbours:
        st.write(f"**{neighbour.code} {book.by_code[neighbour.code].name}**　{neighbour.difference}")
    st.subheader("出处", anchor=False)
    st.caption("已核实：编号与含义有公开文本可对。转述：凭文献记忆写成，未与原书核对。")
