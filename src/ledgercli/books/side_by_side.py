"""A copy of this process does some work beside it, where the system makes that easy."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from ledgercli.books.channel import Channel, channel_pair

Part = TypeVar("Part")
#: From some three thousand records on, a second process is worth its start.
MANY_BYTES = 1 << 19


def can_fork() -> bool:
    """Return whether a copy of this process can take work: Linux, no threads, two processors."""
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


class Copy:
    """A copy of this process at work."""

    def __init__(self, process: int, channel: Channel) -> None:
        """Take the process, and the channel on which it says what its work gave."""
        self._process = process
        self._channel = channel

    def result(self) -> Any:  # noqa: ANN401 - what `marshal` knows
        """Wait for what the work gives, once; raise EOFError where it failed or was ended.

        The copy has ended afterwards, whatever happens.
        """
        answered = False
        try:
            found = self._channel.receive()
            answered = True
        except (OSError, ValueError, TypeError) as error:
            raise EOFError from error
        else:
            return found
        finally:
            self._end(kill=not answered)

    def stop(self) -> None:
        """End the copy, whatever it is doing."""
        self._end(kill=True)

    def _end(self, *, kill: bool) -> None:
        if kill:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
        self._channel.close()
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def begin(work: Callable[[], Any]) -> Copy | None:
    """Let a copy of this process do ``work``, which gives something that ``marshal`` knows.

    None where there can be no more processes. The work must not use what is open to both.
    """
    try:
        ours, theirs = channel_pair()
    except OSError:
        return None
    try:
        child = os.fork()
    except OSError:
        for end in (*ours, *theirs):
            os.close(end)
        return None
    if child == 0:
        for end in ours:
            os.close(end)
        _be_the_copy(work, theirs)
    for end in theirs:
        os.close(end)
    return Copy(child, Channel(*ours))


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
    copy = begin(lambda: dump(work(second)))
    if copy is None:
        return work(first), work(second)
    try:
        done = work(first)
    except BaseException:
        copy.stop()
        raise
    with suppress(EOFError, ValueError):
        return done, load(copy.result())
    return done, work(second)


def _be_the_copy(work: Callable[[], Any], ends: tuple[int, int]) -> None:
    """Say what ``work`` gives and end, without any of the usual last steps."""
    code = 1
    try:
        Channel(*ends).send(work())
        code = 0
    except BaseException:  # noqa: BLE001, S110 - the parent does it again, and says what is wrong
        pass
    finally:
        os._exit(code)
