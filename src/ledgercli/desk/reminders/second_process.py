"""A second process that makes some of many letters, while this one makes and writes the others.

Rendering text keeps one processor busy, and Python's threads share one. The other process is a
copy of this one; it leaves what it made in a temporary file and ends. It is a help only: whatever
it does not deliver is made here.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import IO, Any, TypeVar

Task = TypeVar("Task")

#: Below this many tasks a second process costs more than it brings.
TASKS_MIN = 400
#: The share of the other process: this one has the writing to do, too.
_SHARE = 0.75
#: So many tasks are handed over at a time.
_CHUNK = 32
_LENGTH = struct.Struct("<Q")


def helped(
    tasks: Sequence[Task],
    prepare: Callable[[int, Task], Any],
    accept: Callable[[Task, Any], None],
) -> Iterator[Task]:
    """Yield ``tasks`` in order; the last ones after ``accept`` of what ``prepare`` made of them.

    ``prepare(place, task)`` runs in the other process; what it returns must be picklable.
    """
    first = len(tasks) - int(len(tasks) * _SHARE) if _possible(len(tasks)) else len(tasks)
    if first == len(tasks):
        yield from tasks
        return
    with tempfile.TemporaryFile() as made:
        told, tell = os.pipe()
        helper = os.fork()
        if helper == 0:
            _help(made, tell, tasks[first:], first, prepare)
        os.close(tell)
        with os.fdopen(told, "rb") as lengths:
            try:
                yield from tasks[:first]
                yield from _accepted(tasks[first:], made, lengths, accept)
            finally:
                # Whoever does not want the rest does not wait for it either.
                lengths.close()
                os.waitpid(helper, 0)


def _accepted(
    tasks: Sequence[Task], made: IO[bytes], lengths: IO[bytes], accept: Callable[[Task, Any], None]
) -> Iterator[Task]:
    """Yield ``tasks``, each after ``accept`` of what was made of it, as soon as that is there."""
    position = 0
    for start in range(0, len(tasks), _CHUNK):
        chunk = tasks[start : start + _CHUNK]
        said = lengths.read(_LENGTH.size)
        if len(said) == _LENGTH.size:
            (length,) = _LENGTH.unpack(said)
            content = os.pread(made.fileno(), length, position)
            position += length
            for task, result in zip(chunk, pickle.loads(content), strict=True):  # noqa: S301 - our own process wrote it
                accept(task, result)
        yield from chunk


def _possible(count: int) -> bool:
    """Return whether a copy of this process is safe and of use."""
    return (
        sys.platform == "linux"
        and count >= TASKS_MIN
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


def _help(
    made: IO[bytes],
    tell: int,
    tasks: Sequence[Task],
    first: int,
    prepare: Callable[[int, Task], Any],
) -> None:
    """Prepare the tasks, the place of which begin at ``first``, and end this process.

    Each chunk goes into the file ``made``, then its length to the pipe ``tell``.
    """
    code = 1
    try:
        # The lock of the books is the other process's: this one must not outlive it with it.
        kept = sorted((2, made.fileno(), tell, 1024))
        for before, after in pairwise(kept):
            os.closerange(before + 1, after)
        for start in range(0, len(tasks), _CHUNK):
            places = range(start, min(start + _CHUNK, len(tasks)))
            results = [prepare(first + place, tasks[place]) for place in places]
            content = pickle.dumps(results, pickle.HIGHEST_PROTOCOL)
            made.write(content)
            made.flush()
            os.write(tell, _LENGTH.pack(len(content)))
        code = 0
    finally:
        os._exit(code)
