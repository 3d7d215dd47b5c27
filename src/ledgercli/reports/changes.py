"""What changed in the receivables between two revisions: one line a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.receivables.changes import Change
from ledgercli.reports.common import CUSTOMER, PLACE

_HASH_LENGTH = 10


class Origin(Protocol):
    """What is told of the commit that made a change."""

    @property
    def hash(self) -> str:
        """The whole hash."""

    @property
    def date(self) -> dt.date:
        """The day of its author."""

    @property
    def by(self) -> str:
        """The name of its author."""

    @property
    def subject(self) -> str:
        """The first line of its message."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change with the customer's name and the commit; None where it is not committed."""

    change: Change
    name: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared: two revisions (the second None: the files as they are), as of a day.

    ``attributed`` says that commits were looked for, ``wanted`` that they were asked for, of a
    change.
    """

    as_of: dt.date
    first: str
    second: str | None
    attributed: bool
    wanted: bool


def changes(lines: Sequence[ChangeLine], compared: Compared) -> Answer:
    """Return the changes by customer, currency and number."""
    long = any(line.change.kind == "re-allocated" for line in lines)
    columns = (
        CUSTOMER,
        Column("name", N_("name"), shown=False),
        Column("number", N_("number"), "code"),
        Column("change", N_("change"), "code", words="change"),
        Column("currency", N_("cur."), "code", shown=False),
        Column("before", N_("was"), flexible=long, wraps=long),
        Column("after", N_("is now"), flexible=long, wraps=long),
        Column("commit", N_("commit"), "code"),
        Column("commit_date", N_("date"), "date", optional=1),
        Column("by", N_("by"), flexible=True, optional=3),
        Column("subject", N_("message"), flexible=True, optional=2),
        *PLACE,
    )
    return Answer(
        "diff/1",
        facts={
            "as_of": compared.as_of,
            "first": compared.first,
            "second": compared.second,
        },
        tables=(Table("rows", columns, [_row(line) for line in lines], empty=N_("No change.")),),
        notes=tuple(_notes(compared)),
    )


def _row(line: ChangeLine) -> dict[str, object]:
    change, origin = line.change, line.origin
    return {
        "customer": change.customer,
        "name": line.name,
        "number": change.number,
        "change": change.kind,
        "currency": change.currency,
        "before": change.before,
        "after": change.after,
        "commit": origin.hash[:_HASH_LENGTH] if origin else None,
        "commit_date": origin.date if origin else None,
        "by": origin.by if origin else None,
        "subject": origin.subject if origin else None,
        "file": change.file,
        "line": change.line,
    }


def _notes(compared: Compared) -> list[Text]:
    values = {"first": compared.first, "second": compared.second, "date": compared.as_of}
    if compared.second:
        words = N_("From revision {first} to {second}, both as of {date}.")
    else:
        words = N_("From revision {first} to the files as they are, both as of {date}.")
    notes = [Text(words, values)]
    if compared.attributed:
        notes.append(Text(N_("The commit made the figure what it is; none: not committed yet.")))
    elif compared.wanted:
        words = N_("No line of commits leads from the first to the second, so none is named.")
        notes.append(Text(words))
    return notes
