"""The agenda as an answer: a line for each thing that is due, by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money

#: How much of an id people are shown: enough to tell lines apart.
_PREFIX_LENGTH = 8

COLUMNS = (
    Column("date", N_("date"), "date"),
    Column("days", N_("days"), "number", shown=False),
    Column("kind", N_("kind"), "code", words="duty"),
    Column("customer", N_("customer"), "code"),
    Column("name", N_("name"), flexible=True, optional=2),
    Column("owner", N_("owner"), "code", shown=False),
    Column("what", N_("what"), flexible=True, wraps=True, sparse=True),
    Column("prefix", N_("id"), "code"),
    Column("subject", N_("about"), "code", shown=False),
    Column("amount", N_("amount"), "money", shown=False),
    Column("text", N_("text"), shown=False),
    Column("currency", N_("cur."), "code", shown=False),
    Column("command", N_("command"), "code", shown=False),
    Column("id", N_("id"), "code", shown=False),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the agenda with the customer's name and owner, and the command that shows more."""

    id: str
    kind: str
    date: dt.date
    customer: str
    name: str
    owner: str
    subject: str
    amount: Money | None
    text: Text | str
    command: str

    @property
    def what(self) -> Text | str:
        """Return what it is about, the amount and the words, as far as there are any."""
        facts = [fact for fact in (self.subject, self.amount) if fact]
        if not facts:
            return self.text
        words = N_("{facts}: {text}") if self.text else N_("{facts}")
        return Text(words, {"facts": facts, "text": self.text})

    def row(self, as_of: dt.date) -> Mapping[str, Any]:
        """Return the cells; ``days`` are those until the day, below zero once it is over."""
        return {
            "date": self.date,
            "days": (self.date - as_of).days,
            "kind": self.kind,
            "customer": self.customer,
            "name": self.name,
            "owner": self.owner,
            "what": self.what,
            "subject": self.subject,
            "amount": self.amount,
            "text": self.text,
            "prefix": self.id[:_PREFIX_LENGTH],
            "currency": self.amount.currency if self.amount else None,
            "command": self.command,
            "id": self.id,
        }


def agenda(lines: Sequence[Line], as_of: dt.date, until: dt.date, owner: str) -> Answer:
    """Return the lines that are due up to and with ``until``, those of the past first."""
    late = sum(1 for line in lines if line.date < as_of)
    notes: list[Text | str] = [
        Text(N_("As of {date}, up to {until}."), {"date": as_of, "until": until})
    ]
    if lines:
        notes.append(
            N_("`ledgercli activity add note CUSTOMER TEXT --closes ID` takes a line off.")
        )
    return Answer(
        "agenda/1",
        facts={"as_of": as_of, "until": until, "owner": owner or None, "overdue": late},
        tables=(
            Table(
                "rows",
                COLUMNS,
                [line.row(as_of) for line in lines],
                empty=N_("Nothing is due by then."),
            ),
        ),
        notes=tuple(notes),
    )
