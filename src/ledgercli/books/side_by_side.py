"""Two halves of a task on two processors, where the system makes that easy."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Part = TypeVar("Part")


def can_fork() -> bool:
    """Return whether a copy of this process can take a half: Linux, no threads, two processors."""
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


def both(
    work: Callable[[Part], Any],
    first: Part,
    second: Part,
    dump: Callable[[Any], bytes],
    load: Callable[[bytes], Any],
) -> tuple[Any, Any]:
    """Return ``work(first)`` and ``work(second)``, the second from a copy of this process.

    Where the copy fails for any reason, its half is done here. ``work`` must only read.
    """
    try:
        reading, writing = os.pipe()
        child = os.fork()
    except OSError:
        return work(first), work(second)
    if child == 0:
        _be_the_copy(lambda: dump(work(second)), reading, writing)
    os.close(writing)
    content = b""
    try:
        done = work(first)
        with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor has no Path
            content = pipe.read()
    finally:
        with suppress(ProcessLookupError):
            if not content:
                os.kill(child, 9)
        _pid, status = os.waitpid(child, 0)
    if status == 0:
        with suppress(ValueError):
            return done, load(content)
    return done, work(second)


def _be_the_copy(work: Callable[[], bytes], reading: int, writing: int) -> None:
    """Write what ``work`` returns to the pipe and end, without any of the usual last steps."""
    code = 1
    try:
        os.close(reading)
        content = work()
        with open(writing, "wb") as pipe:
            pipe.write(content)
        code = 0
    except BaseException:  # noqa: BLE001, S110 - the parent does it again, and says what is wrong
        pass
    finally:
        os._exit(code)
