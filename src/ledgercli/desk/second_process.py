"""A second process that makes some of many letters, while this one makes and writes the others.

Rendering text keeps one processor busy, and Python's threads share one. The other process is a
copy of this one; it leaves what it made in a temporary file and ends. It is a help only: whatever
it does not deliver is made here.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, TypeVar

Task = TypeVar("Task")

#: Below this many tasks a second process costs more than it brings.
TASKS_MIN = 400
#: The share of the other process: this one has the writing to do, too.
_SHARE = 0.65


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
        helper = os.fork()
        if helper == 0:
            _help(made, tasks, first, prepare)
        try:
            yield from tasks[:first]
        finally:
            _, status = os.waitpid(helper, 0)
        made.seek(0)
        is_whole = os.waitstatus_to_exitcode(status) == 0
        for task in tasks[first:]:
            if is_whole:
                accept(task, pickle.load(made))  # noqa: S301 - our own process wrote it
            yield task


def _possible(count: int) -> bool:
    """Return whether a copy of this process is safe and of use."""
    return (
        sys.platform == "linux"
        and count >= TASKS_MIN
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


def _help(
    made: IO[bytes], tasks: Sequence[Task], first: int, prepare: Callable[[int, Task], Any]
) -> None:
    """Prepare the tasks from ``first`` on, and end this process."""
    code = 1
    try:
        # The lock of the books is the other process's: this one must not outlive it with it.
        os.closerange(3, made.fileno())
        os.closerange(made.fileno() + 1, 1024)
        for place in range(first, len(tasks)):
            pickle.dump(prepare(place, tasks[place]), made, pickle.HIGHEST_PROTOCOL)
        made.flush()
        code = 0
    finally:
        os._exit(code)
