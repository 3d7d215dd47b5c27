"""Who writes a letter, whom it goes to, and the account to pay to, as templates see them."""

from __future__ import annotations

from ledgercli.model.customer import BankAccount, Customer
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.reminders.formats import printable
from ledgercli.reminders.letter_page import Page, page_of
from ledgercli.reminders.payment_codes import SwissParty, is_swiss, swiss_party
from ledgercli.reminders.recipient import address_lines, billing_contact
from ledgercli.reminders.record_texts import map_texts


@dataclass(frozen=True, slots=True)
class Sender:
    """The company that writes, from ``company:`` of the settings."""

    name: str
    lines: tuple[str, ...]
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the letter goes to; ``lines`` are the address below the name."""

    name: str
    contact: str
    email: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """The account to pay to; empty texts where the settings name none."""

    holder: str
    iban: str
    bic: str
    bank: str
    account: str


def sender_of(settings: Settings, language: str) -> Sender:
    """Return who writes; the lines are the address's where the settings give none."""
    company = settings.company
    lines = company.lines
    if not lines and company.address:
        lines = address_lines(company.address, language, company.address.country)
    return Sender(company.name, lines, company.email, company.phone)


def bank_of(account: BankAccount | None) -> Bank:
    """Return the account to pay to, of empty texts where there is none."""
    if account is None:
        return Bank("", "", "", "", "")
    return Bank(account.holder, account.iban, account.bic, account.bank, account.account)


def recipient_of(customer: Customer, settings: Settings, language: str) -> Recipient:
    """Return whom letters to the customer go to."""
    company = settings.company.address
    contact = billing_contact(customer)
    address = customer.addresses.get("billing") or next(iter(customer.addresses.values()), None)
    return Recipient(
        name=customer.label,
        contact=contact.name if contact else "",
        email=contact.email if contact else "",
        lines=address_lines(address, language, company.country if company else "")
        if address
        else (),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What all letters in one language have in common, without control characters.

    ``holder`` is whose account it is; ``creditor`` the same for a QR-bill, None where the account
    is none that these are for.
    """

    sender: Sender
    bank: Bank
    page: Page
    holder: str
    creditor: SwissParty | None


class _Kept:
    """The standing parts of the settings used last, by language."""

    last: tuple[Settings | None, dict[str, Standing]] = (None, {})


def standing_of(settings: Settings, language: str) -> Standing:
    """Return what letters in ``language`` have in common, made once for the same settings."""
    kept = _Kept.last
    if kept[0] is not settings:
        kept = _Kept.last = (settings, {})
    if language not in kept[1]:
        kept[1][language] = _standing(settings, language)
    return kept[1][language]


def _standing(settings: Settings, language: str) -> Standing:
    company, account = settings.company, settings.company.bank
    holder = printable((account.holder if account else "") or company.name)
    swiss = account is not None and is_swiss(account.iban)
    return Standing(
        sender=map_texts(sender_of(settings, language), printable),
        bank=map_texts(bank_of(account), printable),
        page=map_texts(page_of(settings.letters), printable),
        holder=holder,
        creditor=swiss_party(holder, company.address) if swiss else None,
    )
