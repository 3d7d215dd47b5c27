"""Rows of a foreign file as parts of customer records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any

from ledgercli.customers.exchange.amounts import parse_amount
from ledgercli.customers.exchange.paths import SETS, emptied, flattened
from ledgercli.model.customer import fold
from ledgercli.model.exchange import ForeignRow, Profile
from ledgercli.model.record import dataclass

#: Control characters but tab and line feed, and characters that change the direction of text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SEVERAL_LINES = re.compile(r"notes|contacts\.\d+\.notes|addresses\..+\.street|fields\..+")
_ADDRESS_LINE = re.compile(r"(addresses\..+)\.(line[1-5]|street)")
_NAME_PART = re.compile(r"(contacts\.\d+)\.(given|family)")
_WORDS = frozenset(["kind", "debtor", "status", "reminders.never"])
#: Codes of the ISO 3166 list, whatever their case.
_CODE = re.compile(r"[A-Za-z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class RowValues:
    """What a row says: ``values`` by path, texts or lists of texts.

    ``carried`` are all paths that the file has a place for: one without a value is empty there;
    ``emptied`` are those of which the row says so outright. ``columns`` names the column of a path.
    ``cleaned`` are columns with characters that were taken out, and these.
    """

    values: Mapping[str, Any]
    carried: frozenset[str]
    columns: Mapping[str, str] = field(default_factory=dict)
    cleaned: tuple[tuple[str, str], ...] = ()
    emptied: frozenset[str] = frozenset()


def row_values(
    row: ForeignRow,
    present: tuple[str, ...],
    profile: Profile,
    countries: Mapping[str, str],
    currency: str,
) -> RowValues:
    """Return what ``row`` of a file with the columns ``present`` says about a customer.

    ``countries`` are codes by folded name; ``currency`` is that of amounts in rows without one.
    A row that holds a record says all of it, and carries no more.
    """
    if row.data is not None:
        values = flattened(row.data)
        none = emptied(row.data)
        return RowValues(values, frozenset(values) | none, emptied=none)
    cells, cleaned = cleaned_cells(row.cells)
    given: dict[str, str] = {}
    columns: dict[str, str] = {}
    for column in present:
        name = profile.field_of(column).name
        text = _tidied(cells.get(column, ""), name)
        if text and name not in given:
            given[name] = text if name in SETS else _word(profile, name, text)
        columns.setdefault(name, column)
    values = _joined(given, profile, countries, currency)
    carried = frozenset(path for name in columns for path in _carried(name, columns))
    named = {path: column for name, column in columns.items() for path in _carried(name, columns)}
    return RowValues(values, carried, named, cleaned)


def cleaned_cells(cells: Mapping[str, str]) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the cells without characters that hide something, and which those were."""
    clean: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for column, cell in cells.items():
        text = cell.replace("\r\n", "\n").replace("\r", "\n")
        if signs := sorted(set(_UNWANTED.findall(text))):
            found.append((column, ", ".join(f"U+{ord(sign):04X}" for sign in signs)))
            text = _UNWANTED.sub("", text)
        clean[column] = text
    return clean, tuple(found)


def _tidied(text: str, name: str) -> str:
    if not _SEVERAL_LINES.fullmatch(name):
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _word(profile: Profile, name: str, text: str) -> str:
    """Return our word for what the other system says."""
    words = {fold(theirs): ours for theirs, ours in profile.values.get(name, {}).items()}
    found = words.get(fold(text))
    if found is not None:
        return found
    return text.lower() if name in _WORDS else text


def _joined(
    given: Mapping[str, str], profile: Profile, countries: Mapping[str, str], currency: str
) -> dict[str, Any]:
    """Return the parts of a record from the parts that the file has."""
    values: dict[str, Any] = {}
    separator = profile.separator.strip() or ";"
    for name, text in given.items():
        if line := _ADDRESS_LINE.fullmatch(name):
            lines = values.setdefault(f"{line[1]}.lines", [])
            lines.extend(piece.strip() for piece in text.split("\n") if piece.strip())
        elif part := _NAME_PART.fullmatch(name):
            path = f"{part[1]}.name"
            values[path] = given.get(path) or _full_name(given, part[1])
        elif name in SETS:
            entries = (_word(profile, name, entry) for entry in _entries(text, separator))
            if kept := list(dict.fromkeys(entry for entry in entries if entry)):
                values[name] = kept
        elif name.endswith(".country"):
            values[name] = _country(text, countries)
        elif name == "credit.limit.amount":
            _add_limit(values, text, given.get("currency") or currency, profile)
        elif name == "credit.limit":
            values |= _limits(text, profile, given.get("currency") or currency)
        elif not name.startswith(("person.", "organization")):
            values[name] = text
    _add_person(values, given)
    return values


def _full_name(given: Mapping[str, str], prefix: str) -> str:
    parts = (given.get(f"{prefix}.given"), given.get(f"{prefix}.family"))
    return " ".join(part for part in parts if part)


def _entries(text: str, separator: str) -> list[str]:
    pieces = (piece.strip() for piece in text.split(separator))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def _country(text: str, countries: Mapping[str, str]) -> str:
    if _CODE.fullmatch(text):
        return text.upper()
    return countries.get(fold(text), text)


def _add_limit(values: dict[str, Any], text: str, currency: str, profile: Profile) -> None:
    """Add a credit limit; 0 is no limit in the systems that write a bare amount."""
    amount = parse_amount(text, profile.decimal)
    if amount is None:
        own = any(_CURRENCY.fullmatch(word) for word in text.split())
        # What is no amount is told when the record is checked.
        values["credit.limit"] = _money(text, profile) if own else f"{text} {currency}".strip()
    elif amount != Decimal(0):
        values["credit.limit"] = f"{amount:f} {currency}".strip()


def _limits(text: str, profile: Profile, currency: str) -> dict[str, Any]:
    """Return a credit limit, or those of several currencies; one without is in ``currency``."""
    amounts = [_money(piece, profile) for piece in _entries(text, ";")]
    if len(amounts) == 1 and parse_amount(amounts[0]) is not None:
        amounts = [f"{amounts[0]} {currency}".strip()]
    several = len(amounts) > 1
    return {"credit.limit": amounts if several else amounts[0]} if amounts else {}


def _money(text: str, profile: Profile) -> str:
    """Return an amount with its currency without the signs that part thousands."""
    words = text.split()
    numbers = [parse_amount(word, profile.decimal) for word in words]
    if len([number for number in numbers if number is not None]) != 1:
        return text  # told when the record is checked
    return " ".join(
        word if number is None else f"{number:f}"
        for word, number in zip(words, numbers, strict=True)
    )


def _add_person(values: dict[str, Any], given: Mapping[str, str]) -> None:
    """Add the name of a row of an address book: a person of a company, or a person alone."""
    person = given.get("person.full") or _full_name(given, "person")
    organization = given.get("organization", "")
    if organization:
        values.setdefault("name", organization)
        if person and person != organization:
            values.setdefault("contacts.1.name", person)
    elif person:
        values.setdefault("name", person)
        values.setdefault("kind", "person")


def _carried(name: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the parts of a record that a column for ``name`` says something about."""
    if line := _ADDRESS_LINE.fullmatch(name):
        return (f"{line[1]}.lines",)
    if part := _NAME_PART.fullmatch(name):
        return (f"{part[1]}.name",)
    if name == "credit.limit.amount":
        return ("credit.limit",)
    if name == "organization":
        return ("name",)
    if name.startswith("person."):
        return ("name", "contacts.1.name") if "organization" in columns else ("name",)
    return (name,)
