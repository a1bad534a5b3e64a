from dataclasses import replace

import pytest
from built import (
    BOSS,
    ITEM,
    LOOKED,
    TEXT,
    WENT,
    codebook,
    decision,
    draft,
    run,
    suggestion,
    transcript,
)
from hypothesis import given
from hypothesis import strategies as st

from coder.errors import ConflictError, NotFoundError, UsageError
from coder.model.review import Decision, Source, Status, Verdict
from coder.model.text import Span
from coder.review import (
    Item,
    by_item,
    check_decision,
    codings,
    effective,
    item_id,
    progress,
    replay,
    states,
)

SUGGESTIONS = by_item([suggestion()])


def only(*decisions: Decision, annotator: str | None = None) -> Item:
    (item,) = replay(SUGGESTIONS, decisions, annotator)
    return item


def check(made: Decision, *earlier: Decision) -> None:
    check_decision(made, states(SUGGESTIONS, earlier).get(made.item), codebook(), TEXT)


def test_replay_without_decisions_shows_what_was_suggested() -> None:
    item = only()
    assert (item.id, item.draft, item.status) == (ITEM, draft(), Status.SUGGESTED)
    assert (item.annotator, item.decided_at, item.last, item.decided) == ("", None, None, False)


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (decision(), Status.ACCEPTED),
        (decision(Verdict.REJECT), Status.REJECTED),
        (decision(Verdict.AMEND, after=draft("CO.A.1")), Status.AMENDED),
        (decision(Verdict.AMEND, after=draft(memo="再看")), Status.ACCEPTED),
        (decision(Verdict.ACCEPT, after=draft(memo="好例")), Status.ACCEPTED),
    ],
)
def test_replay_gives_the_status_that_the_values_have(made: Decision, status: Status) -> None:
    item = only(made)
    assert item.status is status
    assert item.draft == (made.after or draft())
    assert item.last == made.key


def test_replay_amended_back_to_the_suggestion_is_accepted() -> None:
    away = decision(Verdict.AMEND, 1, after=draft("CO.A.1"))
    assert only(away, decision(Verdict.AMEND, 2, after=draft())).status is Status.ACCEPTED


def test_replay_undo_uncovers_the_decision_before() -> None:
    item = only(
        decision(), decision(Verdict.AMEND, 2, after=draft("CO.A.1")), decision(Verdict.UNDO, 3, undoes=2)
    )
    assert (item.status, item.draft, item.last, item.undone) == (
        Status.ACCEPTED,
        draft(),
        ("c1", 1),
        ("c1", 3),
    )


def test_replay_redo_brings_the_decision_back() -> None:
    item = only(decision(), decision(Verdict.UNDO, 2, undoes=1), decision(Verdict.UNDO, 3, undoes=2))
    assert (item.status, item.last, item.undone) == (Status.ACCEPTED, ("c1", 1), None)


def test_replay_two_undos_are_redone_in_turn() -> None:
    made = [
        decision(),
        decision(Verdict.REJECT, 2),
        decision(Verdict.UNDO, 3, undoes=2),
        decision(Verdict.UNDO, 4, undoes=1),
    ]
    assert only(*made).undone == ("c1", 4)
    made.append(decision(Verdict.UNDO, 5, undoes=4))
    assert (only(*made).status, only(*made).undone) == (Status.ACCEPTED, ("c1", 3))
    made.append(decision(Verdict.UNDO, 6, undoes=3))
    assert (only(*made).status, only(*made).undone) == (Status.REJECTED, None)


def test_replay_nothing_to_redo_after_a_new_decision() -> None:
    made = decision(), decision(Verdict.UNDO, 2, undoes=1), decision(Verdict.REJECT, 3)
    assert only(*made).undone is None


def test_replay_undo_of_another_annotators_decision_does_nothing() -> None:
    assert only(decision(), decision(Verdict.UNDO, 2, annotator="王", undoes=1)).status is Status.ACCEPTED


def test_replay_added_item_stands_in_the_order_of_the_text() -> None:
    added = decision(Verdict.ADD, after=draft("OTH.A.1", Span(0, 3)), item="new")
    items = replay(SUGGESTIONS, [added])
    assert [(item.id, item.status, item.suggestion is None) for item in items] == [
        ("new", Status.ADDED, True),
        (ITEM, Status.SUGGESTED, False),
    ]


