"""Record files as text in pieces: one record of thousands is found and changed by itself.

A file with a list of records is cut where its entries begin; each piece is read by itself. Where
that cannot be done (a list in brackets, anchors that reach from entry to entry) the file is one
piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.customers import FOLDER, record_names
from ledgercli.books.errors import BooksError
from ledgercli.books.files import read_all, shown_path
from ledgercli.books.source import Path, Source
from ledgercli.books.source_reading import read_source
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.record import dataclass

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: What may be an id of a record; contracts have ids too, so what is found is read to be sure.
_ID = re.compile(
    r"""(?:^|[\s{,\[])["']?id["']?[ \t]*:[ \t]*"""
    r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,}\]"'#][^\n,}\]#]*))"""
)
#: The entries of a list that begins at the margin; nothing but comments before.
_LIST = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*- ")
#: A text in quotation marks that goes on in the next line, where a hyphen begins no entry.
_OPEN_QUOTE = re.compile(
    r"""^[^"\n#]*(?:"(?:[^"\\\n]|\\.)*"[^"\n#]*)*"(?:[^"\\\n]|\\.)*$""", re.MULTILINE
)
_OPEN_APOSTROPHE = re.compile(r"""(?:^|[:,\[{-])[ \t]*'(?:[^'\n]|'')*$""", re.MULTILINE)
#: What stands before an anchor or alias, by which one record refers to another.
_BEFORE_REFERENCES = frozenset(["", *" \n\t[{,"])
#: Where an apostrophe may open a text; in other places, as in ``it's``, it does not.
_APOSTROPHES = (" '", "\n'", "['", "{'", ",'", "\t'")


class FileNotEditableError(BooksError):
    """A record stands in a file that cannot be edited without changing more than asked."""

    message = N_("`{file}` cannot be edited by this command: {reason}")
    hint = N_("`ledgercli check` says what is wrong with it; `ledgercli customer edit` opens it")


class GapError(BooksError):
    """An entry of a list was named that does not follow the last one."""

    message = N_("`{key}` would leave a gap in the list")
    hint = N_("the next one is `{next}`")


@dataclass(eq=False, slots=True)
class RecordFile:
    """One file of records. ``pieces`` joined are its text; ``original`` is what is on the disk.

    Of several pieces the first holds no record. ``original`` None: the file is to be made.
    """

    root: FilePath
    path: FilePath
    original: bytes | None
    mark: str
    pieces: list[str]
    first_pieces: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the pieces as they are on the disk."""
        self.first_pieces = tuple(self.pieces)

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

    def join(self) -> None:
        """Make the file one piece: its entries cannot be read one by one."""
        self.pieces = ["".join(self.pieces)]
        self.first_pieces = ("".join(self.first_pieces),)

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


def new_record_file(root: FilePath, path: FilePath) -> RecordFile:
    """Return a file that is to be made, empty."""
    return RecordFile(root, path, None, "", [""])


def _in_pieces(root: FilePath, path: FilePath, content: bytes) -> RecordFile:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileNotEditableError(
            file=shown_path(root, path), reason=N_("it is not UTF-8")
        ) from error
    mark = _MARK if text.startswith(_MARK) else ""
    return RecordFile(root, path, content, mark, _cut(text.removeprefix(_MARK)))


def comments_below(piece: str) -> str:
    """Return the comments at the margin that end a piece, with the empty lines among them."""
    lines = piece.splitlines(keepends=True)
    start = len(lines)
    for place in range(len(lines) - 1, 0, -1):
        if lines[place].startswith("#"):
            start = place
        elif lines[place].strip():
            break
    return "".join(lines[start:])


def pieces_of(content: bytes) -> list[str]:
    """Return the pieces of a file: what stands before the first record, then each record.

    One piece for what cannot be cut, none for what is no UTF-8.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return []
    return [text] if text.startswith(_MARK) else _cut(text)


def _cut(text: str) -> list[str]:
    head = _LIST.match(text)
    if not head or _may_refer(text):
        return [text]
    start = head.end() - 2
    pieces = [text[:start]]
    while (end := text.find("\n- ", start) + 1) > 0:
        pieces.append(text[start:end])
        start = end
    pieces.append(text[start:])
    # An apostrophe within a word, as in most files, opens nothing.
    apostrophes = any(opening in text for opening in _APOSTROPHES)
    if any(_may_go_on(piece, apostrophes=apostrophes) for piece in pieces):
        return [text]
    return pieces


def _may_refer(text: str) -> bool:
    """Return whether there may be anchors; an ampersand between words, as in ``A & B``, is none."""
    for sign in "&*":
        at = text.find(sign)
        while at >= 0:
            if text[at - 1 : at] in _BEFORE_REFERENCES and not text[at + 1 : at + 2].isspace():
                return True
            at = text.find(sign, at + 1)
    return False


