"""Letters to customers about their contracts."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Asked, DryRun, Printing, printing, selection
from ledgercli.cli.printing import give
from ledgercli.cli.report import parse_duration
from ledgercli.cli.sending import sending_options
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Duration


@command(
    N_(
        "Write to customers whose contracts end, or can be given notice of, before long.\n\n"
        "The letters go to `letters/contracts/DATE/`. With `--mail` they are sent by e-mail as"
        " well, once for each end of a contract."
    ),
    examples=(
        'ledgercli customer notices --within "30 days" --dry-run',
        "ledgercli customer notices --customer C001 --type pdf",
        "ledgercli customer notices --within 2m --mail",
    ),
    asked=selection,
    output=printing,
)
def notices(
    session: Session,
    *,
    within: Annotated[
        Duration | None,
        typer.Option(
            metavar="TIME",
            parser=parse_duration,
            help=N_("How far away the day may be (30 days)."),
            show_default=False,
        ),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            parser=one_of(("txt", "md", "html", "pdf")),
            help=N_("Kind of letter: txt (default), md, html or pdf; may be repeated."),
        ),
    ] = None,
    mail: Annotated[bool, typer.Option("--mail", help=N_("Send them by e-mail, too."))] = False,
    dry_run: DryRun = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Write letters about contracts, and print what became of them."""
    from ledgercli.desk.customers.contract_letters import write_contract_letters

    books = session.open(with_events=True)
    answer = write_contract_letters(
        books,
        asked.query,
        sending_options(session) if mail else None,
        within=within or Duration(30),
        types=tuple(dict.fromkeys(types or ())),
        dry_run=dry_run,
    )
    return give(session, answer, output)
