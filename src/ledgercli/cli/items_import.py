"""Open items of another system: into the ledger, and beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.customer_exchange import PIPE, Delimiter, Encoding, Write, delimiter_of
from ledgercli.cli.option_values import parse_currency, parse_day
from ledgercli.cli.options import Printing, printing
from ledgercli.cli.printing import chosen_format, exit_code, render, send, warn
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

if TYPE_CHECKING:
    from ledgercli.desk.exchange.foreign_files import ForeignFile
    from ledgercli.model.answer import Answer

List = Annotated[Path, typer.Argument(metavar="FILE", help=N_("The list, or `-`."))]
ProfileName = Annotated[
    str,
    typer.Option(
        "--profile",
        "-p",
        metavar="NAME",
        help=N_("How the list is made: datev-opos, yuebiao, yingshou, csv-items, or your own."),
    ),
]
Day = Annotated[
    dt.date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=parse_day,
        help=N_("The day of items without a date, and of the comparison (today)."),
    ),
]
Currency = Annotated[
    str | None,
    typer.Option(
        metavar="CUR",
        parser=parse_currency,
        help=N_("The currency of rows without one (default: the ledger's)."),
    ),
]


@command(
    N_(
        "Take a list of open items over into the ledger, after showing what would be written.\n\n"
        "Each item becomes a transaction of its own, so that it ages, against opening balances."
        " Items that are in the books already are left alone: running twice adds nothing."
        " Customers are found by id, alias, their number elsewhere (`ids`), or name. Below the diff"
        " stand the totals of the list beside those of the books."
    ),
    examples=(
        "ledgercli opening import opos.csv --profile datev-opos",
        "ledgercli opening import 余额表.xlsx -p yuebiao --as-of 2026-10-31 --write",
    ),
    output=printing,
)
def import_(  # noqa: PLR0913 - options of the command
    session: Session,
    *,
    path: List,
    profile: ProfileName = "csv-items",
    write: Write = False,
    as_of: Day = None,
    currency: Currency = None,
    account: Annotated[
        str | None,
        typer.Option(metavar="ACCOUNT", help=N_("The receivable account for all items.")),
    ] = None,
    equity: Annotated[
        str | None,
        typer.Option(metavar="ACCOUNT", help=N_("The account of opening balances.")),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help=N_("The ledger file to write to (opening-items.beancount).")
        ),
    ] = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    output: Printing,
) -> int:
    """Print the diff and the comparison, or write the items and print the comparison."""
    from ledgercli.desk.exchange import open_items

    how = open_items.TakeOver(as_of, currency, account, equity, into)
    file = _file(session, path, profile, encoding, delimiter)
    books = session.open()
    answer = open_items.take_over(books, file, how, write=write, reopen=session.open)
    return _give(session, answer, output)


@command(
    N_(
        "Compare a list of open items with the books: totals by customer, and the documents that"
        " differ.\n\n"
        "For running both systems side by side. Nothing is written; 1 is the exit code when they"
        " differ."
    ),
    examples=("ledgercli opening compare opos.csv --profile datev-opos --as-of 2026-11-30",),
    output=printing,
)
def compare(
    session: Session,
    *,
    path: List,
    profile: ProfileName = "csv-items",
    as_of: Day = None,
    currency: Currency = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    output: Printing,
) -> int:
    """Print both sides."""
    from ledgercli.desk.exchange import open_items

    how = open_items.TakeOver(as_of, currency)
    file = _file(session, path, profile, encoding, delimiter)
    answer = open_items.compare(session.open(), file, how)
    code = _give(session, answer, output)
    return code or int(answer.closing_facts["equal"] is False)


def _file(
    session: Session, path: Path, profile: str, encoding: str | None, delimiter: str | None
) -> ForeignFile:
    from ledgercli.desk.exchange.foreign_files import ForeignFile

    where = path if path == PIPE else session.start / path
    return ForeignFile(where, profile, encoding, delimiter_of(delimiter))


def _give(session: Session, answer: Answer, output: Printing) -> int:
    """Print an answer, for people the diff first."""
    output_format = chosen_format(output)
    content = render(session, answer, output_format, output.path)
    diff = answer.facts.get("diff")
    if output_format == "table" and diff and not answer.facts["written"]:
        shown = replace(answer, verbatim=str(diff), notes=())
        diff_text = render(session, shown, output_format, output.path)
        content = f"{diff_text!s}\n{content!s}"
    send(session, content, output_format, output)
    warn(answer, verbose=output.verbose)
    return exit_code(answer, output.fail_on or "error")
