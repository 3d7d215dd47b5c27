"""Forecasts: what the books know, walked through once, with what the activity log adds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ledgercli.customers.promised_receipts import promised, reliability
from ledgercli.customers.score_inputs import judged_promises
from ledgercli.desk import kept_forecasts
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.kept_forecasts import Answered
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.values import month_end
from ledgercli.receivables.forecast.backtest import (
    WEEKS,
    Asked,
    Remember,
    made_again,
    widening,
)
from ledgercli.receivables.forecast.past import Exposure, Past
from ledgercli.receivables.forecast.receipts import WEEK, Part, Promises
from ledgercli.receivables.forecast.revenue import monthly_sales
from ledgercli.receivables.forecast.revenue import revenue_forecast as forecast_of
from ledgercli.receivables.metrics.flows import flows
from ledgercli.receivables.metrics.periods import months_until
from ledgercli.receivables.position import Item, Position
from ledgercli.receivables.summary import Key
from ledgercli.reports import receipts_forecast, revenue_forecast
from ledgercli.reports.common import Basis


def receipts(books: OpenBooks, query: Query, *, weeks: int, tests: int) -> Answer:
    """Return the receipts of the next ``weeks``, tested at the last ``tests`` month ends.

    How customers pay is learnt from all of them, whatever ``query`` asks for. The books are to be
    opened with their activity.
    """
    as_of = books.as_of(query)
    days = _past_days(as_of, tests)

    def made(position: Position, remember: Remember | None) -> Answered:
        asked, past = _asked(books, query, position), Past(position)
        tested = made_again(position, days, asked, past, remember)
        return asked.forecast(past, as_of, weeks), tested

    expected, tested = kept_forecasts.told(
        kept_forecasts.Question(books, query, as_of, weeks, days), made
    )
    wide = widening(tested)
    forecasts = {currency: wide.of(one) for currency, one in expected.items()}
    currencies = frozenset(query.currencies) if query.currencies else None
    standing = books.standing(as_of).only(books.chosen(query), currencies)
    basis = Basis(standing, books.facts.prices)
    return with_circumstances(
        books, receipts_forecast.receipts(basis, forecasts, tested, weeks), query
    )


def revenue(books: OpenBooks, query: Query, *, months: int, tests: int) -> Answer:
    """Return the sales of the next ``months``, tested with the last ``tests`` months."""
    position = books.selected(query)
    told = [
        forecast_of(series, months, tests)
        for series in monthly_sales(flows(position), books.as_of(query))
    ]
    basis = Basis(position, books.facts.prices)
    return with_circumstances(books, revenue_forecast.revenue(basis, told, months), query)


def expected(books: OpenBooks, query: Query, weeks: int) -> list[tuple[Exposure, list[Part]]]:
    """Return what the receipts of the next ``weeks`` are the sum of, by document."""
    as_of = books.as_of(query)
    position = books.position(as_of)
    return _asked(books, query, position).parts(Past(position), as_of, weeks)


def _past_days(as_of: dt.date, months: int) -> list[dt.date]:
    """Return the last month ends whose four weeks are over, oldest first."""
    ends = [month_end(period.start) for period in months_until(as_of, months + 3)]
    over = [end for end in ends if end + dt.timedelta(WEEK * WEEKS) <= as_of]
    return over[-months:] if months else []


def _asked(books: OpenBooks, query: Query, position: Position) -> Asked:
    """Return whose receipts are asked for, with promises and insolvencies of any day."""
    chosen = books.chosen(query)
    items: dict[str, list[Item]] = {}
    for item in position.items:
        items.setdefault(item.document.customer, []).append(item)
    events = [event for event in books.events if event.kind == "promise"]
    insolvent = [event for event in books.events if event.kind == "insolvency"]

    def wanted(key: Key) -> bool:
        customer, currency = key
        return (chosen is None or customer in chosen) and (
            not query.currencies or currency in query.currencies
        )

    def promised_on(exposures: Sequence[Exposure], day: dt.date) -> Promises:
        kept = reliability(judged_promises(items, events, day))
        return promised(exposures, events, day, kept)

    def hopeless(day: dt.date) -> set[str]:
        return {event.customer for event in insolvent if event.in_force(day)}

    return Asked(wanted, promised_on, hopeless)
