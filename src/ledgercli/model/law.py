"""What the program knows of a country's law on late payment: data, with the source of each part.

The profiles are packaged (``data/laws``). They cite and count; whether a claim may be raised in the
case at hand is for the bookkeeper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal

from ledgercli.model.customer import Address, Customer, Debtor
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Law
from ledgercli.model.values import Money, MoneyList

#: The directive is about commercial transactions, the Act of 1998 about businesses.
_COMMERCIAL = frozenset(["eu", "uk"])
#: What makes a limitation period begin anew: a demand or a promise that can be proved, a signed
#: acknowledgement, a part payment.
Restart = Literal["demand", "promise", "acknowledgement", "part-payment"]


@dataclass(frozen=True, slots=True)
class RecoveryBand:
    """The lump sum for recovery costs of documents of ``from_amount`` and more."""

    amount: Money
    from_amount: Money = field(default_factory=lambda: Money(Decimal(0), ""))


@dataclass(frozen=True, slots=True)
class Recovery:
    """A lump sum for recovery costs, per document, from the kinds of ``debtors`` named."""

    debtors: tuple[Debtor, ...] = ()
    bands: tuple[RecoveryBand, ...] = ()
    source: str = ""

    def sum_for(self, amount: Decimal, currency: str, debtor: Debtor) -> Decimal | None:
        """Return the lump sum for a document of ``amount``; None where there is none."""
        if debtor not in self.debtors:
            return None
        fitting = [
            band
            for band in self.bands
            if band.amount.currency == currency and band.from_amount.amount <= amount
        ]
        highest = max(fitting, key=lambda band: band.from_amount.amount, default=None)
        return highest.amount.amount if highest else None


@dataclass(frozen=True, slots=True)
class FeeCap:
    """The most that a reminder may cost the debtors named, whatever the policy says."""

    debtors: tuple[Debtor, ...]
    maximum: MoneyList
    source: str


@dataclass(frozen=True, slots=True)
class Limitation:
    """When a claim becomes time-barred: ``years`` from the due date, or from the end of its year.

    ``restarts`` make the period begin anew, from the day after they happened.
    """

    years: int
    begins: Literal["due", "year-end"]
    restarts: tuple[Restart, ...]
    source: str


@dataclass(frozen=True, slots=True)
class LegalText:
    """A sentence that letters may print: under which circumstances, and its words by language.

    ``about`` is what must be claimed, ``letter`` for any dunning letter; ``statutory`` is whether
    the rate has to be counted above a table, or must not be. ``{article}`` in the words stands for
    what ``articles`` says of the debtor. ``standard`` sentences are printed unless switched off.
    """

    key: str
    about: Literal["fee", "interest", "letter"]
    debtors: tuple[Debtor, ...]
    text: Mapping[str, str]
    source: str
    statutory: bool | None = None
    articles: Mapping[str, str] = field(default_factory=dict)
    standard: bool = True


@dataclass(frozen=True, slots=True)
class LawProfile:
    """One law: its name, the countries that it is for, and what it says.

    ``checked`` is the day on which the packaged data were last compared with published copies.
    """

    name: str
    title: str
    checked: date
    countries: tuple[str, ...] = ()
    recovery: Recovery | None = None
    caps: Mapping[str, FeeCap] = field(default_factory=dict)
    limitation: Limitation | None = None
    sentences: tuple[LegalText, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalSentence:
    """A sentence about the law in one letter; its words by language, English always among them."""

    key: str
    law: str
    about: Literal["fee", "interest", "letter"]
    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """Return the words in ``language``, else in English."""
        return self.texts.get(language.partition("-")[0]) or self.texts["en"]


def billing_address(customer: Customer) -> Address | None:
    """Return where bills go: the address ``billing``, else the first one."""
    return customer.addresses.get("billing") or next(iter(customer.addresses.values()), None)


def country_of(customer: Customer) -> str:
    """Return the country of the billing address in capitals, empty where none is known."""
    address = billing_address(customer)
    return address.country.strip().upper() if address else ""


def law_of(chosen: Law | None, customer: Customer, laws: Mapping[str, LawProfile]) -> str:
    """Return the name of the law for fees and interest: the policy's, else the customer's country.

    ``agreed`` where no profile is for the country, and for consumers under a law that is about
    commercial transactions alone.
    """
    name: str = chosen or ""
    if not name:
        country = country_of(customer)
        fitting = (law.name for law in laws.values() if country and country in law.countries)
        name = next(fitting, "agreed")
    return "agreed" if name in _COMMERCIAL and customer.debtor == "consumer" else name
