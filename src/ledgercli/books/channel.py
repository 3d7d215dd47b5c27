"""Two processes of this program talk: plain values, one at a time, through a pair of pipes."""

from __future__ import annotations

import contextlib
import marshal
import os
from collections.abc import Iterable, Iterator
from typing import Any

_LENGTH_BYTES = 8
_BUFFER_BYTES = 1 << 16
#: What a pipe takes at once, where the system lets us have it.
_PIPE_BYTES = 1 << 20


class Channel:
    """One end of a conversation. Whatever is said is of this program's own making."""

    def __init__(self, reading: int, writing: int) -> None:
        """Take the descriptors of the two pipes."""
        # Without a buffer: what was said and not heard yet can be seen from outside.
        self._reading = os.fdopen(reading, "rb", 0)
        self._writing = os.fdopen(writing, "wb", _BUFFER_BYTES)

    def send(self, value: Any) -> None:  # noqa: ANN401 - what marshal knows
        """Say a value that ``marshal`` knows; raise OSError where nobody listens any more."""
        self._say(value)
        self._writing.flush()

    def receive(self) -> Any:  # noqa: ANN401 - what the other side said
        """Wait for the next value; raise EOFError where the other side has ended."""
        length = int.from_bytes(self._read(_LENGTH_BYTES), "little")
        return marshal.loads(self._read(length))  # noqa: S302 - see the class

    def send_all(self, values: Iterable[Any]) -> None:
        """Say many values, none of which is None; each is made when its turn comes."""
        for value in values:
            self._say(value)
        self.send(None)

    def receive_all(self) -> Iterator[Any]:
        """Wait for each of many values."""
        while (value := self.receive()) is not None:
            yield value

    def _say(self, value: Any) -> None:  # noqa: ANN401 - what marshal knows
        content = marshal.dumps(value)
        self._writing.write(len(content).to_bytes(_LENGTH_BYTES, "little"))
        self._writing.write(content)

    def _read(self, count: int) -> bytearray:
        content = bytearray(count)
        # A pipe gives as much as it holds.
        with memoryview(content) as rest:
            while count:
                found = self._reading.readinto(rest[-count:])
                if not found:
                    raise EOFError
                count -= found
        return content

    def fileno(self) -> int:
        """Return the descriptor that can be read when something was said."""
        return self._reading.fileno()

    def close(self) -> None:
        """Hang up."""
        # What is still to be written has nobody to read it.
        with contextlib.suppress(OSError):
            self._writing.close()
        self._reading.close()


def channel_pair() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return two pairs of descriptors, each for a :class:`Channel` to the other.

    Raise OSError where the system has none left.
    """
    ours, theirs_out = os.pipe()
    try:
        theirs, ours_out = os.pipe()
    except OSError:
        os.close(ours)
        os.close(theirs_out)
        raise
    # Who says much need not wait for who has something else to do. Not all systems can.
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(theirs_out, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return (ours, ours_out), (theirs, theirs_out)
