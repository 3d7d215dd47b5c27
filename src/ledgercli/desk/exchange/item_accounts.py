"""The accounts that open items of another system are booked on."""

from __future__ import annotations

import re

from ledgercli.books.account_kinds import RECEIVABLE, AccountKinds
from ledgercli.books.customer_checks import ACCOUNT
from ledgercli.customers.exchange.item_ledger import Accounts
from ledgercli.desk.exchange.exchange_errors import NotAnAccountError, NotReceivableError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.receivables.identity import Directory

_EQUITY_ENDINGS = ("Opening-Balances", "OpeningBalances", "期初余额", "期初")
_NUMBER_OF_ACCOUNT = re.compile(r"^\d+")
_USUAL = "Assets:Receivable"
#: What accounts begin with where no option says otherwise.
_FIRST_COMPONENTS = frozenset(["Assets", "Equity", "Expenses", "Income", "Liabilities"])


class ItemAccounts:
    """Finds the receivable account of a customer, and that of opening balances."""

    def __init__(self, books: OpenBooks, account: str | None, equity: str | None) -> None:
        """Take the accounts that were named; None is found out.

        Raise NotReceivableError for an account on which nothing would be seen as owed, and
        NotAnAccountError for another side that no ledger can have.
        """
        self._books = books
        self._account = account
        self._equity = equity
        self._records = {record.id: record for record in books.customers}
        self._roots = books.facts.roots or books.settings.receivables.accounts or (_USUAL,)
        assets = self._roots[0].partition(":")[0]
        self._kinds = AccountKinds(
            books.receivables_source(), {"name_assets": assets, "name_liabilities": "Liabilities"}
        )
        if account is not None and not self._is_receivable(account):
            raise NotReceivableError(account=account, roots="`, `".join(self._roots))
        if equity is not None:
            roots = _FIRST_COMPONENTS | {name.partition(":")[0] for name in books.facts.opens}
            if equity.partition(":")[0] not in roots or not ACCOUNT.fullmatch(equity):
                raise NotAnAccountError(account=equity, roots="`, `".join(sorted(roots)))

    def receivable(self, customer: str) -> str:
        """Return the account to book a customer's items on: their own, else one for all."""
        if self._account:
            return self._account
        record = self._records.get(customer)
        for account in record.accounts if record else ():
            if self._is_receivable(account):
                return account
        opens = self._books.facts.opens
        directory = Directory(self._books.customers, opens)
        for account, opened in sorted(opens.items()):
            named = opened.customer or account.rpartition(":")[2]
            if self._is_receivable(account) and directory.by_id_or_alias(named) == customer:
                return account
        return self._roots[0]

    def equity(self, accounts: Accounts) -> str:
        """Return the account of opening balances: one that the ledger has, else the usual one."""
        if self._equity:
            return self._equity
        for account in sorted(accounts.opened):
            last = _NUMBER_OF_ACCOUNT.sub("", account.rpartition(":")[2])
            if last in _EQUITY_ENDINGS:
                return account
        return "Equity:Opening-Balances"

    def _is_receivable(self, account: str) -> bool:
        return self._kinds[account] == RECEIVABLE
