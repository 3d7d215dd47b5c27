"""Personal data: everything that is held on a customer, and forgetting them."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import parse_exact_day
from ledgercli.cli.options import AsOf, Printing, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stderr
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.output import formats
from ledgercli.output.language import _, ngettext

CustomerId = Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))]


@command(
    N_(
        "Everything that is held on a customer, as one archive.\n\n"
        "The record, activity, letters, orders, figures of the ledger with file and line, what was"
        " imported, and the commits in which git still holds it; a text in the customer's language"
        " explains the parts. The same books give the same bytes."
    ),
    examples=(
        "ledgercli customer export-data C001",
        "ledgercli customer export-data C001 -o acme.zip",
    ),
)
def export_data(
    session: Session,
    *,
    customer_id: CustomerId,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=N_("The archive (ID.zip here).")),
    ] = None,
    as_of: AsOf = None,
) -> int:
    """Write the archive and say what is in it."""
    from ledgercli.desk.customers import personal_data
    from ledgercli.desk.request import Query

    books = session.open(with_events=True, with_orders=True)
    query = Query(as_of=as_of, customers=(customer_id,))
    data = personal_data.personal_data(books, query, session.environment)
    files = dict(data.files)
    for name, answer in data.answers.items():
        for kind in ("json", "csv"):
            files[f"{name}.{kind}"] = formats.render(answer, kind).encode()
    path = output or Path(f"{data.customer}.zip")
    personal_data.save(session.start / path, files)
    words = ngettext(
        "{count} file about {customer} written to {path}",
        "{count} files about {customer} written to {path}",
        len(files),
    )
    write_stderr(words.format(count=len(files), customer=data.customer, path=path) + "\n")
    return 0


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written: the records, letters and the log, and the ledger too."""

    records: bool
    ledger: bool


def writing(
    write: Annotated[  # noqa: FBT002 - options have defaults
        bool, typer.Option("--write", help=N_("Do it; without, only what would go is shown."))
    ] = False,
    write_ledger: Annotated[  # noqa: FBT002 - likewise
        bool,
        typer.Option(
            "--write-ledger", help=N_("Write the id into the ledger where it names the customer.")
        ),
    ] = False,
) -> Writing:
    """Return what is to be written."""
    return Writing(write, write_ledger)


@command(
    N_(
        "Take what is personal of a customer out of the books, after showing what would go.\n\n"
        "Names, contacts, addresses, bank accounts, notes, own fields, aliases of the record, the"
        " words of the activity log, letters, notes of orders and what was imported go. The id,"
        " amounts, days and documents stay, so that every figure is the same. Refused while"
        " anything is open, or while `privacy.keep_closed` says that it is to be kept. What git"
        " still holds is told, with the steps for it."
    ),
    examples=(
        "ledgercli customer forget C001",
        "ledgercli customer forget C001 --texts ../forget.txt --write",
        "ledgercli customer forget C001 --activity-before 2023-01-01",
    ),
    writing=writing,
    output=printing,
)
def forget(
    session: Session,
    *,
    customer_id: CustomerId,
    diff: Annotated[
        bool, typer.Option("--diff", help=N_("Show the patch of the ledger instead of the list."))
    ] = False,
    reason: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help=N_("Why, though it is to be kept for longer; it is recorded.")
        ),
    ] = "",
    activity_before: Annotated[
        dt.date | None,
        typer.Option(
            "--activity-before",
            metavar="DATE",
            parser=parse_exact_day,
            help=N_("Only the words of the activity log from before this day."),
        ),
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(
            "--texts",
            metavar="FILE",
            help=N_("With `--write`: keep what went in this file, for `git filter-repo`."),
        ),
    ] = None,
    writing: Writing,
    output: Printing,
) -> int:
    """Print what would go, or take it away and print what went."""
    from ledgercli.desk.customers import privacy

    if texts is not None and not writing.records:
        message = _("a file of texts is written together with `--write` only")
        raise typer.BadParameter(message, param_hint="--texts")
    books = session.open(with_events=True, with_orders=True)
    asked = privacy.Forgetting(
        customer_id,
        write=writing.records,
        write_ledger=writing.ledger,
        reason=" ".join(reason.split()),
        before=activity_before,
        texts=None if texts is None else Path(os.path.normpath(session.start / texts)),
    )
    answer = privacy.forget(books, session.request(), asked)
    if diff:
        answer = replace(answer, verbatim=answer.facts["ledger_diff"] or "")
    return give(session, answer, output)
