"""The pane's payload and the protocol of its messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import desk
from messages import entry, message, values_of

from coder import services
from coder.model.review import Status, Verdict
from coder.services import DEFAULT_PROJECT
from coder.settings import Settings
from coder.ui import state
from coder.ui.pane import content, protocol

ROOT = Path(__file__).resolve().parent.parent.parent


def test_pane_content_counts_code_points(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    data = content.content(view, state.desk().codebook, "我", "db")
    first = data["items"][0]
    assert data["text"][first["start"] : first["end"]] == "😀𠮷野家那次我先去了库房。"


def test_pane_content_changes_version_with_the_annotator_only(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    one = content.content(view, state.desk().codebook, "我", "db")["version"]
    assert one == content.content(view, state.desk().codebook, "我", "db")["version"]
    assert one != content.content(view, state.desk().codebook, "李", "db")["version"]


@pytest.mark.parametrize(
    ("word", "initials", "whole"),
    [("成就导向", "cjdx", "chengjiudaoxiang"), ("技术/职业专长", "jszyzc", "jishuzhiyezhuanchang")],
)
def test_pane_pinyin_gives_initials(word: str, initials: str, whole: str) -> None:
    assert content.pinyin_of(word) == (initials, whole)


def test_pane_answer_acknowledges_what_the_database_holds(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    reply = protocol.answer(store, state.desk().codebook, message(view, entry(view)))
    assert reply["stored"] == [["c", 1]]
    assert reply["items"][0]["status"] == "accepted"
    assert services.open_interview(store, number).items[0].status is Status.ACCEPTED


def test_pane_answer_stores_a_repeated_message_once(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    sent = message(view, entry(view))
    replies = [protocol.answer(store, state.desk().codebook, sent) for _ in range(3)]
    assert [reply["stored"] for reply in replies] == [[["c", 1]]] * 3
    assert services.list_interviews(store, DEFAULT_PROJECT)[0].decided == 1


def test_pane_answer_refuses_one_and_stores_the_others(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    stale = entry(view, 1, before_status="rejected")
    other = entry(view, 2, item=view.items[1].id, before=values_of(view.items[1]))
    reply = protocol.answer(store, state.desk().codebook, message(view, stale, other))
    assert reply["stored"] == [["c", 2]]
    assert reply["refused"][0][:2] == ["c", 1]
    assert "未裁决" in reply["refused"][0][2]


def test_pane_answer_refuses_what_is_misshapen(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    broken = [entry(view, 1, verdict="perhaps"), entry(view, 2, after={"start": 5, "end": 1})]
    reply = protocol.answer(store, state.desk().codebook, message(view, *broken))
    assert [row[:2] for row in reply["refused"]] == [["c", 1], ["c", 2]]


def test_pane_answer_refuses_decisions_on_another_text(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    reply = protocol.answer(store, state.desk().codebook, message(view, entry(view, fingerprint="0" * 16)))
    assert not reply["stored"]
    assert "换过" in reply["refused"][0][2]


def test_pane_answer_refuses_decisions_on_a_deleted_interview(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    services.delete_interview(store, number)
    reply = protocol.answer(store, state.desk().codebook, message(view, entry(view)))
    assert reply["refused"][0][:2] == ["c", 1]


def test_pane_answer_marks_done(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    reply = protocol.answer(store, state.desk().codebook, message(view, done=True))
    assert reply["done"] is True
    assert services.open_interview(store, number).done


def test_pane_answer_says_that_an_undone_addition_is_gone(settings: Settings) -> None:
    store, [number] = desk(settings)
    view = services.open_interview(store, number)
    after = {"start": 20, "end": 24, "code": "ACH", "dim": "A", "level": 3, "memo": ""}
    add = entry(view, 1, item="add-1", verdict="add", before=None, before_status=None, after=after)
    undo = entry(view, 2, item="add-1", verdict="undo", before=None, before_status=None, undoes=["c", 1])
    reply = protocol.answer(store, state.desk().codebook, message(view, add, undo))
    assert reply["stored"] == [["c", 1], ["c", 2]]
    assert reply["items"] == [{"id": "add-1", "gone": True, "undone": None}]


def test_pane_parse_reads_an_undo() -> None:
    row = {
        "client": "c",
        "sequence": 2,
        "item": "i",
        "annotator": "李",
        "verdict": "undo",
        "undoes": ["c", 1],
    }
    decision = protocol.parse(row)
    assert decision is not None
    assert decision.verdict is Verdict.UNDO
    assert decision.undoes == ("c", 1)
