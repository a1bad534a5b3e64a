import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from built import BOSS, ITEM, LOOKED, TEXT, codebook, decision, draft, run, suggestion, transcript
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coder import services
from coder.errors import NotFoundError, StoreError
from coder.export import csv as coded_csv
from coder.load import load_conventions
from coder.model.review import Decision, Status, Verdict
from coder.model.text import Role
from coder.review import item_id
from coder.settings import Settings
from coder.store import Store

LOW = suggestion("CO.A.1", LOOKED, 0.2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = services.open_store(Settings.from_environ({"CODER_HOME": str(tmp_path / "home")}))
    yield opened
    opened.close()


@pytest.fixture
def interview(store: Store) -> int:
    return services.import_interview(store, transcript(), run(suggestion(), LOW))


def decide(store: Store, interview: int, *made: Decision) -> services.Receipt:
    return services.decide(store, interview, made, codebook())


def statuses(store: Store, interview: int, annotator: str | None = None) -> list[tuple[str, Status]]:
    return [(item.id, item.status) for item in services.open_interview(store, interview, annotator).items]


def added(number: int, item: str, annotator: str = "李", client: str = "c1") -> Decision:
    return decision(Verdict.ADD, number, draft("OTH.A.1", BOSS), None, item, annotator, client)


def test_prepare_reads_and_segments_without_storing(tmp_path: Path) -> None:
    conventions = load_conventions(Settings.from_environ({}).lexicon)
    (tmp_path / "甲.txt").write_text(TEXT, "utf-8")
    from_file = services.prepare(tmp_path / "甲.txt", conventions, 10_000, group="优秀")
    upload = services.prepare_bytes(TEXT.encode(), "甲.txt", conventions, 10_000, group="优秀")
    assert from_file == upload
    assert (from_file.text, from_file.group) == (TEXT, "优秀")
    assert [turn.role for turn in from_file.turns] == [Role.INTERVIEWER, Role.INTERVIEWEE]


def test_import_interview_needs_no_project_name(store: Store, interview: int) -> None:
    (project,) = services.list_projects(store)
    assert (project.name, project.interviews) == (services.DEFAULT_PROJECT, 1)


def test_list_interviews_counts_what_is_decided(store: Store, interview: int) -> None:
    (before,) = services.list_interviews(store, services.DEFAULT_PROJECT)
    assert (before.decided, before.total, before.characters, before.done) == (0, 1, len(TEXT), False)
    decide(store, interview, decision(), added(2, "new"), decision(Verdict.REJECT, 3, item=item_id(LOW)))
    (after,) = services.list_interviews(store, services.DEFAULT_PROJECT)
    assert (after.decided, after.total) == (3, 3)
    (mine,) = services.list_interviews(store, services.DEFAULT_PROJECT, "王")
    assert (mine.decided, mine.total) == (0, 1)


def test_list_interviews_of_an_unknown_project_is_an_error(store: Store) -> None:
    with pytest.raises(NotFoundError, match="项目 没有：没有这个项目"):
        services.list_interviews(store, "没有")


def test_open_interview_shows_what_reaches_the_threshold_or_is_decided(store: Store, interview: int) -> None:
    low = item_id(LOW)
    assert statuses(store, interview) == [(ITEM, Status.SUGGESTED)]
    everything = services.open_interview(store, interview, threshold=0)
    assert [item.id for item in everything.items] == [ITEM, low]
    decide(store, interview, decision(item=low))
    assert statuses(store, interview) == [(ITEM, Status.SUGGESTED), (low, Status.ACCEPTED)]
    decide(store, interview, decision(Verdict.UNDO, 2, item=low, undoes=1))
    assert statuses(store, interview) == [(ITEM, Status.SUGGESTED)]


def test_open_interview_gives_text_run_and_project(store: Store, interview: int) -> None:
    view = services.open_interview(store, interview)
    assert (view.transcript, view.project, view.done) == (transcript(), services.DEFAULT_PROJECT, False)
    assert view.run == run(suggestion(), LOW)


def test_decide_stores_each_decision_or_refuses_it_by_itself(store: Store, interview: int) -> None:
    amend = decision(Verdict.AMEND, 1, draft("INFO.A.3"), draft())
    stale = decision(Verdict.REJECT, 2, before=draft())
    wrong = decision(Verdict.AMEND, 3, draft("INFO.A.0"))
    receipt = decide(store, interview, amend, stale, wrong, added(4, "new"))
    assert receipt.stored == (("c1", 1), ("c1", 4))
    assert [key for key, _ in receipt.refused] == [("c1", 2), ("c1", 3)]
    assert "编码由 INFO.A.2 变为 INFO.A.3" in receipt.refused[0][1]
    assert statuses(store, interview) == [(ITEM, Status.AMENDED), ("new", Status.ADDED)]


def test_decide_the_same_twice_stores_it_once(store: Store, interview: int) -> None:
    made = decision(before=draft()), added(2, "new")
    first, second = decide(store, interview, *made), decide(store, interview, *made)
    assert first == second == services.Receipt((("c1", 1), ("c1", 2)))
    (summary,) = services.list_interviews(store, services.DEFAULT_PROJECT)
    assert summary.decided == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.integers(1, 6), max_size=15))
