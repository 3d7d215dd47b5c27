"""Plain data as the model's own records, guided by their type annotations.

A record is defined once, as a dataclass in the model; here its annotations are turned into reader
functions, once for each class. What does not fit is noted and left out, and the rest of the record
still comes out. Text stays text: numbers, dates and amounts are parsed by the type of their field.

The readers are made here and not by pydantic, because every command reads the settings: importing
pydantic and building its validators takes 130 ms, these take 3 ms, and they say where and what in
our own words.
"""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from ledgercli.books.source import Path, Source
from ledgercli.model.catalogue import records as codes
from ledgercli.model.finding import Finding, FindingCode
from ledgercli.model.record import FILLED
from ledgercli.model.sentence import reason_of
from ledgercli.model.settings import Mail
from ledgercli.model.values import Parsed, parse_date

Record = TypeVar("Record")

#: Of one record more are not told; a record so wrong is another kind of file.
PROBLEMS_MAX = 100
#: Keys whose names in files are no names for fields.
_RENAMED: Mapping[type, Mapping[str, str]] = {Mail: {"from": "sender"}}
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,9}")
_TRUE = frozenset(["true", "yes", "on"])
_FALSE = frozenset(["false", "no", "off"])


class Problem(NamedTuple):
    """What is wrong with the value at ``path``, or with its key."""

    kind: FindingCode
    path: Path
    values: Mapping[str, str]
    of_key: bool = False


class _WrongError(ValueError):
    """A value that does not fit, with the code that says so."""

    def __init__(self, kind: FindingCode, **values: str) -> None:
        super().__init__(kind.message)
        self.kind = kind
        self.values = values


Leaf = Callable[[Any], Any]
Branch = Callable[..., Any]


class _Reader(NamedTuple):
    """How a type is read: a ``leaf`` from one value alone, a ``branch`` with what is below it."""

    leaf: Leaf | None = None
    branch: Branch | None = None


_OMITTED: Any = object()


def validated(
    kind: type[Record],
    data: object,
    path: Path = (),
    filled: Mapping[str, object] | None = None,
) -> tuple[Record | None, list[Problem]]:
    """Return ``data`` as a record of ``kind``, and what is wrong with it.

    ``path`` leads to the data within its file; ``filled`` are fields that the file does not give.
    The record is None if ``data`` is no mapping, or lacks a key without which it means nothing.
    """
    problems: list[Problem] = []
    reader: Any = _reader  # a class can be hashed, whatever it is a class of
    branch = reader(kind).branch
    assert branch is not None, "records are mappings"  # noqa: S101 - a class of ours is wrong
    record = branch(data, path, problems, filled or {})
    return (None if record is _OMITTED else record), problems


def to_findings(problems: list[Problem], source: Source, customer: str = "") -> list[Finding]:
    """Return the problems of one record with their places in ``source``.

    Of very many only the first are told, errors before all others.
    """
    if len(problems) > PROBLEMS_MAX:
        by_severity = sorted(problems, key=lambda problem: problem.kind.severity != "error")
        problems = by_severity[:PROBLEMS_MAX]
    return [
        Finding(
            problem.kind,
            problem.values,
            source.place(problem.path, of_key=problem.of_key),
            customer,
        )
        for problem in problems
    ]


def filled_fields(kind: type) -> frozenset[str]:
    """Return the fields of a record that its reader fills, which are no keys of the file."""
    found: Any = fields(kind)
    return frozenset(item.name for item in found if item.metadata == FILLED)


def renamed_keys(kind: type) -> Mapping[str, str]:
    """Return the fields of a record by their keys in the file, where the two differ."""
    return _RENAMED.get(kind, {})


def dotted(path: Path) -> str:
    """Return ``path`` as people write it: ``credit.limit``, ``contacts.1.email`` (from 1)."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in path]
    return ".".join(steps)


@functools.cache
def _reader(kind: Any) -> _Reader:  # noqa: ANN401, PLR0911 - annotations are of many kinds
    """Return the reader of a type annotation of the model."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(part for part in get_args(kind) if part is not type(None))
        return _reader(inner)
    if origin is Literal:
        return _Reader(leaf=_choice(get_args(kind)))
    if origin is tuple:
        return _Reader(branch=_list_branch(_reader(get_args(kind)[0])))
    if origin is not None and issubclass(origin, Mapping):
        return _Reader(branch=_mapping_branch(_reader(get_args(kind)[1])))
    if kind is Any:
        return _Reader(leaf=_anything)
    leaves: dict[type, Leaf] = {str: _text, bool: _flag, int: _number, date: parse_date}
    if kind in leaves:
        return _Reader(leaf=leaves[kind])
    if isinstance(kind, type) and issubclass(kind, Parsed):
        return _Reader(leaf=_remembering(kind.parse))
    assert is_dataclass(kind), kind  # noqa: S101 - a new kind of annotation needs a reader
    record: Any = kind
    return _Reader(branch=_record_branch(record))


def _remembering(parse: Leaf) -> Leaf:
    """Return ``parse`` with a memory for texts: records repeat the same few terms and amounts."""
    remembered = functools.lru_cache(maxsize=1024)(parse)
    return lambda value: remembered(value) if type(value) is str else parse(value)


def _anything(value: object) -> object:
    return value


def _text(value: object) -> str:
    if type(value) is str:
        return value
    raise _WrongError(codes.EXPECTED_TEXT)


def _flag(value: object) -> bool:
    word = value.lower() if isinstance(value, str) else ""
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise _WrongError(codes.EXPECTED_YES_OR_NO)


