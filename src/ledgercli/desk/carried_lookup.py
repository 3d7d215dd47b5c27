"""What records are looked up by, carried from one state of the books to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledgercli.books.store.database import Store
from ledgercli.desk.book_records import Records
from ledgercli.desk.kept_customers import kept_lookup
from ledgercli.desk.kept_lists import list_in, list_part

_NAME = "directory"


class CarriedLookup:
    """What ``records`` are looked up by: as it is kept for those with ``mark``, else made of them.

    Without a mark nothing is kept of them. Whatever the ledger says, it stays the same.
    """

    def __init__(self, store: Store, mark: bytes, records: Records) -> None:
        """Take where it is kept, and the records."""
        self._store = store
        self._mark = mark
        self._made: Any = None
        self.tables = kept_lookup(self._kept, records.customers_source)

    def _kept(self, _: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - any plain value
        found = list_in(self._store, self._mark, _NAME) if self._mark else None
        if found is None:
            found = self._made = make()
        return found

    def parts(self) -> dict[tuple[str, str], bytes]:
        """Return what is to be kept of it, where that is not there yet."""
        is_new = self._mark and self._made is not None
        return list_part(self._mark, _NAME, self._made) if is_new else {}
