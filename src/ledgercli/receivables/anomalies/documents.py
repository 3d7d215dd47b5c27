"""Invoices out of the ordinary: amounts, doubles, patterns, and none where there should be some."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median

from ledgercli.model.anomaly_settings import AnomalySettings
from ledgercli.model.currency import CONTEXT, usual_decimals
from ledgercli.model.position import SettlementKind
from ledgercli.model.values import Money, Percent
from ledgercli.receivables.anomalies.found import Anomaly, AnomalyKind, Bill
from ledgercli.receivables.anomalies.measures import Usual, binomial_tail
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.receivables.summary import Key

Bills = Mapping[Key, Sequence[Bill]]
#: Closer to the median than a quarter of it nothing is told, however alike the others are.
_NEAR = Decimal("0.25")
#: An amount that comes so often is a charge that recurs.
_RECURS = 4
#: In a rhythm three of four gaps differ from the usual one by no more than half of it.
_NEARLY, _MOSTLY = Decimal("0.5"), Decimal("0.75")
#: Fewer invoices of others do not tell what is to be expected.
_OTHERS_MIN = 30


def unusual_amounts(found: Bills, settings: AnomalySettings) -> Iterator[Anomaly]:
    """Yield the invoices whose amount is far from the usual one of their customer and currency."""
    for (_, currency), own in found.items():
        if len(own) < settings.min_documents:
            continue
        usual = Usual.of([bill.amount for bill in own])
        for bill in own:
            score, away = usual.score(bill.amount), abs(bill.amount - usual.median)
            if abs(score) > settings.score.value and away > _NEAR * usual.median:
                yield _of(bill, "amount", score, {"usual": Money(usual.median, currency)})


def duplicates(
    found: Bills, kinds: Mapping[int, SettlementKind], settings: AnomalySettings
) -> Iterator[Anomaly]:
    """Yield the invoices that repeat an amount within few days under another number.

    Amounts that recur and invoices that have been credited in full are not doubles.
    """
    for own in found.values():
        alike: dict[Decimal, list[Bill]] = {}
        for bill in own:
            alike.setdefault(bill.amount, []).append(bill)
        for same in alike.values():
            if len(same) >= _RECURS:
                continue
            left = [bill for bill in same if not _credited(bill, kinds)]
            for first, second in itertools.pairwise(left):
                if second.date <= settings.duplicate_days.after(first.date):
                    days = (second.date - first.date).days
                    values = {"other": first.document.number, "days": days}
                    yield _of(second, "duplicate", None, values, grave=True)


def _credited(bill: Bill, kinds: Mapping[int, SettlementKind]) -> bool:
    credited = (
        row.amount
        for item in bill.items
        for row in item.allocations
        if kinds.get(id(row.posting)) == "credit-note"
    )
    return sum(credited, Decimal(0)) >= bill.amount


def silences(found: Bills, as_of: dt.date, settings: AnomalySettings) -> Iterator[Anomaly]:
    """Yield the customers with a rhythm of invoices who have had none for several usual gaps.

    That is longer than they ever had none before, too.
    """
    last: dict[str, list[Bill]] = {}
    for (customer, _), own in found.items():
        last.setdefault(customer, []).extend(own)
    for customer, own in last.items():
        days = sorted({bill.date for bill in own})
        gaps = [Decimal((later - day).days) for day, later in itertools.pairwise(days)]
        if len(gaps) + 1 < max(settings.min_documents, 3):
            continue
        usual, silent = median(gaps), Decimal((as_of - days[-1]).days)
        even = sum(abs(gap - usual) <= _NEARLY * usual for gap in gaps)
        if even < _MOSTLY * len(gaps) or silent <= max(settings.silence.value * usual, *gaps):
            continue
        bill = max(own, key=lambda one: (one.date, one.document.number))
        longest = int(max(settings.silence.value * usual, *gaps))
        evident = days[-1] + dt.timedelta(longest + 1)
        yield Anomaly(
            "silence",
            customer,
            evident,
            number=bill.document.number,
            score=rounded(divide(silent, usual)),
            values={"days": int(silent), "usual": rounded(usual), "last": days[-1]},
            file=bill.document.file,
            line=bill.document.line,
        )


def patterns(found: Bills, weekend: frozenset[int], settings: AnomalySettings) -> Iterator[Anomaly]:
    """Yield the customers with more round amounts, or invoices on weekends, than others have.

    Round are multiples of 100 units, of 10,000 where a currency has no smaller coins. What others
    have is what is expected; told is what would come by chance less often than ``chance``.
    ``weekend`` are the weekdays that belong to it, Monday is 0.
    """
    yield from _shares(found, "round", _is_round, settings)
    yield from _shares(found, "weekend", lambda bill: bill.date.weekday() in weekend, settings)


def _is_round(bill: Bill) -> bool:
    unit = 100 if usual_decimals(bill.document.currency) else 10_000
    return not CONTEXT.remainder(bill.amount, Decimal(unit))


def _shares(
    found: Bills, kind: AnomalyKind, hits: Callable[[Bill], bool], settings: AnomalySettings
) -> Iterator[Anomaly]:
    counts = {key: (sum(map(hits, own)), len(own)) for key, own in found.items()}
    sums: dict[str, tuple[int, int]] = {}
    for (_, currency), (count, of) in counts.items():
        before = sums.get(currency, (0, 0))
        sums[currency] = (before[0] + count, before[1] + of)
    for (customer, currency), (count, of) in counts.items():
        others = sums[currency][1] - of
        if of < settings.min_documents or others < _OTHERS_MIN or not count:
            continue
        # One hit more among them than there was: what never happened is not impossible.
        expected = (sums[currency][0] - count + 1) / (others + 1)
        chance = binomial_tail(count, of, expected)
        if chance * 100 < settings.chance.value:
            bill = next(one for one in reversed(found[customer, currency]) if hits(one))
            values = {
                "count": count,
                "all": of,
                "share": Percent(rounded(Decimal(100 * count) / of)),
                "expected": Percent(rounded(Decimal(str(expected * 100)))),
            }
            score = rounded(Decimal(str(-math.log10(max(chance, 1e-99)))))
            yield _of(bill, kind, score, values, whole=True)


def _of(
    bill: Bill,
    kind: AnomalyKind,
    score: Decimal | None,
    values: Mapping[str, object],
    *,
    grave: bool = False,
    whole: bool = False,
) -> Anomaly:
    """Return an anomaly of an invoice, with ``whole`` one of its customer that ends with it."""
    document = bill.document
    return Anomaly(
        kind,
        document.customer,
        bill.date,
        document.currency,
        document.base if document.numbered else document.number,
        None if whole else bill.amount,
        None if score is None else rounded(score),
        values,
        grave,
        document.file,
        document.line,
    )
