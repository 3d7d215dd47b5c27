"""JSON Lines: one record a line, with the keys of a customer file; a mark for one that is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ledgercli.books.foreign.decoding import decoded_foreign
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import ForeignRow, ForeignTable, Profile
from ledgercli.model.sentence import Sentence

#: Keys of a line that are about the record and no part of it.
ABOUT = frozenset(["schema", "revision", "deleted"])
_DEPTH_MAX = 20


def read_json_lines(
    content: bytes, profile: Profile, file: str, encoding: str | None = None
) -> ForeignTable:
    """Return a row for each line; one that is no record has a fault."""
    text, found = decoded_foreign(content, profile, file, encoding)
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        record = _record(line)
        if record is None:
            fault = Sentence(N_("it is no JSON object with the keys of a customer"))
            rows.append(ForeignRow(number, fault=fault))
            continue
        data = {key: value for key, value in record.items() if key not in ABOUT}
        rows.append(ForeignRow(number, {}, data, removed=record.get("deleted") == "true"))
    return ForeignTable(tuple(rows), encoding=found)


def json_lines(records: Iterable[Mapping[str, Any]]) -> str:
    """Return a line for each record; characters that a terminal obeys are escaped."""
    return "".join(f"{_line(record)}\n" for record in records)


def _line(record: Mapping[str, Any]) -> str:
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(
        f"\\u{ord(sign):04x}"
        if sign in "\x7f\u2028\u2029\ufeff" or "\x80" <= sign <= "\x9f"
        else sign
        for sign in line
    )


def _record(line: str) -> dict[str, Any] | None:
    try:
        # Numbers stay the digits that were typed; money is never a float.
        record = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        plain = _plain(record, _DEPTH_MAX)
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None


def _plain(value: Any, depth: int) -> Any:  # noqa: ANN401 - a JSON value
    """Return a JSON value as the reader of records has it: all scalars are text, or None.

    None says that there is nothing any more; a key that is not there says nothing.
    """
    if depth == 0:
        raise ValueError
    if isinstance(value, dict):
        return {str(key): _plain(entry, depth - 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry, depth - 1) for entry in value if entry is not None]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
