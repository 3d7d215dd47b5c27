"""Load a ledger with Beancount as ``bean-check --no-cache`` does, but never die of it.

The steps are those of ``beancount.loader`` (parse with includes, book, plugins, validate). They
are walked here one by one because the loader's own entry points go through its pickle cache, run
every plugin, and end in a traceback (or worse: ``1/0`` crashes the parser) where one file, one
plugin or one entry is at fault. Nothing is cached, neither read nor written.
"""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH110, PTH113, PTH118, PTH120, PTH123, PTH207

from __future__ import annotations

import contextlib
import decimal
import glob
import importlib
import itertools
import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.ops import validation
from beancount.parser import (  # type: ignore[attr-defined]
    _parser,
    grammar,
    options,
    parser,
)
from beancount.utils import encryption

from ledgercli.books.beancount_book import Failure, book, unbalanced
from ledgercli.books.beancount_errors import Directive, Sources
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import LedgerInputs
from ledgercli.model.record import dataclass

# Beancount's types are loose, and plugins put anything into their place.
Entry = Any
Entries = list[Entry]
Options = dict[str, Any]

OWN_PLUGIN = "ledgercli.plugin"
_BEANCOUNT_PLUGIN = re.compile(r"beancount\.(plugins|ops)\.\w+", re.ASCII)
#: They call ``eval`` on their configuration, so that a configuration is code.
_EVALUATE_CONFIGURATION = frozenset(
    ["beancount.plugins." + name for name in ("check_average_cost", "check_commodity")]
    + ["beancount.plugins.commodity_attr"]
)
_GRAMMAR = os.path.join("beancount", "parser", "grammar.py")
_DIVISION_BY_ZERO = re.compile(rb"/\s*[-+(\s]*0[0,]*(\.0*)?(?![\d.])")
_ARITHMETIC = (decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow)


@dataclass(slots=True)
class Loaded:
    """What Beancount made of a ledger.

    ``errors`` are Beancount's own, in its order; ``findings`` are what it would have died of, and
    what was left out on purpose. ``files`` are absolute paths of all files read, ``inputs`` all
    that the result depends on.
    """

    entries: Entries = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    options: Options = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    inputs: LedgerInputs = field(default_factory=LedgerInputs)


def load(filename: str, sources: Sources, *, safe: bool, within: Path | None) -> Loaded:
    """Return the ledger that begins in the absolute path ``filename``.

    With ``safe`` no code of the ledger runs: only plugins of Beancount's own, and no changes of
    Python's path. Files outside of ``within``, where given, are not read but a finding.
    """
    # bean-check works in Python's default context; ours must not change what balances.
    with decimal.localcontext(decimal.Context()):
        parse = _Parse(sources, within)
        loaded = parse.run(filename)
        loaded.entries.sort(key=data.entry_sortkey)
        _book(loaded, sources, safe=safe)
        documents = [entry.filename for entry in loaded.entries if type(entry) is data.Document]
        modules = _run_plugins(loaded, sources, filename, safe=safe)
        _validate(loaded, sources)
    loaded.files = sorted({*loaded.files, *map(str, loaded.options.get("include", ()))})
    loaded.inputs = LedgerInputs(
        files=tuple(loaded.files),
        patterns=tuple(sorted(set(parse.patterns))),
        existing=tuple(sorted(set(map(str, documents)))),
        modules=modules,
        unwatched="documents" if loaded.options.get("documents") else "",
    )
    return loaded


class _Parse:
    """Parses a file and what it includes, in Beancount's order (breadth first)."""

    def __init__(self, sources: Sources, within: Path | None) -> None:
        self.sources = sources
        self.within = os.path.realpath(within) if within else None
        self.loaded = Loaded()
        self.all_options: list[Options] = []
        self.seen: set[str] = set()
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
            entries, errors, file_options = _parse_file(filename)
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


def _parse_file(filename: str) -> tuple[Entries, list[Any], Options]:
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
            return parser.parse_file(filename)
        except TypeError:
            return _parse_with_texts_pushed(filename)
    finally:
        for signal, was in traps.items():
            context.traps[signal] = was


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


def _book(loaded: Loaded, sources: Sources, *, safe: bool) -> None:
    """Book and complete the transactions; leave out those that Beancount cannot survive."""
    # Foreign plugins get all that Beancount would give them.
    thorough = not safe and any(
        name != OWN_PLUGIN and not _BEANCOUNT_PLUGIN.fullmatch(name)
        for name, _ in loaded.options["plugin"]
    )
    entries, errors, failures = book(loaded.entries, loaded.options, thorough=thorough)
    loaded.entries = entries
    loaded.errors.extend(errors)
    _add_failures(loaded, sources, "booking", failures)


def _add_failures(loaded: Loaded, sources: Sources, step: str, failures: list[Failure]) -> None:
    for entry, error in failures:
        loaded.findings.append(_failed(step, error, sources.place(entry.meta)))


def _failed(step: str, error: BaseException, place: Place) -> Finding:
    return Finding(codes.BEANCOUNT_FAILED, {"step": step, "reason": reason_of(error)}, place)