def test_replay_added_item_disappears_when_undone_and_comes_back_when_redone() -> None:
    added = decision(Verdict.ADD, after=draft(span=BOSS), item="new")
    undo = decision(Verdict.UNDO, 2, item="new", undoes=1)
    redo = decision(Verdict.UNDO, 3, item="new", undoes=2)
    assert replay({}, [added, undo]) == ()
    assert states({}, [added, undo])["new"].undone == ("c1", 2)
    assert [item.id for item in replay({}, [added, undo, redo])] == ["new"]


def test_replay_of_one_annotator_leaves_out_the_others() -> None:
    mine, theirs = decision(), decision(Verdict.REJECT, 2, annotator="王")
    assert only(mine, theirs).status is Status.REJECTED
    assert only(mine, theirs, annotator="李").status is Status.ACCEPTED
    assert only(mine, theirs, annotator="赵").status is Status.SUGGESTED


VERDICTS = st.sampled_from([Verdict.ACCEPT, Verdict.REJECT, Verdict.AMEND])


def made_of(verdicts: list[Verdict]) -> list[Decision]:
    return [
        decision(verdict, n, after=draft(memo=str(n)) if verdict is Verdict.AMEND else None)
        for n, verdict in enumerate(verdicts, 1)
    ]


@given(st.lists(VERDICTS, min_size=1, max_size=8), st.data())
def test_replay_undoing_the_last_ones_equals_never_having_made_them(
    verdicts: list[Verdict], data: st.DataObject
) -> None:
    made = made_of(verdicts)
    count = data.draw(st.integers(0, len(made)))
    undos = [decision(Verdict.UNDO, 100 + i, undoes=len(made) - i) for i in range(count)]
    undone, never = only(*made, *undos), only(*made[: len(made) - count])
    assert replace(undone, undo=None) == replace(never, undo=None)


@given(st.lists(VERDICTS, min_size=1, max_size=8), st.data())
def test_replay_redoing_every_undo_restores_all(verdicts: list[Verdict], data: st.DataObject) -> None:
    made = made_of(verdicts)
    before = only(*made)
    count = data.draw(st.integers(1, len(made)))
    for number in range(100, 100 + count):
        last = only(*made).last
        made.append(replace(decision(Verdict.UNDO, number), undoes=last))
    for number in range(200, 200 + count):
        made.append(replace(decision(Verdict.UNDO, number), undoes=only(*made).undone))
    assert only(*made) == before


@given(st.lists(VERDICTS, max_size=6), st.lists(st.integers(1, 12), max_size=6))
def test_effective_drops_exactly_what_a_later_effective_undo_names(
    verdicts: list[Verdict], undone: list[int]
) -> None:
    made = made_of(verdicts)
    made += [decision(Verdict.UNDO, len(verdicts) + i, undoes=n) for i, n in enumerate(undone, 1)]
    left = effective(made)
    for position, each in enumerate(made):
        voided = any(later.undoes == each.key for later in made[position + 1 :] if later in left)
        assert (each in left) is not voided


