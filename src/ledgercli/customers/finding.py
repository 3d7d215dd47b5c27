"""Which customers a few typed letters or digits mean."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Literal

from ledgercli.customers.spelling import compact, phone_digits, skeleton, skeletons
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass

Field = Literal["id", "name", "alias", "contact", "email", "phone", "number", "address"]

_EXACT, _BEGINNING, _WORD, _WITHIN = 100, 95, 90, 80
#: Digits of a phone number or signs of an identifier that are enough to look for it.
_NUMBER_MIN = 4
#: Shorter texts are like too many others to forgive typing errors.
_FORGIVEN_MIN = 3
_PHONE_SIGNS = frozenset("0123456789+-/(). \u00a0")


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found: in which field, what stands there, and how well it fits (up to 100)."""

    customer: Customer
    field: Field
    text: str
    score: int


def find_customers(customers: Sequence[Customer], text: str) -> list[Hit]:
    """Return the customers that ``text`` may mean, best first, each with its best field.

    Looked at are ids, names, aliases, contacts, mail addresses, phone numbers, tax and bank
    numbers, and places. Case, width, accents and umlauts make no difference. Typing errors (one,
    and one more for every eight signs) are forgiven where nothing fits as it was typed.
    """
    hits = _without_doubles(_direct(customers, text))
    return hits or _without_doubles(_forgiving(customers, text))


def _without_doubles(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        other = best.get(hit.customer.id)
        if other is None or hit.score > other.score:
            best[hit.customer.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.customer.id))


def _direct(customers: Sequence[Customer], text: str) -> Iterator[Hit]:
    wanted, number = skeleton(text), compact(text)
    if wanted:
        places = [(one, field, value) for one in customers for field, value in _words(one)]
        for place, own in _lines_with(wanted, skeletons(value for _, _, value in places)):
            yield Hit(*places[place], _score(wanted, own))
    typed = sum(map(str.isdigit, text))
    digits = phone_digits(text) if set(text) <= _PHONE_SIGNS else ""
    for customer in customers:
        if typed >= _NUMBER_MIN and digits:
            yield from _in_phones(customer, digits)
        if typed and len(number) >= _NUMBER_MIN:
            yield from _in_numbers(customer, number)


def _lines_with(wanted: str, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield those of ``lines`` that hold ``wanted``, each with its index: searched as one text."""
    text = "\n".join(lines)
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    position = text.find(wanted)
    while position >= 0:
        place = bisect_right(starts, position) - 1
        yield place, lines[place]
        position = text.find(wanted, starts[place + 1])


def _in_phones(customer: Customer, wanted: str) -> Iterator[Hit]:
    for contact in customer.contacts:
        own = phone_digits(contact.phone) if contact.phone else ""
        if wanted in own:
            yield Hit(customer, "phone", contact.phone, _EXACT if own == wanted else _WORD)


def _in_numbers(customer: Customer, wanted: str) -> Iterator[Hit]:
    for value in _numbers(customer):
        own = compact(value)
        if wanted in own:
            yield Hit(customer, "number", value, _EXACT if own == wanted else _WORD)


def _words(customer: Customer) -> Iterator[tuple[Field, str]]:
    yield "id", customer.id
    if customer.name:
        yield "name", customer.name
    for alias in customer.aliases:
        yield "alias", alias
    for contact in customer.contacts:
        if contact.name:
            yield "contact", contact.name
        if contact.email:
            yield "email", contact.email
    for address in customer.addresses.values():
        for line in (*address.lines, address.postcode, address.city):
            if line:
                yield "address", line


def _numbers(customer: Customer) -> Iterator[str]:
    yield from customer.ids.values()
    for account in customer.bank:
        if account.iban:
            yield account.iban
        if account.account:
            yield account.account


def _score(wanted: str, own: str) -> int:
    """Return how well a skeleton fits that holds what was typed."""
    if own == wanted:
        return _EXACT
    if own.startswith(wanted):
        return _BEGINNING
    return _WORD if f" {wanted}" in own else _WITHIN


def _forgiving(customers: Sequence[Customer], text: str) -> Iterator[Hit]:
    """Yield what fits but for typing errors: in the whole text, or in a part of a longer one."""
    wanted = skeleton(text)
    if len(wanted) < _FORGIVEN_MIN:
        return
    from rapidfuzz import fuzz, process

    errors = 1 + len(wanted) // 8
    # An error is one sign for another, which this measure counts as one of both texts.
    cutoff = 100 * (1 - errors / len(wanted)) - 0.01
    places: list[tuple[Customer, Field, str]] = []
    for customer in customers:
        places += [
            (customer, field, value) for field, value in _words(customer) if field != "address"
        ]
    texts = skeletons(value for _, _, value in places)
    long_enough = [own if len(own) >= len(wanted) - errors else None for own in texts]
    found = process.extract_iter(
        wanted, long_enough, scorer=fuzz.partial_ratio, score_cutoff=cutoff
    )
    for _own, score, place in found:
        customer, field, value = places[place]
        yield Hit(customer, field, value, min(round(score * 0.75), _WITHIN - 1))
