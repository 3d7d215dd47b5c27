"""The general ledger: postings on all accounts, for figures that go beyond the receivables.

Income statement, balance sheet, cash flow, contribution of customers and revenue by product are
made of these records. They take a load of the whole ledger by Beancount, so the books open them
only when a report asks (``OpenBooks.general_ledger``); receivables have records of their own in
``model.ledger``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money

BudgetInterval = Literal["day", "week", "fortnight", "month", "quarter", "year"]
AccountKind = Literal["asset", "liability", "equity", "income", "expense"]
#: What an account is to the receivables: one of theirs, customers' deposits, or neither.
Role = Literal["receivable", "deposit", ""]
#: The metadata that tells how much of a product was sold, the first that is there.
QUANTITY_KEYS = ("quantity", "qty")


@dataclass(frozen=True, slots=True)
class BookTransaction:
    """A transaction; ``number`` counts them in Beancount's order and tells them apart.

    ``customer`` is the text of its own `customer:`. ``file`` is relative to the books. A ``flag``
    of ``P`` is of a transaction that Beancount made to fill a pad directive.
    """

    number: int
    date: dt.date
    flag: str
    payee: str
    narration: str
    tags: frozenset[str]
    links: frozenset[str]
    customer: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class BookPosting:
    """One posting; ``amount`` of ``currency`` as in the ledger, debit positive, credit negative.

    On asset, liability and equity accounts the amount is what the books carry: units, or their cost
    where they are held at cost. On income and expense accounts it is the weight, that is what the
    posting adds to the balance of its transaction: a sale of ``-100 USD @ 0.90 EUR`` earns 90 EUR.
    ``weight`` is that weight where it is another than the amount, ``units`` what was posted where
    that is another: ``None`` stands for the same.

    ``customer`` is an id: who is named by `customer:` of the posting or the transaction, else
    whose receivable or deposit the same transaction posts to, ``?`` where that is unknown, empty
    where nobody is named or several are. ``named`` is the text of its own `customer:`.
    ``product`` and ``quantity`` are what metadata of the posting, else of the transaction, says.
    ``line`` is that of the posting.
    """

    transaction: BookTransaction
    account: str
    kind: AccountKind
    amount: Decimal
    currency: str
    role: Role = ""
    weight: Money | None = None
    units: Money | None = None
    named: str | None = None
    customer: str = ""
    product: str = ""
    quantity: Decimal | None = None
    line: int = 0

    @property
    def date(self) -> dt.date:
        """Return the date of the transaction."""
        return self.transaction.date

    @property
    def file(self) -> str:
        """Return the file of the posting, relative to the books."""
        return self.transaction.file

    def of(self, customer: str) -> BookPosting:
        """Return the posting as one of ``customer``, an id."""
        # For each posting of a ledger: `replace` looks at every field by its name.
        return BookPosting(
            self.transaction,
            self.account,
            self.kind,
            self.amount,
            self.currency,
            self.role,
            self.weight,
            self.units,
            self.named,
            customer,
            self.product,
            self.quantity,
            self.line,
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """A directive ``custom "budget"``: so much in every interval from ``date`` on.

    It holds until the next of the same account and currency. The amount is in the ledger's sign:
    income is negative.
    """

    account: str
    date: dt.date
    interval: BudgetInterval
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class GeneralLedger:
    """The postings of all accounts in Beancount's order, those of a transaction side by side.

    ``accounts`` are all that are opened or posted to, each with its kind: the root of its name by
    the ledger's options (``name_assets`` and so on). Zero postings are left out, and what Beancount
    could not book. ``budgets`` are in Beancount's order; ``findings`` are about them alone.
    """

    postings: tuple[BookPosting, ...] = ()
    accounts: Mapping[str, AccountKind] = field(default_factory=dict)
    budgets: tuple[Budget, ...] = ()
    findings: tuple[Finding, ...] = ()
