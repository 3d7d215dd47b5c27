"""Turn Beancount's errors into findings: a code per class, the place, the hint of known traps."""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH100, PTH113, PTH202

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding, FindingCode, Place

_KINDS = {kind.code: kind for kind in codes.BEANCOUNT}
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_NAME = re.compile(r"[^a-z0-9]+")
# Metadata whose value begins like a word: neither quoted, nor a number, nor a date.
_BARE_METADATA = re.compile(rb"\s+([a-z][a-zA-Z0-9_-]*):\s*[^\"\s\d+(-]")
_ROOTS = ("name_assets", "name_liabilities", "name_equity", "name_income", "name_expenses")
#: Longer messages come from numbers of thousands of digits, and tell no more.
_MESSAGE_CHARACTERS = 300
_BYTES_FOR_HINTS = 50_000_000


class Directive(NamedTuple):
    """An ``include`` or ``plugin`` line: the absolute path of its file, the word, its argument."""

    file: str
    word: str
    argument: str


class Sources:
    """The files of one ledger as findings see them: relative names, lines, and their bytes."""

    def __init__(self, root: Path) -> None:
        """Take names relative to the folder ``root`` of the books."""
        self._prefix = os.path.abspath(root).rstrip(os.sep) + os.sep
        self._relative: dict[str, str] = {}
        self._lines: dict[str, list[bytes]] = {}
        self._places: dict[int, tuple[Any, Place]] = {}
        self._roots: tuple[str, ...] = ()

    def relative(self, filename: object) -> str:
        """Return the name to show: relative to the books with ``/``, else as it is."""
        text = filename if isinstance(filename, str) else ""
        known = self._relative.get(text)
        if known is None:
            known = text.removeprefix(self._prefix)
            if known is not text and os.sep != "/":
                known = known.replace(os.sep, "/")
            # File names may be any bytes; text for people and JSON must be encodable.
            known = known.encode("utf-8", "backslashreplace").decode("utf-8")
            self._relative[text] = known
        return known

    def place(self, meta: object) -> Place:
        """Return the place that an entry's metadata tells, empty where it tells none."""
        if not isinstance(meta, Mapping):
            return Place()
        return Place(self.relative(meta.get("filename")), line_of(meta))

    def put(self, error: object, place: Place) -> None:
        """Give an error that Beancount leaves without a place the ``place`` it is about."""
        # The error itself is kept, so that its identity is not given to another object.
        self._places[id(error)] = (error, place)

    def place_of_error(self, error: object) -> Place:
        """Return where an error of Beancount is."""
        if id(error) in self._places:
            return self._places[id(error)][1]
        return self.place(getattr(error, "source", None))

    def name_roots(self, options: Mapping[str, Any]) -> None:
        """Remember the names of the account roots, as the top file has them."""
        self._roots = tuple(str(options.get(name)) for name in _ROOTS)

    @property
    def roots(self) -> tuple[str, ...]:
        """Return the names of the five account roots."""
        return self._roots

    def lines(self, filename: str) -> list[bytes]:
        """Return the lines of a file as bytes, empty where it cannot be read or is huge."""
        lines = self._lines.get(filename)
        if lines is None:
            lines = []
            if os.path.isfile(filename) and os.path.getsize(filename) <= _BYTES_FOR_HINTS:
                try:
                    lines = Path(filename).read_bytes().split(b"\n")
                except OSError:
                    lines = []
            self._lines[filename] = lines
        return lines

    def line(self, filename: str, number: int) -> bytes:
        """Return line ``number`` (from 1) of a file, empty where there is none."""
        lines = self.lines(filename)
        return lines[number - 1] if 0 < number <= len(lines) else b""

    def place_of_directive(self, directive: Directive) -> Place:
        """Return the line of a directive; line 0 where it is not found.

        Only asked where a finding is made: the file is read a second time for it.
        """
        begin = f'{directive.word} "{directive.argument}"'.encode("utf-8", "surrogateescape")
        lines = enumerate(self.lines(directive.file), 1)
        found = (number for number, line in lines if b" ".join(line.split()).startswith(begin))
        return Place(self.relative(directive.file), next(found, 0))


