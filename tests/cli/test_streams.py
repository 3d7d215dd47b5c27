"""Standard output that takes less at once than it is given, as it may without a buffer."""

from __future__ import annotations

import io
import sys

import pytest

from ledgercli.cli.streams import StandardOutputError, write_stdout, write_stdout_bytes


class _Narrow(io.RawIOBase):
    """Takes seven bytes at once, and so many in all; then it would have to be waited for."""

    def __init__(self, room: int) -> None:
        self.taken = b""
        self.room = room

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int | None:
        assert isinstance(content, bytes | memoryview)
        some = bytes(content[: min(7, self.room - len(self.taken))])
        self.taken += some
        return len(some) or None


def test_all_is_written_however_little_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = _Narrow(room=1000)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(narrow, "utf-8", write_through=True))  # type: ignore[type-var]
    write_stdout("客户 and money\n")
    write_stdout_bytes(b"\x00" * 50)
    assert narrow.taken == "客户 and money\n".encode() + b"\x00" * 50


def test_what_is_not_written_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = _Narrow(room=10)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(narrow, "utf-8", write_through=True))  # type: ignore[type-var]
    with pytest.raises(StandardOutputError):
        write_stdout("twelve bytes")
    # From then on it leads into nothing.
    sys.stdout.close()
    assert narrow.taken == b"twelve byt"
