"""Which customer a row of a foreign file is, and what a new one is called."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from ledgercli.customers.exchange.paths import Values, flattened
from ledgercli.model.customer import fold
from ledgercli.model.exchange import Profile

_SHORT_ID = re.compile(r"\w[\w.-]{0,15}")
_NO_ID_SIGN = re.compile(r"[^\w.-]+|_")
_ID_LENGTH = 40


class Matches:
    """Looks customers up by the parts of their records, and by what earlier imports knew."""

    def __init__(
        self,
        records: Mapping[str, Mapping[str, Any]],
        sources: Mapping[str, Mapping[str, str]],
        profile: Profile,
    ) -> None:
        """Index ``records`` by id, and by ``sources``: the fields of a row that told who it is."""
        self.fields = tuple(field.name for field in profile.match)
        self._sources: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._records: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._gone: dict[tuple[str, str], str] = {}
        for identifier, source in sources.items():
            for path, value in source.items():
                if identifier in records:
                    self._sources[path, fold(value)].add(identifier)
                else:
                    self._gone[path, fold(value)] = identifier
        for identifier, data in records.items():
            self._records["id", fold(identifier)].add(identifier)
            values = flattened(data)
            for path in self.fields:
                held = values.get(path)
                if path != "id" and isinstance(held, str):
                    self._records[path, fold(held)].add(identifier)
            aliases = values.get("aliases")
            for alias in aliases if isinstance(aliases, list) else ():
                for path in {"id", "name"} & set(self.fields):
                    self._records[path, fold(str(alias))].add(identifier)

    def source(self, values: Values) -> dict[str, str]:
        """Return the fields of a row that tell who it is."""
        return {path: value for path in self.fields if isinstance(value := values.get(path), str)}

    def find(self, values: Values) -> frozenset[str]:
        """Return the customers that a row may be: by the first field that fits any."""
        for path, value in self.source(values).items():
            key = (path, fold(value))
            if found := self._sources.get(key) or self._records.get(key):
                return frozenset(found)
        return frozenset()

    def gone(self, values: Values) -> str:
        """Return the id of a customer that an earlier import knew and that is gone, or nothing."""
        keys = [(path, fold(value)) for path, value in self.source(values).items()]
        return next((self._gone[key] for key in keys if key in self._gone), "")


def new_id(values: Values, profile: Profile, taken: Collection[str]) -> str:
    """Return an id for a new customer that is not among ``taken`` (folded).

    It is what the file says, else a short number of the other system, else made of the name.
    """
    if isinstance(given := values.get("id"), str):
        return unicodedata.normalize("NFC", given)
    for field in profile.match:
        value = values.get(field.name)
        own = field.name.startswith("ids.") and isinstance(value, str)
        if own and _SHORT_ID.fullmatch(str(value)) and fold(str(value)) not in taken:
            return str(value)
    name = unicodedata.normalize("NFC", str(values.get("name", "")))
    stem = _NO_ID_SIGN.sub("-", name).strip("-.")
    stem = re.sub(r"\.{2,}", ".", stem)[:_ID_LENGTH].strip("-.") or "customer"
    number, identifier = 1, stem
    while fold(identifier) in taken:
        number += 1
        identifier = f"{stem}-{number}"
    return identifier
