"""Which settled transactions a plan of reminders needs to know, beside all that is not settled.

Most of what is settled says nothing to anybody any more. What letters went out about may still bear
fees and interest, claims that are booked and paid are not claimed again, and words that cannot be
read are an error of the customer's records, paid or not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.terms import Terms
from ledgercli.receivables.netting import plain_name

#: Metadata by which a settled document matters to others, or may be in error.
_TELLING = frozenset(["terms", "retention", "claim-for"])


def telling_rows(rows: Sequence[TransactionRow], numbers: Collection[str]) -> list[TransactionRow]:
    """Return those of ``rows``, all settled by others of them, that a plan has to know.

    ``numbers`` are those of documents or their instalments that are asked for anyway. A document
    comes with all that has settled it, as both go by one name.
    """
    names = {stem for number in numbers for stem in _stems(number)}
    readable: dict[str, bool] = {}
    for row in rows:
        shared, (line, *_) = row[6], row[11]
        for metadata in (line[3], shared):
            if metadata and not _TELLING.isdisjoint(metadata) and _tells(metadata, readable):
                names.add(plain_name(row, line))
    return [row for row in rows if plain_name(row, row[11][0]) in names] if names else []


def _stems(number: str) -> tuple[str, ...]:
    """Return the names that a document may have to become `INV-1/2`, `INV-1~2` or `INV-1~2/3`."""
    instalment, copy = number.rpartition("/")[0], number.rpartition("~")[0]
    return tuple(filter(None, (number, instalment, copy, instalment.rpartition("~")[0])))


def _tells(metadata: Mapping[str, str], readable: dict[str, bool]) -> bool:
    """Return whether metadata says more than terms that can be read."""
    if "retention" in metadata or "claim-for" in metadata:
        return True
    words = metadata["terms"]
    if words not in readable:
        readable[words] = _is_readable(words)
    return not readable[words]


def _is_readable(words: str) -> bool:
    try:
        Terms.parse(words)
    except ValueError:
        return False
    return True
