"""Read a ledger by proof: its files breadth first as Beancount does, on all cores where it pays."""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH100, PTH118, PTH120, PTH207

from __future__ import annotations

import glob
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledgercli.books.beancount_errors import Sources
from ledgercli.books.pause import collection_paused
from ledgercli.books.proof.collect import is_understood
from ledgercli.books.proof.many import Crew, summarize_all
from ledgercli.books.proof.merge import Part, Proven, merge, refuse_plugins
from ledgercli.books.proof.one_file import read_content
from ledgercli.books.proof.refusal import (
    INCLUDE_MISSING,
    INCLUDE_TWICE,
    RefusedError,
)
from ledgercli.books.proof.rules import Rules, rules_of
from ledgercli.books.proof.summary import FileSummary
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.refusal import Refusal

_OPTION = re.compile(rb'option[ \t]+"([a-z_]+)"[ \t]+"([^"\\\n]*)"')
_PLUGIN = re.compile(rb'^plugin[ \t]+"([^"\\\n]*)"', re.MULTILINE)


def read(
    top: Path,
    root: Path,
    settings: ReceivablesSettings,
    known: Mapping[str, FileSummary] | None = None,
    crew: Crew | None = None,
) -> Proven | Refusal:
    """Return the proof of the ledger that begins in ``top``, or why there is none.

    Files are told relative to the folder ``root``. ``known`` are summaries by absolute path of
    files that have not changed since; those that were made under other rules, or shown otherwise,
    must not be among them or are made anew. A ``crew`` reads beside this process.
    """
    filename = os.path.abspath(top)
    sources = Sources(root)
    try:
        with collection_paused():
            return _Reading(sources, known or {}, crew).proof(filename, settings)
    except RefusedError as error:
        return error.refusal()


class _Reading:
    """Reads the files of a ledger, without those that are ``known`` already."""

    def __init__(
        self, sources: Sources, known: Mapping[str, FileSummary], crew: Crew | None
    ) -> None:
        self._sources = sources
        self._known = known
        self._crew = crew

    def proof(self, filename: str, settings: ReceivablesSettings) -> Proven | Refusal:
        """Return the proof of the ledger that begins in ``filename``, or why there is none."""
        content = read_content(filename)
        # Whether it is one is known when the file has been read; that may take a second.
        refuse_plugins(name.decode("utf-8", "replace") for name in _PLUGIN.findall(content))
        rules = rules_of(settings, _stated_options(content))
        first = self._summaries([filename], rules)
        if isinstance(first, Refusal):
            return first
        options = first[filename].facts.options
        if (rules := rules_of(settings, options)).fingerprint != first[filename].facts.rules:
            first = self._summaries([filename], rules)
            if isinstance(first, Refusal):
                return first
        parts = [Part(filename, first[filename])]
        seen = {filename}
        wave = parts
        while wave:
            names = [
                name for part in wave for name in included(part.file, part.summary.facts.includes)
            ]
            for name in names:
                if name in seen:
                    raise RefusedError(INCLUDE_TWICE)
                seen.add(name)
            found = self._summaries(names, rules)
            if isinstance(found, Refusal):
                return found
            wave = [Part(name, found[name]) for name in names]
            parts = parts + wave
        if self._crew:
            # What it has to do next need not wait for the proof.
            self._crew.go_on(parts)
        return merge(parts, settings)

    def _summaries(self, names: list[str], rules: Rules) -> dict[str, FileSummary] | Refusal:
        """Return the summaries of files by name, of the known ones as far as they hold."""
        fingerprint = rules.fingerprint
        known = self._known
        found = {
            name: known[name]
            for name in names
            if name in known
            and known[name].facts.rules == fingerprint
            and known[name].facts.file == self._sources.relative(name)
        }
        missing = [(name, self._sources.relative(name)) for name in names if name not in found]
        made = (
            self._crew.summarize_all(missing, rules)
            if self._crew
            else summarize_all(missing, rules)
        )
        if isinstance(made, Refusal):
            return made
        return found | made


def _stated_options(content: bytes) -> list[tuple[str, str]]:
    """Return what look like the options of a file; what they are is known when it has been read."""
    found = []
    for written in _OPTION.findall(content):
        key, value = (text.decode("utf-8", "replace") for text in written)
        if is_understood(key, value):
            found.append((key, value))
    return found


def included(file: str, includes: Sequence[str]) -> list[str]:
    """Return what a file ``includes``, in the order in which Beancount reads it.

    Raise RefusedError where one of the patterns matches nothing.
    """
    folder = os.path.dirname(file)
    names: list[str] = []
    for pattern in includes:
        try:
            found = glob.glob(os.path.join(folder, pattern), recursive=True)
        except (OSError, ValueError, RecursionError, re.error):
            found = []
        if not found:
            raise RefusedError(INCLUDE_MISSING)
        names += map(os.path.normpath, found)
    return names
