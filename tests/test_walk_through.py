"""One walk through every place that tells figures: all tell the same, on both example books.

The report as JSON is what the others are compared with: the table on a terminal, CSV, the page, the
workbook, Beancount's query language, and Fava; and what the customers' own pages and the open items
add up to. What the plugin tells in Beancount is compared with the check.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from beancount import loader
from test_fava import DAYS, Pages, rows_of, with_extension

from ledgercli.cli import main
from ledgercli.output import language

#: What the command line says, as bytes.
Told = Callable[..., bytes]
BOOKS = ("wholesale", "trading-cn")
#: Amounts by customer, currency and column; what is zero is left out.
Figures = dict[tuple[str, str, str], Decimal]
_NUMBER = re.compile(r"(?<![\w.,-])[-−]?[\d,]+\.\d+(?![\w.])|(?<=\s)–(?=\s|$)")


@pytest.fixture(scope="module", params=BOOKS)
def pages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pages]:
    root = tmp_path_factory.mktemp("walk") / "books"
    yield Pages(with_extension(request.param, root))
    language.install(language.ORIGINAL)


@pytest.fixture
def told(
    pages: Pages, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Told:
    """Return what the command line says of the books, as bytes."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> bytes:
        capsysbinary.readouterr()
        assert main(["--books", str(pages.top.parent), "--lang", "en", *arguments]) == 0
        return capsysbinary.readouterr().out

    return run


def plain(text: str) -> Decimal:
    """Return an amount as people read it."""
    return Decimal(0) if text == "–" else Decimal(text.replace(",", "").replace("−", "-"))


def of_rows(rows: list[dict[str, Any]], buckets: list[str]) -> Figures:
    """Return the figures of the rows of JSON or CSV, sums included."""
    found: Figures = {}
    for row in rows:
        cells = {
            **row.get("amounts", row),
            "unallocated": row["unallocated"],
            "total": row["total"],
        }
        for name in (*buckets, "unallocated", "total"):
            if Decimal(cells[name]):
                found[row["customer"], row["currency"], name] = Decimal(cells[name])
    return found


@pytest.mark.parametrize("day", DAYS)
def test_all_places_tell_the_same_figures(
    pages: Pages, told: Told, day: str, tmp_path: Path
) -> None:
    asked = ("aging", "--as-of", day)
    report = json.loads(told(*asked, "-f", "json"))
    assert report["tie_out"] is True
    buckets, rows = report["buckets"], report["rows"]
    expected = of_rows(rows, buckets)
    assert expected, "there is something to compare"

    comma = list(csv.DictReader(io.StringIO(told(*asked, "-f", "csv").decode())))
    assert of_rows(comma, buckets) == expected

    table = told(*asked).decode()
    assert by_sight(row_texts(table, rows)) == by_value(rows)
    page = told(*asked, "-f", "html").decode()
    lines = re.findall(r"<tr><th.*?</tr>", page.replace("</td><td", "</td> <td"))
    assert by_sight(lines) == by_value([*rows, *report["totals"]])
    told(*asked, "-o", str(tmp_path / "aging.xlsx"))
    assert workbook(tmp_path / "aging.xlsx", len(buckets)) == by_value(rows)

    query = json.loads(told("query", "SELECT * FROM aging", "--as-of", day, "-f", "json"))["rows"]
    sums: Figures = defaultdict(Decimal)
    for row in query:
        sums[row["customer"], row["currency"], "total"] += Decimal(row["amount"])
        sums[row["customer"], row["currency"], row["bucket"]] += Decimal(row["amount"])
    assert {key: amount for key, amount in sums.items() if amount} == expected

    cells = rows_of(pages.get("Receivables", time=day))
    language.install(language.ORIGINAL)
    assert by_sight([" ".join(line) for line in cells]) == by_value(rows)


def row_texts(table: str, rows: list[dict[str, Any]]) -> list[str]:
    """Return the lines of a table on a terminal that begin with a customer of ``rows``."""
    names = tuple(f"{row['customer']} " for row in rows)
    return [line for line in table.splitlines() if line.startswith(names)]


