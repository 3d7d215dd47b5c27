"""What accounts are in a statement: by the settings, else by the usual names, else nobody knows.

The numbers are those of the Chinese charts of accounts (企业会计准则应用指南 of 2006, appendix, and
小企业会计准则 of 2011): 1001-1012 money, 14xx inventory, 15xx to 18xx fixed and other long-term
assets, 20xx to 22xx current and 25xx to 28xx long-term liabilities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from ledgercli.model.general_ledger import AccountKind, GeneralLedger, Role
from ledgercli.model.settings import Settings
from ledgercli.receivables.tax_accounts import is_tax_account

AccountClass = Literal[
    "cash",
    "receivable",
    "inventory",
    "current-asset",
    "fixed-asset",
    "current-liability",
    "long-term-liability",
    "revenue",
    "cost-of-sales",
]
Activity = Literal["operating", "investing", "financing", "unclassified"]
CURRENT_ASSETS: tuple[AccountClass, ...] = (
    "cash",
    "receivable",
    "inventory",
    "current-asset",
)

#: The usual names by kind of account, each matching a whole component; the first that fits counts.
_NAMES: Mapping[AccountKind, tuple[tuple[AccountClass, re.Pattern[str]], ...]] = {
    "asset": (
        (
            "cash",
            re.compile(
                r"Banks?|Cash|Petty-?Cash|Checking|Savings|PayPal|10(?:0[12]|12)\D.*|现金|银行存款"
            ),
        ),
        (
            "inventory",
            re.compile(r"Inventor(?:y|ies)|Stock|Merchandise|14\d\d\D.*|存货|库存商品"),
        ),
        (
            "fixed-asset",
            re.compile(
                r"Fixed-?Assets|Property|Buildings?|Land|Machinery|Equipment|Vehicles?"
                r"|1[5-8]\d\d\D.*|固定资产|无形资产"
            ),
        ),
        (
            "current-asset",
            re.compile(r"Prepaid|Prepaid-?Expenses|Prepayments|Undeposited-?Funds|1[0-3]\d\d\D.*"),
        ),
    ),
    "liability": (
        ("long-term-liability", re.compile(r"Mortgages?|Long-?Term.*|2[5-8]\d\d\D.*|长期借款")),
        (
            "current-liability",
            re.compile(
                r"Payables?|Accounts-?Payable|Credit-?Cards?|Accrued.*|Wages-?Payable"
                r"|2[0-3]\d\d\D.*|应付账款|短期借款"
            ),
        ),
    ),
    "income": (
        (
            "revenue",
            re.compile(
                r"Sales|Revenues?|Turnover|60[05]1\D.*|50[05]1\D.*|主营业务收入|其他业务收入"
            ),
        ),
    ),
    "expense": (
        (
            "cost-of-sales",
            re.compile(
                r"COGS|Cost-?Of-?(?:Sales|Goods-?Sold|Goods|Revenue)|640[12]\D.*|540[12]\D.*"
                r"|主营业务成本|其他业务成本",
                re.IGNORECASE,
            ),
        ),
    ),
    "equity": (),
}
#: Where one of these is listed, the names of other accounts say nothing of it.
_LISTED_IN_FULL = frozenset(["cash", "revenue", "cost-of-sales"])
_LOANS = re.compile(r"Loans?|Mortgages?|Borrowings?|2001\D.*|25\d\d\D.*|短期借款|长期借款")


class Classes:
    """What each account of a ledger is."""

    def __init__(self, ledger: GeneralLedger, settings: Settings) -> None:
        """Take what the settings list; postings tell what is a receivable."""
        own = settings.statements
        self._kinds = ledger.accounts
        self._roles: dict[str, Role] = {
            posting.account: posting.role for posting in ledger.postings if posting.role
        }
        lists: tuple[tuple[AccountClass, tuple[str, ...]], ...] = (
            ("cash", own.cash or settings.receivables.banks),
            ("inventory", own.inventory),
            ("current-asset", own.current_assets),
            ("fixed-asset", own.fixed_assets),
            ("current-liability", own.current_liabilities),
            ("long-term-liability", own.long_term_liabilities),
            ("revenue", own.revenue),
            ("cost-of-sales", own.cost_of_sales),
        )
        self._listed: dict[str, AccountClass] = {}
        for name, accounts in lists:
            for account in accounts:
                self._listed.setdefault(account, name)
        self._exclusive = {name for name, accounts in lists if accounts} & _LISTED_IN_FULL
        self._financing = own.financing
        self._known: dict[str, AccountClass | None] = {}

    def of(self, account: str) -> AccountClass | None:
        """Return the class of an account, None where neither settings nor names tell it."""
        if account not in self._known:
            self._known[account] = self._find(account)
        return self._known[account]

    def _find(self, account: str) -> AccountClass | None:
        parts = account.split(":")
        for length in range(len(parts), 0, -1):
            listed = self._listed.get(":".join(parts[:length]))
            if listed:
                return listed
        role = self._roles.get(account)
        if role:
            return "receivable" if role == "receivable" else "current-liability"
        kind = self._kinds.get(account)
        if kind is None:
            return None
        if kind == "liability" and is_tax_account(account):
            return "current-liability"
        for name, pattern in _NAMES[kind]:
            if name not in self._exclusive and any(map(pattern.fullmatch, parts[1:])):
                return name
        return None

    def kind_of_root(self, root: str) -> AccountKind:
        """Return the kind of the accounts below ``root``, which has some."""
        return next(kind for name, kind in self._kinds.items() if name.startswith(f"{root}:"))

    def accounts(self, *wanted: AccountClass) -> list[str]:
        """Return the accounts of these classes, sorted."""
        return [account for account in self._kinds if self.of(account) in wanted]

    def activity(self, account: str) -> Activity:
        """Return to which activity a flow of cash belongs by the account that stands against it.

        After IAS 7: equity and borrowings are financing, long-term assets investing, all that is
        income, expense, working capital or tax operating.
        """
        kind = self._kinds.get(account)
        if kind == "equity" or _is_below(account, self._financing):
            return "financing"
        if kind in {"income", "expense"}:
            return "operating"
        parts = account.split(":")[1:]
        if kind == "liability" and any(map(_LOANS.fullmatch, parts)):
            return "financing"
        found = self.of(account)
        if found == "fixed-asset":
            return "investing"
        if found == "long-term-liability":
            return "financing"
        return "operating" if found else "unclassified"


def _is_below(account: str, parents: Iterable[str]) -> bool:
    return any(account == parent or account.startswith(f"{parent}:") for parent in parents)