def line_of(meta: Mapping[str, Any]) -> int:
    """Return the line number that metadata tells, 0 where it tells none."""
    line = meta.get("lineno")
    return line if isinstance(line, int) and line > 0 else 0


def findings_of(errors: Iterable[object], sources: Sources) -> list[Finding]:
    """Return one finding for each error of Beancount, in the same order."""
    return [_finding(error, sources) for error in errors]


def _finding(error: object, sources: Sources) -> Finding:
    message = _message(error)
    place = sources.place_of_error(error)
    kind = _kind(type(error).__name__)
    hint, values = _hint(message, error, place, sources)
    if hint:
        kind = replace(kind, hint=hint)
    return Finding(kind, {"message": message, **values}, place)


def _kind(class_name: str) -> FindingCode:
    """Return the catalogue's entry for an error class, or the general one under its own name."""
    name = _WORD_START.sub("-", class_name).lower().removesuffix("error").strip("-")
    name = _NOT_NAME.sub("-", name).strip("-") or "other"
    code = f"beancount-{name}"
    return _KINDS.get(code) or replace(codes.BEANCOUNT_OTHER, code=code)


def _message(error: object) -> str:
    """Return what Beancount says: the first line, and of a traceback the last one too."""
    text = str(getattr(error, "message", None) or error)
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()] or [""]
    message = lines[0]
    if "Traceback (most recent call last)" in message:
        message = message.partition("Traceback (most")[0] + lines[-1]
    if len(message) > _MESSAGE_CHARACTERS:
        message = message[:_MESSAGE_CHARACTERS] + "…"
    return message.encode("utf-8", "backslashreplace").decode("utf-8")


def _hint(
    message: str, error: object, place: Place, sources: Sources
) -> tuple[str, dict[str, str]]:
    """Return the hint of a known trap with its values, or an empty text."""
    name = type(error).__name__
    hint = ""
    if name == "LoadError":
        hint = _hint_of_load(message)
    elif name == "ValidationError" and message.startswith("Invalid reference to unknown account"):
        hint = codes.HINT_NOT_OPEN
    elif message.startswith("Invalid account name: "):
        hint = _hint_of_account(message.partition(": ")[2], sources)
    elif message.startswith("ValueError: Invalid number format"):
        hint = codes.HINT_NUMBER_LENGTH
    elif name in {"ParserSyntaxError", "LexerError", "ParserError"}:
        meta = getattr(error, "source", None)
        filename = meta.get("filename") if isinstance(meta, Mapping) else None
        return _hint_of_line(message, str(filename or ""), place.line, sources)
    return hint, {}


def _hint_of_load(message: str) -> str:
    if message.startswith("Duplicate filename"):
        return codes.HINT_INCLUDE_TWICE
    if message.startswith("File "):
        return codes.HINT_INCLUDE_NOT_FOUND
    if message.startswith("Error importing"):
        return codes.HINT_PLUGIN_MISSING
    return ""


def _hint_of_account(account: str, sources: Sources) -> str:
    first, *rest = account.split(":")
    if first in sources.roots:
        # The top file knows this root, so either a component is wrong, or the file that reports
        # it has the default names because options are not handed down to included files.
        if all(part[:1].isupper() or part[:1].isdigit() for part in rest):
            return codes.HINT_ACCOUNT_ROOT
        return codes.HINT_ACCOUNT_COMPONENT
    return codes.HINT_ACCOUNT_NAME


def _hint_of_line(
    message: str, filename: str, number: int, sources: Sources
) -> tuple[str, dict[str, str]]:
    first = sources.line(filename, 1)
    hint = ""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = codes.HINT_UTF_16
    elif first.startswith(b"\xef\xbb\xbf") and number <= 1:
        hint = codes.HINT_BOM
    elif "UnicodeDecodeError" in message or not _is_utf_8(sources.line(filename, number)):
        hint = codes.HINT_NOT_UTF_8
    elif found := _BARE_METADATA.match(sources.line(filename, number)):
        return codes.HINT_QUOTES, {"key": found[1].decode("ascii")}
    elif message.startswith("Invalid token: '^"):
        hint = codes.HINT_LINK
    elif message.startswith("ValueError: day "):  # Python words the rest by its version
        hint = codes.HINT_NO_SUCH_DAY
    return hint, {}


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
