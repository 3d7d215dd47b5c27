"""Prove a ledger again after a change of few files, from what it was found to hold as a whole.

As long as the files that changed open, close, assert and include what they did before, nothing in
all other files can become wrong: it is enough that what the changed ones post is on accounts that
are open and take its currency, and that it moves no balance before the last day on which that is
asserted. Whatever goes beyond this is left to the proof of all files; nothing is refused here.
"""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH100

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path

from ledgercli.books.beancount_errors import Sources
from ledgercli.books.proof.hands import Summaries
from ledgercli.books.proof.many import summarize_all
from ledgercli.books.proof.read import included
from ledgercli.books.proof.refusal import RefusedError
from ledgercli.books.proof.rules import rules_of
from ledgercli.books.proof.summary import Facts, FileSummary, RowsLostError, unpacked
from ledgercli.books.proof.tally import Tally
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal

#: What a changed file must say as before. The lines of assertions matter to pads alone.
_SAME = (
    *("rules", "file", "options", "plugins", "includes", "opens", "closes", "pads"),
    *("commodities", "prices", "documents"),
)
# Later than any day.
_NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class KeptProof:
    """What is kept of a ledger that was proven: its ``tally`` and ``view``, without postings.

    ``digests`` are the SHA-256 of what has not changed since, by absolute path. ``facts`` and
    ``rows`` give the bytes of the summary of a file and of its rows as they were, and raise
    KeyError.
    """

    tally: Tally
    view: LedgerView
    digests: Mapping[str, bytes]
    facts: Callable[[str], bytes]
    rows: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class ProvenAgain:
    """A ledger proven again: what of it is known without a look at all of its files.

    ``files`` are the summaries of those that changed, by absolute path.
    """

    facts: LedgerView
    tally: Tally
    files: Mapping[str, FileSummary] = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[str]:
        """Return the absolute paths of all files of the ledger."""
        return frozenset(self.facts.files)

    @property
    def is_padded(self) -> bool:
        """Return that no pad directives are filled: a ledger with one has no tally."""
        return False

    def packed_tally(self) -> bytes:
        """Return the tally in bytes."""
        return self.tally.packed()

    def turning_days(self) -> list[int]:
        """Return the days on which a position may change."""
        return sorted(self.tally.turning_days)

    def ranks(self) -> dict[str, int]:
        """Return for each file with rows when its first one comes."""
        files = self.tally.files
        first = sorted(
            (one.first_row, index) for index, one in enumerate(files) if one.first_row is not None
        )
        return {files[index].shown: rank for rank, (_, index) in enumerate(first)}

    def rows_of(self, path: str) -> list[TransactionRow]:
        """Return the rows of one file that has changed."""
        return self.files[path].rows()


def prove_again(
    top: Path, root: Path, settings: ReceivablesSettings, kept: KeptProof
) -> ProvenAgain | Summaries:
    """Return the ledger that begins in ``top``, proven again.

    Where that takes a look at all files, return the summaries that were made of changed ones.
    """
    tally = kept.tally
    if not _same_files(os.path.abspath(top), root, settings, tally):
        return {}
    changed = [file for file in tally.files if file.path not in kept.digests]
    if any(kept.digests.get(file.path, file.digest) != file.digest for file in tally.files):
        return {}
    made = summarize_all([(file.path, file.shown) for file in changed], tally.rules)
    if isinstance(made, Refusal):
        return {}
    try:
        pairs = {}
        for file in changed:
            old = unpacked(kept.facts(file.path), _rows_before(kept, file.path))
            if old is None or old.digest != file.digest or not _holds(old, made[file.path], tally):
                return made
            pairs[file.path] = (old, made[file.path])
        after = tally.replaced(pairs)
    except (KeyError, RowsLostError):
        return made
    return ProvenAgain(_view(kept.view, after), after, made) if after else made


def _rows_before(kept: KeptProof, path: str) -> Callable[[], bytes]:
    return lambda: kept.rows(path)


def _same_files(top: str, root: Path, settings: ReceivablesSettings, tally: Tally) -> bool:
    """Return whether the ledger is of the same files under the same rules; their content aside."""
    shown = Sources(root).relative
    files = {file.path: file for file in tally.files}
    if (
        rules_of(settings, tally.options) != tally.rules
        or settings.banks != tally.named_banks
        or any(shown(path) != file.shown for path, file in files.items())
        or not all(map(os.path.exists, tally.documents))
    ):
        return False
    order: list[str] = []
    wave = [top]
    try:
        while wave and len(order) < len(files) and files.keys() >= set(wave):
            order += wave
            wave = [name for path in wave for name in included(path, files[path].includes)]
    except RefusedError:
        return False
    return not wave and order == list(files)


def _holds(old: FileSummary, new: FileSummary, tally: Tally) -> bool:
    """Return whether the proof still holds after a file has changed from ``old`` to ``new``."""
    before, after = old.facts, new.facts
    return (
        all(getattr(before, name) == getattr(after, name) for name in _SAME)
        and not after.pads
        and _stated(before) == _stated(after)
        and _uses_what_is_open(after, tally)
        and _posts_what_is_allowed(after, tally)
        and (not tally.asserted or _moved(old, tally) == _moved(new, tally))
    )


def _stated(facts: Facts) -> list[tuple[object, ...]]:
    """Return the balance assertions without their lines."""
    return [(*balance[:2], *balance[3:]) for balance in facts.balances]


def _uses_what_is_open(facts: Facts, tally: Tally) -> bool:
    opened, closed = tally.opened, tally.closed
    return all(
        first >= opened.get(account, _NEVER) and last <= closed.get(account, _NEVER)
        for account, (first, last) in facts.uses()
    )


def _posts_what_is_allowed(facts: Facts, tally: Tally) -> bool:
    allowed = tally.allowed
    return all(
        account not in allowed or currency in allowed[account]
        for posted in (facts.sums, facts.kept)
        for currency, accounts in posted.items()
        for account in accounts
    )


def _moved(summary: FileSummary, tally: Tally) -> list[tuple[str, str, int, str]]:
    """Return what a file posts before the last day on which it is asserted, sorted.

    As (currency, account, day, number); of receivable and deposit accounts each posting.
    """
    found: list[tuple[str, str, int, str]] = []
    for currency, asserted in tally.asserted.items():
        for account, by_day in summary.facts.sums.get(currency, {}).items():
            if end := _last_asserted(account, asserted):
                found += [
                    (currency, account, day, number) for day, number in by_day.items() if day < end
                ]
        kept = {
            account: end
            for account in summary.facts.kept.get(currency, ())
            if (end := _last_asserted(account, asserted))
        }
        if kept:
            found += [
                (currency, account, row[0], number)
                for row in summary.rows()
                for account, number, name, *_ in row[11]
                if name == currency and row[0] < kept.get(account, 0)
            ]
    return sorted(found)


def _last_asserted(account: str, asserted: Mapping[str, int]) -> int:
    """Return the last day on which the balance of an account or one above it is asserted, or 0."""
    last = asserted.get(account, 0)
    for end, sign in enumerate(account):
        if sign == ":":
            last = max(last, asserted.get(account[:end], 0))
    return last


def _view(before: LedgerView, tally: Tally) -> LedgerView:
    """Return the view of a ledger with this tally, that was ``before`` its files have changed."""
    last_day = max((file.last_day for file in tally.files), default=0)
    return replace(
        before,
        bank_days=tuple(dt.date.fromordinal(day) for day in sorted(tally.bank_days)),
        last_day=dt.date.fromordinal(last_day) if last_day else None,
        currencies=tuple(sorted(tally.currencies)),
    )
