"""Lists made of the records that are kept beside them, so that the records need not be opened."""

from __future__ import annotations

import contextlib
import marshal
from collections.abc import Callable
from typing import Any
from zlib import crc32

from ledgercli.books.store.database import Store

_KIND = "list"
_CHECK_SIZE = 4


def kept_list(store: Store, mark: bytes, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Return what ``store`` keeps under ``name`` for the state of the books with ``mark``.

    Where it keeps nothing, what ``make`` returns is kept: of tuples, texts and numbers alone.
    """
    value = list_in(store, mark, name)
    if value is None:
        value = make()
        store.write(list_part(mark, name, value))
    return value


def list_in(store: Store, mark: bytes, name: str) -> Any:  # noqa: ANN401 - any plain value
    """Return what ``store`` keeps under ``name`` for what ``mark`` tells, None where nothing."""
    found = store.read(_KIND, [name]).get(name)
    if found is not None:
        check, content = found[:_CHECK_SIZE], found[_CHECK_SIZE:]
        if check == _check(content):
            with contextlib.suppress(ValueError, EOFError, TypeError):
                made_for, value = marshal.loads(content)  # noqa: S302 - our own, private file
                if made_for == mark:
                    return value
    return None


def list_part(mark: bytes, name: str, value: Any) -> dict[tuple[str, str], bytes]:  # noqa: ANN401
    """Return the part of a store that :func:`list_in` finds ``value`` in."""
    content = marshal.dumps((mark, value))
    return {(_KIND, name): _check(content) + content}


def _check(content: bytes) -> bytes:
    return crc32(content).to_bytes(_CHECK_SIZE)
