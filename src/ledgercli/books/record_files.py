"""Record files as text in pieces: one record of thousands is found and changed by itself.

A file with a list of records is cut where its entries begin; each piece is read by itself. Where
that cannot be done (a list in brackets, anchors that reach from entry to entry) the file is one
piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.customers import record_files
from ledgercli.books.errors import BooksError
from ledgercli.books.files import read_bytes, shown_path
from ledgercli.books.source import Path, Source, read_source
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.finding import Finding

FOLDER = "customers"
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: What may be an id of a record; contracts have ids too, so what is found is read to be sure.
_ID = re.compile(
    r"""(?:^|[\s{,\[])["']?id["']?[ \t]*:[ \t]*"""
    r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,}\]"'#][^\n,}\]#]*))"""
)
#: The entries of a list that begins at the margin; nothing but comments before.
_ENTRY = re.compile(r"^- ", re.MULTILINE)
_LIST = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*- ")
#: A text in quotation marks that goes on in the next line, where a hyphen begins no entry.
_OPEN_QUOTE = re.compile(
    r"""^[^"\n#]*(?:"(?:[^"\\\n]|\\.)*"[^"\n#]*)*"(?:[^"\\\n]|\\.)*$""", re.MULTILINE
)
_OPEN_APOSTROPHE = re.compile(r"""(?:^|[:,\[{-])[ \t]*'(?:[^'\n]|'')*$""", re.MULTILINE)


class FileNotEditableError(BooksError):
    """A record stands in a file that cannot be edited without changing more than asked."""

    message = N_("`{file}` cannot be edited by this command: {reason}")
    hint = N_("`ledgercli check` says what is wrong with it; `ledgercli customer edit` opens it")


