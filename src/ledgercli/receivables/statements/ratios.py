"""The usual ratios of financial statements, each None where what it needs is not known.

Margins, current ratio, turnover and days of receivables are those of Porter and Norton, *Using
Financial Accounting Information* (7th edition, summary of selected financial ratios); quick ratio
and debt ratio those of Gitman, *Principles of Managerial Finance* (chapter 3). The equity ratio is
1 − debt ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Literal

from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import AccountKind, GeneralLedger
from ledgercli.model.record import dataclass
from ledgercli.model.values import add_days
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import divide
from ledgercli.receivables.statements.balances import ZERO, Balances, Key, balances_at, moved
from ledgercli.receivables.statements.classes import CURRENT_ASSETS, AccountClass, Classes

Unit = Literal["percent", "times", "days"]
#: Why a ratio is unknown: no account is of that class, accounts are of no class, or the divisor is
#: not above zero, or a price is missing, or customers have paid more than they owe.
Lack = Literal[
    "",
    "no-revenue",
    "no-cost-of-sales",
    "no-receivables",
    "unclassified",
    "not-positive",
    "paid-ahead",
    "no-price",
]
#: Gives the sum of amounts by currency in one currency; None where a price is missing.
Sum = Callable[[Mapping[str, Decimal]], Decimal | None]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio in one currency: dividend ÷ divisor; in percent × 100, in days × those of the period.

    ``value`` is not rounded, and None where ``lack`` says why. ``accounts`` are those that are of
    no class.
    """

    name: str
    unit: Unit
    currency: str
    dividend: Decimal | None
    divisor: Decimal | None
    value: Decimal | None
    lack: Lack = ""
    accounts: tuple[str, ...] = ()


class _Figures:
    """The sums of one period that ratios are made of, in one currency."""

    def __init__(self, ledger: GeneralLedger, classes: Classes, total: Sum) -> None:
        self.ledger = ledger
        self.classes = classes
        self.total = total

    def of_classes(
        self, sums: Mapping[Key, Decimal], wanted: Iterable[AccountClass], sign: int = 1
    ) -> Decimal | None:
        names = frozenset(wanted)
        return self._sum(sums, sign, lambda account: self.classes.of(account) in names)

    def of_kinds(
        self, sums: Mapping[Key, Decimal], kinds: Sequence[AccountKind], sign: int = 1
    ) -> Decimal | None:
        return self._sum(sums, sign, lambda account: self.ledger.accounts.get(account) in kinds)

    def has(self, *wanted: AccountClass) -> bool:
        return bool(self.classes.accounts(*wanted))

    def unclassified(self, sums: Mapping[Key, Decimal], *kinds: AccountKind) -> tuple[str, ...]:
        """Return the accounts of these kinds with an amount whose class nobody knows."""
        return tuple(
            sorted(
                {
                    account
                    for (account, currency), amount in sums.items()
                    if amount
                    and self.ledger.accounts.get(account) in kinds
                    and self.classes.of(account) is None
                    and self.total({currency: amount}) != ZERO
                }
            )
        )

    def _sum(
        self, sums: Mapping[Key, Decimal], sign: int, fits: Callable[[str], bool]
    ) -> Decimal | None:
        by_currency: dict[str, Decimal] = {}
        for (account, currency), amount in sums.items():
            if fits(account):
                by_currency[currency] = by_currency.get(currency, ZERO) + sign * amount
        return self.total(by_currency)


def ratios(
    ledger: GeneralLedger, classes: Classes, period: Period, currency: str, total: Sum
) -> list[Ratio]:
    """Return the ratios of a period and its last day in one currency.

    ``total`` takes of sums by currency what counts: that currency alone, or all of them converted.
    """
    before = add_days(period.start, -1)
    at = balances_at(ledger, [before, period.end])
    with localcontext(CONTEXT):
        figures = _Figures(ledger, classes, total)
        return [
            *_margins(figures, currency, moved(at[before], at[period.end])),
            *_liquidity(figures, currency, at[period.end]),
            *_structure(figures, currency, at[period.end].accounts),
            *_turnover(figures, currency, period, at[before], at[period.end]),
        ]


