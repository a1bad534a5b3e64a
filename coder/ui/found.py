"""Codings chosen, shown and handed out as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import streamlit as st

from coder import export, services
from coder.export.rows import records
from coder.model.codebook import Mapping
from coder.model.review import Coding, Status
from coder.ui import state, widgets

SHOWN = {
    "competency_code": "代码",
    "competency": "胜任特征",
    "dimension": "维度",
    "level": "等级",
    "text": "原文",
    "status": "状态",
    "confidence": "把握",
    "transcript": "访谈稿",
    "interviewee": "受访者",
    "group": "组别",
    "event": "事件",
    "annotator": "编码者",
    "memo": "备注",
    "start": "起",
    "end": "止",
}


def project_codings() -> tuple[Coding, ...]:
    """All codings of the project; none for a project not yet made."""
    return services.project_codings(state.desk().store, widgets.project()) if widgets.interviews() else ()


def file_of(codings: Sequence[Coding], models: Sequence[Mapping] = (), format: str = "csv") -> bytes:
    """The codings as an export holds them."""
    stream = BytesIO()
    export.write(codings, stream, codebook=state.desk().codebook, models=models, format=format)
    return stream.getvalue()


def table(codings: Sequence[Coding]) -> list[dict[str, Any]]:
    """The codings as rows with Chinese heads."""
    rows = records(codings, state.desk().codebook)
    named = [{head: row[column] for column, head in SHOWN.items()} for row in rows]
    return [{**row, "状态": Status(str(row["状态"])).name_zh} for row in named]


def filters(codings: Sequence[Coding]) -> tuple[Coding, ...]:
    """Fields for competency, level, status, group, annotator and text; the codings that pass."""
    names = {c.code: f"{c.code} {c.name}" for c in state.desk().codebook}
    first = st.columns([4, 3, 3])
    second = st.columns([3, 3, 4])
    tests = (
        _many(first[0], "胜任特征", codings, lambda c: c.label.competency, names.__getitem__),
        _many(first[1], "等级", codings, lambda c: c.label.level, str),
        _many(first[2], "状态", codings, lambda c: c.status, lambda status: status.name_zh),
        _many(second[0], "组别", codings, lambda c: c.group, lambda group: group or "无"),
        _many(second[1], "编码者", codings, lambda c: c.annotator, lambda name: name or "未裁决"),
    )
    words = second[2].text_input("原文、备注或依据含有", placeholder="例如：客户").casefold()
    return tuple(
        coding
        for coding in codings
        if all(test(coding) for test in tests)
        and words in f"{coding.text}\n{coding.memo}\n{coding.evidence}".casefold()
    )


def _many(
    place: Any,
    label: str,
    codings: Sequence[Coding],
    value: Callable[[Coding], Any],
    name: Callable[[Any], str],
) -> Callable[[Coding], bool]:
    """A field of the values that occur; nothing chosen lets all pass."""
    options = sorted({value(coding) for coding in codings}, key=lambda v: (v is None, v))
    chosen = place.multiselect(label, options, format_func=name, placeholder="全部", select_all=False)
    return lambda coding: not chosen or value(coding) in chosen
