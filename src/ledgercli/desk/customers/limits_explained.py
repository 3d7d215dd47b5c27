"""How credit limits and what is suggested for them came about: exposure, peak, score, factor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import timedelta
from decimal import Decimal, localcontext

from ledgercli.customers.limit_review import LimitReview, covers_all_currencies, first_day_of_peak
from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT
from ledgercli.model.ledger import LedgerPosting, Prices
from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.model.state_words import SCORE_INPUTS
from ledgercli.model.values import Money
from ledgercli.receivables.limits import LimitRow
from ledgercli.receivables.orders import counted
from ledgercli.receivables.position import Item, Position, Receipt
from ledgercli.reports.explained.evidence import Evidence, balance_inputs, words_of
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure, Input, values

_GELMAN = N_("shrinkage: Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4-2.5")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What suggestions are made from: the position of all customers, orders, and prices.

    ``owner`` says whose a posting is; without ``orders`` none count.
    """

    position: Position
    orders: tuple[Order, ...]
    prices: Prices
    owner: Callable[[LedgerPosting], str]
    _parts: dict[str, Position] = field(default_factory=dict)

    def part(self, customer: str) -> Position:
        """Return what is open and unallocated of a customer; all are sorted out at once."""
        if not self._parts:
            self._parts.update(_by_customer(self.position))
        return self._parts.get(customer) or replace(
            self.position, items=(), receipts=(), rounding={}
        )


def _by_customer(position: Position) -> Mapping[str, Position]:
    items: dict[str, list[Item]] = {}
    for item in position.open_items:
        items.setdefault(item.document.customer, []).append(item)
    receipts: dict[str, list[Receipt]] = {}
    for receipt in position.receipts:
        if receipt.unallocated:
            receipts.setdefault(receipt.settlement.customer, []).append(receipt)
    rounding: dict[str, dict[tuple[str, str], Decimal]] = {}
    for key, amount in position.rounding.items():
        rounding.setdefault(key[0], {})[key] = amount
    return {
        customer: replace(
            position,
            items=tuple(items.get(customer, ())),
            receipts=tuple(receipts.get(customer, ())),
            rounding=rounding.get(customer, {}),
        )
        for customer in {**items, **receipts, **rounding}
    }


def limit_review(evidence: Evidence, rows: Iterable[LimitReview], grounds: Grounds) -> Explainer:
    """Return what tells the figures of a limit to look at."""
    by_key = {(row.customer, row.currency): row for row in rows}
    position = grounds.position

    def figures(row: Row) -> Iterator[Figure]:
        tell, own = evidence.teller(row), by_key[row["customer"], row["currency"]]
        record = position.customers[own.customer]
        if own.limit is not None:
            place = record.file, record.line or None
            listed = [Input("limit", own.limit, record.label, None, record.id, "", *place)]
            yield tell("limit", N_("the record's limit in force on that day"), listed)
        if own.exposure is not None:
            told_by = Text(
                N_("balance + open orders − deposits on {date}"), {"date": position.as_of}
            )
            yield tell("exposure", told_by, exposure_inputs(own, grounds))
        if own.peak is not None:
            yield tell("peak", *_peak(evidence, own, grounds))
        exact = own.score.exact.quantize(_CENT, context=CONTEXT)
        yield tell("score", *_score(own), source=_GELMAN, adds_up_to=exact)
        if row["suggested"] is not None and not own.score.insolvent:
            told = values(row, "peak", "score", factor=f"{own.factor.normalize():f}")
            words = N_("highest {peak} × {factor} for a score of {score}, rounded to two digits")
            yield tell("suggested", Text(words, told))
        elif row["suggested"] is not None:
            since = {"date": own.score.insolvent}
            yield tell("suggested", Text(N_("insolvent since {date}"), since))

    return figures


def _units(own: LimitReview | LimitRow, position: Position) -> list[str]:
    """Return the currencies that count for a limit."""
    single = covers_all_currencies(position, own.customer)
    keys = {*position.balances, *position.deposits, (own.customer, own.currency)}
    return sorted(
        unit for who, unit in keys if who == own.customer and (single or unit == own.currency)
    )


