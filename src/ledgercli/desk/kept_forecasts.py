"""Forecasts of receipts in the store: those told for one state of the books, and those of the past.

To make thirteen forecasts takes as long as all else together. What was told is kept until the books
change; a forecast of a past day for as long as what is known of the days up to it stays the same,
so that after a posting of today only that of today is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledgercli.books.store.keeping import stamp
from ledgercli.desk import kept_positions
from ledgercli.desk.kept_lists import list_in, list_part
from ledgercli.model.record import dataclass
from ledgercli.receivables.forecast.backtest import Forecasts, Remember, Tested
from ledgercli.receivables.forecast.measures import Told
from ledgercli.receivables.forecast.receipts import Forecast, Span

if TYPE_CHECKING:
    from ledgercli.books.store.database import Store
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.request import Query
    from ledgercli.model.event import Event
    from ledgercli.receivables.position import Position

_WHOLE, _PART, _PAST = "receipts-told", "receipts-told-part", "receipts-past"
#: So many forecasts of past days are kept, those that were asked for last: a year's twice.
_PAST_MAX = 26

Answered = tuple[Forecasts, list[Tested]]
"""What is expected, and the forecasts made again at past days."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: the receipts of so many ``weeks``, tested at ``days``, of whom."""

    books: OpenBooks
    query: Query
    as_of: dt.date
    weeks: int
    days: Sequence[dt.date]

    @property
    def about(self) -> tuple[list[str] | None, list[str]]:
        """Return the customers and currencies that are asked for; None for all customers."""
        chosen = self.books.chosen(self.query)
        return None if chosen is None else sorted(chosen), sorted(self.query.currencies)

    @property
    def events(self) -> list[Event]:
        """Return what the activity log says that matters to forecasts."""
        return [event for event in self.books.events if event.kind in {"promise", "insolvency"}]


def told(question: Question, make: Callable[[Position, Remember | None], Answered]) -> Answered:
    """Return what ``make`` makes of the position, from the store where it is kept for this state.

    Those of the whole books are kept, and those of the part that was asked for last. What rests on
    the activity log is kept for these promises and insolvencies; a position with documents that are
    due from it is not, as those are not watched.
    """
    books, about = question.books, question.about
    if books.kept_in is None:
        return make(books.position(question.as_of), None)
    store, head = books.kept_in[0], kept_positions.head_of(books, question.as_of)
    name = _WHOLE if about == (None, []) else _PART
    days = [day.toordinal() for day in (question.as_of, *question.days)]
    mark = (head or b"") + _digest((about, days, question.weeks, question.events))
    if head and (rows := list_in(store, mark, name)):
        return _answered(*rows)
    position = books.position(question.as_of)
    if not kept_positions.is_watched(position):
        return make(position, None)
    past = _Past(store, question)
    answered = make(position, past.remember)
    parts = past.part()
    if head:
        parts |= list_part(mark, name, _plain(*answered))
    if parts:
        store.write(parts)
    return answered


class _Past:
    """Forecasts of past days that are kept, by a digest of all that they are made from."""

    def __init__(self, store: Store, question: Question) -> None:
        self._mark = stamp("").encode("utf-8", "surrogatepass")
        self._question = question
        self._before: dict[bytes, Any] = dict(list_in(store, self._mark, _PAST) or ())
        self._used: dict[bytes, Any] = {}
        self._made = False

    def remember(
        self, day: dt.date, trace: bytes, make: Callable[[], Forecasts | None]
    ) -> Forecasts | None:
        """Return what ``make`` makes, or made of the same past before."""
        events = [event for event in self._question.events if event.date <= day]
        digest = _digest((trace, day.toordinal(), self._question.about, events))
        if digest in self._before:
            plain = self._before[digest]
            found = None if plain is None else _forecasts(plain)
        else:
            self._made = True
            found = make()
            plain = None if found is None else _plain_forecasts(found)
        self._used[digest] = plain
        return found

    def part(self) -> dict[tuple[str, str], bytes]:
        """Return the part of the store that has what was asked for; none where all was there."""
        if not self._made:
            return {}
        kept = {**self._before, **self._used}
        for digest in self._used:
            kept[digest] = kept.pop(digest)
        return list_part(self._mark, _PAST, list(kept.items())[-_PAST_MAX:])


def _digest(values: object) -> bytes:
    return sha256(repr(values).encode("utf-8", "surrogatepass")).digest()


def _plain(expected: Forecasts, tested: Sequence[Tested]) -> tuple[Any, ...]:
    return _plain_forecasts(expected), [
        (
            one.currency,
            one.as_of.toordinal(),
            _texts(one.whole),
            [_texts(week) for week in one.weeks],
            str(one.other),
        )
        for one in tested
    ]


def _answered(expected: Iterable[Any], tested: Iterable[Any]) -> Answered:
    return _forecasts(expected), [
        Tested(
            currency,
            dt.date.fromordinal(as_of),
            Told(*map(Decimal, whole)),
            tuple(Told(*map(Decimal, week)) for week in weeks),
            Decimal(other),
        )
        for currency, as_of, whole, weeks, other in tested
    ]


def _texts(told: Told) -> tuple[str, ...]:
    amounts = (told.expected, told.low, told.high, told.actual, told.variance)
    return tuple(map(str, amounts))


def _plain_forecasts(expected: Forecasts) -> list[Any]:
    return [
        (
            one.currency,
            [_plain_span(span) for span in one.spans],
            _plain_span(one.whole),
            (str(one.open), str(one.later), str(one.undated)),
        )
        for one in expected.values()
    ]


def _plain_span(span: Span) -> tuple[int | str, ...]:
    amounts = (span.expected, span.low, span.high, span.variance)
    return (span.first.toordinal(), span.last.toordinal(), *map(str, amounts))


def _forecasts(plain: Iterable[Any]) -> Forecasts:
    return {
        currency: Forecast(
            currency, tuple(_span(*span) for span in spans), _span(*whole), *map(Decimal, sums)
        )
        for currency, spans, whole, sums in plain
    }


def _span(first: int, last: int, *amounts: str) -> Span:
    days = dt.date.fromordinal(first), dt.date.fromordinal(last)
    return Span(*days, *map(Decimal, amounts))
