"""Customers renamed, merged, closed, reopened and removed."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.customer_change import give_change
from ledgercli.cli.options import DryRun, Printing, printing
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

CustomerId = Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))]
WriteLedger = Annotated[
    bool,
    typer.Option("--write-ledger", help=N_("Write the new id into the ledger's `customer:`, too.")),
]


@command(
    N_(
        "Give a customer another id, in all records and orders that name it.\n\n"
        "The old id becomes an alias, by which the activity log and the ledger still name the"
        " customer. What would change in the ledger is shown as a patch, and written only with"
        " `--write-ledger`."
    ),
    examples=("ledgercli customer rename C001 ACME --dry-run",),
    output=printing,
)
def rename(
    session: Session,
    *,
    customer_id: CustomerId,
    new: Annotated[str, typer.Argument(metavar="NEW", help=N_("The new id."))],
    write_ledger: WriteLedger = False,
    dry_run: DryRun = False,
    output: Printing,
) -> int:
    """Rename a customer and print what changed."""
    from ledgercli.desk.customers import customer_moving

    answer = customer_moving.rename(
        session.open(), customer=customer_id, new=new, dry_run=dry_run, write_ledger=write_ledger
    )
    return give_change(session, answer, output)


@command(
    N_(
        "Make two records of the same customer one.\n\n"
        "The record that stays takes over what it lacks: contacts, addresses, accounts, tags. The"
        " id, the name and the aliases of the other become aliases, so that its documents and"
        " activity are found. Where both say something else, the one that stays is right."
    ),
    examples=("ledgercli customer merge C002 --into C001 --dry-run",),
    output=printing,
)
def merge(
    session: Session,
    *,
    customer_id: Annotated[
        str, typer.Argument(metavar="ID", help=N_("The customer whose record goes."))
    ],
    into: Annotated[
        str, typer.Option("--into", metavar="ID", help=N_("The customer whose record stays."))
    ],
    write_ledger: WriteLedger = False,
    dry_run: DryRun = False,
    output: Printing,
) -> int:
    """Merge two customers and print what changed."""
    from ledgercli.desk.customers import customer_moving

    answer = customer_moving.merge(
        session.open(),
        source=customer_id,
        target=into,
        dry_run=dry_run,
        write_ledger=write_ledger,
    )
    return give_change(session, answer, output)


@command(
    N_("Close a customer: the status becomes `closed`; record and history stay."),
    examples=("ledgercli customer close C001",),
    output=printing,
)
def close(
    session: Session, *, customer_id: CustomerId, dry_run: DryRun = False, output: Printing
) -> int:
    """Close a customer and print what changed."""
    from ledgercli.desk.customers import customer_moving

    answer = customer_moving.close(session.open(), customer=customer_id, dry_run=dry_run)
    return give_change(session, answer, output)


@command(
    N_("Make a closed customer active again."),
    examples=("ledgercli customer reopen C001",),
    output=printing,
)
def reopen(
    session: Session, *, customer_id: CustomerId, dry_run: DryRun = False, output: Printing
) -> int:
    """Reopen a customer and print what changed."""
    from ledgercli.desk.customers import customer_editing

    books = session.open_records()
    answer = customer_editing.reopen(books, customer=customer_id, dry_run=dry_run)
    return give_change(session, answer, output)


@command(
    N_(
        "Remove a customer's record, while nothing hangs on it.\n\n"
        "Refused while the ledger has documents or payments, while orders name it, and while it is"
        " the parent of others."
    ),
    examples=("ledgercli customer remove C001 --dry-run",),
    output=printing,
)
def remove(
    session: Session, *, customer_id: CustomerId, dry_run: DryRun = False, output: Printing
) -> int:
    """Remove a record and print what changed."""
    from ledgercli.desk.customers import customer_moving

    answer = customer_moving.remove(session.open(), customer=customer_id, dry_run=dry_run)
    return give_change(session, answer, output)
