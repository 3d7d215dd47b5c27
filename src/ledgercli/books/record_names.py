"""Names of customers that would name nobody: an alias that is the alias or the id of another.

All records of the books are looked through as text, and only those are read that may have a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from ledgercli.books.record_files import RecordFile, RecordShelf, identifier_of
from ledgercli.model.catalogue.receivables import AMBIGUOUS_ALIAS
from ledgercli.model.customer import fold
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass

_WORD = re.compile(r"\w+")
#: For more names than these, the words of every record are looked up among those of the names.
_FEW = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """A customer takes names, folded, that it did not have; ``place`` is where that is told."""

    customer: str
    names: frozenset[str]
    place: Place


def names_of(record: Mapping[str, Any]) -> frozenset[str]:
    """Return the id of a record and its aliases, folded, as far as they are texts."""
    return frozenset({identifier_of(record), *_aliases(record)} - {""})


def shared_names(
    shelf: RecordShelf, claims: Iterable[Claim], removed: Container[RecordFile] = ()
) -> Iterator[Finding]:
    """Yield `ambiguous-alias` for each name that its claimant would share with other records.

    What counts is how the files of ``shelf`` read now, with the changes that were made in them,
    but for those that are ``removed``.
    """
    claims = [claim for claim in claims if claim.names]
    wanted = frozenset[str]().union(*(claim.names for claim in claims))
    if not wanted:
        return
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    aliased = set()
    search = _Search(wanted)
    for file, record in shelf.where(
        lambda name, text: fold(name.rpartition(".")[0]) in wanted or search.finds(text)
    ):
        if file in removed:
            continue
        aliased |= _aliases(record) & wanted
        identifier = str(record.get("id", ""))
        for name in names_of(record) & wanted:
            ids[name].setdefault(fold(identifier), identifier)
    for claim in claims:
        for name in sorted(claim.names & aliased):
            if len(ids[name]) > 1:
                values = {"alias": name, "customers": ", ".join(sorted(ids[name].values()))}
                yield Finding(AMBIGUOUS_ALIAS, values, claim.place, claim.customer)


def _aliases(record: Mapping[str, Any]) -> set[str]:
    found = record.get("aliases")
    listed = found if isinstance(found, list) else []
    return {fold(alias) for alias in listed if isinstance(alias, str)}


class _Search:
    """Tells texts that may have one of some names, by the word of each that is the rarest."""

    def __init__(self, wanted: Iterable[str]) -> None:
        words = {name: _WORD.findall(name) for name in wanted}
        often = Counter(word for found in words.values() for word in set(found))
        self._patterns: dict[str, list[re.Pattern[str]]] = defaultdict(list)
        for found in words.values():
            # What stands between words may be quoted, or go on in the next line.
            pattern = re.compile(r"\W+".join(map(re.escape, found)))
            rarest = min(found, key=lambda word: (often[word], -len(word)), default="")
            self._patterns[rarest].append(pattern)

    def finds(self, text: str) -> bool:
        """Return whether ``text`` may have one of the names."""
        if "\\" in text or "" in self._patterns:
            return True
        plain = text.isascii()
        folded = text.lower() if plain else unicodedata.normalize("NFC", text).casefold()
        hits: Iterable[str]
        if len(self._patterns) <= _FEW:
            hits = (word for word in self._patterns if word in folded)
        else:
            hits = self._patterns.keys() & set(_WORD.findall(folded))
        return any(pattern.search(folded) for word in hits for pattern in self._patterns[word])
