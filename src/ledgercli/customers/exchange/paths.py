"""Parts of a customer record by name: ``name``, ``contacts.1.email``, ``addresses.billing.lines``.

A record is plain data here, as in its file: mappings, lists, texts. People count contacts and bank
accounts from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Steps = tuple[str | int, ...]
Values = Mapping[str, Any]

#: Mappings whose entries are values of their own; a key may hold points.
_FREE = frozenset(["segments", "ids", "fields"])
_NUMBERED = frozenset(["contacts", "bank"])
_GROUPED = frozenset(["credit", "reminders"])
#: Lists that two sides may add to without contradicting each other.
SETS = frozenset(["tags", "aliases", "accounts"])


def steps(path: str) -> Steps:
    """Return the keys and indices that lead to ``path`` in a record."""
    top, point, rest = path.partition(".")
    if not point:
        return (top,)
    if top in _NUMBERED:
        number, _, key = rest.partition(".")
        return top, int(number) - 1, key
    if top == "addresses":
        name, _, key = rest.rpartition(".")
        return top, name, key
    return top, rest


def value_at(data: Any, path: str) -> Any:  # noqa: ANN401 - plain data
    """Return what stands at ``path`` of a record, None where there is nothing."""
    for step in steps(path):
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data if data not in ("", [], {}) else None


def flattened(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that a record says, by path; what has no parts of its own as a whole."""
    return {path: value for path, value in _leaves(data) if value not in (None, "", [], {})}


def _leaves(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if key in _FREE | _GROUPED and isinstance(value, dict):
            yield from ((f"{key}.{name}", entry) for name, entry in value.items())
        elif key == "addresses" and isinstance(value, dict):
            for name, address in value.items():
                if isinstance(address, dict):
                    yield from ((f"{key}.{name}.{part}", entry) for part, entry in address.items())
        elif key in _NUMBERED and isinstance(value, list):
            for number, entry in enumerate(value, start=1):
                if isinstance(entry, dict):
                    yield from ((f"{key}.{number}.{part}", item) for part, item in entry.items())
        else:
            yield key, value


def emptied(data: Mapping[str, Any]) -> frozenset[str]:
    """Return the paths at which a record says that there is nothing."""
    return frozenset(path for path, value in _leaves(data) if value is None)


def record_of(values: Values) -> dict[str, Any]:
    """Return the record that says ``values``; contacts and accounts without a place move up."""
    data: dict[str, Any] = {}
    slots: dict[tuple[str, int], int] = {}
    for path in sorted(values, key=_order):
        value = values[path]
        match steps(path):
            case (str(top),):
                data[top] = value
            case (str(top), int(index), str(key)):
                entries: list[dict[str, Any]] = data.setdefault(top, [])
                place = slots.setdefault((top, index), len(entries))
                if place == len(entries):
                    entries.append({})
                entries[place][key] = value
            case (str(top), str(name), str(key)):
                data.setdefault(top, {}).setdefault(name, {})[key] = value
            case (str(top), str(name)):
                data.setdefault(top, {})[name] = value
    return data


_PARTS = (
    "name", "role", "email", "phone", "notes", "lines", "postcode", "city", "region", "country",
    "holder", "iban", "bic", "bank", "account",
)  # fmt: skip


def _order(path: str) -> tuple[str, int, str, int]:
    """Return the key by which the parts of a record are written."""
    parts = steps(path)
    number = next((step for step in parts if isinstance(step, int)), 0)
    last = str(parts[-1])
    group = str(parts[1]) if len(parts) == 3 and isinstance(parts[1], str) else ""
    return str(parts[0]), number, group, _PARTS.index(last) if last in _PARTS else -1
