"""The cash flow statement by the direct method: what came into cash accounts, and for what.

Each transaction that touches a cash account is taken apart: what cash gained is spread over the
accounts that stand against it. So the flows of a currency are the change of its cash accounts, to
the last digit. Money between cash accounts is no flow; where it changes its currency, both sides
are shown as exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import groupby

from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import AccountKind, BookPosting, GeneralLedger
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money, add_days
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.statements.balances import ZERO, Key, balances_at
from ledgercli.receivables.statements.classes import Activity, Classes
from ledgercli.receivables.statements.lines import Line, tree

#: Stands for the account of what cash accounts exchanged between each other.
EXCHANGED = ""
_SECTIONS: Mapping[AccountKind, str] = {
    "asset": "assets",
    "liability": "liabilities",
    "equity": "equity",
    "income": "income",
    "expense": "expenses",
}
ACTIVITIES: tuple[Activity, ...] = ("operating", "investing", "financing", "unclassified")


@dataclass(frozen=True, slots=True)
class CashFlows:
    """The flows of a period by account against and currency, and what cash was before and after.

    ``flows`` are positive where cash came in. Their sum is ``closing`` − ``opening``, by currency.
    """

    flows: Mapping[Key, Decimal]
    opening: Mapping[str, Decimal]
    closing: Mapping[str, Decimal]

    def ties(self) -> bool:
        """Return whether the flows are what cash changed by, in every currency."""
        sums: dict[str, Decimal] = {}
        with localcontext(CONTEXT):
            for (_, currency), amount in self.flows.items():
                sums[currency] = sums.get(currency, ZERO) + amount
            return all(
                sums.get(unit, ZERO) == self.closing.get(unit, ZERO) - self.opening.get(unit, ZERO)
                for unit in {*sums, *self.opening, *self.closing}
            )


def cash_flows(
    ledger: GeneralLedger, classes: Classes, periods: Sequence[Period]
) -> tuple[CashFlows, ...]:
    """Return the cash flows of each of ``periods``."""
    cash = frozenset(classes.accounts("cash"))
    flows: list[dict[Key, Decimal]] = [{} for _ in periods]
    ends = [(add_days(period.start, -1), period.end) for period in periods]
    at = balances_at(ledger, [day for pair in ends for day in pair])
    with localcontext(CONTEXT):
        for _, group in groupby(ledger.postings, lambda one: one.transaction.number):
            rows = list(group)
            wanted = [
                own
                for own, period in zip(flows, periods, strict=True)
                if period.start <= rows[0].date <= period.end
            ]
            if wanted and any(row.account in cash for row in rows):
                for account, amount in spread(rows, cash):
                    key = (account, amount.currency)
                    for own in wanted:
                        own[key] = own.get(key, ZERO) + amount.amount
        stood = {
            day: _by_currency({key: one for key, one in sums.accounts.items() if key[0] in cash})
            for day, sums in at.items()
        }
    return tuple(
        CashFlows(own, stood[before], stood[last])
        for own, (before, last) in zip(flows, ends, strict=True)
    )


def _by_currency(sums: Mapping[Key, Decimal]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for (_, currency), amount in sums.items():
        found[currency] = found.get(currency, ZERO) + amount
    return found


def _weight(posting: BookPosting) -> Money:
    return posting.weight or Money(posting.amount, posting.currency)


def spread(rows: Sequence[BookPosting], cash: frozenset[str]) -> Iterator[tuple[str, Money]]:
    """Yield what the cash of one transaction gained, by the accounts that stand against it.

    Postings balance by the currency they weigh in, so each of these is spread by itself.
    """
    groups: dict[str, tuple[list[BookPosting], list[BookPosting]]] = {}
    for row in rows:
        groups.setdefault(_weight(row).currency, ([], []))[row.account not in cash].append(row)
    for currency, (own, against) in groups.items():
        if own:
            yield from _spread_one(currency, own, against)


def _spread_one(
    currency: str, own: Sequence[BookPosting], against: Sequence[BookPosting]
) -> Iterator[tuple[str, Money]]:
    """Spread the cash postings ``own`` that weigh in ``currency``."""
    plain = sum((row.amount for row in own if row.currency == currency), ZERO)
    foreign: dict[str, Decimal] = {}
    exchanged = ZERO
    for row in own:
        if row.currency != currency:
            foreign[row.currency] = foreign.get(row.currency, ZERO) + row.amount
            exchanged += _weight(row).amount
    counter = [(row.account, -_weight(row).amount) for row in against]
    whole = sum((amount for _, amount in counter), ZERO)
    if any(row.currency == currency for row in own) or not whole:
        # Cash in another currency was exchanged; what is left stands against the other accounts.
        if foreign:
            yield from ((EXCHANGED, Money(amount, unit)) for unit, amount in foreign.items())
            yield EXCHANGED, Money(-exchanged, currency)
        yield from _parts(counter, plain + exchanged, currency)
        return
    for unit, amount in foreign.items():
        scaled = [(account, CONTEXT.divide(amount * part, whole)) for account, part in counter]
        yield from _parts(scaled, amount, unit)


def _parts(
    counter: Sequence[tuple[str, Decimal]], amount: Decimal, currency: str
) -> Iterator[tuple[str, Money]]:
    """Yield the parts of ``amount``; the last takes what rounding leaves."""
    left = amount
    for account, part in counter[:-1]:
        left -= part
        yield account, Money(part, currency)
    if counter or left:
        # Where nothing stands against it, the transaction does not balance.
        yield counter[-1][0] if counter else EXCHANGED, Money(left, currency)


def cash_flow_statement(
    found: Sequence[CashFlows], classes: Classes, *, depth: int | None
) -> Iterator[Line]:
    """Yield the cash flow statement of each currency, a column for each of ``found``."""
    sums = [sums for one in found for sums in (_by_currency(one.flows), one.opening, one.closing)]
    moved = {unit for one in found for (_, unit), amount in one.flows.items() if amount}
    currencies = sorted(moved | {unit for own in sums for unit, amount in own.items() if amount})
    with localcontext(CONTEXT):
        for currency in currencies:
            opening = tuple(one.opening.get(currency, ZERO) for one in found)
            closing = tuple(one.closing.get(currency, ZERO) for one in found)
            yield Line(currency, "cash", "opening-cash", "", 0, opening)
            for activity in ACTIVITIES:
                columns = [_of_activity(one, classes, activity, currency) for one in found]
                lines = [
                    _with_kind(line, classes)
                    for line in tree(currency, activity, columns, depth=depth, root=True)
                ]
                if activity != "unclassified" or len(lines) > 1:
                    yield from lines
            exchanged = tuple(one.flows.get((EXCHANGED, currency), ZERO) for one in found)
            if any(exchanged):
                yield Line(currency, "exchanged", "exchanged", "", 0, exchanged)
            change = tuple(now - then for now, then in zip(closing, opening, strict=True))
            yield Line(currency, "change", "change-in-cash", "", 0, change)
            yield Line(currency, "cash", "closing-cash", "", 0, closing)


def _with_kind(line: Line, classes: Classes) -> Line:
    """Return the line of a root with the code of its kind, whatever the ledger calls it."""
    if not line.account or ":" in line.account:
        return line
    return replace(line, line=_SECTIONS[classes.kind_of_root(line.account)])


def _of_activity(
    found: CashFlows, classes: Classes, activity: Activity, currency: str
) -> dict[str, Decimal]:
    return {
        account: amount
        for (account, unit), amount in found.flows.items()
        if unit == currency and account != EXCHANGED and classes.activity(account) == activity
    }