def reason_of(error: BaseException) -> str:
    """Return what an exception says in one short line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # The text of decimal's errors is a list of Python classes.
    said = "" if isinstance(error, ArithmeticError) else " ".join(str(error).split())[:300]
    name = type(error).__name__
    return f"{name}: {said}" if said else name


def _run_plugins(loaded: Loaded, sources: Sources, top: str, *, safe: bool) -> tuple[str, ...]:
    """Run the plugins; return the files of the modules that are not Beancount's own."""
    saved_path = list(sys.path)
    known = set(sys.modules)
    ran = set()
    try:
        if not safe:
            sys.path[0:0] = loaded.options["pythonpath"]
        # What a plugin prints must not land in the middle of our answer.
        with contextlib.redirect_stdout(sys.stderr):
            for name, configuration in _plugins(loaded.options):
                if name == OWN_PLUGIN:
                    continue
                plugin = Directive(top, "plugin", name)
                if not safe or _is_safe(name, configuration):
                    _run_plugin(loaded, sources, plugin, configuration)
                    ran.add(name)
                else:
                    place = sources.place_of_directive(plugin)
                    loaded.findings.append(Finding(codes.PLUGIN_NOT_RUN, {"plugin": name}, place))
    finally:
        sys.path[:] = saved_path
    foreign = {name for name in ran if not _BEANCOUNT_PLUGIN.fullmatch(name)}
    if not foreign:
        return ()
    # What a plugin imports is part of it; what it reads, nobody can know.
    imported = {name for name in foreign | (set(sys.modules) - known) if name in sys.modules}
    files = {getattr(sys.modules[name], "__file__", None) for name in imported}
    return tuple(sorted(file for file in files if file))


def _plugins(options_map: Options) -> list[tuple[str, str | None]]:
    own = options_map["plugin"]
    if options_map["plugin_processing_mode"] == "raw":
        return list(own)
    steps = itertools.chain(loader.PLUGINS_PRE, own, loader.PLUGINS_AUTO, loader.PLUGINS_POST)
    return [(loader.RENAMED_MODULES.get(name, name), value) for name, value in steps]


def _is_safe(name: str, configuration: str | None) -> bool:
    if not _BEANCOUNT_PLUGIN.fullmatch(name):
        return False
    return configuration is None or name not in _EVALUATE_CONFIGURATION


def _run_plugin(
    loaded: Loaded, sources: Sources, plugin: Directive, configuration: str | None
) -> None:
    """Run the functions of one plugin; where one fails, the entries stay as they were before."""
    name = plugin.argument
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        _plugin_error(loaded, sources, plugin, f'Error importing "{name}": {reason_of(error)}')
        return
    except (Exception, SystemExit) as error:  # noqa: BLE001 - code of the user's
        _plugin_failed(loaded, sources, plugin, error)
        return
    arguments = () if configuration is None else (configuration,)
    for function in getattr(module, "__plugins__", ()):
        try:
            callback = getattr(module, function) if isinstance(function, str) else function
            entries, errors = callback(loaded.entries, loaded.options, *arguments)
            errors = list(errors)
            entries.sort(key=data.entry_sortkey)
        except SystemExit as error:
            _plugin_failed(loaded, sources, plugin, error)
        except Exception as error:  # noqa: BLE001 - code of the user's
            message = f'Error applying plugin "{name}": {reason_of(error)}'
            _plugin_error(loaded, sources, plugin, message)
        else:
            loaded.entries = entries
            loaded.errors.extend(errors)


def _plugin_failed(
    loaded: Loaded, sources: Sources, plugin: Directive, error: BaseException
) -> None:
    values = {"plugin": plugin.argument, "reason": reason_of(error)}
    place = sources.place_of_directive(plugin)
    loaded.findings.append(Finding(codes.PLUGIN_FAILED, values, place))


def _plugin_error(loaded: Loaded, sources: Sources, plugin: Directive, message: str) -> None:
    error = loader.LoadError(data.new_metadata("<load>", 0), message)
    sources.put(error, sources.place_of_directive(plugin))
    loaded.errors.append(error)


def _validate(loaded: Loaded, sources: Sources) -> None:
    """Run the validations of ``bean-check``, each once.

    ``validation.validate`` is not called: it appends the extra validations to a list of its
    module, so that each further load in a process would run, and report, them again.
    """
    steps: dict[Any, None] = dict.fromkeys(
        [*validation.BASIC_VALIDATIONS, *validation.HARDCORE_VALIDATIONS]
    )
    for step in steps:
        try:
            if step is validation.validate_check_transaction_balances:
                errors, failures = unbalanced(loaded.entries, loaded.options)
                _add_failures(loaded, sources, "balance", failures)
            else:
                errors = step(loaded.entries, loaded.options)
            loaded.errors.extend(errors)
        except Exception as error:  # noqa: BLE001 - entries that a plugin made can be anything
            loaded.findings.append(_failed(step.__name__, error, Place()))
