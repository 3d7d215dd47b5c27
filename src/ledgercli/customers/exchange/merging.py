"""Three versions of a record become one: ours, the file's, and what the last import brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledgercli.customers.exchange.paths import SETS, Steps, Values, steps, value_at
from ledgercli.customers.exchange.reading import RowValues
from ledgercli.model.customer import fold
from ledgercli.model.exchange import Side
from ledgercli.model.record import dataclass
from ledgercli.model.terms import Terms
from ledgercli.model.values import Money


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a record that changes: what is there now, and what will be; None is nothing."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """A part that both sides have changed since the last import, or that both had before it."""

    path: str
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """What to change in a record, where the sides contradict each other, and what to remember."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    remembered: Mapping[str, Any]


def merged(ours: Mapping[str, Any], base: Values, row: RowValues, take: Side | None) -> Merge:
    """Return how ``row`` changes the record ``ours``; ``base`` is what was last imported.

    A side that did not change since gives way to the one that did. Where both did, ours stays and
    the conflict is told again next time, unless ``take`` settles it.
    """
    changes: list[Change] = []
    conflicts: list[Conflict] = []
    remembered = {path: value for path, value in base.items() if path not in row.carried}
    for path in sorted(row.carried - {"id"}):
        own, last, theirs = value_at(ours, path), base.get(path), row.values.get(path)
        if path in SETS:
            if (entries := _set_merge(own, last, theirs)) is not None:
                changes.append(Change(path, own, entries or None))
        elif not same(path, own, theirs) and (path in row.emptied or not same(path, theirs, last)):
            if take == "theirs" or same(path, own, last):
                changes.append(Change(path, own, theirs))
            elif take is None:
                conflicts.append(Conflict(path, own, theirs))
                if last is not None:
                    remembered[path] = last
                continue
        if theirs is not None:
            remembered[path] = theirs
    return Merge(tuple(changes), tuple(conflicts), remembered)


def _set_merge(own: Any, last: Any, theirs: Any) -> list[str] | None:  # noqa: ANN401
    """Return the list with what the file added and without what it took away; None as it was."""
    if not isinstance(own, list | None) or not isinstance(theirs, list | None):
        return None
    held, before, now = list(own or ()), list(last or ()), list(theirs or ())
    gone = {fold(entry) for entry in before} - {fold(entry) for entry in now}
    known = {fold(entry) for entry in before} | {fold(entry) for entry in held}
    kept = [entry for entry in held if fold(entry) not in gone]
    new = [entry for entry in now if fold(entry) not in known]
    return None if kept == held and not new else [*kept, *new]


def same(path: str, first: Any, second: Any) -> bool:  # noqa: ANN401 - plain data
    """Return whether two values of a part mean the same: ``10 EUR`` and ``10.00 EUR`` do."""
    return bool(first == second or _meaning(path, first) == _meaning(path, second))


def _meaning(path: str, value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return what a value means, the value itself where it means nothing."""
    if isinstance(value, list) and path == "credit.limit":
        return sorted(map(str, (_meaning(path, entry) for entry in value)))
    if isinstance(value, list) and path.endswith(".lines"):
        # A file with room for fewer lines has the rest in its last one.
        return ", ".join(map(str, value))
    if not isinstance(value, str):
        return value
    try:
        if path == "terms":
            return Terms.parse(value).parts
        if path == "credit.limit":
            money = Money.parse(value)
            return f"{money.amount.normalize():f} {money.currency}"
    except ValueError:
        pass
    return value.strip()


def places(data: Mapping[str, Any], paths: list[str]) -> dict[str, Steps]:
    """Return where in ``data`` each of ``paths`` is, or will be.

    A contact or bank account beyond the end of its list comes directly behind it.
    """
    found: dict[str, Steps] = {}
    ends: dict[str, int] = {}
    moved: dict[tuple[str, int], int] = {}
    for path in sorted(paths):
        where = steps(path)
        if len(where) == 3 and isinstance(where[1], int):
            top, index, key = str(where[0]), where[1], where[2]
            entries = data.get(top)
            end = ends.setdefault(top, len(entries) if isinstance(entries, list) else 0)
            if index >= (len(entries) if isinstance(entries, list) else 0):
                if (top, index) not in moved:
                    moved[top, index] = end
                    ends[top] = end + 1
                where = (top, moved[top, index], key)
        found[path] = where
    return found
