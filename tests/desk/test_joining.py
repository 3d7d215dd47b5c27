"""What is joined anew after an edit is what all books read anew are joined to."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ledgercli.books.proof import many
from ledgercli.books.store import database, inputs
from ledgercli.desk import buckets, share
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request

NOW = dt.datetime(2026, 2, 14, 12, tzinfo=dt.UTC)
DAYS = [dt.date(2026, 1, 3), NOW.date(), dt.date(2026, 12, 31)]
MAIN = """\
option "operating_currency" "EUR"
2026-01-01 open Assets:Receivable:C1
2026-01-01 open Assets:Receivable:C2
2026-01-01 open Assets:Receivable:Shared
2026-01-01 open Liabilities:CustomerDeposits:C1
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
include "part*.beancount"
"""
#: Transactions by what they are; `{d}` is a day, `{n}` a number, `{c}` a customer, `{a}` an amount.
ENTRIES = [
    '2026-{d} * "Work" ^INV-{n}\n  Assets:Receivable:{c}  {a} EUR\n  Income:Sales\n',
    (
        '2026-{d} * "Work" ^INV-{n}\n  due: 2026-02-10\n  Assets:Receivable:{c}  {a} EUR\n'
        "  Income:Sales\n"
    ),
    '2026-{d} * "Paid" ^INV-{n}\n  Assets:Bank  {a} EUR\n  Assets:Receivable:{c}\n',
    '2026-{d} * "Paid" ^INV-{n} ^PAY-{n}\n  Assets:Bank  {a} EUR\n  Assets:Receivable:{c}\n',
    '2026-{d} * "Paid"\n  Assets:Bank  {a} EUR\n  Assets:Receivable:{c}\n',
    '2026-{d} * "Dollars" ^INV-{n}\n  Assets:Receivable:{c}  {a} USD\n  Income:Sales\n',
    '2026-{d} * "Paid back" #refund ^INV-{n}\n  Assets:Receivable:{c}  {a} EUR\n  Assets:Bank\n',
    (
        '2026-{d} * "Moved"\n  Assets:Receivable:{c}  {a} EUR\n    invoice: "INV-{n}"\n'
        '  Assets:Receivable:{c}  -{a} EUR\n    invoice: "INV-1"\n'
    ),
    (
        '2026-{d} * "To another"\n  Assets:Receivable:C1  -{a} EUR\n    invoice: "INV-{n}"\n'
        "  Assets:Receivable:C2  {a} EUR\n"
    ),
    '2026-{d} * "Two at once" ^INV-1 ^INV-{n}\n  Assets:Bank  {a} EUR\n  Assets:Receivable:{c}\n',
    (
        '2026-{d} * "Two customers" ^INV-{n}\n  Assets:Receivable:C1  {a} EUR\n'
        "  Assets:Receivable:C2  {a} EUR\n  Income:Sales\n"
    ),
    '2026-{d} * "In advance"\n  Assets:Bank  {a} EUR\n  Liabilities:CustomerDeposits:C1\n',
    '2026-{d} * "Two" "By payee" ^INV-{n}\n  Assets:Receivable:Shared  {a} EUR\n  Income:Sales\n',
    (
        '2026-{d} * "Told" ^INV-{n}\n  customer: "C2"\n  Assets:Receivable:Shared  {a} EUR\n'
        "  Income:Sales\n"
    ),
    "2026-{d} balance Assets:Receivable:Shared  0 JPY\n",
    (
        '2026-{d} * "When delivered" ^INV-{n}\n  terms: "net 1 after delivery"\n'
        "  delivered: 2026-02-14\n  Assets:Receivable:{c}  {a} EUR\n  Income:Sales\n"
    ),
    "; nothing\n",
]
SHARED = '2026-01-04 * "Work" ^INV-1\n  Assets:Receivable:Shared  7 EUR\n  Income:Sales\n'
#: What tells of a customer comes in the files that are read by several processes.
OPENED_LATE = "; much is told\n" * 200 + "\n\n".join(
    f'2026-01-01 open Assets:Receivable:Late{customer}\n  customer: "{customer}"'
    for customer in ("C1", "C2")
)
ON_IT = "\n\n".join(
    f'2026-01-05 * "Work" ^INV-5\n  Assets:Receivable:Late{customer}  7 EUR\n  Income:Sales\n'
    for customer in ("C1", "C2")
)
PAD = (
    "2026-01-02 pad Assets:Receivable:C1 Income:Sales\n\n"
    "2026-03-31 balance Assets:Receivable:C1  25 EUR\n"
)
entries = st.builds(
    lambda text, day, number, customer, amount: text.format(d=day, n=number, c=customer, a=amount),
    st.sampled_from(ENTRIES),
    st.sampled_from(["01-02", "01-03", "01-04", "01-20", "02-14", "02-15", "03-01"]),
    st.integers(1, 4),
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(["10", "10", "10.00", "4", "6"]),
)
Edit = tuple[str, str, list[str]]
#: What an edit does to the lines of a file: the last two leave it as it is, or without any.
_HOW = ["append", "append", "append", "prepend", "replace", "drop first", "drop last", "remove"]
file_edits = st.tuples(
    st.sampled_from(["part1", "part2", "part3"]),
    st.sampled_from(_HOW),
    st.lists(entries, min_size=1, max_size=4),
)
CUSTOMERS = ["name: One\n", "name: Two\n", "name: One\nterms: net 5\n", "aliases: [Two]\n"]
#: With findings, and with what depends on the other customers.
CUSTOMERS += [
    "parent: C2\n",
    "parent: c3\n",
    "colour: red\n",
    "id: c2\n",
    "- {id: C1}\n- {id: C3}\n",
]
SETTINGS = ["", "receivables: {allocation: explicit}\n", "receivables: {terms: net 3}\n"]
other_edits: st.SearchStrategy[Edit] = st.one_of(
    st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.sampled_from(CUSTOMERS), st.just([])),
    st.tuples(st.just("settings"), st.sampled_from(SETTINGS), st.just([])),
    st.tuples(st.just("opened"), st.sampled_from(["", '  customer: "C2"\n']), st.just([])),
)


@pytest.fixture(autouse=True)
def _small_and_sure() -> Iterator[None]:
    """Use more than one bucket, and compare the content of files: their clock is too slow here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "_ROWS_PER_BUCKET", 2)
        patch.setattr(inputs, "_TICK_NANOSECONDS", 10**15)
        moment = database.Store.moment
        patch.setattr(database.Store, "moment", lambda self: (moment(self) or 0) + 10**10)
        yield


