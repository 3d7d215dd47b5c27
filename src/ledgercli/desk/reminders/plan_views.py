"""A plan of reminders looked at in parts: in figures by level and reason, and what is chosen of it.

A plan may be about ten thousand documents. Whoever looks at it wants to know first how many letters
of which level there are, and what holds the others; then those of one level, reason or customer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.summary import Summary
from ledgercli.reminders.held import Held
from ledgercli.reminders.planned import Letter, Plan

_CURRENCY = Column("currency", N_("cur."), "code")
_DOCUMENTS = Column("documents", N_("documents"), "number")
_LEVELS = (
    Column("level", N_("level"), "number"),
    Column("level_name", N_("level name"), "code"),
    Column("channel", N_("channel"), "code", words="channel"),
    _CURRENCY,
    Column("letters", N_("letters"), "number"),
    _DOCUMENTS,
    Column("claimed", N_("claimed"), "money"),
)
_REASONS = (
    Column("reason", N_("reason"), "code", words="hold-reason"),
    _CURRENCY,
    Column("customers", N_("customers concerned"), "number"),
    _DOCUMENTS,
    Column("open", N_("open"), "money"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a plan is asked for; what is empty leaves all of it.

    ``level`` is a number as text. ``find`` are letters of the id or the name of a customer.
    """

    level: str = ""
    level_name: str = ""
    channel: str = ""
    reason: str = ""
    currency: str = ""
    customer: str = ""
    find: str = ""


def chosen_of(plan: Plan, choice: Choice, names: Mapping[str, str]) -> Plan:
    """Return the part of ``plan`` that is asked for; ``names`` are those of customers by id.

    A level or a channel leaves letters alone, a reason the documents that are held.
    """
    word = fold(choice.find)
    of_letters = bool(choice.level or choice.level_name or choice.channel)

    def fits(customer: str, currency: str) -> bool:
        return (
            choice.customer in {"", customer}
            and choice.currency in {"", currency}
            and (word in fold(customer) or word in fold(names.get(customer, "")))
        )

    letters = (
        letter
        for letter in plan.letters
        if not choice.reason
        and choice.level in {"", str(letter.level)}
        and choice.level_name in {"", letter.definition.name}
        and choice.channel in {"", letter.channel}
        and fits(letter.customer.id, letter.currency)
    )
    held = (
        row
        for row in plan.held
        if not of_letters and choice.reason in {"", row.reason} and fits(row.customer, row.currency)
    )
    return replace(plan, letters=tuple(letters), held=tuple(held))


def summary_answer(plan: Plan, findings: Sequence[Finding]) -> Answer:
    """Return the plan in figures: letters by level and channel, held documents by reason."""
    letters = _grouped(
        plan.letters,
        lambda one: (one.level, one.definition.name, one.channel, one.currency),
    )
    held = _grouped(plan.held, lambda one: (one.reason, one.currency))
    by_level = [_level_row(key, letters[key]) for key in sorted(letters)]
    by_reason = [_reason_row(key, held[key]) for key in sorted(held)]
    totals = [
        _total_row(currency, own)
        for currency, own in sorted(_grouped(plan.letters, lambda one: one.currency).items())
    ]
    return Answer(
        "remind-plan-summary/1",
        facts={"as_of": plan.as_of},
        tables=(
            Table(
                "levels",
                _LEVELS,
                by_level,
                title=N_("Letters by level"),
                empty=N_("No letter is due."),
            ),
            Table("totals", _LEVELS[3:], totals, role="totals"),
            Table("reasons", _REASONS, by_reason, title=N_("Held, by reason"), role="extra"),
        ),
        notes=(Text(N_("As of {date}, end of day."), {"date": plan.as_of}),),
        title=N_("Reminder plan"),
        findings=tuple(findings),
    )


def for_people(answer: Answer, names: Mapping[str, str]) -> Answer:
    """Return the answer of a plan with the names of customers, and how many documents a letter has.

    ``names`` are by id.
    """

    def named(table: Table) -> Table:
        rows = [{**row, "name": names.get(row["customer"], "")} for row in table.rows]
        columns = [column for column in table.columns if column.key != "documents"]
        columns.insert(1, Column("name", N_("name"), flexible=True))
        if table.key == "letters":
            place = next(index for index, one in enumerate(columns) if one.key == "total")
            columns.insert(place, Column("count", N_("documents"), "number"))
            rows = [{**row, "count": len(row["documents"])} for row in rows]
        return replace(table, columns=tuple(columns), rows=rows)

    tables = tuple(map(named, answer.tables))
    return replace(answer, tables=tables, title=N_("Letters and held documents"))


