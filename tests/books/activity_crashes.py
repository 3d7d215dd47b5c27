"""Processes that die while they append to the log: by a signal in the midst of a write."""

from __future__ import annotations

import datetime as dt
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ledgercli.books.activity import append_events
from ledgercli.model.event import Event

NOTE = Event("", "2026-11-21T06:00:00Z", dt.date(2026, 11, 20), "me", "note", "C001")


def note(number: int, size: int = 40) -> Event:
    """Return the note of that number; ``size`` characters of text come with it."""
    return replace(NOTE, details={"number": str(number), "text": "字" * size})


def dies(task: Callable[[], object]) -> int:
    """Return the signal that a process of its own died of doing ``task``, 0 where it did not."""
    process = os.fork()
    if process == 0:
        try:
            task()
        finally:
            os._exit(0)
    _, status = os.waitpid(process, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def append_with_room_for(root: Path, events: list[Event], file_bytes_max: int) -> None:
    """Append; the kernel ends the process at the byte where a file would grow beyond."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes_max, file_bytes_max))
    append_events(root, events)


def append_for_ever(root: Path) -> None:
    """Append one note after the other, and say so on standard output after each."""
    number = 0
    while True:
        number += 1
        append_events(root, [note(number, size=2000)])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    append_for_ever(Path(sys.argv[1]))
