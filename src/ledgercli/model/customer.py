"""The customer record, as the user keeps it in ``customers/*.yaml``."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any, Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.contract_values import PriceTable
from ledgercli.model.record import FILLED, dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.terms import Terms
from ledgercli.model.values import Duration, Money, MoneyList, Parsed, Percent, parse_date

Kind = Literal["company", "person"]
Debtor = Literal["business", "consumer", "public"]
Status = Literal["lead", "prospect", "active", "closed"]

#: The customer of postings that no rule could give to anybody.
UNKNOWN = "?"


def fold(text: str) -> str:
    """Return ``text`` for comparison: NFC, case folded, white space runs made one space."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class CreditLimit(Parsed):
    """Credit limits over time: ``steps`` of (first day or None, amounts), earliest first.

    An empty tuple of amounts means no limit from that day on.
    """

    steps: tuple[tuple[date | None, tuple[Money, ...]], ...]

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the limits of an amount, a list of amounts, or a mapping from dates to either."""
        if not isinstance(raw, dict):
            return cls(((None, cls._amounts(raw)),))
        steps = sorted((parse_date(day), cls._amounts(value)) for day, value in raw.items())
        return cls(tuple(steps))

    @staticmethod
    def _amounts(raw: object) -> tuple[Money, ...]:
        if raw is None or (isinstance(raw, str) and raw.strip().lower() in {"", "null", "~"}):
            return ()
        amounts = MoneyList.parse(raw).amounts
        if any(money.amount < 0 for money in amounts):
            raise WrongValueError(N_("a credit limit cannot be negative"))
        return amounts

    def at(self, as_of: date) -> tuple[Money, ...]:
        """Return the limits in force at the end of ``as_of``, empty where there is none."""
        amounts: tuple[Money, ...] = ()
        for first, step in self.steps:
            if first is None or first <= as_of:
                amounts = step
        return amounts


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to write to or to call."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; ``country`` is an ISO 3166 code of two letters."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account, of the customer or of the company."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Credit limit and the share of it from which on to warn."""

    limit: CreditLimit | None = None
    warn_at: Percent | None = None


@dataclass(frozen=True, slots=True)
class CustomerReminders:
    """How this customer is reminded; None falls back to the books' settings."""

    policy: str | None = None
    channel: str | None = None
    never: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """A running agreement. ``value`` is an amount for all of it, or ``1200 EUR per month``.

    ``start`` is the first day of the first period, ``end`` the last day. A contract that ``renews``
    goes on for that long after each end, unless ``terminated``, the day on which notice was given,
    is ``notice`` or more before it. ``index`` changes the price. ``text``, ``account``, ``tax`` and
    ``terms`` are those of the orders drafted for each period, at its begin, or in ``arrears`` after
    its end.
    """

    id: str
    title: str = ""
    start: date | None = None
    end: date | None = None
    notice: Duration | None = None
    value: str = ""
    renews: Duration | None = None
    terminated: date | None = None
    index: PriceTable | None = None
    arrears: bool = False
    text: str = ""
    account: str = ""
    tax: Percent | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next with a lead, a prospect or a customer, and by when."""

    date: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer. ``file`` and ``line`` say where the record begins, relative to the books.

    ``expected`` is what a lead or prospect is expected to bring.
    """

    id: str
    name: str = ""
    kind: Kind = "company"
    debtor: Debtor = "business"
    status: Status = "active"
    tier: str = ""
    tags: tuple[str, ...] = ()
    segments: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    owner: str = ""
    language: str = ""
    currency: str = ""
    accounts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    addresses: Mapping[str, Address] = field(default_factory=dict)
    bank: tuple[BankAccount, ...] = ()
    terms: Terms | None = None
    credit: Credit = field(default_factory=Credit)
    reminders: CustomerReminders = field(default_factory=CustomerReminders)
    contracts: tuple[Contract, ...] = ()
    expected: Money | None = None
    next_step: NextStep | None = None
    notes: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    file: str = field(default="", metadata=FILLED)
    line: int = field(default=0, metadata=FILLED)

    @property
    def label(self) -> str:
        """Return the name, or the id of a customer without one."""
        return self.name or self.id
