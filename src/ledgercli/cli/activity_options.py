"""Arguments and options of the activity commands, and how their values are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ledgercli.cli.option_values import parse_currency, parse_day, parse_exact_day
from ledgercli.cli.options import (
    DryRun,
    OutputFile,
    Printing,
    ReportFailOn,
    ReportFormat,
    Verbose,
    printing,
)
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.desk.request import DocumentChoice, Recording
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.output.language import _

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.model.answer import Answer

_SCORE_MAX = 10


def parse_amount(words: list[str] | None) -> Money | None:
    """Return the amount of ``500`` or ``500 EUR``, also as two words; None for no words.

    Raise ``typer.BadParameter`` for anything else.
    """
    if not words:
        return None
    text = " ".join(words)
    try:
        return Money.parse(text)
    except ValueError:
        raise typer.BadParameter(
            _("`{text}` is not an amount such as `500` or `500 EUR`").format(text=text[:40]),
            param_hint="AMOUNT",
        ) from None


def parse_score(text: str) -> int:
    """Return the whole number from 0 to 10; raise ``typer.BadParameter`` for anything else."""
    if text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= _SCORE_MAX:
        return int(text)
    raise typer.BadParameter(_("`{text}` is not a score from 0 to 10").format(text=text[:40]))


Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help=N_("The document, or an invoice in instalments."))
]
Subject = Annotated[
    str, typer.Argument(metavar="SUBJECT", help=N_("A document's number, or a customer."))
]
CustomerId = Annotated[str, typer.Argument(metavar="CUSTOMER", help=N_("The customer."))]
Amount = Annotated[
    list[str] | None,
    typer.Argument(metavar="[AMOUNT]", help=N_("A part of what is open, such as `500 EUR`.")),
]


EntryText = Annotated[str, typer.Option(metavar="TEXT", help=N_("What was said, in a few words."))]
FactDay = Annotated[
    dt.date | None,
    typer.Option(metavar="DATE", parser=parse_day, help=N_("The day of the fact (as-of date).")),
]
RecordingDay = Annotated[
    dt.date | None,
    typer.Option(metavar="DATE", parser=parse_day, help=N_("The day it is recorded (today).")),
]


def recording(
    text: EntryText = "",
    date: FactDay = None,
    as_of: RecordingDay = None,
    dry_run: DryRun = False,  # noqa: FBT002
) -> Recording:
    """Return what is said of every fact."""
    return Recording(as_of, date, text, dry_run)


@dataclass(frozen=True, slots=True)
class Owner:
    """What tells documents of one number apart."""

    customer: str = ""
    currency: str = ""

    def document(self, number: str) -> DocumentChoice:
        """Return the choice of the document ``number``."""
        return DocumentChoice(number, self.customer, self.currency)


def owner(
    customer: Annotated[
        str, typer.Option(metavar="ID", help=N_("Whose document, where several have that number."))
    ] = "",
    currency: Annotated[
        str | None,
        typer.Option(metavar="CUR", parser=parse_currency, help=N_("In which currency, likewise.")),
    ] = None,
) -> Owner:
    """Return what tells documents of one number apart."""
    return Owner(customer, currency or "")


@dataclass(frozen=True, slots=True)
class Threaded:
    """What came before an entry, and what comes after it."""

    closes: str = ""
    follow_up: dt.date | None = None


def thread(
    follow_up: Annotated[
        dt.date | None,
        typer.Option(metavar="DATE", parser=parse_exact_day, help=N_("Come back to it that day.")),
    ] = None,
    closes: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help=N_("What this closes: a complaint, a service request, a line of the agenda."),
        ),
    ] = "",
) -> Threaded:
    """Return what an entry closes, and when to come back to it."""
    return Threaded(closes, follow_up)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of an entry whatever its kind, and how it is printed."""

    said: Recording
    output: Printing

    def record(
        self,
        session: Session,
        task: Callable[[OpenBooks, Recording], Answer],
        *,
        with_orders: bool = False,
    ) -> int:
        """Do ``task`` on the books, print what it answers, and return the exit code."""
        books = session.open(with_events=True, with_orders=with_orders)
        said = replace(self.said, environment=session.environment)
        return give(session, task(books, said), self.output)


def entry(
    text: EntryText = "",
    date: FactDay = None,
    as_of: RecordingDay = None,
    dry_run: DryRun = False,  # noqa: FBT002
    format: ReportFormat = None,  # noqa: A002 - the name of the option
    output: OutputFile = None,
    verbose: Verbose = False,  # noqa: FBT002
    fail_on: ReportFailOn = None,
) -> Entry:
    """Return what is said of an entry, and how it is printed."""
    said = recording(text, date, as_of, dry_run)
    return Entry(said, printing(format, output, verbose, fail_on))
