"""The cache is brought up to date by a program of its own, while Fava shows its first page.

Fava's threads share one processor, and what reads a hundred thousand transactions there keeps all
pages waiting. So the command line does it beside Fava: it reads on all processors and leaves what
it read in the cache, from which a page opens at once. It is a help only: whatever it does not
leave, the page reads for itself.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Sequence

#: In a ledger of fewer transactions a page reads faster than another program starts.
_TRANSACTIONS_MIN = 20_000
#: How long a page waits for the other program before it reads for itself.
_WAIT_SECONDS = 10


class Preparation:
    """The other program, if it runs."""

    def __init__(self) -> None:
        """Begin with none."""
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, options: Sequence[str], transactions: int) -> None:
        """Have the books that ``options`` name read, where so many ``transactions`` are worth it.

        Nothing comes of it where Python cannot be started, as within an application of its own.
        """
        self._end()
        if transactions < _TRANSACTIONS_MIN or getattr(sys, "frozen", False):
            return
        # Without the working directory on its path, where anything may lie.
        command = [sys.executable, "-P", "-m", "ledgercli", *options, "aging"]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def wait(self) -> None:
        """Wait until it is done, for a while."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_WAIT_SECONDS)
                self._process = None

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._process = None
