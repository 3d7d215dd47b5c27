"""The ledger as the rest of the house sees it: postings on receivable and deposit accounts.

This module and its helpers (``ledger_reading``, ``beancount_load`` and the others whose names begin
alike) are the only ones that know Beancount. One pass over the entries takes out what is wanted;
nothing else of them survives.
"""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH100, PTH110, PTH112, PTH113, PTH123

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgercli.books.beancount_errors import Sources, findings_of
from ledgercli.books.pause import collection_paused
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.ledger_rows import LedgerRows
from ledgercli.model.receivables_settings import ReceivablesSettings

if TYPE_CHECKING:
    from ledgercli.books.beancount_loaded import Loaded

# An entry or posting of Beancount. Plugins put anything into their place.
Entry = Any


class LedgerNotFoundError(LedgercliError):
    """The top ledger file does not exist."""

    message = N_("there is no ledger `{path}`")
    hint = N_("name it with `--ledger FILE`, or as `ledger:` in `ledgercli.yaml`")


class LedgerNotReadableError(LedgercliError):
    """The top ledger file is a folder, or may not be read."""

    message = N_("cannot read the ledger `{path}`: {reason}")


def read_ledger(
    path: Path,
    root: Path,
    receivables: ReceivablesSettings,
    *,
    safe: bool = False,
    within: Path | None = None,
) -> LedgerRows:
    """Return the ledger that begins in ``path``, places told relative to the folder ``root``.

    With ``safe`` no code of the ledger runs (plugins, Python path). Files outside of ``within``,
    where given, are not read but reported; it is for the books of another revision.
    Raise LedgerNotFoundError or LedgerNotReadableError where there is nothing to begin with; all
    else that is wrong is in the ``findings`` of the view, Beancount's errors one for one.
    """
    filename = os.path.abspath(path)
    # The folder of another revision is a temporary one, whose name would tell nobody anything.
    _check_readable(filename, Sources(root).relative(filename) if within else filename)
    from ledgercli.books.beancount_load import load
    from ledgercli.books.ledger_reading import Reading

    with collection_paused():
        sources = Sources(root)
        loaded = load(filename, sources, safe=safe, within=within)
        findings = [*findings_of(loaded.errors, sources), *loaded.findings]
        return Reading(loaded, sources, receivables, findings).ledger()


def load_entries(
    path: Path, root: Path, *, safe: bool = False
) -> tuple[list[Entry], list[Any], Mapping[str, Any]]:
    """Return entries, errors and options of a ledger as Beancount has them, for its own queries.

    Raise LedgerNotFoundError or LedgerNotReadableError.
    """
    loaded = read_entries(path, root, safe=safe)
    return loaded.entries, loaded.errors, loaded.options


def no_entries() -> tuple[list[Entry], list[Any], Mapping[str, Any]]:
    """Return what :func:`load_entries` returns of an empty ledger; no file is read."""
    from beancount.parser.options import OPTIONS_DEFAULTS

    return [], [], dict(OPTIONS_DEFAULTS)


def read_entries(
    path: Path, root: Path, *, safe: bool = False, within: Path | None = None
) -> Loaded:
    """Return what Beancount makes of a ledger; arguments and errors as in :func:`read_ledger`."""
    filename = os.path.abspath(path)
    sources = Sources(root)
    _check_readable(filename, sources.relative(filename) if within else filename)
    from ledgercli.books.beancount_load import load

    with collection_paused():
        return load(filename, sources, safe=safe, within=within)


def rows_of_entries(
    entries: Sequence[Entry],
    options: Mapping[str, Any],
    root: Path,
    receivables: ReceivablesSettings,
) -> LedgerRows:
    """Return the ledger that Beancount has loaded as ``entries``, for its own plugin of ours.

    What Beancount has to say about them it says itself: ``findings`` are ours alone.
    """
    from ledgercli.books.beancount_loaded import Loaded
    from ledgercli.books.ledger_reading import Reading

    files = [str(file) for file in options.get("include") or ()]
    loaded = Loaded(entries=list(entries), options=dict(options), files=files)
    sources = Sources(root)
    sources.name_roots(loaded.options)
    return Reading(loaded, sources, receivables, []).ledger()


def _check_readable(filename: str, shown: str) -> None:
    try:
        # To open a pipe that nobody writes to would wait for ever.
        known = os.path.isfile(filename) or os.path.isdir(filename)
        if os.path.exists(filename) and not known:
            raise LedgerNotReadableError(path=shown, reason="it is not a file")
        with open(filename, "rb") as file:
            file.read(1)
    except FileNotFoundError:
        raise LedgerNotFoundError(path=shown) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerNotReadableError(path=shown, reason=reason) from None
