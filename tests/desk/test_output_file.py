"""The file of `--output` is written as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledgercli.desk.output_file import OverRecordsError, UnwritableOutputError, write_output


def test_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    path = tmp_path / "报表.csv"
    write_output(path, "a,b\n客户,1\n")
    assert path.read_bytes() == "a,b\n客户,1\n".encode()
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    assert [entry.name for entry in tmp_path.iterdir()] == ["报表.csv"]


def test_replaced_file_keeps_permissions_and_links(tmp_path: Path) -> None:
    path = tmp_path / "real.csv"
    path.write_text("old")
    path.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    write_output(link, "new\n")
    assert link.is_symlink()
    assert path.read_text() == "new\n"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["", "no/such/folder/x.csv", "x" * 300, "nul\x00"])
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnwritableOutputError) as caught:
        write_output(tmp_path / name, "text")
    assert str(caught.value).startswith("cannot write `")
    assert list(tmp_path.iterdir()) == []


def test_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UnwritableOutputError, match="No space left on device"):
        write_output(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.csv"]


def test_devices_are_written_to_directly(capfd: pytest.CaptureFixture[str]) -> None:
    write_output(Path("/dev/stdout"), "to a device\n")
    assert capfd.readouterr().out == "to a device\n"


@pytest.mark.parametrize(
    "name", ["main.beancount", "ledgercli.yaml", "C1.YML", "x.txt.j2", "activity/2026-11.jsonl"]
)
def test_files_of_books_are_not_written_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(OverRecordsError, match="is not written over"):
        write_output(path, "figures")
    assert path.read_text() == "mine"
    path.unlink()
    write_output(path, "figures")
    assert path.read_text() == "figures"


def test_a_circle_of_links_is_no_place_to_write_to(tmp_path: Path) -> None:
    circle = tmp_path / "circle.csv"
    circle.symlink_to(circle)
    with pytest.raises(UnwritableOutputError, match="symbolic links"):
        write_output(circle, "new\n")
    assert circle.is_symlink()