def written(root: Path, parts: list[list[str]]) -> None:
    """Write books whose ledger has these parts."""
    (root / "customers").mkdir(parents=True)
    for number in (1, 2):
        (root / f"customers/C{number}.yaml").write_text(CUSTOMERS[number - 1])
    (root / "ledgercli.yaml").write_text("")
    (root / "main.beancount").write_text(MAIN)
    for number, part in enumerate(parts, 1):
        (root / f"part{number}.beancount").write_text("\n\n".join(part))


def edited(root: Path, name: str, how: str, texts: list[str]) -> None:
    if name in {"C1", "C2", "C3"}:
        (root / f"customers/{name}.yaml").write_text(how)
    elif name == "settings":
        (root / "ledgercli.yaml").write_text(how)
    elif name == "opened":
        opened = "2026-01-01 open Assets:Receivable:Shared\n"
        (root / "main.beancount").write_text(MAIN.replace(opened, opened + how))
    else:
        path = root / f"{name}.beancount"
        lines = path.read_text().split("\n\n") if path.exists() else []
        parts = {
            "append": [*lines, *texts],
            "prepend": [*texts, *lines],
            "replace": texts,
            "drop first": lines[1:],
            "drop last": lines[:-1],
            "remove": [],
        }
        path.write_text("\n\n".join(parts[how]))
        if how == "remove" and name != "part1":
            path.unlink()


def opened(root: Path, cache: Path | None) -> OpenBooks:
    return open_books(Request(start=root, now=NOW, books=root, cache=cache))


