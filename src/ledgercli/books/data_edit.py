"""Edits of plain data: which single steps they come to, and the data after each step."""

from __future__ import annotations

from typing import Any

from ledgercli.books.source import Data, Path
from ledgercli.model.customer import fold
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Put:
    """Set the value at ``path``, with all that has to be there above it.

    A path that ends with the length of a list appends to it.
    """

    path: Path
    value: Data


@dataclass(frozen=True, slots=True)
class Delete:
    """Take away what is at ``path``, and the collections above that become empty by it."""

    path: Path


@dataclass(frozen=True, slots=True)
class Include:
    """Add those of ``values`` to the list at ``path`` that it does not hold, ignoring case."""

    path: Path
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclude:
    """Take all of ``values`` out of the list at ``path``, ignoring case."""

    path: Path
    values: tuple[str, ...]


Edit = Put | Delete | Include | Exclude


class NotEditableError(ValueError):
    """A place in a text that cannot be edited by itself: an alias, a step into a plain value."""


def gap_of(data: Data, path: Path) -> tuple[Path, Path] | None:
    """Return the part of ``path`` that leaves a gap in a list, and what would not; None if none."""
    within: Any = data
    for index, step in enumerate(path):
        if isinstance(step, int):
            last = len(within) if isinstance(within, list) else 0
            if step > last:
                return path[: index + 1], (*path[:index], last)
            within = within[step] if step < last else None
        else:
            within = within.get(step) if isinstance(within, dict) else None
    return None


def steps(data: Data, edit: Edit, above: Path = ()) -> list[Put | Delete]:
    """Return ``edit`` in single steps for ``data``; none where all is as it should be.

    ``above`` leads from the root of the text to ``data``. Raises :class:`NotEditableError` where
    a list is wanted and something else is there.
    """
    found = _at(data, edit.path)
    if isinstance(edit, Put):
        return [] if found == edit.value and _exists(data, edit.path) else [_put(edit, above)]
    if isinstance(edit, Delete):
        return [Delete((*above, *edit.path))] if _exists(data, edit.path) else []
    if found is not None and not isinstance(found, list):
        raise NotEditableError(edit.path)
    entries = list(found or ())
    held = [fold(entry) if isinstance(entry, str) else None for entry in entries]
    if isinstance(edit, Exclude):
        unwanted = {fold(value) for value in edit.values}
        indices = [index for index, entry in enumerate(held) if entry in unwanted]
        return [Delete((*above, *edit.path, index)) for index in reversed(indices)]
    new = [value for value in dict.fromkeys(edit.values) if fold(value) not in held]
    if not new:
        return []
    if not entries:
        return [Put((*above, *edit.path), list(new))]
    return [
        Put((*above, *edit.path, len(entries) + offset), value) for offset, value in enumerate(new)
    ]


def _put(edit: Put, above: Path) -> Put:
    return Put((*above, *edit.path), edit.value)


def _at(data: Data, path: Path) -> Data:
    for step in path:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _exists(data: Data, path: Path) -> bool:
    if not path:
        return True
    above, last = _at(data, path[:-1]), path[-1]
    if isinstance(above, dict):
        return last in above
    return isinstance(above, list) and isinstance(last, int) and last < len(above)


def changed_data(data: Data, step: Put | Delete) -> Data:
    """Return a copy of ``data`` after a step; raise :class:`NotEditableError`."""
    if isinstance(step, Put):
        return _with(data, step.path, step.value)
    path = step.path
    while len(path) > 1 and len(_at(data, path[:-1]) or ()) == 1:
        if not isinstance(path[-2], str):
            break  # an entry of a list may be empty, the entries behind it keep their places
        path = path[:-1]
    shorter: Data = _without(data, path)
    return shorter


def _with(data: Data, path: Path, value: Data) -> Data:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, str) and (data is None or isinstance(data, dict)):
        copy = dict(data or {})
        copy[step] = _with(copy.get(step), rest, value)
        return copy
    if isinstance(step, int) and (data is None or isinstance(data, list)):
        entries = list(data or ())
        if step > len(entries):
            raise NotEditableError(path)
        entries[step : step + 1] = [_with(_at(entries, (step,)), rest, value)]
        return entries
    raise NotEditableError(path)


def _without(data: Any, path: Path) -> Any:  # noqa: ANN401 - any part of a record
    copy = data.copy()
    if len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = _without(copy[path[0]], path[1:])
    return copy
