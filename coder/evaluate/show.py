"""The report as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ROWS = (
    ("CA", "归类一致性 CA"),
    ("R", "编码信度系数 R"),
    ("precision", "精确率"),
    ("recall", "召回率"),
    ("macro_F1", "宏平均 F1"),
    ("span_CA", "区间 CA"),
    ("mean_span", "平均区间长（字）"),
    ("level_exact", "等级完全一致"),
    ("level_within_1", "等级相差 ≤1"),
    ("level_qwk", "等级加权 κ"),
    ("profile_rho", "剖面 ρ"),
)
_COLUMNS = (
    ("majority", "最多类"),
    ("lexicon_only", "仅词典"),
    ("tfidf_lr", "TF-IDF+LR"),
)


def show(report: Mapping[str, Any]) -> str:
    """The figures as aligned text; every one measured out of fold on synthetic interviews."""
    lines = [*_table(report), "", *_single(report), "", *_competencies(report), ""]
    for key, title in (("by_group", "按组别"), ("by_format", "按版式")):
        groups = [
            f"{name} {_number(row['CA'])}（{row['interviews']} 篇）" for name, row in report[key].items()
        ]
        lines.append(f"{title} CA：{'，'.join(groups)}")
    if "learning_curve" in report:
        points = [
            f"{p['interviews']} 篇 {_number(p['CA'])}/{_number(p['hit@3'])}" for p in report["learning_curve"]
        ]
        lines.append(f"学习曲线（CA/hit@3）：{'，'.join(points)}")
    return "\n".join(lines)


def _table(report: Mapping[str, Any]) -> list[str]:
    columns: list[tuple[str, Mapping[str, Any]]] = [("本程序", report["program"])]
    columns += [(title, report["baselines"][name]) for name, title in _COLUMNS]
    if report.get("double_coding"):
        columns.append(("双编码", report["double_coding"]))
    lines = ["合成语料，按行业分折，折外 " + "  ".join(title for title, _ in columns)]
    for key, title in _ROWS:
        lines.append(
            "  ".join([_wide(title, 20), *(f"{_number(figures[key]):>8}" for _, figures in columns)])
        )
    constant = report["baselines"]["constant_level"]
    lines.append(
        f"等级恒取中位数：≤1 {_number(constant['level_within_1'])}，加权 κ {_number(constant['level_qwk'])}"
    )
    return lines


def _single(report: Mapping[str, Any]) -> list[str]:
    hits, calibration = report["hits"], report["calibration"]
    return [
        f"给定区间：hit@1 {_number(hits['hit@1'])}，hit@3 {_number(hits['hit@3'])}（{hits['spans']} 处）",
        f"可编码性 AUC {_number(report['codability_auc'])}",
        f"校准误差 ECE {_number(calibration['ECE'])}（{calibration['n']} 条建议）",
    ]


def _competencies(report: Mapping[str, Any]) -> list[str]:
    lines = ["代码   一致  本程序  编码者     F1"]
    for code, row in report["by_competency"].items():
        lines.append(f"{code:5}{row['agreed']:6}{row['ours']:8}{row['theirs']:8}{_number(row['F1']):>8}")
    return lines


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if abs(value) > 2 else f"{value:.3f}"


def _wide(text: str, width: int) -> str:
    """``text`` filled to a width in which a Chinese character takes two."""
    return text + " " * (width - sum(2 if ord(c) > 0x2E80 else 1 for c in text))
