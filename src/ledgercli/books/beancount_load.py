"""Load a ledger with Beancount as ``bean-check --no-cache`` does, but never die of it.

The steps are those of ``beancount.loader`` (parse with includes, book, plugins, validate). They
are walked here one by one because the loader's own entry points go through its pickle cache, run
every plugin, and end in a traceback (or worse: ``1/0`` crashes the parser) where one file, one
plugin or one entry is at fault. Nothing is cached, neither read nor written.
"""

from __future__ import annotations

import decimal
from pathlib import Path

from beancount.core import data

from ledgercli.books.beancount_book import book
from ledgercli.books.beancount_checks import validate
from ledgercli.books.beancount_errors import Sources
from ledgercli.books.beancount_loaded import Entry, Loaded, add_failures
from ledgercli.books.beancount_parse import Parse
from ledgercli.books.beancount_plugins import run_plugins, runs_foreign
from ledgercli.model.ledger import LedgerInputs


def load(filename: str, sources: Sources, *, safe: bool, within: Path | None) -> Loaded:
    """Return the ledger that begins in the absolute path ``filename``.

    With ``safe`` no code of the ledger runs: only plugins of Beancount's own, and no changes of
    Python's path. Files outside of ``within``, where given, are not read but a finding.
    """
    # bean-check works in Python's default context; ours must not change what balances.
    with decimal.localcontext(decimal.Context()):
        parse = Parse(sources, within)
        loaded = parse.run(filename)
        loaded.entries.sort(key=data.entry_sortkey)
        sound = _book(loaded, sources, safe=safe)
        documents = [entry.filename for entry in loaded.entries if type(entry) is data.Document]
        modules = run_plugins(loaded, sources, filename, safe=safe)
        validate(loaded, sources, sound)
    loaded.files = sorted({*loaded.files, *map(str, loaded.options.get("include", ()))})
    loaded.inputs = LedgerInputs(
        files=tuple(loaded.files),
        patterns=tuple(sorted(set(parse.patterns))),
        existing=tuple(sorted(set(map(str, documents)))),
        modules=modules,
        unwatched="documents" if loaded.options.get("documents") else "",
    )
    return loaded


def _book(loaded: Loaded, sources: Sources, *, safe: bool) -> list[Entry]:
    """Book and complete the transactions; leave out those that Beancount cannot survive.

    Return the sound ones among them.
    """
    # Foreign plugins get all that Beancount would give them.
    thorough = runs_foreign(loaded.options, safe=safe)
    booked = book(loaded.entries, loaded.options, thorough=thorough)
    loaded.entries = booked.entries
    loaded.errors.extend(booked.errors)
    add_failures(loaded, sources, "booking", booked.failures)
    return booked.sound
