"""Rows of a foreign file as parts of a record."""

from __future__ import annotations

from typing import Any

import pytest

from ledgercli.customers.exchange.paths import flattened, record_of, steps, value_at
from ledgercli.customers.exchange.reading import row_values
from ledgercli.model.exchange import FieldName, ForeignRow, Profile
from ledgercli.model.sentence import WrongValueError


def read(columns: dict[str, str], cells: dict[str, str], **how: Any) -> dict[str, Any]:  # noqa: ANN401
    profile = Profile({name: FieldName.parse(field) for name, field in columns.items()}, **how)
    row = ForeignRow(2, cells)
    said = row_values(row, tuple(columns), profile, {"germany": "DE"}, "EUR")
    return dict(said.values)


@pytest.mark.parametrize(
    ("field", "cell", "values"),
    [
        ("name", " A \n B ", {"name": "A B"}),
        ("notes", "a \n\n b\r\nc", {"notes": "a\n\n b\nc"}),
        ("status", "ACTIVE", {"status": "active"}),
        ("tier", "A", {"tier": "A"}),
        ("tags", "a; b;; a", {"tags": ["a", "b"]}),
        ("tags", ";", {}),
        ("addresses.billing.country", "GERMANY", {"addresses.billing.country": "DE"}),
        ("addresses.billing.country", "de", {"addresses.billing.country": "DE"}),
        ("addresses.billing.country", "Atlantis", {"addresses.billing.country": "Atlantis"}),
        ("addresses.billing.street", "a\n\nb", {"addresses.billing.lines": ["a", "b"]}),
        ("credit.limit", "1,500 EUR", {"credit.limit": "1500 EUR"}),
        ("credit.limit", "EUR 1,500.00", {"credit.limit": "EUR 1500.00"}),
        ("credit.limit", "1 EUR; 2 USD", {"credit.limit": ["1 EUR", "2 USD"]}),
        ("credit.limit", "much", {"credit.limit": "much"}),
        ("credit.limit.amount", "1,500.50", {"credit.limit": "1500.50 EUR"}),
        ("credit.limit.amount", "0.00", {}),
        ("credit.limit.amount", "n/a", {"credit.limit": "n/a EUR"}),
        ("credit.limit.amount", "1,500 USD", {"credit.limit": "1500 USD"}),
        ("credit.limit", "1,500", {"credit.limit": "1500 EUR"}),
    ],
)
def test_a_cell(field: str, cell: str, values: dict[str, Any]) -> None:
    assert read({"x": field}, {"x": cell}) == values


def test_the_first_column_that_is_filled_counts() -> None:
    columns = {"Phone": "contacts.1.phone", "Mobile": "contacts.1.phone"}
    assert read(columns, {"Mobile": "2"}) == {"contacts.1.phone": "2"}
    assert read(columns, {"Phone": "1", "Mobile": "2"}) == {"contacts.1.phone": "1"}


def test_a_limit_takes_the_currency_of_its_row() -> None:
    columns = {"l": "credit.limit.amount", "c": "currency"}
    assert read(columns, {"l": "5", "c": "USD"})["credit.limit"] == "5 USD"


BOOK = {"g": "person.given", "f": "person.family", "o": "organization"}


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ({"g": "Ute", "f": "Maier"}, {"name": "Ute Maier", "kind": "person"}),
        ({"f": "王建国"}, {"name": "王建国", "kind": "person"}),
        ({"g": "Ute", "o": "Acme"}, {"name": "Acme", "contacts.1.name": "Ute"}),
        ({"o": "Acme"}, {"name": "Acme"}),
        ({"f": "Acme", "o": "Acme"}, {"name": "Acme"}),
        ({}, {}),
    ],
)
def test_a_row_of_an_address_book(cells: dict[str, str], values: dict[str, str]) -> None:
    assert read(BOOK, cells) == values


def test_words_of_the_other_system() -> None:
    how: dict[str, Any] = {
        "values": {"status": {"Gesperrt": "closed"}, "tags": {"* all": "", "VIP": "top"}}
    }
    columns = {"s": "status", "t": "tags"}
    assert read(columns, {"s": "gesperrt", "t": "* all; vip; x"}, **how) == {
        "status": "closed", "tags": ["top", "x"],
    }  # fmt: skip


def test_a_record_in_parts_and_together() -> None:
    record = {
        "id": "C1",
        "contacts": [{"name": "A"}, {"email": "b@x"}],
        "addresses": {"ship.to": {"lines": ["1"], "city": "X"}},
        "fields": {"a.b": {"deep": "1"}},
        "credit": {"limit": {"2026-01-01": "1 EUR"}},
        "contracts": [{"id": "CT"}],
    }
    values = flattened(record)
    assert values["addresses.ship.to.lines"] == ["1"]
    assert record_of(values) == record
    assert all(value_at(record, path) == value for path, value in values.items())
    assert steps("contacts.12.email") == ("contacts", 11, "email")
    assert value_at(record, "contacts.9.email") is None
    assert value_at({"contacts": "text"}, "contacts.1.email") is None


@pytest.mark.parametrize(
    "text", ["", "nam", "contacts.0.name", "contacts.1", "ids.", "fields.a.b", "x.y"]
)
def test_what_is_no_part_of_a_record(text: str) -> None:
    with pytest.raises(WrongValueError):
        FieldName.parse(text)
