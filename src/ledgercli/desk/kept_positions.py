"""The position of today in the store, for one state of the books: its records in columns."""

from __future__ import annotations

import contextlib
import datetime as dt
import marshal
from dataclasses import replace
from decimal import InvalidOperation
from typing import TYPE_CHECKING
from zlib import crc32

from ledgercli.books.pause import collection_paused
from ledgercli.books.store.records import dump, load
from ledgercli.receivables.position import Position, position
from ledgercli.receivables.position_columns import PositionColumns, columns_of, position_of
from ledgercli.receivables.summary import records_by_id

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks

_KIND, _KEY = "position", ""
_CHECK_SIZE = 4
_PERIOD_SIZE = 8
#: Fewer postings are matched again as fast as what is kept of them is read.
POSTINGS_MIN = 2000


def whole_position(books: OpenBooks, as_of: dt.date) -> Position:
    """Return the position at the end of ``as_of``, settled documents and all.

    That of today is kept where there is a store. One that rests on the activity log or on orders is
    not, as these are not watched.
    """
    head = head_of(books, as_of)
    found = _kept(books, as_of, head) if head else None
    if found is not None:
        books.ledger.hold(found.view)
        return found
    recorded, asked = books.listening()
    settings, directory = books.receivables_source(), books.directory
    made = position(books.view, books.customers, settings, as_of, recorded, directory)
    made = replace(made, recorded=books.recorded)
    if head and not asked and len(made.view.receivables) >= POSTINGS_MIN:
        _keep(books, head, made)
    return made


def head_of(books: OpenBooks, as_of: dt.date) -> bytes | None:
    """Return what a position at the end of ``as_of`` is kept for; None where none is kept.

    It is another one for other files of the books, and after other postings; activity log and
    orders are not in it.
    """
    period = books.ledger.period(as_of)
    if books.kept_in is None or period != books.ledger.period(books.today):
        return None
    _store, mark = books.kept_in
    return mark + period.to_bytes(_PERIOD_SIZE)


def is_watched(position: Position) -> bool:
    """Return whether what is made of a position may be kept beside it.

    Of few postings it is made as fast; documents that are due from the activity log or from orders
    change without a change of what is watched.
    """
    return len(position.view.receivables) >= POSTINGS_MIN and not any(
        item.document.event for item in position.items
    )


def _kept(books: OpenBooks, as_of: dt.date, head: bytes) -> Position | None:
    """Return the position that is kept, if it is for ``head``, as of ``as_of``."""
    if books.kept_in is None:
        return None
    found = books.kept_in[0].read(_KIND, [_KEY]).get(_KEY)
    if found is None or found[_CHECK_SIZE : _CHECK_SIZE + len(head)] != head:
        return None
    # Views, as it has dozens of megabytes.
    content = memoryview(found)[_CHECK_SIZE:]
    if found[:_CHECK_SIZE] != _check(content):
        return None
    damaged = (ValueError, EOFError, TypeError, KeyError, IndexError, InvalidOperation)
    with contextlib.suppress(*damaged), collection_paused():
        plain, records = marshal.loads(content[len(head) :])  # noqa: S302 - our own, private file
        return position_of(
            PositionColumns(plain, load(records)),
            books.facts,
            records_by_id(books.customers),
            books.receivables_source(),
            as_of,
            books.recorded,
        )
    return None


def _keep(books: OpenBooks, head: bytes, made: Position) -> None:
    if books.kept_in is None:
        return
    with collection_paused():
        columns = columns_of(made)
        content = head + marshal.dumps((columns.plain, dump(columns.records)))
    books.kept_in[0].write({(_KIND, _KEY): _check(content) + content})


def _check(content: bytes | memoryview) -> bytes:
    return crc32(content).to_bytes(_CHECK_SIZE)
