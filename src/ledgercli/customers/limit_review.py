"""A credit limit suggested from what a customer owed and how they paid.

suggested = highest balance at the end of a day in the last 12 months x factor of the score, rounded
half-up to two digits. It is a rule of thumb of this program (the need as observed, with room to
grow for who pays well), no law and no standard: a person decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from ledgercli.customers.sales import first_day
from ledgercli.customers.score import Score
from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import LedgerPosting, Prices
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration
from ledgercli.receivables.limits import LimitRow
from ledgercli.receivables.position import Position

#: ``ask``: it would be a cut for a natural person, which only a person may decide.
Action = Literal["raise", "cut", "set", "ask", "keep", "too-little", "unknown"]
#: Scores from which on the highest balance is multiplied by a factor.
FACTORS: tuple[tuple[int, Decimal], ...] = (
    (85, Decimal("1.5")),
    (70, Decimal("1.25")),
    (55, Decimal(1)),
    (40, Decimal("0.5")),
    (0, Decimal(0)),
)
#: Fewer documents past due than this say too little.
DOCUMENTS_MIN = 3
_RAISE_FROM, _CUT_FROM = Decimal("1.2"), Decimal("0.8")
_NEAR, _IDLE = Decimal("0.8"), Decimal(3)
_YEAR = Duration(12, "months")


@dataclass(frozen=True, slots=True)
class LimitReview:
    """What is suggested for one customer and currency; amounts in ``currency``.

    ``limit`` None: there is none. ``peak`` is the highest balance of the last 12 months, on
    ``peak_day``; None where a price is missing. ``suggested`` is None where too little is known.
    """

    customer: str
    currency: str
    limit: Decimal | None
    exposure: Decimal | None
    peak: Decimal | None
    peak_day: dt.date | None
    factor: Decimal
    suggested: Decimal | None
    action: Action
    score: Score

    @property
    def is_open(self) -> bool:
        """Return whether somebody should look at it."""
        return self.action in {"raise", "cut", "set", "ask"}


def factor_of(points: int) -> Decimal:
    """Return the factor that goes with a score."""
    return next(factor for bound, factor in FACTORS if points >= bound)


def rounded(amount: Decimal) -> Decimal:
    """Return an amount rounded half-up to two digits: 16466 to 16000, 9.87 to 9.9."""
    if amount <= 0:
        return Decimal(0)
    unit = Decimal(1).scaleb(amount.adjusted() - 1)
    return CONTEXT.multiply((amount / unit).quantize(Decimal(1), context=CONTEXT), unit)


def review(
    position: Position,
    prices: Prices,
    rows: Iterable[LimitRow],
    scores: Mapping[str, Score],
) -> tuple[LimitReview, ...]:
    """Return what is suggested for each of ``rows`` whose customer has a score."""
    accounts: dict[str, dict[str, Sequence[LedgerPosting]]] = {}
    for (owner, unit), postings in position.postings.items():
        accounts.setdefault(owner, {})[unit] = postings
    return tuple(
        _reviewed(position, prices, row, accounts.get(row.customer, {}), scores[row.customer])
        for row in rows
        if row.customer in scores and row.customer in position.customers
    )


def _reviewed(
    position: Position,
    prices: Prices,
    row: LimitRow,
    own: Mapping[str, Sequence[LedgerPosting]],
    score: Score,
) -> LimitReview:
    """Return the review of a row, whose customer has ``own`` postings by currency."""
    customer = position.customers[row.customer]
    if not covers_all_currencies(position, row.customer):
        own = {row.currency: own[row.currency]} if row.currency in own else {}
    peak, day = _peak(own, prices, position.as_of, row.currency)
    factor = factor_of(score.points)
    suggested: Decimal | None = None
    if score.insolvent:
        factor = suggested = Decimal(0)
    elif peak is not None and score.documents >= DOCUMENTS_MIN:
        suggested = rounded(peak * factor)
    return LimitReview(
        customer.id,
        row.currency,
        row.limit,
        row.exposure,
        peak,
        day,
        factor,
        suggested,
        _action(row, customer, peak, factor, suggested, score),
        score,
    )


def covers_all_currencies(position: Position, customer: str) -> bool:
    """Return whether one limit covers all currencies of a customer."""
    limit = position.customers[customer].credit.limit
    return limit is not None and len(limit.at(position.as_of)) == 1


def first_day_of_peak(as_of: dt.date) -> dt.date:
    """Return the first of the days whose highest balance counts."""
    return first_day(as_of, _YEAR)


def _peak(
    accounts: Mapping[str, Sequence[LedgerPosting]],
    prices: Prices,
    as_of: dt.date,
    currency: str,
) -> tuple[Decimal | None, dt.date | None]:
    """Return the highest balance of the last 12 months and its day; zero for never above zero."""
    start = first_day_of_peak(as_of)
    moves: dict[dt.date, Decimal] = {}
    for unit, postings in accounts.items():
        found = prices.rate(unit, currency, as_of)
        if found is None:
            return None, None
        for posting in postings:
            day = max(posting.transaction.date, start)
            moves[day] = moves.get(day, Decimal(0)) + posting.amount * found[0]
    balance = peak = Decimal(0)
    peak_day: dt.date | None = None
    for day in sorted(moves):
        balance += moves[day]
        if balance > peak:
            peak, peak_day = balance, day
    return peak.quantize(Decimal("0.01"), context=CONTEXT), peak_day


def _action(
    row: LimitRow,
    customer: Customer,
    peak: Decimal | None,
    factor: Decimal,
    suggested: Decimal | None,
    score: Score,
) -> Action:
    if peak is None and not score.insolvent:
        return "unknown"
    if suggested is None:
        return "too-little"
    if row.limit is None:
        return "set"
    highest = peak or Decimal(0)
    if suggested >= row.limit * _RAISE_FROM and suggested > row.limit:
        return "raise" if factor >= 1 and highest >= row.limit * _NEAR else "keep"
    is_idle = highest * _IDLE < row.limit
    if suggested <= row.limit * _CUT_FROM and suggested < row.limit and (factor < 1 or is_idle):
        return "ask" if customer.kind == "person" else "cut"
    return "keep"
