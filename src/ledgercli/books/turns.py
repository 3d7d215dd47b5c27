"""Several processes take numbered things in turns, so that none waits for another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")

_NUMBER_BYTES = 2
#: With the numbers of so many processes that there are no more they fill one page of 4096 bytes:
#: that is all that the pipes of somebody take who has many already, and to wait until another reads
#: would be to wait for each other.
_TURNS_MAX = 1500
PROCESSES_MAX = 500
_NO_MORE = (1 << 8 * _NUMBER_BYTES) - 1


class Turns:
    """Numbers in a pipe, each of which one process takes."""

    def __init__(self) -> None:
        """Begin without numbers; raise OSError where there can be no more pipes."""
        self._reading, self._writing = os.pipe()

    def give(self, count: int, processes: int) -> None:
        """Let so many things be taken by so many processes, all of which then take their turns.

        These are at most :data:`PROCESSES_MAX`, and need not be there yet: nothing is waited for.
        Each of them has taken its turns of what was given before.
        """
        turns = -(-count // _step(count))
        numbers = [*range(turns), *[_NO_MORE] * processes]
        os.write(
            self._writing, b"".join(number.to_bytes(_NUMBER_BYTES, "little") for number in numbers)
        )

    def of(self, things: Sequence[Thing]) -> Iterator[tuple[int, Thing]]:
        """Yield with their numbers those of ``things`` that fall to this process."""
        step = _step(len(things))
        while (turn := self._next()) != _NO_MORE:
            yield from enumerate(things[turn * step : (turn + 1) * step], turn * step)

    def _next(self) -> int:
        # Not through a buffer: the other processes read here as well.
        return int.from_bytes(os.read(self._reading, _NUMBER_BYTES), "little")

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._reading)
        os.close(self._writing)


def _step(count: int) -> int:
    """Return how many of so many things are taken at a turn."""
    return count // _TURNS_MAX + 1
