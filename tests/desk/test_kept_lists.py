"""Lists of customers that are kept beside the records say what the records say."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ways_of_loading import EXAMPLES, asked, opened, opened_with_dealings, write_books

from ledgercli.desk import kept_customers
from ledgercli.desk.customers import customer_finding, customer_list, customers
from ledgercli.desk.kept_customers import KeptCustomers, kept_lookup, parts_of
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import AccountOpen
from ledgercli.receivables.identity import Directory

TEXTS = ("acme", "ACME LTD", "acne", "nobody at all")
QUERY = Query(as_of=dt.date(2026, 11, 21))


def answers(books: OpenBooks) -> list[Answer]:
    found = [customer_finding.find(books, text=text, limit=5) for text in TEXTS]
    pages = [customers.show(books, QUERY, customer=name) for name in ("Acme", "acme ltd", "?")]
    return [*found, *pages, customer_list.list_(books, QUERY)]


def sealed(books: OpenBooks) -> OpenBooks:
    books.customers_source = lambda: pytest.fail("records were opened")
    return books


def test_a_warm_list_opens_no_record_and_says_the_same(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    cold = answers(opened(root, cache))
    assert answers(opened(root, cache)) == cold, "made from the records, and kept"
    assert answers(sealed(opened(root, cache))) == cold


def test_what_was_kept_of_other_records_is_not_used(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    for _ in range(2):
        before = answers(opened(root, cache))
    (root / "customers" / "new.yaml").write_text("id: N1\nname: Acme Two\ntags: [x]\n")
    after = [answers(opened(root, cache)) for _ in range(3)]
    assert after[0] == after[1] == after[2] != before
    assert "N1" in repr(after[2])


def test_damaged_lists_are_made_anew(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    for _ in range(2):
        expected = answers(opened(root, cache))
    (store,) = cache.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        rows = connection.execute("SELECT key, bytes FROM part WHERE kind = 'list'").fetchall()
        assert sorted(key for key, _ in rows) == ["heads", "lookup", "words"]
        for key, content in rows:
            other = content.replace(b"Acme Ltd", b"Acme Lte") if key == "heads" else content[:9]
            assert other != content
            update = "UPDATE part SET bytes = ? WHERE kind = 'list' AND key = ?"
            connection.execute(update, (other, key))
        connection.commit()
    assert answers(opened(root, cache)) == expected
    assert answers(sealed(opened(root, cache))) == expected


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_a_warm_page_opens_no_other_record_and_says_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_customers, "_PART", 3)
    root, cache = tmp_path / "books", tmp_path / "cache"
    shutil.copytree(EXAMPLES / name, root)

    def pages(books: OpenBooks) -> list[Answer]:
        return [customers.show(books, QUERY, customer=text) for each in ids for text in each]

    def books() -> OpenBooks:
        return open_books(asked(root, cache), with_events=True, with_orders=True)

    cold = books()
    ids = [(each.id, each.id.upper(), *each.aliases, each.label) for each in cold.customers]
    expected = pages(cold)
    assert pages(books()) == expected, "made from the records, and kept"
    assert pages(sealed(books())) == expected


#: What is asked for, and how many of the 30 customers are like that, persons among them.
FILTERS = (
    (Query(tags=("ROASTER", "eu")), 6, 0),
    (Query(tags=("roaster",), tiers=("a", "b")), 5, 0),
    (Query(statuses=("lead", "prospect"), owners=("Jule", "anton")), 2, 0),
    (Query(segments={"region": "East"}), 3, 0),
    (Query(segments={"industry": "private"}), 1, 1),
    (Query(customers=("c1001", "C1002", "Roesterei Sommer u. Soehne"), tags=("café",)), 1, 0),
    (Query(parents=("C1001",)), 1, 0),
    (
        Query(segments={"nothing": "like that"}, tags=("no",), tiers=("Z",), owners=("nobody",)),
        0,
        0,
    ),
)


def test_a_warm_list_with_a_filter_opens_no_record(tmp_path: Path) -> None:
    root, cache = tmp_path / "books", tmp_path / "cache"
    shutil.copytree(EXAMPLES / "wholesale", root)

    def lists(books: OpenBooks) -> list[tuple[Answer, Answer]]:
        return [
            (
                customer_list.list_(books, replace(query, as_of=QUERY.as_of)),
                customer_list.list_(books, replace(query, as_of=QUERY.as_of), kinds=("person",)),
            )
            for query, _, _ in FILTERS
        ]

    expected = lists(opened(root, None))
    assert lists(opened(root, cache)) == expected
    assert lists(opened(root, cache)) == expected, "made from the records, and kept"
    assert lists(sealed(opened(root, cache))) == expected
    shown = [tuple(len(one.table("rows").rows) for one in pair) for pair in expected]
    assert shown == [(all_, persons) for _, all_, persons in FILTERS]


ORDERS = """\
- {id: A-1, customer: C1004, date: 2026-11-01, currency: EUR, lines: [{price: 900 EUR, text: Beans}]}
- {id: A-2, customer: C1004, date: 2026-11-02, currency: EUR, lines: [{price: 10 EUR, text: Cups}]}
- {id: B-1, customer: C1010, date: 2026-11-03, currency: EUR, lines: [{price: 5 EUR, text: Beans}]}
"""


@pytest.mark.parametrize(
    ("customer", "family"),
    [("C1004", {"C1004"}), ("C1010", {"NORDSTERN", "C1010", "C1011"})],
)
def test_a_page_with_open_orders_opens_the_records_of_the_family_alone(
    customer: str, family: set[str], tmp_path: Path
) -> None:
    root, cache = tmp_path / "books", tmp_path / "cache"
    shutil.copytree(EXAMPLES / "wholesale", root)
    (root / "orders").mkdir()
    (root / "orders" / "all.yaml").write_text(ORDERS, encoding="utf-8")

    def page(books: OpenBooks) -> Answer:
        return customers.show(books, QUERY, customer=customer)

    expected = page(opened_with_dealings(root, None))
    assert len(expected.table("orders").rows) == (2 if customer == "C1004" else 1)
    assert page(opened_with_dealings(root, cache)) == expected
    assert page(opened_with_dealings(root, cache)) == expected, "made from the records, and kept"
    kept = sealed(opened_with_dealings(root, cache))
    counted: list[str] = []
    one = kept.customer_source
    assert one is not None

    def counting(identifier: str) -> Customer | None:
        counted.append(identifier)
        return one(identifier)

    kept.customer_source = counting
    assert page(kept) == expected
    assert set(counted) == family
    assert len(counted) == len(family)


def test_damaged_accounts_are_read_anew(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    expected = dict(opened(root, cache).facts.opens)
    assert dict(opened(root, cache).facts.opens) == expected
    (store,) = cache.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        query = "SELECT bytes FROM part WHERE kind = 'records' AND key = 'ledger'"
        (content,) = connection.execute(query).fetchone()
        damaged = content.replace(b"Receivable:Acme", b"Receivable:Acne")
        assert damaged != content
        update = "UPDATE part SET bytes = ? WHERE kind = 'records' AND key = 'ledger'"
        connection.execute(update, (damaged,))
        connection.commit()
    assert dict(opened(root, cache).facts.opens) == expected


_WORDS = st.sampled_from(["A", "a", "B", "Ä", "a:b", "x y", "X  Y", "A:B"])
_RECORDS = st.lists(
    st.builds(
        Customer,
        id=_WORDS,
        name=st.one_of(st.just(""), _WORDS),
        aliases=st.lists(_WORDS, max_size=2).map(tuple),
        accounts=st.lists(_WORDS, max_size=2).map(tuple),
    ),
    max_size=7,
    unique_by=lambda each: each.id,
)


@given(_RECORDS, st.tuples(st.none() | _WORDS, st.none() | _WORDS, _WORDS, _WORDS))
def test_what_is_kept_tells_as_the_records_do(
    records: list[Customer], posting: tuple[str | None, str | None, str, str]
) -> None:
    opens = {"A:B": AccountOpen("A:B", dt.date(2026, 1, 1), "x y", "m", 1)}
    kept = kept_lookup(lambda _, make: make(), lambda: records)
    plain, other = Directory(records, opens), Directory.of(kept, opens)
    assert plain.identify(*posting) == other.identify(*posting)
    assert plain.by_id_or_alias(posting[2]) == other.by_id_or_alias(posting[2])
    assert plain.by_payee(posting[3]) == other.by_payee(posting[3])
    assert plain.shared_aliases() == other.shared_aliases()
    assert plain.shared_accounts() == other.shared_accounts()
    names = {"?": "?"} | {each.id: each.label for each in records}
    parts = KeptCustomers(parts_of(tuple(records)), names)
    assert [parts.one(each.id) for each in records] == records
    assert parts.one("nobody") is None
    assert "_all" not in vars(parts), "the others stay unopened"
    assert parts.all() == tuple(records)