def test_decide_in_any_repetition_ends_in_the_same_state(store: Store, order: list[int]) -> None:
    interview = services.import_interview(store, transcript(), run(), project="重发")
    made = {n: added(n, f"new{n}", client=f"c{interview}") for n in range(1, 7)}
    for n in order:
        assert decide(store, interview, made[n]).stored == (made[n].key,)
    view = services.open_interview(store, interview)
    assert {i.id for i in view.items if i.status is Status.ADDED} == {f"new{n}" for n in order}


def test_decide_on_a_deleted_interview_refuses_all(store: Store, interview: int) -> None:
    services.delete_interview(store, interview)
    ((key, why),) = decide(store, interview, decision()).refused
    assert key == ("c1", 1)
    assert "没有这份访谈" in why


def test_decide_by_another_codebook_version_is_refused(store: Store, interview: int) -> None:
    other = replace(codebook(), version="2.0")
    ((_, why),) = services.decide(store, interview, [decision()], other).refused
    assert "按编码手册 mini 1.0 编码，现为 mini 2.0" in why


def test_decide_undo_and_redo_go_through_the_database(store: Store, interview: int) -> None:
    decide(store, interview, decision())
    for number in (2, 3):
        (item,) = services.open_interview(store, interview).items
        target = item.last if number == 2 else item.undone
        undo = replace(decision(Verdict.UNDO, number), undoes=target)
        assert decide(store, interview, undo).stored == (("c1", number),)
    assert statuses(store, interview) == [(ITEM, Status.ACCEPTED)]


