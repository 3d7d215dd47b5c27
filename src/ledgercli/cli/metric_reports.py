"""Reports of metrics, under ``report``: figures month by month, by customer, by cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import (
    Asked,
    Printing,
    filters,
    history,
    one_of,
    parse_buckets,
    printing,
)
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Duration

if TYPE_CHECKING:
    from ledgercli.model.settings import Basis

_MONTHS_MOST = 120
Months = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        max=_MONTHS_MOST,
        help=N_("How many months, the current one included (12)."),
    ),
]


@command(
    N_(
        "Aging over time: the open items by bucket at the end of each month.\n\n"
        "Each line is what `aging --as-of` says of that day: payments that came later are not"
        " known to it."
    ),
    examples=(
        "ledgercli report aging-history --months 6",
        "ledgercli report aging-history --customer C001 -f csv",
    ),
    asked=filters,
    output=printing,
)
def aging_history(
    session: Session,
    *,
    months: Months = 12,
    basis: Annotated[
        str | None,
        typer.Option(
            metavar="BASIS",
            parser=one_of(("due", "date")),
            help=N_("Count from the due date (due) or the document's date (date)."),
        ),
    ] = None,
    buckets: Annotated[
        str | None,
        typer.Option(
            metavar="BOUNDS",
            parser=parse_buckets,
            help=N_("Upper bounds such as 30,60,90 or '3 months, 1 year'."),
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the aging at the end of each month."""
    from ledgercli.desk import metric_reports

    answer = metric_reports.aging_history(
        session.open(asked.known_at),
        asked.query,
        months=months,
        basis=cast("Basis | None", basis),
        buckets=cast("tuple[Duration, ...] | None", buckets),
    )
    return give(session, answer, output)


@command(
    N_(
        "Days sales outstanding (DSO) at the end of each month: simple, best possible, and"
        " counted back.\n\n"
        "How many days of sales the receivables are worth; what is not overdue gives the best"
        " possible figure."
    ),
    examples=("ledgercli report dso", "ledgercli report dso --over 12 --currency EUR -f json"),
    asked=history,
    output=printing,
)
def dso(
    session: Session,
    *,
    months: Months = 12,
    over: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=_MONTHS_MOST,
            help=N_("The sales of how many months the simple figure rests on (3)."),
        ),
    ] = 3,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the days sales outstanding."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.sales_outstanding(books, asked.query, months=months, over=over)
    return give(session, answer, output)


@command(
    N_(
        "How much was collected of what could be: collection effectiveness index and collection"
        " rate of each month."
    ),
    examples=("ledgercli report collection --months 6",),
    asked=history,
    output=printing,
)
def collection(session: Session, *, months: Months = 12, asked: Asked, output: Printing) -> int:
    """Print collection effectiveness index and rate."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.collection(books, asked.query, months=months)
    return give(session, answer, output)