@dataclass(eq=False, slots=True)
class RecordFile:
    """One file of records. ``pieces`` joined are its text; ``original`` is what is on the disk.

    ``heads`` is the number of pieces at the beginning that hold no record. ``path`` need not exist.
    """

    root: FilePath
    path: FilePath
    original: bytes | None
    mark: str
    pieces: list[str]
    heads: int

    @property
    def shown(self) -> str:
        """Return how findings name the file."""
        return shown_path(self.root, self.path)

    @property
    def newline(self) -> str:
        """Return the line end of the file, that of its first line."""
        first = next((piece for piece in self.pieces if "\n" in piece), "")
        return "\r\n" if first[: first.find("\n")].endswith("\r") else "\n"

    @property
    def content(self) -> bytes:
        """Return the file as it should be on the disk."""
        return (self.mark + "".join(self.pieces)).encode()

    def line_before(self, piece: int) -> int:
        """Return how many lines stand before a piece."""
        return sum(text.count("\n") for text in self.pieces[:piece])

    def source(self, piece: int) -> Source:
        """Return a piece as plain data, with places as if it stood alone."""
        return read_source(self.pieces[piece].encode(), self.shown)


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record stands: in which piece of which file, and its path in that piece."""

    file: RecordFile
    piece: int
    path: Path


def open_record_file(root: FilePath, path: FilePath) -> tuple[RecordFile | None, list[Finding]]:
    """Return a file in pieces, or None and why it cannot be read.

    Raises :class:`FileNotEditableError` for what is no UTF-8: it could not be written back.
    """
    content, findings = read_bytes(path, root)
    if content is None:
        return None, findings
    return _in_pieces(root, path, content), []


def new_record_file(root: FilePath, path: FilePath) -> RecordFile:
    """Return a file that is to be made, empty."""
    return RecordFile(root, path, None, "", [""], 0)


def _in_pieces(root: FilePath, path: FilePath, content: bytes) -> RecordFile:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileNotEditableError(
            file=shown_path(root, path), reason=N_("it is not UTF-8")
        ) from error
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(_MARK)
    if not _LIST.match(text) or _OPEN_QUOTE.search(text) or _OPEN_APOSTROPHE.search(text):
        return RecordFile(root, path, content, mark, [text], 0)
    starts = [found.start() for found in _ENTRY.finditer(text)]
    ends = [*starts[1:], len(text)]
    pieces = [text[: starts[0]]]
    pieces += [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return RecordFile(root, path, content, mark, pieces, 1)


def whole(file: RecordFile) -> RecordFile:
    """Return the file in one piece."""
    return RecordFile(file.root, file.path, file.original, file.mark, ["".join(file.pieces)], 0)


def places(file: RecordFile, piece: int) -> Iterator[tuple[RecordPlace, dict[str, Any]]]:
    """Yield the records of a piece, each with its data; those of a mapping file with an id."""
    data = file.source(piece).data
    if isinstance(data, list):
        for index, entry in enumerate(data):
            if isinstance(entry, dict):
                yield RecordPlace(file, piece, (index,)), entry
    elif isinstance(data, dict):
        given = data if data.get("id") is not None else {**data, "id": file.path.stem}
        yield RecordPlace(file, piece, ()), given


class RecordShelf:
    """The record files of the books, read as bytes; each is taken apart when it is needed."""

    def __init__(self, root: FilePath) -> None:
        """Read the files of the books ``root``."""
        self.root = root
        self.opened: dict[FilePath, RecordFile] = {}
        self._paths, self.findings = record_files(root, FOLDER)
        self._contents: dict[FilePath, bytes] = {}
        for path in self._paths:
            content, _refused = read_bytes(path, root)
            if content is not None:
                self._contents[path] = content
        self._index: dict[str, list[FilePath]] | None = None

    def file(self, path: FilePath) -> RecordFile:
        """Return a file of the books in pieces, once."""
        if path not in self.opened:
            self.opened[path] = _in_pieces(self.root, path, self._contents[path])
        return self.opened[path]

    def add(self, file: RecordFile) -> None:
        """Keep a new file beside those that are there."""
        self.opened[file.path] = file

    def find(self, identifier: str) -> list[RecordPlace]:
        """Return where the records with an id stand, in the order of the files; case is ignored.

        An id that is spelled with escapes, or on another line than its key, is not found.
        """
        wanted = fold(identifier)
        found: list[RecordPlace] = []
        for path in self._candidates(wanted):
            found += _found_in(self.file(path), wanted)
        for path, file in self.opened.items():
            if path not in self._contents:
                found += _found_in(file, wanted)
        return found

    def ids(self) -> frozenset[str]:
        """Return all that may be an id, folded; contracts and the like are among them."""
        return frozenset(self._by_id)

    @property
    def _by_id(self) -> dict[str, list[FilePath]]:
        if self._index is None:
            self._index = {}
            for path, content in self._contents.items():
                for identifier in {*_ids_in(content), fold(path.stem)}:
                    self._index.setdefault(identifier, []).append(path)
        return self._index

    def _candidates(self, wanted: str) -> list[FilePath]:
        """Return the files in which an id may be: few are looked into for a single one."""
        if self._index is not None or not wanted.isascii():
            return self._by_id.get(wanted, [])
        needle = wanted.encode()
        return [
            path
            for path, content in self._contents.items()
            if needle in content.lower() or fold(path.stem) == wanted
        ]


def _ids_in(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", "replace")
    for found in _ID.finditer(text):
        yield fold(next(group for group in found.groups() if group is not None))


def _found_in(file: RecordFile, wanted: str) -> Iterator[RecordPlace]:
    for piece in range(file.heads, len(file.pieces)):
        text = file.pieces[piece]
        if wanted.isascii() and len(file.pieces) > 1 and wanted not in text.lower():
            continue
        for place, record in places(file, piece):
            if identifier_of(record) == wanted:
                yield place


def identifier_of(record: dict[str, Any]) -> str:
    """Return the id of a record for comparison, empty where it has none."""
    identifier = record.get("id")
    return fold(unicodedata.normalize("NFC", identifier)) if isinstance(identifier, str) else ""
