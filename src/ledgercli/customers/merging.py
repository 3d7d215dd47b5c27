"""What one customer record takes over from another that is the same customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.model.customer import fold

Path = tuple[str | int, ...]

#: Lists of texts that are joined, and lists of mappings with the keys that tell entries apart.
_LISTS = ("accounts", "tags")
_ENTRIES: Mapping[str, tuple[str, ...]] = {
    "contacts": ("email", "phone", "name"),
    "bank": ("iban", "account"),
    "contracts": ("id",),
}
_MAPPINGS = ("segments", "ids", "addresses", "fields")
_TEXTS = (
    "name", "kind", "debtor", "tier", "owner", "language", "currency", "terms", "credit",
    "reminders", "expected", "next_step",
)  # fmt: skip


def merged_values(
    target: Mapping[str, Any], source: Mapping[str, Any]
) -> tuple[list[tuple[Path, Any]], list[str]]:
    """Return what to put where in ``target``, and the keys in which both say something else.

    Both are records as plain data with an ``id``; a value None is to be taken away. Where both have
    a value, that of ``target`` stays. Names and ids of ``source`` become aliases, so that ledger
    and activity that name it are those of ``target``; notes are joined.
    """
    values: list[tuple[Path, Any]] = []
    kept: list[str] = []
    _take_texts(target, source, values, kept)
    _take_parent(target, source, values, kept)
    _take_mappings(target, source, values, kept)
    aliases = [source["id"], *filter(None, [source.get("name")]), *_list(source.get("aliases"))]
    own = {fold(target["id"]), fold(str(target.get("name") or ""))}
    _join_texts(target, "aliases", [text for text in aliases if fold(text) not in own], values)
    for key in _LISTS:
        _join_texts(target, key, _list(source.get(key)), values)
    for key, telling in _ENTRIES.items():
        _join_entries(target, key, _list(source.get(key)), telling, values)
    if source.get("notes"):
        notes = [text for text in (target.get("notes"), source["notes"]) if text]
        values.append((("notes",), "\n".join(text.rstrip("\n") for text in notes)))
    return values, kept


def _take_texts(
    target: Mapping[str, Any],
    source: Mapping[str, Any],
    values: list[tuple[Path, Any]],
    kept: list[str],
) -> None:
    for key in _TEXTS:
        if source.get(key) is None:
            continue
        if target.get(key) is None:
            values.append(((key,), source[key]))
        elif target[key] != source[key] and key != "name":
            kept.append(key)


def _take_mappings(
    target: Mapping[str, Any],
    source: Mapping[str, Any],
    values: list[tuple[Path, Any]],
    kept: list[str],
) -> None:
    for key in _MAPPINGS:
        own = _mapping(target.get(key))
        for name, value in _mapping(source.get(key)).items():
            if name not in own:
                values.append(((key, name), value))
            elif own[name] != value:
                kept.append(f"{key}.{name}")


def _take_parent(
    target: Mapping[str, Any],
    source: Mapping[str, Any],
    values: list[tuple[Path, Any]],
    kept: list[str],
) -> None:
    """Keep the parent of ``target``; where that is ``source`` itself, take the one above it."""
    own, other = target.get("parent"), source.get("parent")
    if other is not None and fold(str(other)) == fold(target["id"]):
        other = None
    below_source = own is not None and fold(str(own)) == fold(source["id"])
    if below_source or (own is None and other is not None):
        values.append((("parent",), other))
    elif own is not None and other is not None and fold(str(own)) != fold(str(other)):
        kept.append("parent")


def _join_texts(
    target: Mapping[str, Any], key: str, texts: Sequence[str], values: list[tuple[Path, Any]]
) -> None:
    own = _list(target.get(key))
    held = {fold(text) for text in own if isinstance(text, str)}
    new = []
    for text in texts:
        if isinstance(text, str) and fold(text) not in held:
            held.add(fold(text))
            new.append(text)
    _append(own, key, new, values)


def _join_entries(
    target: Mapping[str, Any],
    key: str,
    entries: Sequence[Any],
    telling: Sequence[str],
    values: list[tuple[Path, Any]],
) -> None:
    own = _list(target.get(key))
    held = {mark for entry in own if (mark := _mark(entry, telling))}
    new = [entry for entry in entries if entry not in own and _mark(entry, telling) not in held]
    _append(own, key, new, values)


def _append(
    own: Sequence[Any], key: str, new: Sequence[Any], values: list[tuple[Path, Any]]
) -> None:
    if not own and new:
        values.append(((key,), list(new)))
        return
    values += [((key, len(own) + place), entry) for place, entry in enumerate(new)]


def _mark(entry: Any, telling: Sequence[str]) -> tuple[str, str] | None:  # noqa: ANN401
    """Return the first of the keys by which entries are told apart, with its value."""
    if not isinstance(entry, dict):
        return None
    return next(((key, fold(str(entry[key]))) for key in telling if entry.get(key)), None)


def _mapping(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any part of a record
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:  # noqa: ANN401 - any part of a record
    return value if isinstance(value, list) else []
