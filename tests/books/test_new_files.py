"""Many files get their names together: each place has the old content or the new."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ledgercli.books import new_files
from ledgercli.books.errors import FileUnwritableError
from ledgercli.books.new_files import NewFiles


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("at_once", [1, 50])
def test_places_change_all_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(new_files, "_AT_ONCE", at_once)
    old = tmp_path / "old.txt"
    old.write_text("old")
    with NewFiles() as files:
        files.add(old, b"new")
        files.add(tmp_path / "made" / "too" / "first.txt", b"1")
        files.add(tmp_path / "made" / "too" / "first.txt", b"2")
        assert len(files) == 2
        assert old.read_text() == "old"
        assert not (tmp_path / "made" / "too" / "first.txt").exists()
        files.put_in_place()
        assert len(files) == 0
    assert old.read_text() == "new"
    assert (tmp_path / "made" / "too" / "first.txt").read_bytes() == b"2"
    assert names(tmp_path) == ["first.txt", "old.txt"]


def test_what_is_not_put_in_place_is_gone(tmp_path: Path) -> None:
    with NewFiles() as files:
        files.add(tmp_path / "a", b"a")
        assert len(names(tmp_path)) == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place = tmp_path / "a"
    place.write_text("old")
    with NewFiles() as files, monkeypatch.context() as patched:
        if step != "write":
            files.add(place, b"new")
        patched.setattr(os, step, full)
        with pytest.raises(FileUnwritableError, match="No space left"):
            files.add(place, b"new") if step == "write" else files.put_in_place()
    assert place.read_text() == "old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with NewFiles() as files:
        files.add(tmp_path / "link", b"new")
        files.put_in_place()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("a file")
    with NewFiles() as files, pytest.raises(FileUnwritableError):
        files.add(tmp_path / "letters" / "a", b"")
    assert names(tmp_path) == ["letters"]
