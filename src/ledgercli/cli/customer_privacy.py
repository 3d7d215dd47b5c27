"""Personal data: everything that is held on a customer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import AsOf
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stderr
from ledgercli.model.catalogue.mark import N_
from ledgercli.output import formats
from ledgercli.output.language import ngettext

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
    from ledgercli.desk import personal_data
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
