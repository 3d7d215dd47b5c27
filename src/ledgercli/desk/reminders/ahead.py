"""Work done ahead in threads, for what works without Python's lock, such as making PDF."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")

#: So many items are begun before the first is needed: enough for the threads, little memory.
_DEPTH = 8
_THREADS = 2


def made_ahead(items: Iterable[Item], make: Callable[[int, Item], object]) -> Iterator[Item]:
    """Yield ``items`` in order, each once ``make`` is through with it; the next ones are begun.

    ``make`` gets the item's place, from 0. What it raises is raised when its item is due; then
    nothing more is begun.
    """
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[tuple[Item, Future[object]]] = deque()
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="ledgercli")
    try:
        for place, item in enumerate(items):
            waiting.append((item, pool.submit(make, place, item)))
            if len(waiting) > _DEPTH:
                yield _done(waiting)
        while waiting:
            yield _done(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _done(waiting: deque[tuple[Item, Future[object]]]) -> Item:
    item, future = waiting.popleft()
    future.result()
    return item