def _number(value: object) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise _WrongError(codes.EXPECTED_NUMBER)


def _choice(words: tuple[str, ...]) -> Leaf:
    known = {word: word for word in words}

    def read(value: object) -> str:
        found = known.get(_text(value))
        if found is None:
            raise _WrongError(
                codes.UNKNOWN_VALUE,
                value=str(value)[:40],
                known=", ".join(f"`{word}`" for word in words),
            )
        return found

    return read


def _problem(error: ValueError, path: Path) -> Problem:
    values = {"key": dotted(path)}
    if isinstance(error, _WrongError):
        return Problem(error.kind, path, values | error.values)
    return Problem(codes.INVALID_VALUE, path, values | {"reason": reason_of(error)})


def _apply(reader: _Reader, value: object, path: Path, problems: list[Problem]) -> Any:  # noqa: ANN401
    """Return what ``reader`` makes of ``value``, or ``_OMITTED`` with the problem noted."""
    if reader.branch is not None:
        return reader.branch(value, path, problems)
    assert reader.leaf is not None  # noqa: S101 - a reader has one of the two
    try:
        return reader.leaf(value)
    except ValueError as error:
        problems.append(_problem(error, path))
        return _OMITTED


def _list_branch(entry: _Reader) -> Branch:
    def read(value: object, path: Path, problems: list[Problem]) -> Any:  # noqa: ANN401
        if not isinstance(value, list):
            problems.append(Problem(codes.EXPECTED_LIST, path, {"key": dotted(path)}))
            return _OMITTED
        if entry.leaf is not None and None not in value:
            try:
                return tuple([entry.leaf(item) for item in value])
            except ValueError:
                pass  # one by one, to say which
        read_entries = [
            _apply(entry, item, (*path, index), problems)
            for index, item in enumerate(value)
            if item is not None
        ]
        return tuple(item for item in read_entries if item is not _OMITTED)

    return read


def _mapping_branch(entry: _Reader) -> Branch:
    def read(value: object, path: Path, problems: list[Problem]) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            problems.append(Problem(codes.EXPECTED_KEYS, path, {"key": dotted(path)}))
            return _OMITTED
        if entry.leaf is not None and None not in value.values():
            try:
                return {key: entry.leaf(item) for key, item in value.items()}
            except ValueError:
                pass  # one by one, to say which
        read_entries = {
            key: _apply(entry, item, (*path, key), problems)
            for key, item in value.items()
            if item is not None or entry.leaf is _anything
        }
        return {key: item for key, item in read_entries.items() if item is not _OMITTED}

    return read


class _Readers(dict[str, _Reader]):
    """Readers by key, each made when a file has the key: most have few of those that there are."""

    def __init__(self, kinds: Mapping[str, Any]) -> None:
        super().__init__()
        self._kinds = kinds

    def __missing__(self, key: str) -> _Reader:
        reader = self[key] = _reader(self._kinds[key])
        return reader


def _record_branch(kind: type) -> Branch:
    hints = get_type_hints(kind)
    filled = filled_fields(kind)
    renamed = {name: key for key, name in _RENAMED.get(kind, {}).items()}
    own = [item for item in fields(kind) if item.name not in filled]
    names = {renamed.get(item.name, item.name): item.name for item in own}
    readers = _Readers({key: hints[name] for key, name in names.items()})
    required = {item.name for item in own if _is_required(item)}

    def read(
        data: object,
        path: Path,
        problems: list[Problem],
        given: Mapping[str, object] = types.MappingProxyType({}),
    ) -> Any:  # noqa: ANN401
        if not isinstance(data, dict):
            problems.append(_no_record(path))
            return _OMITTED
        values: dict[str, Any] = dict(given)
        for key, value in data.items():
            if key not in names:
                _note_unknown_key(key, path, tuple(names), problems)
            elif value is None:
                continue  # an empty key is one not given
            elif leaf := readers[key].leaf:
                try:
                    values[names[key]] = leaf(value)
                except ValueError as error:
                    problems.append(_problem(error, (*path, key)))
            else:
                item = _apply(readers[key], value, (*path, key), problems)
                if item is not _OMITTED:
                    values[names[key]] = item
        if required <= values.keys():
            return kind(**values)
        absent = [key for key in names if names[key] in required and data.get(key) is None]
        problems.extend(Problem(codes.MISSING_KEY, path, {"key": key}) for key in absent)
        return _OMITTED

    return read


def _is_required(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _no_record(path: Path) -> Problem:
    if not path or (len(path) == 1 and isinstance(path[0], int)):
        return Problem(codes.NOT_A_RECORD, path, {})
    return Problem(codes.EXPECTED_KEYS, path, {"key": dotted(path)})


def _note_unknown_key(
    key: str, path: Path, known: tuple[str, ...], problems: list[Problem]
) -> None:
    if len(problems) >= PROBLEMS_MAX:
        return  # looking for what was meant takes time
    shown = key[:60]
    if similar := _similar_key(shown.lower(), known):
        values = {"key": shown, "suggestion": similar}
        problems.append(Problem(codes.UNKNOWN_KEY_SIMILAR, (*path, key), values, of_key=True))
        return
    values = {"key": shown, "known": ", ".join(f"`{name}`" for name in known)}
    problems.append(Problem(codes.UNKNOWN_KEY, (*path, key), values, of_key=True))


@functools.lru_cache(maxsize=256)
def _similar_key(key: str, known: tuple[str, ...]) -> str:
    """Return the known key that ``key`` may be a slip of, empty where none is close."""
    import difflib

    return next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.6)), "")
