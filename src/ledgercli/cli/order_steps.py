"""What becomes of orders: delivered, accepted, invoiced, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import parse_day
from ledgercli.cli.options import Asked, Printing, printing, selection
from ledgercli.cli.order import OrderNumber
from ledgercli.cli.order_options import parse_quantities
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.orders.order_desk import Desk
    from ledgercli.model.answer import Answer

Lines = Annotated[
    list[str] | None,
    typer.Option(
        "--line",
        metavar="LINE=QUANTITY",
        help=N_("Only this quantity of a line, such as 1=3; may be repeated."),
    ),
]
Day = Annotated[
    dt.date | None,
    typer.Option("--date", metavar="DATE", parser=parse_day, help=N_("The day (today).")),
]


def _done(session: Session, output: Printing, task: Callable[[Desk], Answer]) -> int:
    """Print what a task at the desk answers, done under the lock of the books."""
    from ledgercli.desk.orders import order_desk

    opened = _opener(session)
    with order_desk.at_work(opened(), session.environment, opened) as desk:
        return give(session, task(desk), output)


def _opener(session: Session) -> Callable[[], OpenBooks]:
    return lambda: session.open(with_orders=True)


@command(
    N_(
        "Record a delivery: all that is left, or quantities of single lines.\n\n"
        "An order without an approval that holds is not delivered."
    ),
    examples=(
        "ledgercli order deliver SO-2026-0001",
        'ledgercli order deliver SO-2026-0001 --line 1=3 --note "DHL 1234"',
    ),
    output=printing,
)
def deliver(
    session: Session,
    *,
    number: OrderNumber,
    lines: Lines = None,
    day: Day = None,
    note: Annotated[
        str, typer.Option(metavar="TEXT", help=N_("Delivery note, consignment and the like."))
    ] = "",
    output: Printing,
) -> int:
    """Record a delivery and print the order."""
    from ledgercli.desk.orders import ordering

    quantities = parse_quantities(lines)
    return _done(
        session,
        output,
        lambda desk: ordering.deliver(desk, number, quantities=quantities, day=day, text=note),
    )


@command(
    N_("Record that the customer accepted what was delivered."),
    examples=("ledgercli order accept SO-2026-0001 --date 2026-11-18",),
    output=printing,
)
def accept(session: Session, *, number: OrderNumber, day: Day = None, output: Printing) -> int:
    """Record an acceptance and print the order."""
    from ledgercli.desk.orders import ordering

    return _done(session, output, lambda desk: ordering.accept(desk, number, day=day))


@command(
    N_(
        "Invoice an order: the transaction is appended to the ledger.\n\n"
        "Without `--write` only the diff is printed. Invoiced is what was delivered; an order of"
        " which nothing was delivered yet is invoiced as a whole, and so is any with `--ahead`, as"
        " far as its approval holds. The number is the next of `orders.series.invoices`."
    ),
    examples=(
        "ledgercli order invoice SO-2026-0001",
        "ledgercli order invoice SO-2026-0001 --write",
    ),
    output=printing,
)
def invoice(
    session: Session,
    *,
    number: OrderNumber,
    lines: Lines = None,
    day: Day = None,
    ahead: Annotated[
        bool, typer.Option("--ahead", help=N_("Also what is not delivered yet."))
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help=N_("Append it to the ledger, not only show it."))
    ] = False,
    output: Printing,
) -> int:
    """Print the diff of the ledger, and write it where that is asked for."""
    from ledgercli.desk.orders import invoicing

    quantities = parse_quantities(lines)
    return _done(
        session,
        output,
        lambda desk: invoicing.invoice(
            desk,
            number,
            quantities=quantities,
            day=day,
            ahead=ahead,
            write=write,
            reopen=_opener(session),
        ),
    )


@command(
    N_("Cancel an order of which nothing was delivered or invoiced."),
    examples=("ledgercli order cancel SO-2026-0001",),
    output=printing,
)
def cancel(session: Session, *, number: OrderNumber, output: Printing) -> int:
    """Cancel an order and print it."""
    from ledgercli.desk.orders import ordering

    return _done(session, output, lambda desk: ordering.cancel(desk, number))


@command(
    N_("Give up what is left of an order; what was delivered can still be invoiced."),
    examples=("ledgercli order close SO-2026-0001",),
    output=printing,
)
def close(session: Session, *, number: OrderNumber, output: Printing) -> int:
    """Close an order and print it."""
    from ledgercli.desk.orders import ordering

    return _done(session, output, lambda desk: ordering.close(desk, number))


@command(
    N_("Open an order again that was closed or cancelled. It is decided about like a new one."),
    examples=("ledgercli order reopen SO-2026-0001",),
    output=printing,
)
def reopen(session: Session, *, number: OrderNumber, output: Printing) -> int:
    """Open an order again and print it."""
    from ledgercli.desk.orders import ordering

    return _done(session, output, lambda desk: ordering.reopen_order(desk, number))


@command(
    N_(
        "Put in order what a run left that was cut off while it wrote an invoice.\n\n"
        "Every command that changes orders does that first."
    ),
    examples=("ledgercli order recover",),
    output=printing,
)
def recover(session: Session, *, output: Printing) -> int:
    """Finish what was left, and print what it was."""
    from ledgercli.desk.orders import order_answers

    return _done(session, output, order_answers.recovered)


@command(
    N_(
        "Orders that contracts make due: one for each period of a contract whose `value:` is an"
        " amount for a time, such as `1200 EUR per month`.\n\n"
        "Without `--write` they are only shown. A period that has an order is not drafted again."
    ),
    examples=(
        "ledgercli order due",
        "ledgercli order due --from 2026-11-01 --until 2026-12-31 --write",
    ),
    asked=selection,
    output=printing,
)
def due(
    session: Session,
    *,
    until: Annotated[
        dt.date | None,
        typer.Option(metavar="DATE", parser=parse_day, help=N_("Up to this day (today).")),
    ] = None,
    since: Annotated[
        dt.date | None,
        typer.Option(
            "--from",
            metavar="DATE",
            parser=parse_day,
            help=N_("Only periods that begin on this day or later."),
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help=N_("Enter the orders, not only show them."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the orders that are due, and enter them where that is asked for."""
    from ledgercli.desk.orders import contract_orders

    return _done(
        session,
        output,
        lambda desk: contract_orders.due(desk, asked.query, since=since, until=until, write=write),
    )
