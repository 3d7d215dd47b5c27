from __future__ import annotations

from pathlib import Path

import pytest

from ledgercli.books.discovery import Location, find_books
from ledgercli.books.errors import (
    BooksNotFoundError,
    FolderInsteadError,
    NotAFileError,
    NotAFolderError,
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "ledgercli.yaml").write_text("")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "my.beancount").write_text("")
    return tmp_path


def books(root: Path, ledger: Path | None = None) -> Location:
    return Location(root, root / "ledgercli.yaml", ledger, bare=False)


def test_the_order_in_which_books_are_found(place: Path) -> None:
    one, two, ledger = place / "one", place / "two", place / "bare" / "my.beancount"
    environment = {"LEDGERCLI_BOOKS": str(two), "BEANCOUNT_FILE": str(ledger)}
    bare = Location(ledger.parent, None, ledger, bare=True)
    relative = Path("bare/my.beancount")
    assert find_books(one, None, environment, place) == books(one)
    assert find_books(one, relative, environment, place) == books(one, ledger)
    assert find_books(None, relative, environment, place) == bare
    assert find_books(None, None, environment, one) == books(two)
    del environment["LEDGERCLI_BOOKS"]
    assert find_books(None, None, environment, one / "deep") == books(one)
    assert find_books(None, None, environment, place) == bare


def test_a_folder_without_settings_may_be_named(place: Path) -> None:
    expected = Location(place / "bare", None, None, bare=False)
    assert find_books(Path("bare"), None, {}, place) == expected


def test_what_is_not_there_is_told(place: Path) -> None:
    with pytest.raises(BooksNotFoundError) as caught:
        find_books(None, None, {}, place)
    assert caught.value.values == {"start": str(place)}
    assert "init" in caught.value.hint
    with pytest.raises(NotAFolderError):
        find_books(Path("bare/my.beancount"), None, {}, place)
    with pytest.raises(NotAFolderError):
        find_books(None, None, {"LEDGERCLI_BOOKS": "nowhere"}, place)
    for ledger in ("nowhere.beancount", "a\0b"):
        with pytest.raises(NotAFileError, match="there is no file"):
            find_books(None, Path(ledger), {}, place)
    with pytest.raises(FolderInsteadError, match="is a folder"):
        find_books(None, Path("bare"), {}, place)


def test_empty_variables_count_as_absent(place: Path) -> None:
    environment = {"LEDGERCLI_BOOKS": "", "BEANCOUNT_FILE": ""}
    with pytest.raises(BooksNotFoundError):
        find_books(None, None, environment, place)
