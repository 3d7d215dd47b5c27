"""The forecasts made again at past month ends in the store, for one state of the books.

To make them takes as long as twelve forecasts, and says the same until something is posted, or the
next month end is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledgercli.desk import kept_positions
from ledgercli.desk.kept_lists import kept_list
from ledgercli.receivables.forecast.backtest import Tested
from ledgercli.receivables.forecast.measures import Told

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.request import Query
    from ledgercli.model.event import Event
    from ledgercli.receivables.position import Position

_WHOLE, _PART = "receipts-tested", "receipts-tested-part"


def tested(
    books: OpenBooks,
    query: Query,
    position: Position,
    days: Sequence[dt.date],
    make: Callable[[], list[Tested]],
) -> list[Tested]:
    """Return what ``make`` makes of ``position`` and ``days``, from the store where it is kept.

    Those of the whole books are kept, and those of the part that was asked for last. What rests on
    the activity log is kept for these promises and insolvencies; a position with documents that are
    due from it is not, as those are not watched.
    """
    head = kept_positions.head_of(books, position.as_of)
    few = len(position.view.receivables) < kept_positions.POSTINGS_MIN
    watched = not any(item.document.event for item in position.items)
    if books.kept_in is None or head is None or few or not watched:
        return make()
    chosen = books.chosen(query)
    asked = (sorted(chosen) if chosen is not None else None, sorted(query.currencies))
    name = _WHOLE if chosen is None and not query.currencies else _PART
    told = repr((asked, [day.toordinal() for day in days], _about(books.events)))
    mark = head + sha256(told.encode("utf-8", "surrogatepass")).digest()
    rows = kept_list(books.kept_in[0], mark, name, lambda: [_plain(one) for one in make()])
    return [_made(*row) for row in rows]


def _about(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.kind in {"promise", "insolvency"}]


def _plain(one: Tested) -> tuple[Any, ...]:
    weeks = [_texts(told) for told in one.weeks]
    return one.currency, one.as_of.toordinal(), _texts(one.whole), weeks, str(one.other)


def _texts(told: Told) -> tuple[str, ...]:
    amounts = (told.expected, told.low, told.high, told.actual, told.variance)
    return tuple(map(str, amounts))


def _made(
    currency: str,
    as_of: int,
    whole: Sequence[str],
    weeks: Iterable[Sequence[str]],
    other: str,
) -> Tested:
    return Tested(
        currency,
        dt.date.fromordinal(as_of),
        Told(*map(Decimal, whole)),
        tuple(Told(*map(Decimal, week)) for week in weeks),
        Decimal(other),
    )
