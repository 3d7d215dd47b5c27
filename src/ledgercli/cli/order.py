"""Orders: entered, looked at, decided about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of, parse_day, parse_exact_day
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.order_options import parse_line, parse_quantities, parse_terms
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.order import OrderLine
from ledgercli.model.state_words import ORDER_STATES
from ledgercli.model.terms import Terms
from ledgercli.output.language import _

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks

OrderNumber = Annotated[str, typer.Argument(metavar="NUMBER", help=N_("The order."))]


@command(
    N_(
        "Enter an order, and let the rules decide about it.\n\n"
        "LINE is `[QUANTITY x] PRICE [CURRENCY] [TEXT] [@ACCOUNT] [+TAX%]`; an amount alone is a"
        " line. Within the credit limit and the rules of `orders:` in the settings it is approved;"
        " else it waits for somebody who may approve it."
    ),
    examples=(
        'ledgercli order add C1001 "10 x 12.50 EUR House espresso +7%"',
        'ledgercli order add C1001 "500 EUR" --deliver-by 2026-12-15 --terms "net 14"',
    ),
    output=printing,
)
def add(  # noqa: PLR0913 - one option for each of the usual keys
    session: Session,
    *,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help=N_("The customer."))],
    lines: Annotated[
        list[OrderLine],
        typer.Argument(metavar="LINE...", parser=parse_line, help=N_("What is ordered.")),
    ],
    number: Annotated[
        str, typer.Option(metavar="NUMBER", help=N_("The number; the next of the series."))
    ] = "",
    day: Annotated[
        dt.date | None,
        typer.Option(
            "--date", metavar="DATE", parser=parse_day, help=N_("The day of the order (today).")
        ),
    ] = None,
    deliver_by: Annotated[
        dt.date | None,
        typer.Option(metavar="DATE", parser=parse_exact_day, help=N_("When it is to be there.")),
    ] = None,
    terms: Annotated[
        Terms | None,
        typer.Option(
            metavar="TERMS", parser=parse_terms, help=N_("Payment terms, such as `net 30`.")
        ),
    ] = None,
    contract: Annotated[
        str, typer.Option(metavar="ID", help=N_("The contract that it belongs to."))
    ] = "",
    notes: Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("A note."))] = "",
    output: Printing,
) -> int:
    """Write an order and print it."""
    from ledgercli.desk.orders import order_desk, ordering

    wanted = ordering.NewOrder(
        customer, tuple(lines), number, day, deliver_by, terms, contract, notes
    )
    with order_desk.at_work(
        _opened(session), session.environment, lambda: _opened(session)
    ) as desk:
        return give(session, ordering.add(desk, wanted), output)


def _opened(session: Session) -> OpenBooks:
    return session.open(with_orders=True)


def _opener(session: Session) -> Callable[[], OpenBooks]:
    return lambda: _opened(session)


def parse_state(text: str) -> str:
    """Return a state of orders; raise ``typer.BadParameter`` for others."""
    return one_of(tuple(ORDER_STATES))(text)


@command(
    N_(
        "Orders with what is delivered, invoiced and open; without `--all` and `--status` those"
        " that are not over."
    ),
    examples=("ledgercli order list", "ledgercli order list --status held -f json"),
    asked=history,
    output=printing,
)
def list_(
    session: Session,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=N_("Those that are over, too."))
    ] = False,
    status: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATUS", parser=parse_state, help=N_("Only this status; may be repeated.")
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print orders, one a line."""
    from ledgercli.desk.orders import order_answers

    books = session.open(asked.known_at, with_orders=True)
    answer = order_answers.order_rows(
        books, asked.query, states=tuple(status or ()), everything=everything
    )
    return give(session, answer, output)


@command(
    N_("One order: its lines, what was decided on which grounds, deliveries and invoices."),
    examples=("ledgercli order show SO-2026-0001",),
    output=printing,
)
def show(session: Session, *, number: OrderNumber, output: Printing) -> int:
    """Print an order."""
    from ledgercli.desk.orders import order_answers, order_desk

    books = _opened(session)
    order = order_desk.find_order(books.orders, number)
    return give(session, order_answers.order_answer(books, order, books.orders), output)


@command(
    N_(
        "Approve an order, as who git says you are.\n\n"
        "Who may do that, and how far above the credit limit, is said under `orders.approvers` in"
        " the settings. What the rules let through by now needs nobody. The decision is dated,"
        " keeps the figures it was made on, and holds as long as `orders.expires` says; it is worth"
        " nothing where the order or the exposure has grown beyond it."
    ),
    examples=('ledgercli order approve SO-2026-0002 --reason "paid in advance so far"',),
    output=printing,
)
def approve(
    session: Session,
    *,
    number: OrderNumber,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=N_("Why."))] = "",
    output: Printing,
) -> int:
    """Record an approval and print the order."""
    from ledgercli.desk.orders import order_desk, ordering

    with order_desk.at_work(
        _opened(session), session.environment, lambda: _opened(session)
    ) as desk:
        return give(session, ordering.approve(desk, number, reason=reason), output)


@command(
    N_(
        "Split an order: quantities of its lines get an order of their own.\n\n"
        "What was decided goes on for both parts, each for its own amount."
    ),
    examples=("ledgercli order split SO-2026-0003 --line 1=4",),
    output=printing,
)
def split(
    session: Session,
    *,
    number: OrderNumber,
    lines: Annotated[
        list[str],
        typer.Option(
            "--line", metavar="LINE=QUANTITY", help=N_("What to split off; may be repeated.")
        ),
    ],
    new_number: Annotated[
        str, typer.Option("--number", metavar="NUMBER", help=N_("The number of the new order."))
    ] = "",
    output: Printing,
) -> int:
    """Split an order and print the new one."""
    from ledgercli.desk.orders import order_desk, order_splitting

    quantities = parse_quantities(lines)
    with order_desk.at_work(
        _opened(session), session.environment, lambda: _opened(session)
    ) as desk:
        answer = order_splitting.split(desk, number, quantities=quantities, new_number=new_number)
        return give(session, answer, output)


@command(
    N_("Reject an order, as who git says you are. What was delivered still counts."),
    examples=('ledgercli order reject SO-2026-0002 --reason "first the old invoices"',),
    output=printing,
)
def reject(
    session: Session,
    *,
    number: OrderNumber,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=N_("Why."))] = "",
    output: Printing,
) -> int:
    """Record a rejection and print the order."""
    from ledgercli.desk.orders import order_desk, ordering

    if not reason.strip():
        raise typer.BadParameter(
            _("`{name}` is missing").format(name="--reason"), param_hint="--reason"
        )
    with order_desk.at_work(
        _opened(session), session.environment, lambda: _opened(session)
    ) as desk:
        return give(session, ordering.reject(desk, number, reason=reason.strip()), output)
