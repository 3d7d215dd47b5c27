"""The pages in Fava, asked of its own application in this process."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fava.application import create_app

from ledgercli.cli import main
from ledgercli.output import language

EXAMPLES = Path(__file__).parents[1] / "examples"
EXTENSION = '\n2026-01-01 custom "fava-extension" "ledgercli.fava"\n'
DAYS = ("2026-03-31", "2026-06-30", "2026-09-30", "2026-10-31", "2026-11-21")
PAGES = ("Receivables", "Customer", "Reminders", "Agenda", "Limits")


class Pages:
    """Fava over one ledger: what its pages say."""

    def __init__(self, top: Path, **options: Any) -> None:  # noqa: ANN401 - options of Fava
        self.top = top
        self.app = create_app([str(top)], load=True, poll_watcher=True, **options)
        self.slug = next(iter(self.app.config["LEDGERS"].ledgers_by_slug))
        self.client = self.app.test_client()

    def get(self, page: str, **arguments: str) -> str:
        """Return the content of a page, without the styles."""
        query = {**arguments, "partial": "true"}
        found = self.client.get(f"/{self.slug}/extension/{page}/", query_string=query)
        assert found.status_code == 200, found.text
        return re.sub(r"<style>.*?</style>", "", found.text, flags=re.DOTALL)


def with_extension(name: str, root: Path, more: str = "") -> Path:
    """Return the top file of a copy of an example, with the extension in it."""
    shutil.copytree(EXAMPLES / name, root)
    top = root / "main.beancount"
    top.write_text(top.read_text(encoding="utf-8") + EXTENSION + more, encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def wholesale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    yield Pages(with_extension("wholesale", tmp_path_factory.mktemp("fava") / "books"))
    language.install("en")


@pytest.fixture(scope="module")
def trading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    yield Pages(with_extension("trading-cn", tmp_path_factory.mktemp("fava") / "books"))
    language.install("en")


def rows_of(page: str, table: str = "rows") -> list[list[str]]:
    """Return the cells of a table of a page, as people read them."""
    found = re.search(rf'<table class="{table}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert found, page
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)
    ]


def told(capsys: pytest.CaptureFixture[str], pages: Pages, *arguments: str) -> Any:  # noqa: ANN401
    """Return what the command line says of the same books, as JSON."""
    capsys.readouterr()
    main(["--books", str(pages.top.parent), *arguments, "-f", "json"])
    return json.loads(capsys.readouterr().out)


def shown(amount: str) -> str:
    """Return an amount of JSON as a page has it in English."""
    return f"{float(amount):,.2f}" if float(amount) else "–"


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("books", ["wholesale", "trading"])
def test_the_figures_are_those_of_the_command_line(
    books: str, day: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    pages: Pages = request.getfixturevalue(books)
    rows = told(capsys, pages, "aging", "--as-of", day)["rows"]
    cells = rows_of(pages.get("Receivables", time=day))
    assert [row[0] for row in cells] == [row["customer"] for row in rows]
    for row, line in zip(rows, cells, strict=True):
        assert [shown(amount) for amount in row["amounts"].values()] == line[3:8]
        assert shown(row["total"]) == line[-1]


def test_every_page_opens(wholesale: Pages, trading: Pages) -> None:
    for pages in (wholesale, trading):
        for page in PAGES:
            content = pages.get(page, time="2026-11-21")
            assert 'role="alert"' not in content
            assert "2026-11-21" in content
