"""Which customers a few typed letters or digits mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from ledgercli.customers.spelling import compact, phone_digits, skeleton, skeletons
from ledgercli.model.customer import Customer
from ledgercli.model.customer_head import CustomerHead
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

    customer: Customer | CustomerHead
    field: Field
    text: str
    score: int


class Index(NamedTuple):
    """What may be looked for in some customers, in plain values.

    ``fields`` and ``texts`` are where a text stands and what it is; ``skeletons`` are those of all
    texts, parted by line feeds, and ``owners`` the numbers of the customers. ``phones`` and
    ``numbers`` are (number of the customer, text, how it is compared).
    """

    owners: tuple[int, ...]
    fields: tuple[Field, ...]
    texts: tuple[str, ...]
    skeletons: str
    phones: tuple[tuple[int, str, str], ...]
    numbers: tuple[tuple[int, str, str], ...]


def index_of(customers: Sequence[Customer]) -> Index:
    """Return what may be looked for in ``customers``, by their number in them."""
    words = [(at, *word) for at, one in enumerate(customers) for word in _words(one)]
    phones = [
        (at, contact.phone, phone_digits(contact.phone))
        for at, one in enumerate(customers)
        for contact in one.contacts
        if contact.phone
    ]
    numbers = [
        (at, value, compact(value)) for at, one in enumerate(customers) for value in _numbers(one)
    ]
    return Index(
        tuple(at for at, _, _ in words),
        tuple(field for _, field, _ in words),
        tuple(text for _, _, text in words),
        "\n".join(skeletons(text for _, _, text in words)),
        tuple(phones),
        tuple(numbers),
    )


def find_in(
    index: Index, customers: Sequence[Customer] | Sequence[CustomerHead], text: str
) -> list[Hit]:
    """Return the customers that ``text`` may mean, best first, each with its best field.

    Looked at are ids, names, aliases, contacts, mail addresses, phone numbers, tax and bank
    numbers, and places. Case, width, accents and umlauts make no difference. Typing errors (one,
    and one more for every eight signs) are forgiven where nothing fits as it was typed. ``index``
    is that of ``customers``.
    """
    hits = _without_doubles(_direct(index, customers, text))
    return hits or _without_doubles(_forgiving(index, customers, text))


def _without_doubles(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        other = best.get(hit.customer.id)
        if other is None or hit.score > other.score:
            best[hit.customer.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.customer.id))


def _direct(
    index: Index, customers: Sequence[Customer] | Sequence[CustomerHead], text: str
) -> Iterator[Hit]:
    wanted, number = skeleton(text), compact(text)
    if wanted:
        for at, own in _lines_with(wanted, index.skeletons):
            yield Hit(
                customers[index.owners[at]], index.fields[at], index.texts[at], _score(wanted, own)
            )
    typed = sum(map(str.isdigit, text))
    digits = phone_digits(text) if set(text) <= _PHONE_SIGNS else ""
    if typed >= _NUMBER_MIN and digits:
        for at, value, own in index.phones:
            if digits in own:
                yield Hit(customers[at], "phone", value, _EXACT if own == digits else _WORD)
    if typed and len(number) >= _NUMBER_MIN:
        for at, value, own in index.numbers:
            if number in own:
                yield Hit(customers[at], "number", value, _EXACT if own == number else _WORD)


def _lines_with(wanted: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield those lines of ``text`` that hold ``wanted``, each with its index."""
    line = counted = 0
    position = text.find(wanted)
    while position >= 0:
        line += text.count("\n", counted, position)
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        yield line, text[text.rfind("\n", 0, position) + 1 : end]
        counted = end
        position = text.find(wanted, end)


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


def _forgiving(
    index: Index, customers: Sequence[Customer] | Sequence[CustomerHead], text: str
) -> Iterator[Hit]:
    """Yield what fits but for typing errors: in the whole text, or in a part of a longer one."""
    wanted = skeleton(text)
    if len(wanted) < _FORGIVEN_MIN:
        return
    from rapidfuzz import fuzz, process

    errors = 1 + len(wanted) // 8
    # An error is one sign for another, which this measure counts as one of both texts.
    cutoff = 100 * (1 - errors / len(wanted)) - 0.01
    long_enough = [
        own if field != "address" and len(own) >= len(wanted) - errors else None
        for own, field in zip(index.skeletons.split("\n"), index.fields, strict=False)
    ]
    found = process.extract_iter(
        wanted, long_enough, scorer=fuzz.partial_ratio, score_cutoff=cutoff
    )
    for _own, score, at in found:
        customer = customers[index.owners[at]]
        yield Hit(
            customer, index.fields[at], index.texts[at], min(round(score * 0.75), _WITHIN - 1)
        )
