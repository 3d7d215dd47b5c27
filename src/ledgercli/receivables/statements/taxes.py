"""The tax summary: what was charged, deducted and paid on each tax account of a period.

Credits of a tax account are tax charged, debits tax deducted: input tax, and the tax of credit
notes and discounts. A transaction that has nothing but tax and cash accounts settles with the tax
office; one that has tax accounts alone carries tax over from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import groupby

from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import BookPosting, GeneralLedger
from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.statements.balances import ZERO, Key, balances_at
from ledgercli.receivables.statements.classes import Classes
from ledgercli.receivables.tax_accounts import is_tax_account

_BASE_CLASSES = frozenset(["inventory", "fixed-asset", None])


@dataclass(slots=True)
class TaxLine:
    """A tax account in a period; amounts are credit positive, as what is owed.

    closing = opening + charged − deducted − paid + carried. ``charged_base`` and ``deducted_base``
    are the net amounts that the tax was on; None where one of them cannot be told.
    """

    account: str
    currency: str
    period: Period
    opening: Decimal = ZERO
    charged: Decimal = ZERO
    deducted: Decimal = ZERO
    paid: Decimal = ZERO
    carried: Decimal = ZERO
    charged_base: Decimal | None = ZERO
    deducted_base: Decimal | None = ZERO

    @property
    def closing(self) -> Decimal:
        """Return what is owed at the end of the period."""
        return self.opening + self.charged - self.deducted - self.paid + self.carried


def tax_accounts(ledger: GeneralLedger, listed: Sequence[str]) -> list[str]:
    """Return the accounts of ``listed`` and below, else the assets and liabilities named so."""
    if listed:
        return [
            account
            for account in ledger.accounts
            if any(account == one or account.startswith(f"{one}:") for one in listed)
        ]
    return [
        account
        for account, kind in ledger.accounts.items()
        if kind in {"asset", "liability"} and is_tax_account(account)
    ]


def tax_summary(
    ledger: GeneralLedger, classes: Classes, accounts: Iterable[str], periods: Sequence[Period]
) -> list[TaxLine]:
    """Return what moved each tax account in each of ``periods``, which follow each other.

    Accounts on which nothing stood or moved are left out.
    """
    wanted = frozenset(accounts)
    standing: dict[Key, Decimal] = {}
    moves: dict[Key, dict[Period, list[tuple[BookPosting, Sequence[BookPosting]]]]] = {}
    for _, group in groupby(ledger.postings, lambda one: one.transaction.number):
        rows = list(group)
        if rows[0].date > periods[-1].end:
            continue
        for row in rows:
            if row.account in wanted:
                key = (row.account, row.currency)
                period = next((one for one in periods if one.start <= row.date <= one.end), None)
                if period is None:
                    standing[key] = standing.get(key, ZERO) - row.amount
                else:
                    moves.setdefault(key, {}).setdefault(period, []).append((row, rows))
    lines = []
    with localcontext(CONTEXT):
        for key in sorted({*standing, *moves}, key=lambda one: (one[1], one[0])):
            opening = standing.get(key, ZERO)
            for period in periods:
                line = TaxLine(*key, period, opening)
                for row, others in moves.get(key, {}).get(period, []):
                    add_posting(line, row, others, wanted, classes)
                opening = line.closing
                if line.opening or line.closing or moves.get(key, {}).get(period):
                    lines.append(line)
    return lines


def add_posting(
    line: TaxLine,
    row: BookPosting,
    rows: Sequence[BookPosting],
    taxes: frozenset[str],
    classes: Classes,
) -> None:
    """Add one posting of the transaction ``rows`` to the line of its account."""
    others = [one for one in rows if one.account not in taxes]
    if not others:
        line.carried -= row.amount
    elif all(classes.of(one.account) == "cash" for one in others):
        line.paid += row.amount
    elif row.amount < 0:
        line.charged -= row.amount
        line.charged_base = _sum(line.charged_base, _base(row, rows, taxes, classes), -1)
    else:
        line.deducted += row.amount
        line.deducted_base = _sum(line.deducted_base, _base(row, rows, taxes, classes), 1)


def _sum(base: Decimal | None, part: Decimal | None, sign: int) -> Decimal | None:
    return None if base is None or part is None else base + sign * part


def _base(
    row: BookPosting, rows: Sequence[BookPosting], taxes: frozenset[str], classes: Classes
) -> Decimal | None:
    """Return the net amount that the tax of ``row`` is on, debit positive; None if nobody can say.

    It is what the transaction posts to income, expenses, stock and other assets, where it has one
    tax account, posted to once, and one currency.
    """
    if len([one for one in rows if one.account in taxes]) > 1:
        return None
    parts = [
        one
        for one in rows
        if one.account not in taxes
        and (
            one.kind in {"income", "expense"}
            or (one.kind == "asset" and classes.of(one.account) in _BASE_CLASSES)
        )
    ]
    total = sum((one.amount for one in parts), ZERO)
    if not total or any(one.currency != row.currency for one in parts):
        return None
    # A base that has the other sign than its tax is none.
    return total if (total > 0) == (row.amount > 0) else None


def is_balance(
    ledger: GeneralLedger, found: Sequence[TaxLine], accounts: Sequence[str], as_of: date
) -> bool:
    """Return whether the last closing amount of each account is what the ledger has there."""
    balances = balances_at(ledger, [as_of])[as_of].accounts
    last = {(line.account, line.currency): line.closing for line in found}
    return all(
        last.get(key, ZERO) == -amount for key, amount in balances.items() if key[0] in accounts
    )
