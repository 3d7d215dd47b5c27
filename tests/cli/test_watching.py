"""Watching the books: the last good page stays while files are broken."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgercli.cli import main
from ledgercli.cli.watching import Page, Watching, watch
from ledgercli.model.errors import LedgercliError

EXAMPLES = Path(__file__).parents[2] / "examples"
Capture = pytest.CaptureFixture[str]


class GoneError(LedgercliError):
    """Books that are not there."""

    message = "gone"


def watched(*states: Page | LedgercliError) -> list[tuple[str, str]]:
    """Return what was shown while the books went through ``states``, one at each look."""
    shown: list[tuple[str, str]] = []
    place = 0

    def draw() -> Page:
        found = states[place]
        if isinstance(found, LedgercliError):
            raise found
        return found

    def wait() -> None:
        nonlocal place
        place += 1
        if place == len(states):
            raise KeyboardInterrupt

    def show(page: str, trouble: str) -> None:
        shown.append((page, trouble))

    looks = Watching(draw, lambda: (states[place],), str, show, wait)
    with pytest.raises(KeyboardInterrupt):
        watch(looks)
    return shown


def test_a_page_is_drawn_again_when_something_changed() -> None:
    one, two = Page("one"), Page("two")
    assert watched(one, one, two, two) == [("one", ""), ("two", "")]


def test_the_last_good_page_stays_while_the_books_are_broken() -> None:
    seen = watched(Page("one"), Page("half", "a fault"), GoneError(), Page("two"))
    assert seen == [("one", ""), ("one", "a fault"), ("one", "gone"), ("two", "")]


def test_books_that_had_faults_from_the_start_are_shown_with_them() -> None:
    seen = watched(Page("one", "old"), Page("two", "old"), Page("three"), Page("four", "new"))
    assert seen == [("one", "old"), ("two", "old"), ("three", ""), ("three", "new")]


def test_books_that_are_not_there_are_not_watched() -> None:
    with pytest.raises(GoneError):
        watched(GoneError())


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what sets the things to do while the program waits; then it is interrupted."""

    def do(*steps: Callable[[], object]) -> None:
        left = iter(steps)

        def wait(_seconds: float) -> None:
            step = next(left, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr(time, "sleep", wait)

    return do


def test_dashboard_follows_the_files(
    tmp_path: Path, waits: Callable[..., None], capsys: Capture
) -> None:
    books = tmp_path / "books"
    shutil.copytree(EXAMPLES / "wholesale", books)
    ledger = books / "main.beancount"
    text = ledger.read_text(encoding="utf-8")
    waits(
        lambda: ledger.write_text(text + "nonsense\n", encoding="utf-8"),
        lambda: ledger.write_text(text + "; mended\n", encoding="utf-8"),
        lambda: (books / "customers" / "new.yaml").write_text("name: New\n", encoding="utf-8"),
        lambda: None,
    )
    line = ["--books", str(books), "report", "dashboard", "--watch", "--as-of", "2026-11-21"]
    assert main(line) == 130
    captured = capsys.readouterr()
    pages = captured.out.split("Watching the books; Ctrl-C ends it.\n")
    assert captured.err == ""
    assert [page.count("Nordkai Handels GmbH: receivables") for page in pages] == [1] * 4 + [0]
    told = [next((line for line in page.splitlines() if "error" in line), "") for page in pages]
    assert told[0] == ""
    assert "Invalid token: 'nonsense'" in told[1]
    assert told[2:] == ["", "", ""]
    assert pages[0].strip() == pages[2].strip()


def test_a_file_is_written_again(
    tmp_path: Path, waits: Callable[..., None], capsys: Capture
) -> None:
    books = tmp_path / "books"
    shutil.copytree(EXAMPLES / "wholesale", books)
    page = tmp_path / "page.html"
    settings = books / "ledgercli.yaml"
    texts: list[str] = []

    def rename() -> None:
        texts.append(page.read_text(encoding="utf-8"))
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("Nordkai Handels GmbH", "Other GmbH"), encoding="utf-8")

    waits(rename)
    line = ["--books", str(books), "report", "dashboard", "--watch", "--as-of", "2026-11-21"]
    assert main([*line, "-o", str(page)]) == 130
    assert "Written to" in capsys.readouterr().out
    assert "<h1>Nordkai Handels GmbH: receivables" in texts[0]
    assert "<h1>Other GmbH: receivables" in page.read_text(encoding="utf-8")


def test_what_cannot_be_watched_is_refused(capsys: Capture) -> None:
    books = ["--books", str(EXAMPLES / "wholesale"), "report", "dashboard", "--watch"]
    assert main([*books, "-f", "json"]) == 2
    assert "give `--output FILE` for other formats than table" in capsys.readouterr().err
    assert main([*books, "--known-at", "HEAD"]) == 2
    assert "an earlier revision does not change" in capsys.readouterr().err
