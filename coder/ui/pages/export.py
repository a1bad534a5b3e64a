"""导出: the project's codings as a file, with what is in it."""

from functools import partial

import streamlit as st

from coder.model.codebook import Mapping
from coder.model.review import Coding, Status
from coder.ui import found, state, widgets

FORMATS = {"csv": ("CSV（Excel 可直接打开）", "text/csv"), "json": ("JSON", "application/json")}
COLUMNS = (
    ("project、transcript、interviewee、group", "项目、访谈稿、受访者、组别"),
    ("event、turn", "第几个事件、第几个话轮，从 1 起；不在事件里时 event 为空"),
    ("start、end、text", "原文里的位置（从 0 起的字数，不含 end）与原文"),
    ("competency_code、competency、dimension、level", "代码、胜任特征、维度、等级（负数为反面证据）"),
    ("confidence", "程序的把握，0–1；人工编码为空"),
    ("status", "suggested 未裁决、accepted 接受、amended 修改、rejected 拒绝、added 补充"),
    ("annotator、source", "编码者；来自建议（suggestion）还是人工（human）"),
    ("evidence、memo", "依据（改过的写明原建议）；备注"),
    ("codebook、codebook_version、model_version、decided_at", "编码手册及版本、模型版本、裁决时间"),
)


def options() -> tuple[set[Status], list[Mapping]]:
    """Which codings go in, and which client models are reported beside them."""
    wanted = {Status.ACCEPTED, Status.AMENDED, Status.ADDED}
    left, middle, right = st.columns([2, 1.6, 4], vertical_alignment="bottom")
    if left.checkbox("包括未裁决的建议", value=True):
        wanted.add(Status.SUGGESTED)
    if middle.checkbox("包括已拒绝的", value=True):
        wanted.add(Status.REJECTED)
    models = state.desk().knowledge.mappings
    chosen = right.multiselect(
        "另按客户模型列出",
        list(models),
        format_func=lambda id: models[id].title,
        placeholder="不需要",
        select_all=False,  # streamlit says it in English
    )
    return wanted, [models[id] for id in chosen]


def counts(codings: tuple[Coding, ...]) -> None:
    """How many there are of each status."""
    columns = st.columns(len(Status) + 1)
    columns[0].metric("访谈稿", len({coding.transcript for coding in codings}))
    for column, status in zip(columns[1:], Status, strict=True):
        column.metric(status.name_zh, sum(coding.status is status for coding in codings))


st.title("导出", anchor=False)
widgets.tour_note()
everything = found.project_codings()
if not everything:
    widgets.empty("这个项目还没有编码。先导入访谈稿，复核后在这里下载结果。")
else:
    counts(everything)
    statuses, client_models = options()
    kept = tuple(coding for coding in everything if coding.status in statuses)
    for place, (suffix, (label, mime)) in zip(st.columns([2, 1, 3]), FORMATS.items(), strict=False):
        place.download_button(
            f"下载 {label}",
            partial(found.file_of, kept, client_models, suffix),  # made at the click
            f"{widgets.project()}.{suffix}",
            mime,
            type="primary" if suffix == "csv" else "secondary",
            icon=":material/download:",
            disabled=not kept,
            on_click="ignore",
            width="stretch",
        )
    st.caption(f"{len(kept)} 行，一行一条编码。text 与原文 start–end 之间的文字逐字相同。")
    st.subheader("各列", anchor=False)
    st.table([{"列": column, "内容": meaning} for column, meaning in COLUMNS])
