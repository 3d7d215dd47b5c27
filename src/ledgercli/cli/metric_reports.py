"""Reports of metrics, under ``report``: aging, collection and losses, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.option_values import one_of, parse_buckets
from ledgercli.cli.options import Asked, Printing, filters, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.interval import INTERVALS, Interval
from ledgercli.model.values import Duration

if TYPE_CHECKING:
    from ledgercli.model.aging_settings import Basis

MONTHS_MOST = 120
_DAYS_MOST = 3660
Months = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        max=MONTHS_MOST,
        help=N_("How many months, the current one included (12)."),
    ),
]
By = Annotated[
    str,
    typer.Option(metavar="WHAT", help=N_("customer (default), month, or the name of a segment.")),
]


@command(
    N_(
        "Aging over time: the open items by bucket at the end of each month.\n\n"
        "Each line is what `aging --as-of` says of that day: payments that came later are not"
        " known to it."
    ),
    examples=(
        "ledgercli report aging-history --months 6",
        "ledgercli report aging-history --months 3 --interval week",
        "ledgercli report aging-history --customer C001 -f csv",
    ),
    asked=explained(filters),
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
    interval: Annotated[
        str,
        typer.Option(
            metavar="INTERVAL",
            parser=one_of(INTERVALS),
            help=N_("A line for each day, week, month (default), quarter or year of the months."),
        ),
    ] = "month",
    asked: Asked,
    output: Printing,
) -> int:
    """Print the aging at the end of each interval."""
    from ledgercli.desk import metric_reports

    answer = metric_reports.aging_history(
        session.open(asked.known_at),
        asked.query,
        months=months,
        basis=cast("Basis | None", basis),
        buckets=cast("tuple[Duration, ...] | None", buckets),
        interval=cast("Interval", interval),
    )
    return give(session, answer, output)


@command(
    N_(
        "Days sales outstanding (DSO) at the end of each month: simple, best possible, and"
        " counted back.\n\n"
        "How many days of sales the receivables are worth; what is not overdue gives the best"
        " possible figure."
    ),
    examples=(
        "ledgercli report dso",
        "ledgercli report dso --over 12 --currency EUR -f json",
        "ledgercli report dso --over 12 --days 360",
    ),
    asked=explained(history),
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
            max=MONTHS_MOST,
            help=N_("The sales of how many months the simple figure rests on (3)."),
        ),
    ] = 3,
    days: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=_DAYS_MOST,
            help=N_(
                "Count the months of `--over` as this many days in all, such as 90, 360 or 365, in"
                " place of the calendar's."
            ),
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the days sales outstanding."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.sales_outstanding(
        books, asked.query, months=months, over=over, days=days
    )
    return give(session, answer, output)


@command(
    N_(
        "How much was collected of what could be: collection effectiveness index and collection"
        " rate of each month."
    ),
    examples=("ledgercli report collection --months 6", "ledgercli report collection --over 12"),
    asked=explained(history),
    output=printing,
)
def collection(
    session: Session,
    *,
    months: Months = 12,
    over: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=MONTHS_MOST,
            help=N_("Of how many months each line is, up to its own: 3 for quarters, 12 (1)."),
        ),
    ] = 1,
    asked: Asked,
    output: Printing,
) -> int:
    """Print collection effectiveness index and rate."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.collection(books, asked.query, months=months, over=over)
    return give(session, answer, output)


@command(
    N_(
        "The receivables rolled forward: from opening balance through invoices, payments, credit"
        " notes, discounts and write-offs to closing balance, month by month.\n\n"
        "Every closing amount is compared with the ledger."
    ),
    examples=("ledgercli report roll-forward --months 6",),
    asked=explained(history),
    output=printing,
)
def roll_forward(session: Session, *, months: Months = 12, asked: Asked, output: Printing) -> int:
    """Print the roll-forward of the receivables."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    return give(session, metric_reports.roll_forward(books, asked.query, months=months), output)


@command(
    N_("Bad debt: what was written off beside the sales, by customer, month or segment."),
    examples=("ledgercli report bad-debt", "ledgercli report bad-debt --by month"),
    asked=explained(history),
    output=printing,
)
def bad_debt(
    session: Session, *, months: Months = 12, by: By = "customer", asked: Asked, output: Printing
) -> int:
    """Print what was written off."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.bad_debt(books, asked.query, months=months, by=by)
    return give(session, answer, output)


@command(
    N_(
        "How many days customers take to pay, and how late they are: averages of the invoices paid"
        " in that time, by customer, month or segment."
    ),
    examples=(
        "ledgercli report days-to-pay",
        "ledgercli report days-to-pay --by month --customer C001",
        "ledgercli report days-to-pay --by region",
    ),
    asked=explained(history),
    output=printing,
)
def days_to_pay(
    session: Session, *, months: Months = 12, by: By = "customer", asked: Asked, output: Printing
) -> int:
    """Print average days to pay and late."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.days_to_pay(books, asked.query, months=months, by=by)
    return give(session, answer, output)


@command(
    N_("How customers keep their promises to pay: kept, broken, and still running."),
    examples=("ledgercli report promises", "ledgercli report promises --months 24 -f csv"),
    asked=explained(history),
    output=printing,
)
def promises(session: Session, *, months: Months = 12, asked: Asked, output: Printing) -> int:
    """Print how promises were kept."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at, with_events=True)
    return give(session, metric_reports.promises(books, asked.query, months=months), output)
