"""What is checked in one customer record beyond the types of its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from typing import Any

from ledgercli.books.settings import LANGUAGE
from ledgercli.books.source import Path
from ledgercli.books.validation import Problem, dotted
from ledgercli.model.catalogue import records as codes
from ledgercli.model.catalogue import settings as setting_codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import BankAccount, CreditLimit, Customer
from ledgercli.model.mail_values import is_channel, known_channels
from ledgercli.model.sentence import Sentence, reason_of
from ledgercli.model.values import Money, check_currency

#: Letters and digits of any script, ``-``, ``.``, ``_``; no leading point; 64 at most.
PLAIN_ID = re.compile(r"[\w-][\w.-]{0,63}")
#: As Beancount's scanner has it: roots are Latin, letters of other scripts pass everywhere else.
#: What is no ASCII is excluded from ASCII, as a class of all other characters compiles slowly.
ACCOUNT = re.compile(
    r"[A-Z][A-Za-z0-9-]*(?::(?:[A-Z0-9]|[^\x00-\x7f])(?:[A-Za-z0-9-]|[^\x00-\x7f])*)+"
)
_TEXTS = attrgetter("name", "tier", "parent", "owner", "language", "currency")
_CONTACT_TEXTS = attrgetter("name", "role", "email", "phone")
_BANK_TEXTS = attrgetter(*(item.name for item in fields(BankAccount)))
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+")
_COUNTRY = re.compile(r"[A-Z]{2}")


def checked_customer(customer: Customer, path: Path) -> tuple[Customer, list[Problem]]:
    """Return the customer without what cannot be used, and what that was.

    ``path`` leads to the record within its file.
    """
    problems: list[Problem] = []
    if _has_line_break(customer):
        customer = _with_one_line_texts(customer, path, problems)
    if customer.currency:
        customer = _with_currency(customer, path, problems)
    if customer.credit.limit:
        customer = _with_limit_currencies(customer, customer.credit.limit, path, problems)
    if customer.language and not LANGUAGE.fullmatch(customer.language):
        values = {"language": customer.language[:60]}
        problems.append(Problem(codes.INVALID_LANGUAGE, (*path, "language"), values))
        customer = replace(customer, language="")
    wrong = [
        (index, account)
        for index, account in enumerate(customer.accounts)
        if not ACCOUNT.fullmatch(account)
    ]
    if wrong:
        problems.extend(
            Problem(codes.INVALID_ACCOUNT, (*path, "accounts", index), {"account": account[:80]})
            for index, account in wrong
        )
        bad = {account for _, account in wrong}
        good = tuple(account for account in customer.accounts if account not in bad)
        customer = replace(customer, accounts=good)
    problems.extend(_doubtful(customer, path))
    return customer, problems


def _has_line_break(customer: Customer) -> bool:
    """Return whether a text that should be one line is not: asked of all, true of very few."""
    texts = [*_TEXTS(customer), *customer.tags, *customer.aliases, *customer.accounts]
    for contact in customer.contacts:
        texts += _CONTACT_TEXTS(contact)
    for account in customer.bank:
        texts += _BANK_TEXTS(account)
    return "\n" in "".join(texts)


def _with_one_line_texts(customer: Customer, path: Path, problems: list[Problem]) -> Customer:
    """Return the customer with line breaks in names and the like replaced by spaces."""
    single = {
        name: value
        for name in ("name", "tier", "parent", "owner", "language", "currency")
        if "\n" in (value := getattr(customer, name))
    }
    for name, value in single.items():
        problems.append(Problem(codes.LINE_BREAK, (*path, name), {"key": name}))
        customer = _changed(customer, name, " ".join(value.split()))
    for name in ("tags", "aliases", "accounts"):
        values: tuple[str, ...] = getattr(customer, name)
        if any("\n" in value for value in values):
            problems.append(Problem(codes.LINE_BREAK, (*path, name), {"key": name}))
            one_line = tuple(" ".join(value.split()) for value in values)
            customer = _changed(customer, name, one_line)
    for name in ("contacts", "bank"):
        entries = getattr(customer, name)
        cleaned = tuple(
            _one_line_record(entry, (*path, name, index), problems)
            for index, entry in enumerate(entries)
        )
        if cleaned != entries:
            customer = _changed(customer, name, cleaned)
    return customer


def _changed(customer: Customer, name: str, value: object) -> Customer:
    """Return the customer with another value of a field that is named by a text."""
    change: dict[str, Any] = {name: value}
    return replace(customer, **change)


def _one_line_record(record: Any, path: Path, problems: list[Problem]) -> Any:  # noqa: ANN401
    """Return a contact or bank account with each of its texts in one line; notes may have more."""
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if "\n" in value and name != "notes":
            where = (*path, name)
            problems.append(Problem(codes.LINE_BREAK, where, {"key": dotted(where)}))
            record = replace(record, **{name: " ".join(value.split())})
    return record


def _with_currency(customer: Customer, path: Path, problems: list[Problem]) -> Customer:
    try:
        check_currency(customer.currency)
    except ValueError as error:
        values = {"key": "currency", "reason": reason_of(error)}
        problems.append(Problem(codes.INVALID_VALUE, (*path, "currency"), values))
        return replace(customer, currency="")
    return customer


def _with_limit_currencies(
    customer: Customer, limit: CreditLimit, path: Path, problems: list[Problem]
) -> Customer:
    """Return the customer with a currency in each amount of the limit.

    A limit with an amount that cannot be resolved is no limit that can be relied on: it is left
    out as a whole.
    """
    if all(money.currency for _, amounts in limit.steps for money in amounts):
        return customer
    where = (*path, "credit", "limit")
    steps = []
    for first, amounts in limit.steps:
        full = tuple(Money(money.amount, money.currency or customer.currency) for money in amounts)
        unresolved = next((money for money in full if not money.currency), None)
        if unresolved is not None:
            values = {"key": "credit.limit", "amount": str(unresolved)}
            problems.append(Problem(codes.AMOUNT_WITHOUT_CURRENCY, where, values))
            return replace(customer, credit=replace(customer.credit, limit=None))
        if len({money.currency for money in full}) < len(full):
            reason = Sentence(N_("two amounts in the same currency"))
            values = {"key": "credit.limit", "reason": reason}
            problems.append(Problem(codes.INVALID_VALUE, where, values))
            return replace(customer, credit=replace(customer.credit, limit=None))
        steps.append((first, full))
    return replace(customer, credit=replace(customer.credit, limit=CreditLimit(tuple(steps))))


def _wrong_channel(customer: Customer, path: Path) -> Iterator[Problem]:
    """Yield the problem of a channel of letters that does not exist."""
    channel = customer.reminders.channel
    if channel and not is_channel(channel):
        values = {"channel": channel[:60], "known": known_channels()}
        yield Problem(setting_codes.UNKNOWN_CHANNEL, (*path, "reminders", "channel"), values)


def _doubtful_contracts(customer: Customer, path: Path) -> Iterator[Problem]:
    for index, contract in enumerate(customer.contracts):
        if contract.start and contract.end and contract.end < contract.start:
            values = {
                "contract": contract.id,
                "start": str(contract.start),
                "end": str(contract.end),
            }
            yield Problem(codes.CONTRACT_DATES, (*path, "contracts", index, "end"), values)
        if any(contract.id == other.id for other in customer.contracts[:index]):
            where = (*path, "contracts", index, "id")
            yield Problem(codes.CONTRACT_TWICE, where, {"contract": contract.id[:60]})


def _doubtful(customer: Customer, path: Path) -> Iterator[Problem]:
    """Yield what is kept as it is, yet looks wrong."""
    for index, contact in enumerate(customer.contacts):
        if contact.email and not _EMAIL.fullmatch(contact.email):
            values = {"email": contact.email[:80]}
            yield Problem(codes.INVALID_EMAIL, (*path, "contacts", index, "email"), values)
    yield from _wrong_channel(customer, path)
    for name, address in customer.addresses.items():
        if address.country and not _COUNTRY.fullmatch(address.country):
            where = (*path, "addresses", name, "country")
            yield Problem(codes.INVALID_COUNTRY, where, {"country": address.country[:40]})
    yield from _doubtful_contracts(customer, path)
    numbers: list[tuple[str, str, Path]] = [
        (kind, number, ("ids", kind)) for kind, number in customer.ids.items()
    ]
    for index, account in enumerate(customer.bank):
        numbers.append(("iban", account.iban, ("bank", index, "iban")))
        numbers.append(("bic", account.bic, ("bank", index, "bic")))
    for kind, number, where in numbers:
        if number and not _is_valid_number(kind.casefold(), number):
            values = {"kind": kind.upper(), "value": number[:60]}
            yield Problem(codes.INVALID_IDENTIFIER, (*path, *where), values)


def _is_valid_number(kind: str, number: str) -> bool:
    """Return whether a number passes the rules of its kind; kinds without rules always do."""
    if kind == "vat":
        module = _vat_rules(number[:2])
        # A country without a published rule has nothing to compare with.
        return bool(module.is_valid(number)) if module else number[:2].isalpha()
    if kind == "uscc":
        from stdnum.cn import uscc

        return bool(uscc.is_valid(number))
    if kind in {"iban", "bic", "lei"}:
        return bool(_rules(kind).is_valid(number))
    return True


@cache
def _vat_rules(country: str) -> Any:  # noqa: ANN401 - a module of stdnum, None where it has none
    from stdnum import get_cc_module

    return get_cc_module(country, "vat")


@cache
def _rules(kind: str) -> Any:  # noqa: ANN401 - a module of stdnum
    from importlib import import_module

    return import_module(f"stdnum.{kind}")