def told(books: OpenBooks, *, all_of_it: bool) -> object:
    """Return what books tell, compared as text: also decimals and order have to be the same."""
    summaries = [repr(books.summary(day)) for day in DAYS]
    unsettled = [books.position(day, settled=False) for day in DAYS] if all_of_it else []
    figures = [
        repr((one.items, one.receipts, one.balances, one.deposits, one.rounding, one.tie_out))
        for one in unsettled
    ]
    records = (books.customers, books.record_findings, books.inferred)
    return (summaries, figures, repr(records), repr(books.view), repr(books.facts))


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.lists(entries, min_size=3, max_size=9),
    edits=st.lists(st.one_of(file_edits, file_edits, other_edits), min_size=1, max_size=3),
)
@example(first=[SHARED], edits=[("opened", '  customer: "C2"\n', [])])
@example(
    first=[ENTRIES[0].format(d="01-02", n=1, c="C1", a=5)],
    edits=[("C1", CUSTOMERS[2], []), ("C2", CUSTOMERS[5], []), ("C1", CUSTOMERS[0], [])],
)
@example(first=[SHARED, SHARED], edits=[("part1", "prepend", ["; nothing\n"])])
@example(
    first=[ENTRIES[0].format(d="01-02", n=1, c=customer, a=5) for customer in ("C1", "C2")] * 2,
    edits=[("part1", "prepend", [ENTRIES[5].format(d="01-02", n=9, c="C2", a=5)])],
)
@example(
    first=[ENTRIES[12].format(d="01-02", n=number, c="C1", a=5) for number in (1, 2, 3)],
    edits=[("C2", CUSTOMERS[0], []), ("C1", CUSTOMERS[1], []), ("C3", CUSTOMERS[3], [])],
)
@example(first=[], edits=[("C1", CUSTOMERS[4], []), ("C2", CUSTOMERS[-1], [])])
@example(first=[SHARED], edits=[("part1", "append", [PAD]), ("part1", "prepend", [SHARED])])
@example(first=[SHARED, PAD], edits=[("part2", "append", [SHARED]), ("part1", "drop last", [])])
def test_any_edit_gives_what_reading_all_anew_gives(
    first: list[str], edits: list[Edit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("joined")
    root, cache = folder / "books", folder / "cache"
    written(root, [first])
    opened(root, cache).summary(NOW.date())
    expected: object = None
    for number, edit in enumerate(edits):
        edited(root, *edit)
        last = number == len(edits) - 1
        expected = told(opened(root, None), all_of_it=last)
        assert told(opened(root, cache), all_of_it=last) == expected
    books = opened(root, cache)
    assert books.tier == "store"
    assert told(books, all_of_it=True) == expected


@pytest.fixture
def three_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small files be read by three processes."""
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 10)
    monkeypatch.setattr(many, "_cores", lambda: 3)


@pytest.mark.usefixtures("three_processes")
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    parts=st.lists(st.lists(entries, min_size=1, max_size=6), min_size=2, max_size=3),
    edit=file_edits,
)
@example(parts=[[SHARED], [PAD]], edit=("part1", "append", [SHARED]))
@example(parts=[[ON_IT, SHARED], [OPENED_LATE], [ON_IT]], edit=("part1", "append", [ON_IT]))
@example(
    parts=[[ENTRIES[10].format(d="01-02", n=1, c="", a=5)]] * 2,
    edit=("part2", "append", [ENTRIES[8].format(d="01-03", n=1, c="", a=5)]),
)
def test_processes_join_in_shares_what_one_joins(
    parts: list[list[str]], edit: Edit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("shares")
    root, cache = folder / "books", folder / "cache"
    written(root, parts)
    assert told(opened(root, cache), all_of_it=True) == told(opened(root, None), all_of_it=True)
    kept = opened(root, cache)
    assert kept.tier == "store"
    expected = told(opened(root, None), all_of_it=True)
    assert told(kept, all_of_it=True) == expected
    edited(root, *edit)
    assert told(opened(root, cache), all_of_it=True) == told(opened(root, None), all_of_it=True)


def past(root: Path, cache: Path | None, expected: object = None) -> object:
    """Return what books tell of past days that nobody has asked for yet, by the cache if any."""
    if cache:
        opened(root, cache)
    books = opened(root, cache)
    assert books.tier == ("store" if cache else "proof")
    days = [dt.date(2026, 2, day) for day in (15, 14, 13)]
    days += [dt.date(2026, 1, day) for day in (20, 19, 4, 3)]
    found = repr([books.summary(day) for day in days])
    assert expected is None or found == expected
    return found


@pytest.mark.usefixtures("three_processes")
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    parts=st.lists(st.lists(entries, min_size=1, max_size=6), min_size=2, max_size=3),
    edit=st.one_of(file_edits, other_edits),
)
def test_past_days_are_summed_up_from_kept_accounts(
    parts: list[list[str]], edit: Edit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("past")
    root, cache = folder / "books", folder / "cache"
    written(root, parts)
    past(root, cache, past(root, None))
    edited(root, *edit)
    past(root, cache, past(root, None))


@pytest.mark.usefixtures("three_processes")
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        *((share.ShareWork, step) for step in ("begin", "parts", "go_on")),
        *((share.Share, step) for step in ("take", "chunks", "sums")),
    ],
)
def test_a_process_that_dies_in_its_share_costs_time_alone(
    kind: type, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "books", [[SHARED], [ENTRIES[0].format(d="01-02", n=1, c="C1", a=5)]])
    expected = told(opened(tmp_path / "books", None), all_of_it=True)
    parent, whole = os.getpid(), getattr(kind, step)

    def dying(*asked: object, **named: object) -> object:
        return whole(*asked, **named) if os.getpid() == parent else os._exit(9)

    monkeypatch.setattr(kind, step, dying)
    for _ in range(2):
        books = opened(tmp_path / "books", tmp_path / "cache")
        assert told(books, all_of_it=True) == expected
    assert books.tier == "store"
