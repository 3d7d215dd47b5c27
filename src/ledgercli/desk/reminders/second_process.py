"""A second process that makes some of many letters, while this one makes and writes the others.

Rendering text keeps one processor busy, and Python's threads share one. The other process is a
copy of this one; it leaves what it made in a temporary file and ends. Both take the next few tasks
from one pipe, so whoever is through with the last ones takes more. It is a help only: whatever the
other process does not deliver is made here.
"""

from __future__ import annotations

import os
import pickle
import select
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import IO, Any, Generic, TypeVar

Task = TypeVar("Task")

#: Below this many tasks a second process costs more than it brings.
TASKS_MIN = 400
#: So many tasks are taken at a time, more where there are very many.
_CHUNK = 32
#: So many numbers of chunks fit into a pipe at once, whatever the system.
_CHUNKS_MAX = 1_000
#: So many chunks are made here before one that is waited for.
_AHEAD_MAX = 64
_NUMBER = struct.Struct("<I")
_DELIVERY = struct.Struct("<IQ")


def helped(
    tasks: Sequence[Task],
    make: Callable[[int, Task], object],
    prepare: Callable[[int, Task], Any],
    accept: Callable[[Task, Any], None],
) -> Iterator[Task]:
    """Yield ``tasks`` in order, each made here, or after ``accept`` of what was made elsewhere.

    ``make(place, task)`` runs here, ``prepare(place, task)`` in the other process; what it returns
    must be picklable. Where there is no other process, or it fails, a task may come unmade.
    """
    if not _possible(len(tasks)):
        yield from tasks
        return
    size = max(_CHUNK, -(-len(tasks) // _CHUNKS_MAX))
    chunks = [range(start, start + size) for start in range(0, len(tasks), size)]
    chunks[-1] = range(chunks[-1].start, len(tasks))
    begun = _begun(len(chunks), lambda chunk: [prepare(n, tasks[n]) for n in chunks[chunk]])
    if not begun:
        yield from tasks
        return
    helper, made, taken, told = begun
    try:
        work = _Shared(tasks, chunks, taken, told, made)
        for number in range(len(chunks)):
            yield from work.chunk(number, make, accept)
    finally:
        # Whoever does not want the rest does not wait for it either.
        os.close(taken)
        os.close(told)
        made.close()
        os.waitpid(helper, 0)


def _begun(
    count: int, prepare: Callable[[int], list[Any]]
) -> tuple[int, IO[bytes], int, int] | None:
    """Return another process that takes from ``count`` chunks, and its file.

    Then what both take the numbers of chunks from, and what it tells by. None where the system has
    no room for it.
    """
    with ExitStack() as given_up:
        try:
            made = given_up.enter_context(tempfile.TemporaryFile())
            taken, give = os.pipe()
            given_up.callback(os.close, taken)
            os.write(give, b"".join(map(_NUMBER.pack, range(count))))
            os.close(give)
            told, tell = os.pipe()
            given_up.callback(os.close, told)
            given_up.callback(os.close, tell)
            helper = os.fork()
        except OSError:
            return None
        if helper == 0:
            _help(made, taken, tell, prepare)
        given_up.pop_all()
    os.close(tell)
    return helper, made, taken, told


class _Shared(Generic[Task]):
    """Tasks in chunks, of which this process makes some, and another one the others."""

    def __init__(
        self,
        tasks: Sequence[Task],
        chunks: Sequence[range],
        taken: int,
        told: int,
        made: IO[bytes],
    ) -> None:
        """Take the numbers of chunks from ``taken``, and hear from ``told`` what is in ``made``."""
        self.tasks, self.chunks, self.taken, self.told, self.made = tasks, chunks, taken, told, made
        self.ahead: set[int] = set()
        #: Where in the file a chunk is, and how long.
        self.delivered: dict[int, tuple[int, int]] = {}
        self.position = 0
        self.ended = False
        self._news = select.poll()
        self._news.register(told, select.POLLIN)

    def chunk(
        self, number: int, make: Callable[[int, Task], object], accept: Callable[[Task, Any], None]
    ) -> Iterator[Task]:
        """Yield the tasks of a chunk once they are made; until then others are made here."""
        while number not in self.ahead:
            self._hear(wait=False)
            if number in self.delivered or self.ended:
                break
            mine = self._take()
            if mine is None:
                self._hear(wait=True)
                continue
            for place in self.chunks[mine]:
                make(place, self.tasks[place])
            self.ahead.add(mine)
        self.ahead.discard(number)
        here = [self.tasks[place] for place in self.chunks[number]]
        if number in self.delivered:
            position, length = self.delivered.pop(number)
            content = os.pread(self.made.fileno(), length, position)
            for task, result in zip(here, pickle.loads(content), strict=True):  # noqa: S301 - our own process wrote it
                accept(task, result)
        yield from here

    def _take(self) -> int | None:
        """Return the number of a chunk that is nobody's yet, None where there is none to make."""
        if len(self.ahead) >= _AHEAD_MAX:
            return None
        said = os.read(self.taken, _NUMBER.size)
        return int(_NUMBER.unpack(said)[0]) if said else None

    def _hear(self, *, wait: bool) -> None:
        """Note what the other process says, as far as it has said anything, or once it does."""
        while not self.ended and self._news.poll(None if wait else 0):
            said = os.read(self.told, _DELIVERY.size)
            if len(said) < _DELIVERY.size:
                self.ended = True
                return
            number, length = _DELIVERY.unpack(said)
            self.delivered[number] = self.position, length
            self.position += length
            wait = False


def _possible(count: int) -> bool:
    """Return whether a copy of this process is safe and of use."""
    return (
        sys.platform == "linux"
        and count >= TASKS_MIN
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


def _help(made: IO[bytes], taken: int, tell: int, prepare: Callable[[int], list[Any]]) -> None:
    """Prepare chunks as long as there are any to take, and end this process.

    Each goes into the file ``made``, then its number and length to the pipe ``tell``.
    """
    code = 1
    try:
        # The lock of the books is the other process's: this one must not outlive it with it.
        kept = sorted((2, made.fileno(), taken, tell, 1024))
        for before, after in pairwise(kept):
            os.closerange(before + 1, after)
        while said := os.read(taken, _NUMBER.size):
            number = int(_NUMBER.unpack(said)[0])
            content = pickle.dumps(prepare(number), pickle.HIGHEST_PROTOCOL)
            made.write(content)
            made.flush()
            os.write(tell, _DELIVERY.pack(number, len(content)))
        code = 0
    finally:
        os._exit(code)
