"""Bytes that processes of this program leave for each other: only their places are told.

They lie in one file without a name, in memory where the system has such files. Each process writes
into a region of its own, so that none waits for another, and all may read what they were told of.
Pages that nobody wrote to take no room.
"""

from __future__ import annotations

import mmap
import os
import weakref

#: Where bytes begin, and where they end.
Span = tuple[int, int]
#: So much of a process's making is more than it could hold.
_REGION_BYTES = 1 << 32
#: What is read of a region is seen through a window of this size, or twice as large, and so on.
_WINDOW_BYTES = 1 << 22


class SharedBytes:
    """What some processes write; each of the writers calls :meth:`write_into` once, first."""

    def __init__(self, writers: int) -> None:
        """Make room for so many writers; raise OSError where there is none."""
        self._file = _nameless_file()
        # Not before it is let go of: whoever has a part of it still reads through a window.
        weakref.finalize(self, os.close, self._file).atexit = False
        os.ftruncate(self._file, writers * _REGION_BYTES)
        self._windows: dict[int, memoryview] = {}
        self._end = self._limit = 0

    def write_into(self, region: int) -> None:
        """Let this process write into a region of its own, from 0 to the number of writers."""
        self._end = region * _REGION_BYTES
        self._limit = self._end + _REGION_BYTES

    def write(self, content: bytes) -> Span:
        """Return the place of ``content``; raise OSError where there is no room for it."""
        begin, end = self._end, self._end + len(content)
        if end > self._limit or os.pwrite(self._file, content, begin) < len(content):
            raise OSError
        self._end = end
        return begin, end

    def read(self, span: Span) -> memoryview:
        """Return what was written in a place; raise OSError where it cannot be reached."""
        region, begin = divmod(span[0], _REGION_BYTES)
        end = begin + span[1] - span[0]
        window = self._windows.get(region)
        if window is None or len(window) < end:
            size = _WINDOW_BYTES
            while size < end:
                size *= 2
            try:
                window = self._window(region, min(size, _REGION_BYTES))
            except (OSError, ValueError):
                # Addresses are rationed, or there are more writers than were counted, whose bytes
                # end before a window does: what is asked for is copied.
                return memoryview(os.pread(self._file, end - begin, span[0]))
            self._windows[region] = window
        return window[begin:end]

    def _window(self, region: int, size: int) -> memoryview:
        start = region * _REGION_BYTES
        return memoryview(mmap.mmap(self._file, size, prot=mmap.PROT_READ, offset=start))


def _nameless_file() -> int:
    """Return the descriptor of a file that is gone with the last process that has it."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("ledgercli")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
