"""The JSON Schemas of the YAML files."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Printing, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stdout
from ledgercli.model.catalogue.mark import N_

_KINDS = ("customer", "settings", "order", "profile", "report")


@command(
    N_(
        "JSON Schemas of customers, settings, orders, import profiles and reports, for editors.\n\n"
        "Without a name they are written to `.ledgercli/` of the books, where a first line `#"
        " yaml-language-server: $schema=../.ledgercli/customer.schema.json` refers to them; with a"
        " name that one is printed."
    ),
    examples=("ledgercli schema", "ledgercli schema customer"),
    output=printing,
)
def schema(
    session: Session,
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            parser=one_of(_KINDS),
            help=N_("customer, settings, order, profile or report."),
        ),
    ] = None,
    output: Printing,
) -> int:
    """Print a schema, or write all into the books."""
    from ledgercli.desk import schemas

    if name is not None:
        write_stdout(schemas.shipped(name), utf8=True)
        return 0
    return give(session, schemas.write(session.open_records()), output)