def test_progress_counts_decided_and_added_items() -> None:
    added = decision(Verdict.ADD, 2, after=draft(span=BOSS), item="new")
    undone = decision(Verdict.UNDO, 3, item="new", undoes=2)
    assert progress([ITEM, "other"], []) == (0, 2)
    assert progress([ITEM, "other"], [decision(), added]) == (2, 3)
    assert progress([ITEM, "other"], [decision(), added, undone]) == (1, 2)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (decision(Verdict.AMEND, after=draft("INFO.A.0")), "等级 0 不是编码"),
        (decision(Verdict.AMEND, after=draft("INFO.A.9")), "没有 INFO.A.9"),
        (decision(Verdict.AMEND, after=draft("INFO.B.1")), "没有 INFO.B.1"),
        (decision(Verdict.AMEND, after=draft(span=Span(3, 3))), "没有文字"),
        (decision(Verdict.AMEND, after=draft(span=Span(8, 9))), "没有文字"),
        (decision(Verdict.AMEND, after=draft(span=Span(3, 999))), "超出原文"),
        (decision(Verdict.AMEND, after=draft(memo="\ud800")), "不成字"),
        (decision(Verdict.AMEND), "缺少新的取值"),
        (decision(Verdict.ADD, item="new"), "缺少编号或取值"),
        (decision(Verdict.ACCEPT, after=draft("CO.A.1")), "接受时改了"),
    ],
)
def test_check_decision_refuses_values_that_make_no_sense(made: Decision, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        check(made)


def test_check_decision_lets_analysts_use_oth_and_negative_levels() -> None:
    check(decision(Verdict.ADD, after=draft("OTH.A.1", BOSS), item="new"))
    check(decision(Verdict.AMEND, after=draft("INFO.A.-1")))


def test_check_decision_names_what_changed_meanwhile() -> None:
    earlier = decision(Verdict.AMEND, after=draft("CO.A.1", LOOKED), annotator="王")
    with pytest.raises(ConflictError) as caught:
        check(decision(number=2, before=draft()), earlier)
    assert "已有变动（王）" in str(caught.value)
    assert "编码由 INFO.A.2 变为 CO.A.1" in str(caught.value)
    assert f"区间由 [{WENT.start},{WENT.end}) 变为 [{LOOKED.start},{LOOKED.end})" in str(caught.value)


def test_check_decision_refuses_a_status_that_has_changed() -> None:
    stale = decision(Verdict.REJECT, 2, before=draft(), before_status=Status.SUGGESTED, annotator="王")
    check(stale)
    with pytest.raises(ConflictError, match="状态现为已接受"):
        check(stale, decision())


def test_check_decision_refuses_an_unknown_item() -> None:
    with pytest.raises(NotFoundError, match="条目 none"):
        check(decision(item="none"))


def test_check_decision_refuses_a_second_item_of_one_name() -> None:
    with pytest.raises(ConflictError, match="已有这一编号"):
        check(decision(Verdict.ADD, after=draft()))


def test_check_decision_refuses_a_second_rejection() -> None:
    with pytest.raises(ConflictError, match="已被 李 拒绝"):
        check(decision(Verdict.REJECT, 2), decision(Verdict.REJECT))


def test_check_decision_takes_back_only_the_last_decision() -> None:
    accept, reject = decision(), decision(Verdict.REJECT, 2)
    check(decision(Verdict.UNDO, 3, undoes=2), accept, reject)
    with pytest.raises(ConflictError, match="已不是最后一次"):
        check(decision(Verdict.UNDO, 3, undoes=1), accept, reject)
    with pytest.raises(UsageError, match="不能撤销 李 的裁决"):
        check(decision(Verdict.UNDO, 3, undoes=2, annotator="王"), accept, reject)


def test_check_decision_lets_an_undone_addition_be_redone_only() -> None:
    added = decision(Verdict.ADD, after=draft(span=BOSS), item="new")
    undone = decision(Verdict.UNDO, 2, item="new", undoes=1)
    check(decision(Verdict.UNDO, 3, item="new", undoes=2), added, undone)
    with pytest.raises(NotFoundError, match="已撤销"):
        check(decision(Verdict.ACCEPT, 3, item="new"), added, undone)


def test_check_decision_wants_a_time_with_its_zone() -> None:
    with pytest.raises(ValueError, match="decided_at"):
        check(replace(decision(), decided_at=decision().decided_at.replace(tzinfo=None)))


def test_codings_are_sorted_and_hold_the_text_under_their_span() -> None:
    added = decision(Verdict.ADD, after=draft("OTH.A.1", Span(0, 3)), item="new")
    items = replay(SUGGESTIONS, [added])
    found = codings(reversed(items), transcript(), run())
    assert [(str(c.label), c.text) for c in found] == [("OTH.A.1", TEXT[0:3]), ("INFO.A.2", WENT.of(TEXT))]
    assert [(c.source, c.confidence) for c in found] == [(Source.HUMAN, None), (Source.SUGGESTION, 0.8)]


def test_codings_amended_keeps_what_was_suggested() -> None:
    (found,) = codings(
        replay(SUGGESTIONS, [decision(Verdict.AMEND, after=draft("CO.A.1", LOOKED, "改"))]),
        transcript(),
        run(),
    )
    assert found.evidence.startswith(f"建议为 INFO.A.2 [{WENT.start},{WENT.end})；指标 INFO-012")
    assert (found.turn, found.event, found.memo, found.annotator) == (2, 1, "改", "李")


def test_codings_accepted_says_why_it_was_suggested() -> None:
    (found,) = codings(replay(SUGGESTIONS, [decision()]), transcript(), run())
    assert found.evidence == "指标 INFO-012「当天就去」; 词 库房"


def test_codings_below_the_threshold_only_when_decided() -> None:
    low = suggestion("CO.A.1", LOOKED, 0.2)
    items = replay(by_item([suggestion(), low]), [])
    assert len(codings(items, transcript(), run(), threshold=0.5)) == 1
    decided = replay(by_item([suggestion(), low]), [decision(item=item_id(low))])
    assert len(codings(decided, transcript(), run(), threshold=0.5)) == 2


def test_codings_of_a_label_outside_turns_has_no_turn() -> None:
    added = decision(Verdict.ADD, after=draft(span=Span(0, 3)), item="new")
    (found,) = codings(replay({}, [added]), transcript(), run())
    assert (found.turn, found.event) == (None, None)
