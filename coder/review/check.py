"""Whether a decision fits: the values make sense, and the item is as the client saw it."""

from __future__ import annotations

from coder.errors import ConflictError, NotFoundError, UsageError
from coder.model.codebook import Codebook
from coder.model.review import Decision, Draft, Status, Verdict
from coder.review.items import Item, spot


def check_decision(decision: Decision, item: Item | None, codebook: Codebook, text: str) -> None:
    """Refuse a decision that does not fit the item as it stands (None: there is no such item).

    UsageError: values that make no sense; NotFoundError: no such item; ConflictError: the item has
    changed since the client saw it.
    """
    if decision.decided_at.tzinfo is None:
        raise ValueError(f"decided_at: {decision.decided_at}; wanted a time with its zone")
    if decision.verdict is Verdict.ADD:
        _check_add(decision, item)
    elif item is None or (item.gone and decision.verdict is not Verdict.UNDO):
        raise NotFoundError(f"条目 {decision.item}", "不存在或已撤销", "请刷新后再看")
    else:
        _check_fresh(decision, item)
        _check_verdict(decision, item)
    if decision.after is not None:
        check_draft(decision.after, codebook, text, decision.item)


def check_draft(draft: Draft, codebook: Codebook, text: str, item: str = "") -> None:
    """Refuse a draft whose label is not in the codebook or whose span holds no text."""
    where, span, label = f"条目 {item}", draft.span, draft.label
    if span.end > len(text):
        raise UsageError(where, f"区间 {spot(span)} 超出原文（共 {len(text)} 字）", "请重新选取文字")
    if not span.of(text).strip():
        raise UsageError(where, f"区间 {spot(span)} 里没有文字", "请重新选取文字")
    if label.level == 0:
        raise UsageError(where, f"{label}：等级 0 不是编码", "没有证据时不编码，反面证据用负等级")
    if label not in codebook:
        raise UsageError(where, f"编码手册 {codebook.id} 里没有 {label}", "请从手册的等级里选")
    if "\0" in draft.memo or draft.memo.encode("utf-8", "replace").decode() != draft.memo:
        raise UsageError(where, "备注里有不成字的代码", "请删去后重写")


def _check_add(decision: Decision, item: Item | None) -> None:
    where = f"条目 {decision.item}"
    if item is not None:
        raise ConflictError(where, "已有这一编号", "请刷新后再补充")
    if not decision.item or decision.after is None:
        raise UsageError(where, "补充编码缺少编号或取值", "请重新选取文字")


def _check_fresh(decision: Decision, item: Item) -> None:
    changes = [] if decision.before is None else _changes(decision.before, item.draft)
    if decision.before_status not in (None, item.status):
        changes.append(f"状态现为{item.status.name_zh}")
    if changes:
        who = f"（{item.annotator}）" if item.annotator else ""
        raise ConflictError(f"条目 {decision.item}", f"已有变动{who}：{'，'.join(changes)}", "请看过后再裁决")


def _changes(seen: Draft, now: Draft) -> list[str]:
    pairs = [
        ("区间", spot(seen.span), spot(now.span)),
        ("编码", str(seen.label), str(now.label)),
        ("备注", f"“{seen.memo}”", f"“{now.memo}”"),
    ]
    return [f"{name}由 {old} 变为 {new}" for name, old, new in pairs if old != new]


def _check_verdict(decision: Decision, item: Item) -> None:
    where = f"条目 {decision.item}"
    if decision.verdict is Verdict.UNDO:
        _check_undo(decision, item)
    elif decision.verdict is Verdict.REJECT and item.status is Status.REJECTED:
        raise ConflictError(where, f"已被 {item.annotator} 拒绝", "不必再拒绝；要恢复请接受或修改")
    elif decision.verdict is Verdict.AMEND and decision.after is None:
        raise UsageError(where, "修改缺少新的取值", "请改后再提交")
    elif decision.verdict is Verdict.ACCEPT and _recoded(decision.after, item.draft):
        raise UsageError(where, "接受时改了区间或编码", "请用修改")


def _recoded(after: Draft | None, now: Draft) -> bool:
    return after is not None and (after.span, after.label) != (now.span, now.label)


def _check_undo(decision: Decision, item: Item) -> None:
    where = f"条目 {decision.item}"
    target = {d.key: d for d in (item.decision, item.undo) if d}.get(decision.undoes or ("", -1))
    if target is None:
        raise ConflictError(where, "要撤销的裁决已不是最后一次", "请刷新后再撤销")
    if target.annotator != decision.annotator:
        raise UsageError(where, f"不能撤销 {target.annotator} 的裁决", "请改为自己的裁决")
