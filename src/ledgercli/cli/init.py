"""Make new books."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Printing, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _, language


@command(
    N_(
        "Make new books in a folder: commented settings, an example customer, a reminder"
        " policy.\n\n"
        "With `--from-ledger` the customers are inferred from a ledger: the one given here, with"
        " `--ledger`, or by $BEANCOUNT_FILE. Files that are there already stay as they are."
    ),
    examples=(
        "ledgercli init books",
        "ledgercli init --from-ledger main.beancount",
    ),
    output=printing,
)
def init(
    session: Session,
    *,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[LEDGER] [DIR]",
            help=N_("The folder (default: here), after the ledger with `--from-ledger`."),
        ),
    ] = None,
    from_ledger: Annotated[
        bool, typer.Option("--from-ledger", help=N_("Infer customers from a ledger."))
    ] = False,
    output: Printing,
) -> int:
    """Make books and print which files were made."""
    from ledgercli.desk import starting

    given = list(paths or ())
    request = session.request()
    if from_ledger and given and not (session.start / given[0]).is_dir():
        if request.ledger is not None and len(given) > 1:
            raise typer.BadParameter(_("the ledger is given twice"), param_hint="LEDGER")
        if request.ledger is None:
            request = replace(request, ledger=given.pop(0))
    if len(given) > 1:
        raise typer.BadParameter(
            _("too many arguments: `{extra}`").format(extra=given[1]), param_hint="DIR"
        )
    # `--books DIR init` names the folder as well.
    target = session.start / (given[0] if given else request.books or Path())
    make = starting.init_from_ledger if from_ledger else starting.init
    return give(session, make(request, target=target, language=language()), output)