def test_decide_by_two_threads_loses_and_doubles_nothing(store: Store, interview: int) -> None:
    receipts: list[services.Receipt] = []

    def work(client: str) -> None:
        for number in range(1, 101):
            made = added(number, f"{client}-{number}", client, client)
            receipts.extend(decide(store, interview, *again) for again in ([made], [made]))

    threads = [threading.Thread(target=work, args=(client,)) for client in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 400
    assert not any(receipt.refused for receipt in receipts)
    items = {item.id for item in services.open_interview(store, interview).items} - {ITEM}
    assert items == {f"{client}-{number}" for client in ("甲", "乙") for number in range(1, 101)}


def test_decide_of_one_item_by_two_threads_lets_one_win(store: Store, interview: int) -> None:
    receipts: list[services.Receipt] = []
    start = threading.Barrier(2)

    def work(client: str, level: int) -> None:
        made = decision(Verdict.AMEND, 1, draft(f"INFO.A.{level}"), draft(), client=client, annotator=client)
        start.wait()
        receipts.append(decide(store, interview, made))

    threads = [threading.Thread(target=work, args=pair) for pair in (("甲", 1), ("乙", 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(receipt.stored) for receipt in receipts) == [0, 1]


def test_blind_project_shows_each_annotator_only_his_own(store: Store, interview: int) -> None:
    services.set_blind(store, services.DEFAULT_PROJECT)
    decide(store, interview, added(1, "a", "甲", "c1"), added(1, "b", "乙", "c2"))
    assert statuses(store, interview, "甲") == [("a", Status.ADDED)]
    assert statuses(store, interview, "乙") == [("b", Status.ADDED)]
    foreign = decision(Verdict.REJECT, 2, item="a", annotator="乙", client="c2")
    assert decide(store, interview, foreign).refused


def test_mark_done_and_describe_change_the_list(store: Store, interview: int) -> None:
    services.mark_done(store, interview)
    services.describe_interview(store, interview, group="普通", variables={"年龄": "40"})
    (row,) = services.list_interviews(store, services.DEFAULT_PROJECT)
    assert (row.done, row.group, row.interviewee) == (True, "普通", "P01")
    assert services.open_interview(store, interview).transcript.variables == {"年龄": "40"}


def test_describe_of_nothing_changes_nothing(store: Store, interview: int) -> None:
    services.describe_interview(store, interview)
    assert services.open_interview(store, interview).transcript == transcript()


def test_describe_gives_a_name_in_use_a_number(store: Store, interview: int) -> None:
    second = services.import_interview(store, transcript("乙.txt"), run())
    services.describe_interview(store, second, name="甲.txt")
    services.describe_interview(store, interview, name="甲.txt")
    names = [row.name for row in services.list_interviews(store, services.DEFAULT_PROJECT)]
    assert names == ["甲.txt", "甲 (2).txt"]


def test_describe_of_an_unknown_interview_is_an_error(store: Store) -> None:
    with pytest.raises(NotFoundError, match="没有这份访谈"):
        services.describe_interview(store, 7, group="优秀")


def test_find_duplicate_knows_the_text_under_another_name(store: Store, interview: int) -> None:
    found = services.find_duplicate(store, TEXT)
    assert found is not None
    assert (found.id, found.name) == (interview, "甲.txt")
    assert services.find_duplicate(store, TEXT, "另一项目") is None
    assert services.find_duplicate(store, TEXT + "。") is None


def test_replace_interview_stores_other_roles(store: Store, interview: int) -> None:
    swapped = replace(transcript("乙.txt"), turns=transcript().turns[:1], interviewee="P02")
    services.replace_interview(store, interview, swapped, run(LOW, threshold=0.1))
    view = services.open_interview(store, interview)
    assert view.transcript == replace(swapped, name="甲.txt")
    assert [item.id for item in view.items] == [item_id(LOW)]


def test_replace_interview_is_refused_after_a_decision(store: Store, interview: int) -> None:
    decide(store, interview, decision())
    with pytest.raises(StoreError, match="已有裁决"):
        services.replace_interview(store, interview, transcript(), run())


def test_project_codings_are_those_of_all_interviews_in_order(store: Store, interview: int) -> None:
    services.import_interview(store, transcript("丙.txt"), run())
    decide(store, interview, decision(Verdict.REJECT), added(2, "new"))
    found = services.project_codings(store, services.DEFAULT_PROJECT)
    assert [(c.transcript, str(c.label), c.status) for c in found] == [
        ("丙.txt", "INFO.A.2", Status.SUGGESTED),
        ("甲.txt", "INFO.A.2", Status.REJECTED),
        ("甲.txt", "OTH.A.1", Status.ADDED),
    ]
    assert {c.project for c in found} == {services.DEFAULT_PROJECT}


def test_project_codings_of_one_annotator(store: Store, interview: int) -> None:
    decide(store, interview, decision(), added(1, "b", "乙", "c2"))
    found = services.project_codings(store, services.DEFAULT_PROJECT, "乙")
    assert [(c.status, c.annotator) for c in found] == [(Status.SUGGESTED, ""), (Status.ADDED, "乙")]


def test_export_project_writes_what_project_codings_gives(
    store: Store, interview: int, tmp_path: Path
) -> None:
    decide(store, interview, decision(Verdict.AMEND, 1, draft("CO.A.1", LOOKED, "=备注")))
    target = tmp_path / "out.csv"
    assert services.export_project(store, services.DEFAULT_PROJECT, target, codebook()) == 1
    (row,) = coded_csv.read(target)
    (coding,) = services.project_codings(store, services.DEFAULT_PROJECT)
    assert row == replace(coding, item="")
    assert TEXT[row.span.start : row.span.end] == row.text
    assert row.memo == "=备注"


def test_delete_project_leaves_the_others(store: Store, interview: int) -> None:
    services.import_interview(store, transcript(), run(), services.TOUR_PROJECT)
    services.delete_project(store, services.TOUR_PROJECT)
    assert [project.name for project in services.list_projects(store)] == [services.DEFAULT_PROJECT]
    assert statuses(store, interview) == [(ITEM, Status.SUGGESTED)]


def test_acknowledged_decisions_are_seen_by_another_program_at_once(store: Store, interview: int) -> None:
    decide(store, interview, decision())
    with closing(Store.open(f"sqlite:///{store.where}")) as other:
        assert statuses(other, interview) == [(ITEM, Status.ACCEPTED)]


def test_check_store_finds_nothing_wrong(store: Store, interview: int) -> None:
    assert services.check_store(store) == ()


def test_check_store_names_the_project_with_a_broken_row(store: Store, interview: int) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE sentences SET role = 'nobody'")
    (problem,) = services.check_store(store)
    assert problem.startswith(f"项目 {services.DEFAULT_PROJECT}：")