def _ratio(
    name: str,
    unit: Unit,
    currency: str,
    dividend: Decimal | None,
    divisor: Decimal | None,
    days: int = 1,
) -> Ratio:
    """Return a ratio of figures that are known but for a missing price."""
    if dividend is None or divisor is None:
        return Ratio(name, unit, currency, dividend, divisor, None, "no-price")
    if divisor <= 0:
        return Ratio(name, unit, currency, dividend, divisor, None, "not-positive")
    value = divide(dividend * (100 if unit == "percent" else days), divisor)
    return Ratio(name, unit, currency, dividend, divisor, value)


def _unknown(
    name: str, unit: Unit, currency: str, lack: Lack, accounts: tuple[str, ...] = ()
) -> Ratio:
    return Ratio(name, unit, currency, None, None, None, lack, accounts)


def _margins(figures: _Figures, currency: str, sums: Mapping[Key, Decimal]) -> Iterable[Ratio]:
    revenue = figures.of_classes(sums, ["revenue"], -1)
    result = figures.of_kinds(sums, ["income", "expense"], -1)
    if not figures.has("revenue"):
        yield _unknown("gross-margin", "percent", currency, "no-revenue")
        yield _unknown("net-margin", "percent", currency, "no-revenue")
        return
    if figures.has("cost-of-sales"):
        gross = _less(revenue, figures.of_classes(sums, ["cost-of-sales"]))
        yield _ratio("gross-margin", "percent", currency, gross, revenue)
    else:
        yield _unknown("gross-margin", "percent", currency, "no-cost-of-sales")
    yield _ratio("net-margin", "percent", currency, result, revenue)


def _less(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first - second


def _liquidity(figures: _Figures, currency: str, end: Balances) -> Iterable[Ratio]:
    sums = end.accounts
    if lacking := figures.unclassified(sums, "asset", "liability"):
        yield _unknown("current-ratio", "times", currency, "unclassified", lacking)
        yield _unknown("quick-ratio", "times", currency, "unclassified", lacking)
        return
    assets = figures.of_classes(sums, CURRENT_ASSETS)
    owed = figures.of_classes(sums, ["current-liability"], -1)
    inventory = figures.of_classes(sums, ["inventory"])
    yield _ratio("current-ratio", "times", currency, assets, owed)
    yield _ratio("quick-ratio", "times", currency, _less(assets, inventory), owed)


def _structure(figures: _Figures, currency: str, sums: Mapping[Key, Decimal]) -> Iterable[Ratio]:
    assets = figures.of_kinds(sums, ["asset"])
    owed = figures.of_kinds(sums, ["liability"], -1)
    yield _ratio("debt-ratio", "percent", currency, owed, assets)
    yield _ratio("equity-ratio", "percent", currency, _less(assets, owed), assets)


def _turnover(
    figures: _Figures, currency: str, period: Period, start: Balances, end: Balances
) -> Iterable[Ratio]:
    if not figures.has("receivable") or not figures.has("revenue"):
        lack: Lack = "no-revenue" if figures.has("receivable") else "no-receivables"
        yield _unknown("receivables-turnover", "times", currency, lack)
        yield _unknown("receivables-days", "days", currency, lack)
        return
    revenue = figures.of_classes(moved(start, end), ["revenue"], -1)
    opening, closing = (figures.of_classes(one.accounts, ["receivable"]) for one in (start, end))
    average = None if opening is None or closing is None else (opening + closing) / 2
    yield _ratio("receivables-turnover", "times", currency, revenue, average)
    days = _ratio("receivables-days", "days", currency, average, revenue, period.days)
    if days.value is not None and days.value < 0:
        # Nobody waits for less than nothing; of turnover the divisor is not above zero.
        days = replace(days, value=None, lack="paid-ahead")
    yield days
