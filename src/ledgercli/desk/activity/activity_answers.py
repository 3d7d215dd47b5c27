"""What the activity commands answer: entries of the log, those just written or those asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import Event, amount_of, day_of
from ledgercli.model.finding import Finding
from ledgercli.model.terms import EVENT_NAMES
from ledgercli.model.values import Money

_COLUMNS = (
    Column("date", N_("date"), "date"),
    Column("kind", N_("kind"), "code", words="event"),
    Column("customer", N_("customer"), "code"),
    Column("number", N_("number"), "code", sparse=True),
    Column("what", N_("what"), flexible=True, wraps=True, sparse=True),
    Column("retracted", N_("retracted"), "date", sparse=True),
    Column("prefix", N_("id"), "code"),
    Column("currency", N_("cur."), "code", shown=False),
    Column("amount", N_("amount"), "money", shown=False),
    Column("until", N_("until"), "date", shown=False),
    Column("follow_up", N_("again on"), "date", shown=False),
    Column("status", N_("status"), "code", shown=False, words="event-status"),
    Column("score", N_("score"), "number", shown=False),
    Column("text", N_("text"), shown=False),
    Column("details", N_("details"), "strings", shown=False),
    Column("by", N_("by"), "code", shown=False),
    Column("at", N_("written at"), "code", shown=False),
    Column("id", N_("id"), "code", shown=False),
    Column("file", N_("file"), "code", shown=False),
    Column("line", N_("line"), "number", shown=False),
)
#: How much of an id people are shown: enough to tell entries apart.
_PREFIX_LENGTH = 8
_STATUSES: Mapping[str, str] = {
    "written": N_("written"),
    "approved": N_("approved"),
    "sending": N_("begun"),
    "withdrawn": N_("withdrawn"),
    "sent": N_("sent"),
    "delivered": N_("delivered"),
    "failed": N_("failed"),
    "bounced": N_("bounced"),
    "open": N_("opened"),
    "closed": N_("done"),
}
_CLAIMS: Mapping[str, str] = {"fees": N_("fees"), "interest": N_("interest")}


def _row(event: Event, as_of: dt.date) -> Mapping[str, Any]:
    details = event.details
    amount = _amount(event)
    return {
        "date": event.date,
        "kind": event.kind,
        "customer": event.customer,
        "number": event.number or None,
        "what": _what(event),
        "retracted": _retracted_on(event, as_of),
        "prefix": event.id[:_PREFIX_LENGTH],
        "currency": event.currency or None,
        "amount": amount,
        "until": day_of(details.get("until")),
        "follow_up": day_of(details.get("follow_up")),
        "status": str(details.get("status") or "") or None,
        "score": _score(event),
        "text": str(details.get("text") or ""),
        "details": _others(details),
        "by": event.by,
        "at": event.at,
        "id": event.id,
        "file": event.file or None,
        "line": event.line or None,
    }


def _amount(event: Event) -> Money | None:
    amount = amount_of(event.details.get("amount"))
    return None if amount is None else Money(amount, event.currency)


def _score(event: Event) -> int | None:
    score = event.details.get("score")
    return score if isinstance(score, int) and not isinstance(score, bool) else None


def _what(event: Event) -> Text | str:
    """Return what the entry says, for people: level, amount, day, status, then the words."""
    details = event.details
    level, amount, until = details.get("level_name"), _amount(event), day_of(details.get("until"))
    status = str(details.get("status") or "")
    claims, retracts = str(details.get("claims") or ""), str(details.get("retracts") or "")
    facts: list[Any] = [str(level)] if level else []
    facts += [str(details[key]) for key in ("what", "period", "to") if event.kind == "digest"]
    if amount is not None:
        settled = event.kind == "dispute" and not amount.amount
        facts.append(Text(N_("dispute settled")) if settled else amount)
    if until:
        facts.append(Text(N_("until {date}"), {"date": until}))
    said = ((_STATUSES, status), (_CLAIMS, claims), (EVENT_NAMES, str(details.get("event") or "")))
    facts += [Text(words[word]) for words, word in said if word in words]
    if details.get("agreed") is False:
        facts.append(Text(N_("not agreed")))
    if _score(event) is not None:
        facts.append(Text(N_("score {score}"), {"score": _score(event)}))
    if follow_up := day_of(details.get("follow_up")):
        facts.append(Text(N_("again on {date}"), {"date": follow_up}))
    if retracts:
        facts.append(retracts[:_PREFIX_LENGTH])
    text = str(details.get("text") or "")
    if not facts:
        return text
    words = N_("{facts}: {text}") if text else N_("{facts}")
    return Text(words, {"facts": facts, "text": text})


def _others(details: Mapping[str, Any]) -> list[str]:
    """Return what has no column of its own, as ``key=value`` in the order of the entry."""
    columns = {"amount", "until", "follow_up", "status", "score", "text"}
    return [
        f"{key}={'' if value is None else value}"
        for key, value in details.items()
        if key not in columns and not isinstance(value, dict | list)
    ]


def _retracted_on(event: Event, as_of: dt.date) -> dt.date | None:
    """Return the day from which on an entry was taken back, None where ``as_of`` knows of none."""
    days = [each.date for each in event.retracted_by if each.in_force(as_of)]
    return max(min(days), event.date) if days else None


def recorded_answer(events: Sequence[Event], day: dt.date, *, dry_run: bool) -> Answer:
    """Return the entries that were written, or would be, with the ids that retract them."""
    notes: tuple[Text | str, ...] = ()
    if dry_run:
        notes = (N_("Dry run: nothing was written."),)
    elif events:
        words = N_("Recorded in {file}; `ledgercli activity retract ID` takes it back.")
        notes = (Text(words, {"file": events[0].file}),)
    empty = N_("Nothing to record: the log has it already.")
    return Answer(
        "activity-record/1",
        facts={"date": day, "dry_run": dry_run},
        tables=(Table("rows", _COLUMNS, [_row(event, day) for event in events], empty=empty),),
        notes=notes,
    )


def list_answer(
    events: Sequence[Event],
    as_of: dt.date,
    first: dt.date | None,
    findings: Sequence[Finding],
) -> Answer:
    """Return the entries of the log that were asked for, with what is wrong with the log."""
    if first:
        note = Text(N_("From {first} to {date}, end of day."), {"first": first, "date": as_of})
    else:
        note = Text(N_("As of {date}, end of day."), {"date": as_of})
    empty = N_("No entry of the activity log fits.")
    return Answer(
        "activity-list/1",
        facts={"as_of": as_of, "from": first},
        tables=(Table("rows", _COLUMNS, [_row(event, as_of) for event in events], empty=empty),),
        notes=(note,),
        findings=tuple(findings),
    )
