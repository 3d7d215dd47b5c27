"""Customer records, written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.customer_change import give_change
from ledgercli.cli.options import DryRun, Printing, printing
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _

CustomerId = Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))]
CustomersAndTag = Annotated[
    list[str],
    typer.Argument(metavar="ID... TAG", help=N_("One or more customers, then the tag.")),
]


@command(
    N_(
        "Set one value in a customer's record; every other line stays as it is.\n\n"
        "KEY is dotted: `credit.limit`, `segments.region`, `contacts.1.email` (the first contact)."
        " `KEY=VALUE` is the same as `KEY VALUE`."
        " Lists are written `[a, b]`, mappings `{key: value}`. What would be an error is not"
        " written.\n\n"
        "`--from` takes many from a CSV file: a column `id`, the others named by keys. An empty"
        " cell changes nothing, `~` takes a key away. All of it is written, or nothing."
    ),
    examples=(
        'ledgercli customer set C001 credit.limit "12000 EUR"',
        "ledgercli customer set C001 owner --unset",
        "ledgercli customer set --from limits.csv --dry-run",
    ),
    output=printing,
)
def set_(
    session: Session,
    *,
    customer_id: Annotated[
        str | None, typer.Argument(metavar="ID", help=N_("The customer."))
    ] = None,
    key: Annotated[str | None, typer.Argument(metavar="KEY", help=N_("What to set."))] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help=N_("The new value."))] = None,
    unset: Annotated[bool, typer.Option("--unset", help=N_("Take the key away."))] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help=N_("A CSV file of changes, or `-`."),
        ),
    ] = None,
    dry_run: DryRun = False,
    output: Printing,
) -> int:
    """Set or unset values and print what changed."""
    from ledgercli.desk.customers import customer_editing

    if file is not None:
        if customer_id is not None or unset:
            message = _("`--from` takes no customer, key or value beside it")
            raise typer.BadParameter(message, param_hint="--from")
        books = session.open_records()
        path = None if file == Path("-") else session.start / file
        answer = customer_editing.set_many(books, path=path, dry_run=dry_run)
        return give_change(session, answer, output)
    for name, given in (("ID", customer_id), ("KEY", key)):
        if given is None:
            raise typer.BadParameter(_("`{name}` is missing").format(name=name), param_hint=name)
    if value is None and not unset and key and "=" in key:
        key, _sign, value = key.partition("=")
    if (value is None) != unset:
        message = _("give a value, or `--unset`, and not both")
        raise typer.BadParameter(message, param_hint="VALUE")
    books = session.open_records()
    answer = customer_editing.set_value(
        books, customer=customer_id or "", key=key or "", value=value, dry_run=dry_run
    )
    return give_change(session, answer, output)


@command(
    N_("Give customers a tag."),
    examples=("ledgercli customer tag C001 C002 retail",),
    output=printing,
)
def tag(
    session: Session, *, words: CustomersAndTag, dry_run: DryRun = False, output: Printing
) -> int:
    """Add a tag to each customer and print what changed."""
    from ledgercli.desk.customers import customer_editing

    customers, name = _customers_and_tag(words)
    books = session.open_records()
    answer = customer_editing.tag(books, customers=customers, tag=name, dry_run=dry_run)
    return give_change(session, answer, output)


@command(
    N_("Take a tag from customers."),
    examples=("ledgercli customer untag C001 C002 retail",),
    output=printing,
)
def untag(
    session: Session, *, words: CustomersAndTag, dry_run: DryRun = False, output: Printing
) -> int:
    """Remove a tag from each customer and print what changed."""
    from ledgercli.desk.customers import customer_editing

    customers, name = _customers_and_tag(words)
    books = session.open_records()
    answer = customer_editing.untag(books, customers=customers, tag=name, dry_run=dry_run)
    return give_change(session, answer, output)


def _customers_and_tag(words: list[str]) -> tuple[list[str], str]:
    if len(words) < 2 or not words[-1].strip():
        raise typer.BadParameter(_("`{name}` is missing").format(name="TAG"), param_hint="TAG")
    return words[:-1], words[-1].strip()
