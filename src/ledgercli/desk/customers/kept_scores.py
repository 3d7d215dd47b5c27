"""The scores of all customers in the store, for one state of the books.

Each rests on the documents of all others, so that to tell one all documents are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledgercli.customers.score import FACTORS, Factor, FactorKey, Score, Scores
from ledgercli.desk import kept_positions
from ledgercli.desk.kept_lists import list_in, list_part

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.receivables.position import Position

_NAME = "scores"
#: What the activity log says besides has no part in a score.
_KINDS = frozenset(["insolvency", "promise", "dispute"])


def kept_scores(books: OpenBooks, as_of: dt.date, make: Callable[[Position], Scores]) -> Scores:
    """Return what ``make`` makes of the position, from the store where it is kept for this state.

    Of the activity log and of orders is known which they were; a position with documents that are
    due from them is not kept.
    """
    head = kept_positions.head_of(books, as_of)
    if books.kept_in is None or head is None:
        return make(books.position(as_of))
    events = [event for event in books.events if event.kind in _KINDS]
    told = repr((as_of.toordinal(), events, books.orders))
    mark = head + sha256(told.encode("utf-8", "surrogatepass")).digest()
    store = books.kept_in[0]
    if found := list_in(store, mark, _NAME):
        return _scores(*found)
    position = books.position(as_of)
    made = make(position)
    if kept_positions.is_watched(position):
        store.write(list_part(mark, _NAME, _plain(made)))
    return made


def _plain(scores: Scores) -> tuple[Any, ...]:
    rows = [
        (
            one.customer,
            one.points,
            one.rating,
            one.documents,
            one.insolvent and one.insolvent.toordinal(),
            (str(one.exact), str(one.own_share), str(one.mean), _text(one.trend)),
            [_plain_factor(factor) for factor in one.factors],
        )
        for one in scores.by_customer.values()
    ]
    return rows, str(scores.mean)


def _plain_factor(factor: Factor) -> tuple[str | None, ...]:
    amounts = (factor.mean, factor.demerit, factor.weight, factor.lost)
    return (_text(factor.own), *map(str, amounts))


def _scores(rows: Iterable[Any], mean: str) -> Scores:
    return Scores({row[0]: _score(*row) for row in rows}, Decimal(mean))


def _score(
    customer: str,
    points: int,
    rating: str,
    documents: int,
    insolvent: int | None,
    amounts: tuple[str, str, str, str | None],
    factors: Iterable[Any],
) -> Score:
    exact, own_share, mean, trend = amounts
    return Score(
        customer,
        points,
        Decimal(exact),
        rating,
        tuple(_factor(key, *row) for key, row in zip(FACTORS, factors, strict=True)),
        documents,
        Decimal(own_share),
        Decimal(mean),
        _decimal(trend),
        dt.date.fromordinal(insolvent) if insolvent else None,
    )


def _factor(key: FactorKey, own: str | None, *amounts: str) -> Factor:
    return Factor(key, _decimal(own), *map(Decimal, amounts))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
