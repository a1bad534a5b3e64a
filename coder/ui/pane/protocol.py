"""The pane's messages: decisions in, and what the database holds of them out.

A message holds every decision that the browser has no acknowledgement of, so that a lost message
costs nothing; the database's unique (client, sequence) makes a repeated one harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from coder import services
from coder.errors import CoderError, NotFoundError
from coder.model.codebook import Codebook, Label
from coder.model.review import Decision, Draft, Status, Verdict
from coder.model.text import Span
from coder.store import Store
from coder.ui.pane.content import fingerprint, item_json

JSON = dict[str, Any]
_MISSHAPEN = "这条裁决的数据不完整；请重做一次"
_REPLACED = "这份访谈稿已换过，或已删除；请重做一次"


def answer(store: Store, codebook: Codebook, message: JSON) -> JSON:
    """Store the message's decisions; say which the database holds, which not and why.

    ``retry`` asks the browser to send all of it again after a while: nothing was stored.
    """
    reply: JSON = {"nonce": message.get("nonce"), "interview": message.get("interview"), "retry": False}
    reply |= {"stored": [], "refused": [], "items": [], "done": None}
    try:
        entries: Iterable[JSON] = message.get("entries") or ()
        for interview, own in groupby(entries, key=lambda entry: entry.get("interview")):
            _store(store, codebook, interview, list(own), reply)
        if message.get("done") is not None:
            services.mark_done(store, message["interview"], message["done"])
            reply["done"] = message["done"]
    except NotFoundError as error:
        reply["refused"] += [[*_key(entry), str(error)] for entry in message.get("entries") or ()]
    except CoderError as error:
        reply |= {"retry": True, "error": str(error)}
    return reply


def _store(store: Store, codebook: Codebook, interview: int, entries: list[JSON], reply: JSON) -> None:
    """One interview's decisions; the items that they touch go into the reply as they now stand."""
    text = services.open_interview(store, interview).transcript.text
    decisions: list[Decision] = []
    for entry in entries:
        decision = parse(entry)
        if decision is None:
            reply["refused"].append([*_key(entry), _MISSHAPEN])
        elif entry.get("fingerprint") != fingerprint(text):
            reply["refused"].append([*_key(entry), _REPLACED])
        else:
            decisions.append(decision)
    receipt = services.decide(store, interview, decisions, codebook)
    reply["stored"] += [list(key) for key in receipt.stored]
    reply["refused"] += [[*key, why] for key, why in receipt.refused]
    if interview == reply["interview"]:
        reply["items"] += _states(store, interview, {entry.get("item") for entry in entries}, decisions)


def _states(store: Store, interview: int, touched: set[Any], decisions: list[Decision]) -> list[JSON]:
    annotator = decisions[0].annotator if decisions else None
    items = services.open_interview(store, interview, annotator).items
    found = {item.id: item_json(item) for item in items if item.id in touched}
    return [found.get(id) or {"id": id, "gone": True, "undone": None} for id in touched]


def _key(entry: JSON) -> list[Any]:
    return [entry.get("client"), entry.get("sequence")]


def parse(entry: Mapping[str, Any]) -> Decision | None:
    """The decision of a message's entry, or None when it is misshapen. The time is the server's."""
    try:
        return Decision(
            client=str(entry["client"]),
            sequence=int(entry["sequence"]),
            item=str(entry["item"]),
            annotator=str(entry["annotator"]),
            verdict=Verdict(entry["verdict"]),
            before=_draft(entry.get("before")),
            after=_draft(entry.get("after")),
            decided_at=datetime.now(UTC).astimezone(),
            undoes=_undone(entry.get("undoes")),
            before_status=Status(entry["before_status"]) if entry.get("before_status") else None,
        )
    except (KeyError, TypeError, ValueError):
        return None


def _draft(value: Mapping[str, Any] | None) -> Draft | None:
    if value is None:
        return None
    label = Label(str(value["code"]), str(value["dim"]), value["level"])
    return Draft(Span(value["start"], value["end"]), label, str(value["memo"]))


def _undone(value: list[Any] | None) -> tuple[str, int] | None:
    return (str(value[0]), int(value[1])) if value else None
