"""Records that may be of one customer, each with the reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal

from ledgercli.customers.spelling import bare_name, compact, phone_digits, skeleton
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass

Reason = Literal["number", "bank", "email", "phone", "name", "alias", "similar-name", "address"]

#: From the strongest reason to the weakest.
REASONS: tuple[Reason, ...] = (
    "number", "bank", "name", "alias", "email", "phone", "similar-name", "address",
)  # fmt: skip
#: Names below this are different; one letter of eight may differ.
SIMILAR = 88.0
_NAME_MIN = 4
_PHONE_MIN = 6
#: What more customers share than this is no sign of one: a switchboard, a shopping centre.
_SHARED_MAX = 8
_BLOCK_MAX = 400
_STRONG: frozenset[Reason] = frozenset(["number", "bank"])
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one: why, and what they share, strongest reason first."""

    first: Customer
    second: Customer
    reasons: tuple[tuple[Reason, str], ...]


def find_duplicates(customers: Sequence[Customer]) -> list[Pair]:
    """Return pairs of records that may be one customer, the likeliest first.

    They share a tax number, a bank account, a mail address, a phone number, an address, a name or
    an alias, or their names differ by little once legal forms are left out. Families (a parent and
    those below it, and those below the same) are told apart by numbers and banks only: their names
    and addresses are alike by nature.
    """
    found: dict[tuple[int, int], dict[Reason, str]] = defaultdict(dict)
    for (reason, _key), (text, owners) in _shared(customers).items():
        if 1 < len(owners) <= _SHARED_MAX:
            for pair in combinations(sorted(owners), 2):
                found[pair].setdefault(reason, text)
    for first, second, text in _similar_names(customers):
        reasons = found[(first, second)]
        if "name" not in reasons and "alias" not in reasons:
            reasons.setdefault("similar-name", text)
    pairs = []
    for (first, second), reasons in found.items():
        one, other = customers[first], customers[second]
        kin = _kin(one, other)
        told = tuple(
            (reason, reasons[reason])
            for reason in REASONS
            if reason in reasons
            and (reason in _STRONG or not kin)
            and not (reason == "alias" and "name" in reasons)
        )
        if told:
            pairs.append(Pair(one, other, told))
    return sorted(pairs, key=_order)


def _order(pair: Pair) -> tuple[int, int, str, str]:
    first_reason = REASONS.index(pair.reasons[0][0])
    return first_reason, -len(pair.reasons), pair.first.id, pair.second.id


def _kin(one: Customer, other: Customer) -> bool:
    """Return whether two customers belong to one family."""
    siblings = bool(one.parent) and one.parent == other.parent
    return siblings or other.id == one.parent or one.id == other.parent


def _shared(customers: Sequence[Customer]) -> dict[tuple[Reason, str], tuple[str, set[int]]]:
    """Return by reason and compared text how it is spelled first, and whose it is, by index."""
    shared: dict[tuple[Reason, str], tuple[str, set[int]]] = {}
    for index, customer in enumerate(customers):
        for reason, text, key in _marks(customer):
            if key:
                shared.setdefault((reason, key), (text, set()))[1].add(index)
    return shared


def _marks(customer: Customer) -> Iterator[tuple[Reason, str, str]]:
    """Yield what tells a customer from others: reason, text, and the text as compared."""
    for kind, number in customer.ids.items():
        yield "number", number, f"{kind.casefold()} {compact(number)}" if number else ""
    for account in customer.bank:
        number = account.iban or account.account
        yield "bank", number, compact(number)
    name = bare_name(customer.name) if customer.name else ""
    yield "name", customer.name, name
    for alias in customer.aliases:
        own = bare_name(alias)
        yield "alias", alias, own if own != name else ""
    if name:  # the alias of one may be the name of another
        yield "alias", customer.name, name
    for contact in customer.contacts:
        yield "email", contact.email, contact.email.casefold().strip()
        digits = phone_digits(contact.phone)
        yield "phone", contact.phone, digits if len(digits) >= _PHONE_MIN else ""
    for address in customer.addresses.values():
        lines = skeleton(" ".join(address.lines))
        place = skeleton(f"{address.postcode} {address.city}")
        text = ", ".join([*address.lines, f"{address.postcode} {address.city}".strip()])
        yield "address", text, f"{lines} {place}" if lines and place else ""


def _similar_names(customers: Sequence[Customer]) -> Iterator[tuple[int, int, str]]:
    """Yield pairs of customers by index whose names differ by little, with the second's name.

    Only names that have the beginning of a word in common are compared, so that ten thousand
    customers take a moment, not a minute.
    """
    from rapidfuzz import fuzz

    names = [bare_name(customer.name) if customer.name else "" for customer in customers]
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        if len(name) >= _NAME_MIN:
            for beginning in _beginnings(name):
                blocks[beginning].append(index)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > _BLOCK_MAX:
            continue  # a word that half of all names have tells nothing
        for pair in combinations(block, 2):
            if pair in seen:
                continue
            seen.add(pair)
            one, other = names[pair[0]], names[pair[1]]
            if one == other or _digits(one) != _digits(other):
                continue
            if fuzz.ratio(one, other, score_cutoff=SIMILAR):
                yield (*pair, customers[pair[1]].name)


def _beginnings(name: str) -> set[str]:
    """Return the first letters of each word; of words without spaces every two signs."""
    words = name.split()
    if name.isascii():
        return {word[:3] for word in words if len(word) >= 3}
    return {word[at : at + 2] for word in words for at in range(max(len(word) - 1, 1))}


def _digits(name: str) -> list[str]:
    """Return the numbers in a name: branch 3 is another customer than branch 4."""
    return _NUMBERS.findall(name)
