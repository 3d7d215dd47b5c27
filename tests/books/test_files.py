from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledgercli.books.errors import BooksLockedError, FileUnwritableError, OutsideBooksError
from ledgercli.books.files import books_lock, inside, write_atomic


def test_writing_replaces_the_whole_and_keeps_permissions(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("a long old content")
    file.chmod(0o640)
    write_atomic(file, "neu: Zoë\n")
    assert file.read_bytes() == "neu: Zoë\n".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["report.csv"]  # noqa: PTH208 - names are enough


def test_new_files_get_the_mode_or_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "usual", b"")
        write_atomic(tmp_path / "private", b"", mode=0o600)
    finally:
        os.umask(before)
    assert (tmp_path / "usual").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    file = tmp_path / "report.csv"
    file.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(FileUnwritableError, match="No space left on device"):
        write_atomic(file, "new")
    monkeypatch.undo()
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]


def test_folders_and_missing_folders_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritableError):
        write_atomic(tmp_path, "x")
    with pytest.raises(FileUnwritableError):
        write_atomic(tmp_path / "missing" / "file", "x")
    assert list(tmp_path.iterdir()) == []


def test_links_are_followed_and_devices_written_to(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    write_atomic(Path("/dev/null"), "gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "out/x", "loop/x", "a\0b"])
def test_paths_that_lead_out(tmp_path: Path, path: str) -> None:
    root = tmp_path / "books"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "loop").symlink_to(root / "loop")
    with pytest.raises(OutsideBooksError):
        inside(root, path)


def test_paths_that_stay(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "sent").symlink_to("letters")
    assert inside(tmp_path, "sent/a..b.txt") == tmp_path / "sent" / "a..b.txt"


HOLD = """
import sys
from pathlib import Path
from ledgercli.books.files import books_lock
with books_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_holds_the_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BooksLockedError) as caught, books_lock(tmp_path):
            pass
        assert caught.value.exit_code == 2
        assert caught.value.values["process"] == str(holder.pid)
        assert caught.value.values["host"] != "?"
        holder.communicate("")
    with books_lock(tmp_path):
        pass


def test_the_holder_may_lock_again_and_lets_go_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), books_lock(tmp_path), books_lock(tmp_path):
        raise KeyError
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=True)
    assert done.stdout == "held\n"


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileUnwritableError), books_lock(tmp_path / "file"):
        pass
