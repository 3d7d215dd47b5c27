"""What the last import brought: ``.ledgercli/imports/PROFILE.jsonl``, one line a customer.

It is what a value is compared with to tell on which side it has changed since; it belongs into git
with the records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ledgercli.books.errors import FileUnreadableError, FileUnwritableError
from ledgercli.books.files import inside, write_atomic
from ledgercli.model.record import dataclass

FOLDER = ".ledgercli/imports"


@dataclass(frozen=True, slots=True)
class Imported:
    """The last import of one customer: the fields that told who it is, and all that it brought."""

    customer: str
    source: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def read_imported(root: Path, profile: str) -> dict[str, Imported]:
    """Return the last imports of a profile by customer, nothing before the first.

    Raise FileUnreadableError where the file is not what was written: then nobody knows what has
    changed since.
    """
    path = inside(root, f"{FOLDER}/{profile}.jsonl")
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        entries = [json.loads(line) for line in lines if line.strip()]
        return {
            str(entry["customer"]): Imported(
                str(entry["customer"]), dict(entry["source"]), dict(entry["values"])
            )
            for entry in entries
        }
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise FileUnreadableError(path=path, reason=error.strerror or error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FileUnreadableError(path=path, reason="it is not what was written") from error


def imported_text(entries: Iterable[Imported]) -> str:
    """Return the file of ``entries``, sorted by customer so that versions compare well."""
    ordered = sorted(entries, key=lambda entry: entry.customer)
    return "".join(f"{_line(entry)}\n" for entry in ordered)


def write_imported(root: Path, profile: str, text: str) -> None:
    """Write the file of a profile, if that changes it.

    Raise OutsideBooksError or FileUnwritableError.
    """
    path = inside(root, f"{FOLDER}/{profile}.jsonl")
    if path.is_file() and path.read_bytes() == text.encode():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritableError(path=path.parent, reason=error.strerror or error) from error
    write_atomic(path, text)


def _line(entry: Imported) -> str:
    record = {
        "v": 1,
        "customer": entry.customer,
        "source": dict(sorted(entry.source.items())),
        "values": dict(sorted(entry.values.items())),
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