def exposure_inputs(own: LimitReview | LimitRow, grounds: Grounds) -> Iterator[Input]:
    """Yield what is open, ordered and paid in advance, in the currency of the limit."""
    position = grounds.position
    part = grounds.part(own.customer)
    listed: list[tuple[Input, str]] = [
        (one, unit) for unit in _units(own, position) for one in balance_inputs(part, unit)
    ]
    for order in grounds.orders:
        amount = counted(order, position.as_of) if order.customer == own.customer else ZERO
        if amount:
            text = ", ".join(line.text for line in order.lines if line.text)
            place = order.file, order.line
            one = Input("order", amount, text, order.date, own.customer, order.id, *place)
            listed.append((one, order.currency))
    listed += [
        (_posted("deposit", posting, own.customer), posting.currency)
        for posting in position.view.deposits
        if posting.transaction.date <= position.as_of and grounds.owner(posting) == own.customer
    ]
    wanted = {*_units(own, position), own.currency}
    if covers_all_currencies(position, own.customer):
        wanted |= {unit for _, unit in listed}
    yield from _converted(
        [(one, unit) for one, unit in listed if unit in wanted],
        own.currency,
        grounds,
        own.exposure or ZERO,
    )


def _posted(kind: str, posting: LedgerPosting, customer: str) -> Input:
    transaction = posting.transaction
    return Input(
        kind,
        posting.amount,
        words_of(posting),
        transaction.date,
        customer,
        posting.says("invoice") or ", ".join(sorted(transaction.links)),
        posting.file,
        posting.line,
    )


def _converted(
    listed: Iterable[tuple[Input, str]], currency: str, grounds: Grounds, whole: Decimal
) -> Iterator[Input]:
    """Yield amounts in ``currency``, and what rounding leaves to ``whole``."""
    total = ZERO
    with localcontext(CONTEXT):
        for one, unit in listed:
            found = grounds.prices.rate(unit, currency, grounds.position.as_of)
            if unit == currency or found is None:
                total += one.amount
                yield one
                continue
            rate, day = found
            amount = (one.amount * rate).quantize(_CENT, context=CONTEXT)
            words = Text(
                N_("{amount} at {rate} of {date}: {text}"),
                {
                    "amount": Money(one.amount, unit),
                    "rate": f"{rate:f}",
                    "date": day,
                    "text": one.text,
                },
            )
            total += amount
            place = one.file, one.line
            yield Input(one.kind, amount, words, one.date, one.customer, one.number, *place)
        left = whole - total
    if left:
        yield Input("rounding", left, Text(N_("rounding")))


def _peak(evidence: Evidence, own: LimitReview, grounds: Grounds) -> tuple[Text | str, list[Input]]:
    """Return the rule of the highest balance, and what made it: open items, then postings."""
    if own.peak_day is None:
        return N_("never above zero in these 12 months"), []
    position, customers = grounds.position, frozenset({own.customer})
    start = first_day_of_peak(position.as_of)
    earlier = evidence.position(start - timedelta(days=1)).only(customers, None)
    listed: list[tuple[Input, str]] = []
    for unit in _units(own, position):
        listed += [(one, unit) for one in balance_inputs(earlier, unit)]
        listed += [
            (_posted("posting", posting, own.customer), unit)
            for posting in position.postings.get((own.customer, unit), ())
            if start <= posting.transaction.date <= own.peak_day
        ]
    inputs = _converted(listed, own.currency, grounds, own.peak or ZERO)
    words = N_("balance at the end of {day}, the highest from {start} on")
    return Text(words, {"day": own.peak_day, "start": start}), list(inputs)


def _score(own: LimitReview) -> tuple[Text | str, list[Input]]:
    """Return how the score is counted, and what each input takes away."""
    score = own.score
    if score.insolvent:
        return Text(N_("insolvent since {date}"), {"date": score.insolvent}), []
    inputs = [Input("points", Decimal(100), Text(N_("points at the beginning")))]
    inputs += [
        Input("lost", -factor.lost, Text(SCORE_INPUTS[factor.key]))
        for factor in score.factors
        if factor.lost
    ]
    words = N_("what is left of 100, rounded; `ledgercli customer score {customer}` says more")
    return Text(words, {"customer": own.customer}), inputs