def letter_answer(answer: Answer, names: Mapping[str, str]) -> Answer:
    """Return the one letter in the answer of a plan, with its documents as rows."""
    table = answer.table("letters")
    (letter,) = table.rows
    customer = letter["customer"]
    documents = next(column for column in table.columns if column.key == "documents")
    details = [
        (column.label, letter[column.key])
        for column in table.columns
        if column.kind == "money" and (letter[column.key].amount or not column.sparse)
    ]
    return Answer(
        "remind-letter/1",
        facts={"as_of": answer.facts["as_of"]},
        tables=(
            Table(
                "documents",
                documents.columns,
                [{**row, "customer": customer} for row in letter["documents"]],
            ),
        ),
        title=Text(
            N_("{name}: letter at level {level}, {level_name}"),
            {
                "name": names.get(customer, customer),
                "level": letter["level"],
                "level_name": letter["level_name"],
            },
        ),
        details=tuple(details),
        warnings=answer.warnings,
    )


def outlook_answer(summary: Summary) -> Answer:
    """Return what a plan will be about: open and overdue documents, which are known at once."""
    rows: dict[str, dict[str, Any]] = {}
    zero, today = Decimal(0), summary.as_of.toordinal()
    for (_, currency), lines in sorted(summary.open_lines.items(), key=lambda pair: pair[0][1]):
        row = rows.setdefault(
            currency,
            {"currency": currency, "documents": 0, "open": zero, "late": 0, "overdue": zero},
        )
        for due, _, amount, _ in lines:
            is_late = due < today
            row["documents"] += 1
            row["open"] += amount
            row["late"] += is_late
            row["overdue"] += amount if is_late else zero
    cells = [
        {
            **row,
            "open": Money(row["open"], row["currency"]),
            "overdue": Money(row["overdue"], row["currency"]),
        }
        for row in rows.values()
    ]
    columns = (
        _CURRENCY,
        Column("documents", N_("open documents"), "number"),
        Column("open", N_("open"), "money"),
        Column("late", N_("overdue documents"), "number"),
        Column("overdue", N_("overdue"), "money"),
    )
    return Answer(
        "remind-outlook/1",
        facts={"as_of": summary.as_of},
        tables=(Table("outlook", columns, cells, empty=N_("Nothing is open.")),),
        title=N_("Reminders"),
    )


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _total_row(currency: str, letters: Sequence[Letter]) -> Mapping[str, Any]:
    return {
        "currency": currency,
        "letters": len(letters),
        "documents": sum(len(letter.documents) for letter in letters),
        "claimed": Money(sum((letter.claimed for letter in letters), Decimal(0)), currency),
    }


def _level_row(key: tuple[int, str, str, str], letters: Sequence[Letter]) -> Mapping[str, Any]:
    level, name, channel, currency = key
    own = {"level": level, "level_name": name, "channel": channel}
    return {**own, **_total_row(currency, letters)}


def _reason_row(key: tuple[str, str], held: Sequence[Held]) -> Mapping[str, Any]:
    reason, currency = key
    return {
        "reason": reason,
        "currency": currency,
        "customers": len({row.customer for row in held}),
        "documents": len(held),
        "open": Money(sum((row.item.open for row in held), Decimal(0)), currency),
    }


def fingerprint_of(plan: Plan) -> str:
    """Return what tells the letters of ``plan`` from those of any other, in hexadecimal.

    It is made of all that a letter asks for, and of whom.
    """
    found = hashlib.sha256(plan.as_of.isoformat().encode())
    for letter in plan.letters:
        said = (
            letter.customer.id,
            letter.currency,
            letter.level,
            letter.definition.name,
            letter.channel,
            letter.email,
            str(letter.claimed),
            *(
                (
                    one.item.document.number,
                    one.due.isoformat(),
                    str(one.open),
                    one.level,
                    one.level_name,
                    one.raised,
                    str(one.interest),
                )
                for one in letter.documents
            ),
        )
        found.update(repr(said).encode())
    return found.hexdigest()
