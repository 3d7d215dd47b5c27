"""What the reminder tasks answer: the plan, the letters written, the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.desk.reminders.letter_making import Outcome
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import Event, day_of
from ledgercli.model.finding import Finding
from ledgercli.model.values import Money
from ledgercli.reminders.planned import Letter, LetterDocument, Plan

_CUSTOMER = Column("customer", N_("customer"), "code")
_CURRENCY = Column("currency", N_("cur."), "code")
_LEVEL = Column("level", N_("level"), "number")
_LEVEL_NAME = Column("level_name", N_("level name"), "code")
_CHANNEL = Column("channel", N_("channel"), "code", words="channel")

_DOCUMENTS = Column(
    "documents",
    N_("documents"),
    "table",
    columns=(
        Column("number", N_("number"), "code"),
        Column("due", N_("due"), "date"),
        Column("open", N_("open"), "money"),
        Column("days_overdue", N_("days"), "number"),
        _LEVEL,
        _LEVEL_NAME,
        Column("raised", N_("raised"), "flag"),
        Column("interest", N_("interest"), "money"),
    ),
)


def plan_answer(plan: Plan, findings: Sequence[Finding]) -> Answer:
    """Return the plan as an answer. In JSON each letter carries its documents."""
    letters = Table(
        "letters",
        (
            _CUSTOMER,
            _CURRENCY,
            _LEVEL,
            _LEVEL_NAME,
            Column("template", N_("template"), "code", optional=3),
            Column("channel", N_("channel"), "code", words="channel", optional=2),
            Column("total", N_("total"), "money"),
            Column("unallocated", N_("unallocated"), "money", sparse=True),
            Column("deposits", N_("deposits"), "money", sparse=True),
            Column("fee", N_("fee"), "money", sparse=True),
            Column("interest", N_("interest"), "money", sparse=True),
            Column("carried", N_("claimed before"), "money", sparse=True),
            Column("claimed", N_("claimed"), "money"),
            _DOCUMENTS,
        ),
        [_letter_row(letter) for letter in plan.letters],
        title=N_("Letters"),
        empty=N_("No letter is due."),
    )
    return Answer(
        "remind-plan/1",
        facts={"as_of": plan.as_of},
        tables=(letters, _held_table(plan)),
        warnings=tuple(_rate_warning(letter) for letter in plan.letters if letter.rate_unknown),
        notes=(
            Text(N_("As of {date}, end of day."), {"date": plan.as_of}),
            N_("Claimed = overdue − unallocated − deposits + fee + interest + claimed before."),
        ),
        findings=tuple(findings),
    )


def _rate_warning(letter: Letter) -> Text:
    rule = letter.policy.interest
    values = {"customer": letter.customer.id, "table": rule.table if rule else ""}
    return Text(N_("{customer}: interest is left out, no rate of `{table}` is known"), values)


def _held_table(plan: Plan) -> Table:
    rows = [
        {
            "customer": row.customer,
            "currency": row.currency,
            "number": row.number,
            "level": row.level,
            "reason": row.reason,
            "detail": Text(row.text, row.values),
        }
        for row in plan.held
    ]
    columns = (
        _CUSTOMER,
        _CURRENCY,
        Column("number", N_("number"), "code"),
        _LEVEL,
        Column("reason", N_("reason"), "code", words="hold-reason", shown=False),
        Column("detail", N_("detail"), flexible=True, wraps=True),
    )
    return Table("held", columns, rows, title=N_("Held"), role="extra")


def _letter_row(letter: Letter) -> Mapping[str, Any]:
    def money(amount: Any) -> Money:  # noqa: ANN401 - a Decimal
        return Money(amount, letter.currency)

    return {
        "customer": letter.customer.id,
        "currency": letter.currency,
        "level": letter.level,
        "level_name": letter.definition.name,
        "template": letter.definition.template,
        "channel": letter.channel,
        "total": money(letter.total),
        "unallocated": money(letter.unallocated),
        "deposits": money(letter.deposits),
        "fee": money(letter.fee),
        "interest": money(letter.interest),
        "carried": money(letter.carried_total),
        "claimed": money(letter.claimed),
        "documents": [_document_row(document) for document in letter.documents],
    }


def _document_row(document: LetterDocument) -> Mapping[str, Any]:
    record = document.item.document
    interest = document.interest
    return {
        "number": record.number,
        "due": record.due,
        "open": Money(document.open, record.currency),
        "days_overdue": document.days_overdue,
        "level": document.level,
        "level_name": document.level_name,
        "raised": document.raised,
        "interest": None if interest is None else Money(interest, record.currency),
    }


#: What became of a letter, for people; the words are in the output room under ``letter-state``.
STATES = ("written", "unchanged", "edited", "failed")


def letters_answer(
    schema: str,
    plan: Plan,
    outcomes: Sequence[Outcome],
    findings: Sequence[Finding],
    *,
    dry_run: bool,
) -> Answer:
    """Return a line for each letter: its files, what became of them, whether it counts as sent."""
    rows = [
        {
            "customer": outcome.letter.customer.id,
            "currency": outcome.letter.currency,
            "level": outcome.letter.level,
            "level_name": outcome.letter.definition.name,
            "channel": outcome.letter.channel,
            "claimed": Money(outcome.letter.claimed, outcome.letter.currency),
            "state": outcome.state,
            "recorded": outcome.recorded,
            "file": outcome.files[0].rpartition("/")[2] if outcome.files else "",
            "files": list(outcome.files),
        }
        for outcome in outcomes
    ]
    columns = (
        _CUSTOMER,
        _CURRENCY,
        Column("level", N_("level"), "number", optional=3),
        Column("level_name", N_("level name"), "code", optional=3),
        _CHANNEL,
        Column("claimed", N_("claimed"), "money", optional=2),
        Column("state", N_("state"), "code", words="letter-state"),
        Column("recorded", N_("sent"), "flag"),
        Column("file", N_("file"), "code", flexible=True),
        Column("files", N_("files"), "strings", shown=False),
    )
    notes: list[Text | str] = [Text(N_("As of {date}, end of day."), {"date": plan.as_of})]
    folder = next((each.files[0].rpartition("/")[0] for each in outcomes if each.files), "")
    if folder:
        notes.append(Text(N_("Letters are in {folder}."), {"folder": folder}))
    waiting = sum(
        1 for each in outcomes if each.files and each.letter.channel != "post" and not each.recorded
    )
    if schema == "remind-run" and waiting:
        notes.append(
            Text(
                N_("{count} letter by e-mail waits for delivery and is not recorded as sent."),
                {"count": waiting},
                N_("{count} letters by e-mail wait for delivery and are not recorded as sent."),
                waiting,
            )
        )
    if plan.held:
        notes.append(held_note(len(plan.held)))
    if dry_run:
        notes.append(N_("Dry run: nothing was written."))
    return Answer(
        f"{schema}/1",
        facts={"as_of": plan.as_of, "dry_run": dry_run},
        tables=(Table("letters", columns, rows, empty=N_("No letter is due.")),),
        closing_facts={"held": len(plan.held)},
        notes=tuple(notes),
        findings=tuple(findings),
    )


_EVENT_COLUMNS = (
    Column("date", N_("date"), "date"),
    _CUSTOMER,
    Column("number", N_("number"), "code"),
    _CURRENCY,
    _LEVEL,
    _LEVEL_NAME,
    Column("status", N_("status"), "code", words="event-status"),
    _CHANNEL,
    Column("deadline", N_("deadline"), "date"),
    Column("letter", N_("letter"), "code", flexible=True, optional=1),
    Column("by", N_("by"), "code", shown=False),
    Column("id", N_("id"), "code", shown=False),
)


def _event_row(event: Event) -> Mapping[str, Any]:
    details = event.details
    level = details.get("level")
    return {
        "date": event.date,
        "customer": event.customer,
        "number": event.number,
        "currency": event.currency,
        "level": level if isinstance(level, int) else None,
        "level_name": str(details.get("level_name") or ""),
        "status": str(details.get("status") or ""),
        "channel": str(details.get("channel") or ""),
        "deadline": day_of(details.get("deadline")),
        "letter": str(details.get("letter") or ""),
        "by": event.by,
        "id": event.id,
    }


def history_answer(events: Sequence[Event], as_of: dt.date, findings: Sequence[Finding]) -> Answer:
    """Return the reminders of the log, a line for each document and event."""
    rows = [_event_row(event) for event in events]
    return Answer(
        "remind-history/1",
        facts={"as_of": as_of},
        tables=(Table("rows", _EVENT_COLUMNS, rows, empty=N_("No reminder is in the log.")),),
        notes=(Text(N_("As of {date}, end of day."), {"date": as_of}),),
        findings=tuple(findings),
    )


def adopt_answer(events: Sequence[Event], as_of: dt.date, *, dry_run: bool) -> Answer:
    """Return what was recorded, or would be, as reached before the program came."""
    rows = [_event_row(event) for event in events]
    notes: list[Text | str] = [Text(N_("As of {date}, end of day."), {"date": as_of})]
    if dry_run:
        notes.append(N_("Dry run: nothing was written."))
    empty = N_("Nothing to record: no overdue document, or the log has it already.")
    return Answer(
        "remind-adopt/1",
        facts={"as_of": as_of, "dry_run": dry_run},
        tables=(Table("rows", _EVENT_COLUMNS, rows, empty=empty),),
        notes=tuple(notes),
    )


def held_note(held: int) -> Text:
    """Return the note that so many documents are held."""
    return Text(
        N_("{count} document is held; `ledgercli remind plan` says why."),
        {"count": held},
        N_("{count} documents are held; `ledgercli remind plan` says why."),
        held,
    )
