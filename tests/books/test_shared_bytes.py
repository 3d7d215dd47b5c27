"""Bytes that processes leave for each other."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgercli.books import shared_bytes
from ledgercli.books.shared_bytes import SharedBytes, Span

pytestmark = pytest.mark.skipif(not hasattr(os, "pwrite"), reason="processes are not forked here")


def in_a_copy(work: Callable[[], Span]) -> Span:
    """Do some work in a copy of this process; return the place that it tells."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.write(writing, " ".join(map(str, work())).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    assert os.waitpid(child, 0)[1] == 0
    first, last = map(int, os.read(reading, 100).split())
    os.close(reading)
    return first, last


def written_by(shared: SharedBytes, region: int, *contents: bytes) -> Span:
    """Write as one of the processes; return the place of the last."""
    shared.write_into(region)
    place = (0, 0)
    for content in contents:
        place = shared.write(content)
    return place


def test_all_read_what_each_has_written_even_after_its_end() -> None:
    shared = SharedBytes(3)
    first = in_a_copy(lambda: written_by(shared, 0, b"first", b"of one"))
    other = in_a_copy(lambda: written_by(shared, 2, b"of another"))
    assert bytes(shared.read(first)) == b"of one"
    assert bytes(shared.read((first[0] - 5, first[0]))) == b"first"
    assert in_a_copy(lambda: (len(shared.read(other)), shared.read(first)[0])) == (10, ord("o"))


def test_a_part_that_is_held_outlives_the_whole() -> None:
    shared = SharedBytes(1)
    part = shared.read(written_by(shared, 0, b"kept", b""))
    assert bytes(part) == b""
    part = shared.read(written_by(shared, 0, b"kept"))
    del shared
    assert bytes(part) == b"kept"


@pytest.mark.parametrize("behind", [0, 1, 5_000])
def test_what_lies_beyond_the_first_window_is_read(
    behind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_bytes, "_WINDOW_BYTES", 4096)
    shared = SharedBytes(2)
    shared.write_into(1)
    first = shared.write(b"a" * 4096)
    window = shared.read(first)
    second = shared.write(b"b" * behind + b"c")
    assert bytes(shared.read(second)) == b"b" * behind + b"c"
    assert bytes(window) == b"a" * 4096


def test_a_region_that_is_full_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_bytes, "_REGION_BYTES", 1 << 16)
    shared = SharedBytes(2)
    shared.write_into(0)
    whole = shared.write(bytes(1 << 16))
    with pytest.raises(OSError, match=r"^$"):
        shared.write(b"1")
    # Nothing of it is in the region of the other.
    assert shared.write(b"") == (whole[1], whole[1])
    shared.write_into(1)
    assert bytes(shared.read(shared.write(b"2"))) == b"2"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all these tests are of such a file")
def test_a_file_on_disk_does_where_memory_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shared = SharedBytes(2)
    place = in_a_copy(lambda: written_by(shared, 1, b"on disk"))
    assert bytes(shared.read(place)) == b"on disk"
    # Nobody else can read it, and nothing is left of it.
    assert [*tmp_path.iterdir()] == []


def test_what_cannot_be_seen_through_a_window_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "no addresses left")

    monkeypatch.setattr("mmap.mmap", refuse)
    shared = SharedBytes(2)
    place = written_by(shared, 1, b"before", b"copied")
    assert bytes(shared.read(place)) == b"copied"
    assert bytes(shared.read((place[0], place[0]))) == b""


def test_a_writer_more_than_were_counted_is_read_as_well() -> None:
    shared = SharedBytes(1)
    place = written_by(shared, 2, b"of one", b"more")
    assert bytes(shared.read(place)) == b"more"
