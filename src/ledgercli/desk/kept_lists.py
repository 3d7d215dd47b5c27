"""Lists made of the records that are kept beside them, so that the records need not be opened."""

from __future__ import annotations

import contextlib
import marshal
from collections.abc import Callable
from typing import Any
from zlib import crc32

from ledgercli.books.store.database import Store
from ledgercli.model.record import dataclass

_KIND = "list"
_CHECK_SIZE = 4


@dataclass(frozen=True, slots=True)
class KeptLists:
    """Plain values that ``store`` keeps for the state of the books with ``mark``, by name."""

    store: Store
    mark: bytes

    def get(self, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - any plain value
        """Return what is kept under ``name``; where it is not, what ``make`` returns is kept.

        It is of tuples, texts, numbers and bytes alone.
        """
        found = self.store.read(_KIND, [name]).get(name)
        if found is not None:
            check, content = found[:_CHECK_SIZE], found[_CHECK_SIZE:]
            if check == _check(content):
                with contextlib.suppress(ValueError, EOFError, TypeError):
                    mark, value = marshal.loads(content)  # noqa: S302 - our own, private file
                    if mark == self.mark:
                        return value
        value = make()
        content = marshal.dumps((self.mark, value))
        self.store.write({(_KIND, name): _check(content) + content})
        return value


def _check(content: bytes) -> bytes:
    return crc32(content).to_bytes(_CHECK_SIZE)
