"""Keys and values as people type them."""

from __future__ import annotations

import pytest

from ledgercli.books.record_keys import (
    UnknownKeyError,
    ValueNotReadableError,
    parse_key,
    parse_value,
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tier", ("tier",)),
        ("credit.limit", ("credit", "limit")),
        ("credit.limit.2026-01-01", ("credit", "limit", "2026-01-01")),
        ("contacts.1.email", ("contacts", 0, "email")),
        ("contacts[0].email", ("contacts", 0, "email")),
        ("contacts[1]", ("contacts", 1)),
        ("tags.2", ("tags", 1)),
        ("addresses.billing.lines[0]", ("addresses", "billing", "lines", 0)),
        ("segments.行业", ("segments", "行业")),
        ("ids.1", ("ids", "1")),
        ("fields.a.1.b", ("fields", "a", "1", "b")),
    ],
)
def test_keys(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_key(text) == path


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("teir", "did you mean `tier`?"),
        ("credit.limt", "did you mean `limit`?"),
        ("contacts.0.email", "did you mean `contacts.1.email`?"),
        ("contacts.email", "did you mean `contacts.1.email`?"),
        ("email", "did you mean `contacts.1.email`?"),
        ("limit", "did you mean `credit.limit`?"),
        ("vat", "did you mean `ids.vat`?"),
        ("contacts[0].mail", "did you mean `email`?"),
        ("name.first", "customer show"),
        ("file", "did you mean"),
        ("zzz", "known here: id, name"),
        ("", "known here: id, name"),
        ("a..b", "customer show"),
        (".tier", "customer show"),
        ("tier.", "customer show"),
        ("contacts[0", "customer show"),
        ("contacts[0]email", "customer show"),
    ],
)
def test_wrong_keys(text: str, hint: str) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        parse_key(text)
    assert hint in caught.value.hint.format(**caught.value.values)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("tier", "A", "A"),
        ("tier", "[A]", "[A]"),
        ("notes", "{a}", "{a}"),
        ("tags", "a, b,,", ["a", "b"]),
        ("tags", "[a, 'b, c']", ["a", "b, c"]),
        ("aliases", "Acme, Inc", ["Acme, Inc"]),
        ("accounts", "[Assets:A]", ["Assets:A"]),
        ("credit.limit", "5 EUR", "5 EUR"),
        ("credit.limit", "[5 EUR, 6 USD]", ["5 EUR", "6 USD"]),
        ("credit.limit", "{2026-01-01: 5 EUR}", {"2026-01-01": "5 EUR"}),
        ("contacts", "[{name: U}]", [{"name": "U"}]),
        ("contacts.1", "{name: U}", {"name": "U"}),
        ("fields.x", "[1, {a: no}]", ["1", {"a": "no"}]),
        ("terms", "30% net 0, 70% net 30", "30% net 0, 70% net 30"),
    ],
)
def test_values(key: str, text: str, value: object) -> None:
    assert parse_value(parse_key(key), text) == value


@pytest.mark.parametrize("text", ["[a", "{a: b", "[a] b", "{a: [}"])
def test_values_that_are_no_yaml(text: str) -> None:
    with pytest.raises(ValueNotReadableError):
        parse_value(("tags",), text)
