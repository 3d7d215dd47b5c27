"""Reports on sales, under ``report``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.metric_reports import Months
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Asked, Printing, filters, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "What customers bring: revenue, the costs that name them, and what is left.\n\n"
        "Revenue and costs are what the ledger posts to income and expense accounts, without tax."
        " `customer:` on a posting or a transaction says whose they are, else the receivable of the"
        " same transaction does."
    ),
    examples=(
        "ledgercli report contribution",
        "ledgercli report contribution --by tag --months 24 -f csv",
        "ledgercli report contribution --by industry",
    ),
    asked=explained(filters),
    output=printing,
)
def contribution(
    session: Session,
    *,
    months: Months = 12,
    by: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            help=N_(
                "customer (default), month, tag, tier, status, owner, parent, or the name of a"
                " segment."
            ),
        ),
    ] = "customer",
    asked: Asked,
    output: Printing,
) -> int:
    """Print what customers bring."""
    from ledgercli.desk import sales_reports

    books = session.open(asked.known_at)
    answer = sales_reports.contribution(books, asked.query, months=months, by=by)
    return give(session, answer, output)


@command(
    N_(
        "What was sold, and to whom: revenue and quantity by product.\n\n"
        "Products are named by `product:` of a posting or a transaction, quantities by `quantity:`."
    ),
    examples=(
        "ledgercli report products",
        "ledgercli report products --by customer --customer C001",
    ),
    asked=explained(filters),
    output=printing,
)
def products(
    session: Session,
    *,
    months: Months = 12,
    by: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            parser=one_of(("product", "customer")),
            help=N_("By product (default), or by customer and product."),
        ),
    ] = "product",
    asked: Asked,
    output: Printing,
) -> int:
    """Print what was sold."""
    from ledgercli.desk import sales_reports

    books = session.open(asked.known_at)
    answer = sales_reports.products(books, asked.query, months=months, by=by)
    return give(session, answer, output)


@command(
    N_("Which products are bought together, in one transaction, more often than by chance."),
    examples=("ledgercli report bought-together", "ledgercli report bought-together --least 5"),
    asked=explained(filters),
    output=printing,
)
def bought_together(
    session: Session,
    *,
    months: Months = 12,
    least: Annotated[
        int, typer.Option(metavar="N", min=1, help=N_("Only pairs bought at least so often (2)."))
    ] = 2,
    asked: Asked,
    output: Printing,
) -> int:
    """Print what is bought together."""
    from ledgercli.desk import sales_reports

    books = session.open(asked.known_at)
    answer = sales_reports.bought_together(books, asked.query, months=months, least=least)
    return give(session, answer, output)
