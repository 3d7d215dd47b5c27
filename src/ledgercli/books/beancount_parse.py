"""Parse the files of a ledger as Beancount does, but never die of one of them."""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH110, PTH113, PTH118, PTH120, PTH123, PTH207

from __future__ import annotations

import decimal
import glob
import os
import re
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.parser import (  # type: ignore[attr-defined]
    _parser,
    grammar,
    options,
    parser,
)
from beancount.utils import encryption

from ledgercli.books.beancount_builder import QuickBuilder
from ledgercli.books.beancount_errors import Directive, Sources
from ledgercli.books.beancount_loaded import Entries, Entry, Loaded, Options, reason_of
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding, Place

_GRAMMAR = os.path.join("beancount", "parser", "grammar.py")
_DIVISION_BY_ZERO = re.compile(rb"/\s*[-+(\s]*0[0,]*(\.0*)?(?![\d.])")
_ARITHMETIC = (decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow)


class Parse:
    """Parses a file and what it includes, in Beancount's order (breadth first)."""

    def __init__(self, sources: Sources, within: Path | None) -> None:
        """Begin a ledger; files outside of ``within``, where given, are not read."""
        self.sources = sources
        self.within = os.path.realpath(within) if within else None
        self.loaded = Loaded()
        self.all_options: list[Options] = []
        self.seen: set[str] = set()
        #: Texts that come again and again, each once.
        self.texts: dict[str, str] = {}
        #: The include globs, made absolute.
        self.patterns: list[str] = []
        # A file, and the directive that asks for it: its line is looked up only for a finding.
        self.waiting: deque[tuple[str, Directive]] = deque()

    def run(self, filename: str) -> Loaded:
        """Return entries (unsorted between files), errors and the options of the top file."""
        loaded = self.loaded
        self.waiting.append((filename, Directive(filename, "include", filename)))
        while self.waiting:
            self._next_file(*self.waiting.popleft())
        loaded.files = sorted(self.seen)
        first = self.all_options[0] if self.all_options else options.OPTIONS_DEFAULTS.copy()
        first["include"] = loaded.files
        loaded.options = loader.aggregate_options_map(first, self.all_options[1:])
        self.sources.name_roots(loaded.options)
        return loaded

    def _next_file(self, filename: str, asked: Directive) -> None:
        loaded = self.loaded
        if filename in self.seen:
            self._load_error(f'Duplicate filename parsed: "{filename}"', asked)
            return
        if self._leads_outside(filename):
            self._outside(filename, asked)
            return
        if not os.path.exists(filename):
            self._load_error(f'File "{filename}" does not exist', asked)
            return
        self.seen.add(filename)
        try:
            entries, errors, file_options = _parse_file(filename, self.texts)
        except Exception as error:  # noqa: BLE001 - one file must not take the others along
            self._unreadable(filename, error, asked)
            return
        if any(decimal.getcontext().flags[signal] for signal in _ARITHMETIC):
            decimal.getcontext().clear_flags()
            entries = self._without_impossible_numbers(entries)
            errors = self._without_errors_of_division(filename, errors)
        loaded.entries.extend(entries)
        loaded.errors.extend(errors)
        self.all_options.append(file_options)
        self._add_includes(filename, file_options["include"])

    def _add_includes(self, filename: str, patterns: list[str]) -> None:
        folder = os.path.dirname(filename)
        for pattern in patterns:
            asked = Directive(filename, "include", pattern)
            path = os.path.join(folder, pattern)
            self.patterns.append(path)
            try:
                found = glob.glob(path, recursive=True)
            except (OSError, ValueError, RecursionError, re.error) as error:
                self._unreadable(pattern, error, asked)
                continue
            if not found and self._leads_outside(path):
                self._outside(pattern, asked)
            elif not found:
                self._load_error(f'File glob "{pattern}" does not match any files', asked)
            self.waiting.extend((os.path.normpath(name), asked) for name in found)

    def _leads_outside(self, path: str) -> bool:
        return bool(self.within and not _is_within(os.path.realpath(path), self.within))

    def _outside(self, path: str, asked: Directive) -> None:
        values = {"path": self.sources.relative(path)}
        place = self.sources.place_of_directive(asked)
        self.loaded.findings.append(Finding(codes.INCLUDE_OUTSIDE, values, place))

    def _unreadable(self, path: str, error: BaseException, asked: Directive) -> None:
        values = {"path": self.sources.relative(path), "reason": reason_of(error)}
        place = self.sources.place_of_directive(asked)
        self.loaded.findings.append(Finding(codes.UNREADABLE, values, place))

    def _load_error(self, message: str, asked: Directive) -> None:
        error = loader.LoadError(data.new_metadata("<load>", 0), message)
        self.sources.put(error, self.sources.place_of_directive(asked))
        self.loaded.errors.append(error)

    def _without_impossible_numbers(self, entries: Entries) -> Entries:
        kept = []
        for entry in entries:
            if all(number.is_finite() for number in _numbers(entry)):
                kept.append(entry)
            else:
                place = self.sources.place(entry.meta)
                self.loaded.findings.append(Finding(codes.IMPOSSIBLE_NUMBER, {}, place))
        return kept

    def _without_errors_of_division(self, filename: str, errors: list[Any]) -> list[Any]:
        """Report the lines that divide by zero in place of the errors Beancount's code made of it.

        Its grammar stumbles over an infinite amount and tells a line of its own source.
        """
        places = (
            Place(self.sources.relative(filename), number)
            for number, line in enumerate(self.sources.lines(filename), 1)
            if _DIVISION_BY_ZERO.search(line)
        )
        kept = []
        for error in errors:
            if str(error.source.get("filename", "")).endswith(_GRAMMAR):
                place = next(places, Place(self.sources.relative(filename)))
                self.loaded.findings.append(Finding(codes.IMPOSSIBLE_NUMBER, {}, place))
            else:
                kept.append(error)
        return kept


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _parse_file(filename: str, texts: dict[str, str]) -> tuple[Entries, list[Any], Options]:
    """Parse one file; raise OSError where it cannot be read, MemoryError where it is too deep."""
    if encryption.is_encrypted_file(filename):
        text = encryption.read_encrypted_file(filename)
        return parser.parse_string(text, filename)
    if not os.path.isfile(filename):  # a folder, or a pipe or device that would never end
        raise OSError(None, "it is not a file")
    # Beancount's grammar does not expect arithmetic to raise: with these traps set it crashes.
    context = decimal.getcontext()
    traps = {signal: context.traps[signal] for signal in _ARITHMETIC}
    try:
        for signal in _ARITHMETIC:
            context.traps[signal] = False
        try:
            return _parse_quickly(filename, texts) or parser.parse_file(filename)
        except TypeError:
            return _parse_with_texts_pushed(filename)
    finally:
        for signal, was in traps.items():
            context.traps[signal] = was