def _may_go_on(piece: str, *, apostrophes: bool) -> bool:
    """Return whether a text in quotation marks may reach over the end of a piece."""
    if piece.count('"') % 2 and _OPEN_QUOTE.search(piece):
        return True
    return apostrophes and "'" in piece and _OPEN_APOSTROPHE.search(piece) is not None


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

    def __init__(self, root: FilePath, folder: str = FOLDER) -> None:
        """Read the files in a folder of the books ``root``."""
        self.root = root
        self.folder = folder
        self.opened: dict[str, RecordFile] = {}
        names, self.findings = record_names(root, folder)
        contents = read_all(root, folder, names)
        self._contents = {name: content for name, content, _ in contents if content is not None}
        self._index: dict[str, list[tuple[str, int]]] | None = None
        self._new: dict[str, list[tuple[str, int]]] = {}

    def file(self, name: str) -> RecordFile:
        """Return a file of the books in pieces, once."""
        if name not in self.opened:
            path = self.root / self.folder / name
            self.opened[name] = _in_pieces(self.root, path, self._contents[name])
        return self.opened[name]

    def add(self, file: RecordFile, identifier: str) -> None:
        """Keep a new file beside those that are there, with a record of that id."""
        self.opened[file.path.name] = file
        self.note(identifier, RecordPlace(file, 0, ()))

    def note(self, identifier: str, place: RecordPlace) -> None:
        """Remember that a record has that id from now on."""
        self._new.setdefault(fold(identifier), []).append((place.file.path.name, place.piece))

    def find(self, identifier: str) -> list[RecordPlace]:
        """Return where the records with an id stand, in the order of the files; case is ignored.

        An id that is spelled with escapes, or on another line than its key, is not found.
        """
        wanted = fold(identifier)
        found: dict[tuple[str, int, Path], RecordPlace] = {}
        for name, candidate in sorted({*self._candidates(wanted), *self._new.get(wanted, ())}):
            file = self.file(name)
            piece = self._readable(file, candidate)
            for place, record in places(file, piece):
                if identifier_of(record) == wanted:
                    found[(name, piece, place.path)] = place
        return list(found.values())

    def with_value(self, key: str, value: str) -> list[RecordPlace]:
        """Return where the records stand whose top-level ``key`` has ``value``, ignoring case."""
        wanted = fold(value)
        needle = wanted.encode() if wanted.isascii() else b""
        found: list[RecordPlace] = []
        for name, content in self._contents.items():
            if needle not in content.lower():
                continue
            file = self.file(name)
            for piece, text in enumerate(file.pieces):
                if not wanted.isascii() or wanted in text.lower():
                    found += [
                        place
                        for place, record in places(file, piece)
                        if isinstance(record.get(key), str) and fold(record[key]) == wanted
                    ]
        return found

    def _readable(self, file: RecordFile, piece: int) -> int:
        """Return the piece, or the whole file as one where a piece cannot be read by itself."""
        if len(file.pieces) > 1 and file.source(piece).data is None and file.pieces[piece].strip():
            file.join()
        return piece if len(file.pieces) > 1 else 0

    def where(
        self, may_be: Callable[[str, str], bool]
    ) -> Iterator[tuple[RecordFile, dict[str, Any]]]:
        """Yield the records, as they are now, in the pieces that ``may_be`` says are of interest.

        It is given the name of a file and a text of it. Files that cannot be opened are left out.
        """
        for name in {**self._contents, **self.opened}:
            if name not in self.opened:
                if not may_be(name, self._contents[name].decode("utf-8", "replace")):
                    continue
                with suppress(FileNotEditableError):
                    self.file(name)
            if file := self.opened.get(name):
                pieces = [at for at, text in enumerate(file.pieces) if may_be(name, text)]
                for piece in sorted({self._readable(file, piece) for piece in pieces}):
                    yield from ((file, record) for _, record in places(file, piece))

    def replace(self, name: str, content: bytes) -> None:
        """Let a file of the books say something else than it does on the disk."""
        self._contents[name] = content
        self.opened.pop(name, None)
        self._index = None

    def index(self) -> dict[str, list[tuple[str, int]]]:
        """Return the pieces in which each folded id may stand; worth it for more than a few ids."""
        if self._index is None:
            self._index = {}
            for name in self._contents:
                for piece, text in enumerate(self.file(name).pieces):
                    for identifier in {*_ids_in(text), _folded_stem(name)}:
                        self._index.setdefault(identifier, []).append((name, piece))
        return self._index

    def _candidates(self, wanted: str) -> list[tuple[str, int]]:
        """Return the pieces in which an id may be; for a single one all are searched as bytes."""
        if self._index is not None or not wanted.isascii():
            return self.index().get(wanted, [])
        needle = wanted.encode()
        found: list[tuple[str, int]] = []
        for name, content in self._contents.items():
            if needle not in content.lower() and _folded_stem(name) != wanted:
                continue
            pieces = self.file(name).pieces
            found += [
                (name, piece)
                for piece, text in enumerate(pieces)
                if len(pieces) == 1 or wanted in text.lower()
            ]
        return found


def _folded_stem(name: str) -> str:
    return fold(name.rpartition(".")[0])


def _ids_in(text: str) -> Iterator[str]:
    for found in _ID.finditer(text):
        yield fold(next(group for group in found.groups() if group is not None))


def identifier_of(record: Mapping[str, Any]) -> str:
    """Return the id of a record for comparison, empty where it has none."""
    identifier = record.get("id")
    return fold(unicodedata.normalize("NFC", identifier)) if isinstance(identifier, str) else ""
