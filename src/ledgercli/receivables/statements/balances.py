"""Balances of all accounts at the end of days: what every financial statement is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal, localcontext

from ledgercli.model.currency import CONTEXT, usual_decimals
from ledgercli.model.general_ledger import AccountKind, BookPosting, GeneralLedger
from ledgercli.model.record import dataclass

#: Transactions with this tag carry the results of a period over to equity: no income, no expense.
CLOSING_TAG = "closing"
#: Account and currency.
Key = tuple[str, str]
ZERO = Decimal(0)
RESULT_KINDS: tuple[AccountKind, ...] = ("income", "expense")


@dataclass(slots=True)
class Balances:
    """What stood on accounts at the end of a day, debit positive, by account and currency.

    ``closings`` is what closing transactions took from income and expense accounts, which is not
    in ``accounts``. ``conversions`` is by currency what conversions moved: assets, liabilities and
    equity as the books carry them less what they weighed when they were posted. ``weights`` are
    the sums of all weights by currency: what transactions leave unbalanced.
    """

    accounts: dict[Key, Decimal] = field(default_factory=dict)
    closings: dict[Key, Decimal] = field(default_factory=dict)
    conversions: dict[str, Decimal] = field(default_factory=dict)
    weights: dict[str, Decimal] = field(default_factory=dict)

    def copy(self) -> Balances:
        """Return the same balances, to go on from."""
        parts = (self.accounts, self.closings, self.conversions, self.weights)
        return Balances(*(dict(part) for part in parts))  # type: ignore[arg-type]

    def add(self, posting: BookPosting) -> None:
        """Add one posting."""
        currency, amount, weight = posting.currency, posting.amount, posting.weight
        key = (posting.account, currency)
        tags = posting.transaction.tags
        closes = tags and CLOSING_TAG in tags and posting.kind in RESULT_KINDS
        own = self.closings if closes else self.accounts
        own[key] = own.get(key, ZERO) + amount
        if weight is None:
            self.weights[currency] = self.weights.get(currency, ZERO) + amount
            return
        _add(self.weights, weight.currency, weight.amount)
        _add(self.conversions, currency, amount)
        _add(self.conversions, weight.currency, -weight.amount)


def _add(sums: dict[str, Decimal], currency: str, amount: Decimal) -> None:
    sums[currency] = sums.get(currency, ZERO) + amount


def balances_at(ledger: GeneralLedger, days: Iterable[date]) -> dict[date, Balances]:
    """Return the balances at the end of each of ``days``."""
    found: dict[date, Balances] = {}
    waiting = sorted(set(days), reverse=True)
    current, last = Balances(), None
    with localcontext(CONTEXT):
        # Beancount sorts by date; a plugin may leave entries otherwise.
        for posting in sorted(ledger.postings, key=lambda one: one.transaction.date):
            day = posting.transaction.date
            if day is not last:
                last = day
                while waiting and waiting[-1] < day:
                    found[waiting.pop()] = current.copy()
                if not waiting:
                    break
            current.add(posting)
    for day in waiting:
        found[day] = current.copy()
    return found


def moved(start: Balances, end: Balances) -> dict[Key, Decimal]:
    """Return what was added to each account between two balances."""
    with localcontext(CONTEXT):
        return {key: amount - start.accounts.get(key, ZERO) for key, amount in end.accounts.items()}


def decimals(ledger: GeneralLedger) -> dict[str, int]:
    """Return in how many decimals each currency is posted; those it usually has at least.

    Costs and prices may have more: a hundred divided by three. Figures are told in these.
    """
    found: dict[str, int] = {}
    for posting in ledger.postings:
        if posting.units is None:
            exponent = posting.amount.as_tuple().exponent
            own = -exponent if isinstance(exponent, int) else 0
            known = found.get(posting.currency)
            if known is None:
                known = usual_decimals(posting.currency)
            found[posting.currency] = max(known, own)
    return found


def told(amount: Decimal, currency: str, places: Mapping[str, int]) -> Decimal:
    """Return ``amount`` rounded half-up to the decimals its currency is told in."""
    return amount.quantize(
        Decimal(1).scaleb(-places.get(currency, usual_decimals(currency))), context=CONTEXT
    )


def of_kind(
    sums: Mapping[Key, Decimal], kinds: Mapping[str, AccountKind], kind: AccountKind, currency: str
) -> dict[str, Decimal]:
    """Return the sums of one currency on accounts of one kind, by account."""
    return {
        account: amount
        for (account, unit), amount in sums.items()
        if unit == currency and kinds.get(account) == kind
    }