def by_sight(lines: list[str]) -> list[list[Decimal]]:
    """Return the amounts other than zero of each line, as people read them."""
    found = []
    for line in lines:
        text = re.sub(r"<[^>]+>", " ", line)
        amounts = [plain(number) for number in _NUMBER.findall(f" {text} ")]
        found.append([amount for amount in amounts if amount])
    return [amounts for amounts in found if amounts]


def by_value(rows: list[dict[str, Any]]) -> list[list[Decimal]]:
    """Return the amounts other than zero of each row of JSON, in the order of the columns."""
    return [
        [
            Decimal(amount)
            for amount in (*row["amounts"].values(), row["unallocated"], row["total"])
            if Decimal(amount)
        ]
        for row in rows
    ]


def workbook(path: Path, buckets: int) -> list[list[Decimal]]:
    """Return the amounts other than zero of each row of the first sheet."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))[1:]
    amounts = [
        [Decimal(str(cell)) for cell in line[3:] if isinstance(cell, int | float)] for line in lines
    ]
    # The last number is days overdue, before it stands the sum.
    assert all(len(line) >= buckets + 2 for line in amounts)
    return [[amount for amount in line[:-1] if amount] for line in amounts]


@pytest.mark.parametrize("day", DAYS)
def test_items_balances_and_statements_add_up_to_the_aging(told: Told, day: str) -> None:
    report = json.loads(told("aging", "--as-of", day, "-f", "json"))
    totals = {(row["customer"], row["currency"]): Decimal(row["total"]) for row in report["rows"]}
    balances = json.loads(told("balances", "--as-of", day, "-f", "json"))["rows"]
    assert {
        (row["customer"], row["currency"]): Decimal(row["balance"])
        for row in balances
        if Decimal(row["balance"])
    } == {key: amount for key, amount in totals.items() if amount}
    opened: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in json.loads(told("items", "--as-of", day, "-f", "json"))["rows"]:
        opened[row["customer"], row["currency"]] += Decimal(row["open"])
    for row in json.loads(told("payments", "--unallocated", "--as-of", day, "-f", "json"))["rows"]:
        opened[row["customer"], row["currency"]] -= Decimal(row["unallocated"])
    assert dict(opened) == totals
    limits = json.loads(told("limits", "--as-of", day, "--fail-on", "never", "-f", "json"))["rows"]
    own = {row["customer"] for row in report["rows"]}
    mixed = {key[0] for key in totals if (key[0], "EUR") != key and (key[0], "CNY") != key}
    for row in limits:
        # A limit in one currency is compared with all that is owed, converted.
        if row["customer"] in own - mixed and row["balance"] is not None:
            expected = totals[row["customer"], row["currency"]]
            assert Decimal(row["balance"]) == expected
    dashboard = json.loads(told("report", "dashboard", "--as-of", day, "-f", "json"))["rows"]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_, currency), amount in totals.items():
        sums[currency] += amount
    assert {row["currency"]: Decimal(row["total"]) for row in dashboard} == dict(sums)


def test_the_plugin_tells_what_the_check_tells(pages: Pages, told: Told, tmp_path: Path) -> None:
    """With a customer's record that is wrong, and a settlement that names nothing there is."""
    root = pages.top.parent
    (root / "customers" / "wrong.yaml").write_text("name: Wrong\ntier: [\n", encoding="utf-8")
    (root / "customers" / "odd.yaml").write_text("name: Odd\nnam: Odd\n", encoding="utf-8")
    top = pages.top.read_text(encoding="utf-8")
    try:
        pages.top.write_text(f'plugin "ledgercli.plugin"\n{top}', encoding="utf-8")
        _, errors, _ = loader.load_file(str(pages.top))
    finally:
        pages.top.write_text(top, encoding="utf-8")
    plugin = {
        (Path(error.source["filename"]).relative_to(root).as_posix(), error.source["lineno"])
        for error in errors
    }
    main(["--books", str(root), "check", "-f", "json", "-o", str(tmp_path / "check.json")])
    findings = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))["findings"]
    assert plugin == {
        (row["file"], row["line"]) for row in findings if row["severity"] in {"error", "warning"}
    }
    assert plugin
    (root / "customers" / "wrong.yaml").unlink()
    (root / "customers" / "odd.yaml").unlink()
