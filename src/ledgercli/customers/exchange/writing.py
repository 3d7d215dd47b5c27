"""Customer records as rows of a foreign file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ledgercli.customers.exchange.paths import SETS, flattened, value_at
from ledgercli.model.exchange import FieldName, Profile
from ledgercli.model.values import Money

_ADDRESS_LINE = re.compile(r"(addresses\..+)\.(?:line([1-5])|street)")
_NAME_PART = re.compile(r"(contacts\.\d+)\.(given|family)")
#: The last numbered line of an address takes what is left.
_LINES = 5


def row_cells(
    data: Mapping[str, Any], profile: Profile, countries: Mapping[str, str]
) -> dict[str, str]:
    """Return the cells of a record by the profile's columns; ``countries`` are names by code.

    Of several columns for one field the first is filled.
    """
    cells: dict[str, str] = {}
    written: set[str] = set()
    numbered = _numbered_lines(profile)
    for column, field in profile.columns.items():
        if field.name in written:
            continue
        text = _text(data, field.name, profile, countries, numbered)
        if text:
            cells[column] = text
        written.add(field.name)
    return cells


def more_columns(records: Iterable[Mapping[str, Any]], profile: Profile) -> dict[str, FieldName]:
    """Return columns for the texts of ``records`` that ``profile`` has none for, by their paths."""
    carried = {field.name for field in profile.columns.values()}
    paths = {
        f"{path.removesuffix('.lines')}.street" if path.endswith(".lines") else path
        for record in records
        for path, value in flattened(record).items()
        if isinstance(value, str) or path.endswith(".lines")
    }
    return {path: FieldName(path) for path in sorted(paths - carried) if _is_field(path)}


def _is_field(path: str) -> bool:
    try:
        FieldName.parse(path)
    except ValueError:
        return False
    return True


def _text(
    data: Mapping[str, Any],
    name: str,
    profile: Profile,
    countries: Mapping[str, str],
    numbered: Mapping[str, int],
) -> str:
    if line := _ADDRESS_LINE.fullmatch(name):
        return _address_line(data, line[1], line[2], numbered.get(line[1], _LINES))
    if part := _NAME_PART.fullmatch(name):
        return _name_part(_plain(value_at(data, f"{part[1]}.name")), part[2])
    if name.startswith(("person.", "organization")):
        return _person(data, name)
    return _limit(data) if name == "credit.limit.amount" else _value(data, name, profile, countries)


def _value(
    data: Mapping[str, Any], name: str, profile: Profile, countries: Mapping[str, str]
) -> str:
    value = value_at(data, name)
    if name in SETS:
        separator = profile.separator
        return separator.join(map(str, value)) if isinstance(value, list) else _plain(value)
    text = _plain(value)
    if name.endswith(".country") and profile.countries == "name":
        return countries.get(text, text)
    return _their_word(profile, name, text)


def _their_word(profile: Profile, name: str, text: str) -> str:
    """Return what the other system says for our word: the first that means it."""
    words = profile.values.get(name, {})
    return next((theirs for theirs, ours in words.items() if ours == text), text)


def _numbered_lines(profile: Profile) -> dict[str, int]:
    """Return the number of the last line that the profile has of each address."""
    last: dict[str, int] = {}
    for field in profile.columns.values():
        line = _ADDRESS_LINE.fullmatch(field.name)
        if line and line[2]:
            last[line[1]] = max(last.get(line[1], 0), int(line[2]))
    return last


def _address_line(data: Mapping[str, Any], address: str, number: str | None, last: int) -> str:
    lines = value_at(data, f"{address}.lines")
    texts = [str(line) for line in lines] if isinstance(lines, list) else []
    if number is None:
        return "\n".join(texts)
    index = int(number)
    if index == last:
        return ", ".join(texts[index - 1 :])
    return texts[index - 1] if index <= len(texts) else ""


def _name_part(full: str, part: str) -> str:
    """Return the family name, the last word, or the given names before it."""
    given, _, family = full.rpartition(" ")
    return family if part == "family" else given


def _person(data: Mapping[str, Any], name: str) -> str:
    own = _plain(value_at(data, "name")) or _plain(value_at(data, "id"))
    alone = value_at(data, "kind") == "person"
    if name == "organization":
        return "" if alone else own
    full = own if alone else _plain(value_at(data, "contacts.1.name"))
    return full if name == "person.full" else _name_part(full, name.removeprefix("person."))


def _limit(data: Mapping[str, Any]) -> str:
    """Return the amount of a single limit in the customer's own currency, else nothing."""
    value = value_at(data, "credit.limit")
    if not isinstance(value, str):
        return ""
    try:
        money = Money.parse(value)
    except ValueError:
        return ""
    currency = value_at(data, "currency")
    same = not money.currency or not currency or money.currency == currency
    return f"{money.amount:f}" if same else ""


def _plain(value: Any) -> str:  # noqa: ANN401 - plain data
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    return value if isinstance(value, str) else ""
