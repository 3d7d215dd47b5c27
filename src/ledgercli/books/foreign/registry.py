"""The kinds of foreign files: which function reads one, which writes one; loaded when used."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ledgercli.books.errors import FileUnreadableError, FolderForFileError, NotAFileError
from ledgercli.books.files import MIB
from ledgercli.books.foreign.errors import ForeignFileError
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import FileKind, ForeignTable, Profile
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence

SIZE_MAX_MIB = 64

#: Suffixes that say the kind of a file, whatever its profile is usually kept in.
_BY_SUFFIX: Mapping[str, FileKind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_PACKED = b"PK\x03\x04"
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")
_TABLES = frozenset(["csv", "xlsx"])
_READERS: Mapping[FileKind, str] = {
    "csv": "separated:read_csv",
    "iif": "separated:read_iif",
    "xlsx": "workbook:read_xlsx",
    "vcard": "cards:read_vcard",
}
_WRITERS: Mapping[FileKind, str] = {
    "csv": "separated:write_csv",
    "iif": "separated:write_iif",
    "xlsx": "workbook:write_xlsx",
    "vcard": "cards:write_vcard",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file, where the user says it; None is found out."""

    encoding: str | None = None
    delimiter: str | None = None


def kind_of(profile: Profile, path: Path | None) -> FileKind:
    """Return the kind of the file ``path``: CSV and XLSX by its suffix, else as the profile says.

    The same columns come in either; cards and IIF files have no second form.
    """
    by_suffix = _BY_SUFFIX.get(path.suffix.lower()) if path else None
    if by_suffix == "jsonl" or (by_suffix in _TABLES and profile.format in _TABLES):
        return by_suffix or profile.format
    return profile.format


def read_foreign(
    content: bytes, profile: Profile, kind: FileKind, file: str, reading: Reading
) -> ForeignTable:
    """Return the rows of a foreign file.

    Raise the errors of ``books/foreign/errors.py``.
    """
    if kind == "jsonl":
        from ledgercli.books.foreign.json_lines import read_json_lines

        return read_json_lines(content, profile, file, reading.encoding)
    if kind in _TABLES:
        kind = _by_content(content, file)
    read = _function(_READERS[kind])
    table: ForeignTable = read(content, profile, file, reading.encoding, reading.delimiter)
    return table


def _by_content(content: bytes, file: str) -> FileKind:
    """Return what a table is, whatever it is called: systems give text the suffix of workbooks.

    Raise ForeignFileError for workbooks of the time before XLSX.
    """
    if content.startswith(_OLD_WORKBOOK):
        reason = Sentence(N_("this is the old Excel format; save it as XLSX or CSV"))
        raise ForeignFileError(file=file, kind="XLSX", reason=reason)
    return "xlsx" if content.startswith(_PACKED) else "csv"


def write_foreign(rows: Sequence[Mapping[str, str]], profile: Profile, kind: FileKind) -> bytes:
    """Return the foreign file of ``rows``, each a mapping from column to cell."""
    written: bytes = _function(_WRITERS[kind])(rows, profile)
    return written


def read_file(path: Path) -> bytes:
    """Return the bytes of the file that the user named.

    Raise NotAFileError or FileUnreadableError.
    """
    try:
        if path.is_dir():
            raise FolderForFileError(path=path)
        if not path.exists():
            raise NotAFileError(path=path)
        if path.is_file() and path.stat().st_size > SIZE_MAX_MIB * MIB:
            raise FileUnreadableError(path=path, reason=f"> {SIZE_MAX_MIB} MiB")
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadableError(path=path, reason=error.strerror or error) from error
    except ValueError as error:
        raise FileUnreadableError(path=path, reason=error) from error


def read_standard_input() -> bytes:
    """Return all of standard input; raise FileUnreadableError where there is none."""
    try:
        return sys.stdin.buffer.read()
    except (OSError, ValueError, AttributeError) as error:
        raise FileUnreadableError(path="-", reason=error) from error


def _function(target: str) -> Any:  # noqa: ANN401 - a reader or a writer
    module, _, name = target.partition(":")
    return getattr(import_module(f"ledgercli.books.foreign.{module}"), name)