def _parse_quickly(
    filename: str, texts: dict[str, str]
) -> tuple[Entries, list[Any], Options] | None:
    """Return what the file makes, None where Beancount's own builder has to be asked."""
    builder = QuickBuilder(texts)
    with open(filename, "rb") as file:
        _parser.Parser(builder).parse(file, filename=None, lineno=1)
    if builder.in_doubt:
        return None
    made = builder.finalize()
    return None if builder.in_doubt else made


def _parse_with_texts_pushed(filename: str) -> tuple[Entries, list[Any], Options]:
    """Parse a file whose ``pushmeta`` of a number is never popped.

    Beancount stumbles over the number while it words its error about that.
    """
    make_builder: Any = grammar.Builder
    builder = make_builder()
    with open(filename, "rb") as file:
        _parser.Parser(builder).parse(file, filename=filename, lineno=1)
    builder.meta = {key: [str(value) for value in values] for key, values in builder.meta.items()}
    entries, errors, file_options = builder.finalize()
    return entries, errors, file_options


def _numbers(entry: Entry) -> Iterator[Decimal]:
    """Yield the numbers of a parsed entry that take part in sums."""
    amounts = [getattr(entry, "amount", None)]
    for posting in getattr(entry, "postings", None) or ():
        amounts += [posting.units, posting.price]
        for name in ("number_per", "number_total"):
            number = getattr(posting.cost, name, None)
            if isinstance(number, Decimal):
                yield number
    for amount in amounts:
        number = getattr(amount, "number", None)
        if isinstance(number, Decimal):
            yield number
