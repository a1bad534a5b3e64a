"""The measured quality (samples/quality.json, as `python -m coder evaluate --json` writes it), shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair
import streamlit as st

from coder.model.codebook import Codebook

Report = Mapping[str, Any]
FILE = "quality.json"
_NEEDED = ("program", "hits", "codability_auc", "calibration", "baselines", "by_competency")
_COLUMNS = {"majority": "最多类", "lexicon_only": "仅词典", "tfidf_lr": "TF-IDF＋LR"}
_ROWS = {
    "CA": "归类一致性 CA",
    "R": "编码信度系数 R",
    "precision": "精确率",
    "recall": "召回率",
    "macro_F1": "宏平均 F1",
    "span_CA": "区间 CA（不论特征）",
    "level_exact": "等级完全一致",
    "level_within_1": "等级相差 ≤ 1",
    "level_qwk": "等级加权 κ",
    "profile_rho": "剖面 ρ",
}
_HEIGHT = 280
_ACCENT, _SECOND = "#2a7ea6", "#b8792a"  # legible on light and dark


def read(samples: Path) -> Report | None:
    """The report, or None when there is none, or none that this page can show."""
    try:
        report = json.loads((samples / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    fits = isinstance(report, dict) and all(isinstance(report.get(key), (dict, float)) for key in _NEEDED)
    return report if fits else None


def show(report: Report, codebook: Codebook) -> None:
    """Figures with what they must be compared with, and the charts."""
    st.subheader("质量（合成语料，折外）", anchor=False)
    st.caption(
        f"{report['program'].get('interviews', '–')} 份合成访谈，按行业分折，"
        "每份都由没见过它所在行业的模型编码。真实访谈上的数字会不同：用自己的双编码去核对。"
    )
    _head(report)
    st.table(table(report))
    st.caption(
        "双编码：合成语料两次独立编码之间的一致性（不是人与人之间的信度），是可以期望的上限。其余三列是任何模型都该超过的基线。"
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.altair_chart(competencies(report, codebook))
    with right:
        st.altair_chart(reliability(report))
        if points := report.get("learning_curve"):
            st.altair_chart(curve(points))


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    return altair.Data(values=list(rows))  # type: ignore[no-untyped-call]


def _head(report: Report) -> None:
    double = report.get("double_coding") or {}
    figures = (
        ("归类一致性 CA", report["program"]["CA"], f"双编码 {number(double.get('CA'))}"),
        ("给定区间，前三含正解", report["hits"]["hit@3"], f"第一即正解 {number(report['hits']['hit@1'])}"),
        ("可编码性 AUC", report["codability_auc"], "0.5 为瞎猜"),
        ("校准误差 ECE", report["calibration"]["ECE"], "越小越准"),
    )
    for column, (name, value, note) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(name, number(value))
        column.caption(note)


def table(report: Report) -> list[dict[str, str]]:
    """One row a measure; the program, double coding and the baselines beside each other."""
    columns = {"本程序": report["program"], "双编码": report.get("double_coding") or {}}
    columns |= {name: report["baselines"].get(key) or {} for key, name in _COLUMNS.items()}
    return [
        {"指标": row, **{name: number(figures.get(key)) for name, figures in columns.items()}}
        for key, row in _ROWS.items()
    ]


def number(value: float | None) -> str:
    """Two decimals; a dash for what could not be measured."""
    return "–" if value is None else f"{value:.2f}"


def competencies(report: Report, codebook: Codebook) -> Any:
    """A bar a competency, the best first, in its cluster's colour, with how often coders used it."""
    rows = [
        {
            "特征": f"{code} {codebook.by_code[code].name}" if code in codebook.by_code else code,
            "F1": row["F1"] or 0.0,
            "编码者": row["theirs"],
            "本程序": row["ours"],
            "一致": row["agreed"],
            "颜色": codebook.color(code) if code in codebook.by_code else "gray",
        }
        for code, row in report["by_competency"].items()
    ]
    bars = (
        altair.Chart(_data(rows), title="各胜任特征 F1（合成语料，折外）")
        .mark_bar(height=11)
        .encode(
            x=altair.X("F1:Q", scale=altair.Scale(domain=[0, 1]), title="F1"),
            y=altair.Y("特征:N", sort="-x", title=None, axis=altair.Axis(labelLimit=190, labelOverlap=False)),
            color=altair.Color("颜色:N", scale=None),
            tooltip=["特征:N", "F1:Q", "一致:Q", "本程序:Q", "编码者:Q"],
        )
    )
    return bars.properties(height=24 * len(rows) + 30)


def reliability(report: Report) -> Any:
    """How often suggestions of a confidence agree with the coder, against the diagonal."""
    points = [
        {"把握": row["confidence"], "一致": row["agreed"], "条数": row["n"]}
        for row in report["calibration"].get("diagram", ())
    ]
    unit = altair.Scale(domain=[0, 1])
    line = [{"把握": 0, "一致": 0}, {"把握": 1, "一致": 1}]
    diagonal = altair.Chart(_data(line)).mark_line(strokeDash=[4, 4], color="gray")
    found = altair.Chart(_data(points)).mark_line(color=_ACCENT, point={"size": 60, "color": _ACCENT})
    layers = [
        chart.encode(
            x=altair.X("把握:Q", scale=unit, title="程序的把握"),
            y=altair.Y("一致:Q", scale=unit, title="与编码者一致的比例"),
            tooltip=["把握:Q", "一致:Q", "条数:Q"] if chart is found else altair.Undefined,
        )
        for chart in (diagonal, found)
    ]
    return altair.layer(*layers, title="校准（合成语料，折外；虚线为完全准确）").properties(height=_HEIGHT)


def curve(points: Sequence[Mapping[str, Any]]) -> Any:
    """Quality by the number of interviews to learn from."""
    names = {"CA": "归类一致性 CA", "hit@3": "前三含正解"}
    rows = [
        {"份数": point["interviews"], "指标": name, "值": point[key]}
        for point in points
        for key, name in names.items()
    ]
    return (
        altair.Chart(_data(rows), title="学习曲线（合成语料，折外）")
        .mark_line(point={"size": 70})
        .encode(
            x=altair.X("份数:Q", title="训练用的访谈份数"),
            y=altair.Y("值:Q", scale=altair.Scale(domain=[0, 1]), title=None),
            color=altair.Color(
                "指标:N",
                title=None,
                scale=altair.Scale(domain=list(names.values()), range=[_ACCENT, _SECOND]),
                legend=altair.Legend(orient="bottom"),
            ),
            shape=altair.Shape("指标:N", title=None),
            tooltip=["份数:Q", "指标:N", "值:Q"],
        )
        .properties(height=_HEIGHT)
    )
