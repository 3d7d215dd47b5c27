"""Reports of what customers make use of, under ``report``."""

from __future__ import annotations

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.metric_reports import Months
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "How far the credit limits were used at the end of each month, and how many were over"
        " theirs."
    ),
    examples=("ledgercli report limit-use", "ledgercli report limit-use --customer C001"),
    asked=explained(history),
    output=printing,
)
def limit_use(session: Session, *, months: Months = 12, asked: Asked, output: Printing) -> int:
    """Print the use of the limits over time."""
    from ledgercli.desk import use_reports

    books = session.open(asked.known_at, with_orders=True)
    return give(session, use_reports.limit_use(books, asked.query, months=months), output)


@command(
    N_(
        "How often and how recently customers bought, when the next purchase is to be expected, and"
        " the repurchase rate."
    ),
    examples=("ledgercli report frequency", "ledgercli report frequency --tier A -f csv"),
    asked=explained(history),
    output=printing,
)
def frequency(session: Session, *, months: Months = 12, asked: Asked, output: Printing) -> int:
    """Print how often customers buy."""
    from ledgercli.desk import use_reports

    books = session.open(asked.known_at)
    return give(session, use_reports.frequency(books, asked.query, months=months), output)
