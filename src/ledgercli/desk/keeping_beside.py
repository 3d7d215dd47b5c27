"""What was read is kept by a copy of this process, while this one makes the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ledgercli.books.side_by_side import begin, can_fork
from ledgercli.books.store.database import Store
from ledgercli.model.refusal import Refusal

#: The mark of what is kept, or why it is not.
Kept = bytes | Refusal


def outcome_of(
    keep: Callable[[], Kept],
    store: Store,
    later: Callable[[Callable[[], object]], object] | None,
) -> Callable[[], Kept]:
    """Return what waits for the outcome of ``keep``, which writes into ``store``.

    Where the program lets it be waited for ``later`` a copy of this process does it meanwhile.
    Should the copy be ended before its time, this process does it when it is asked for the outcome.
    """
    if later and can_fork():
        # What SQLite has open must not be used by two processes.
        store.close()
        copy = begin(lambda: _plain(keep()))
        if copy:

            @cache
            def outcome() -> Kept:
                try:
                    found = copy.result()
                except EOFError:
                    return keep()
                return Refusal(*found) if isinstance(found, tuple) else bytes(found)

            later(outcome)
            return outcome
    found = keep()
    return lambda: found


def _plain(kept: Kept) -> object:
    """Return an outcome as plain values."""
    if isinstance(kept, Refusal):
        return kept.reason, dict(kept.values), kept.file, kept.line
    return kept
