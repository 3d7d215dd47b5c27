"""What the reader takes passes the schema that editors check with; what is wrong does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ledgercli.books.schema import KINDS, modeline, schema_text, shipped_schema, write_schemas

PROJECT = Path(__file__).parent.parent.parent
SCAFFOLDING = PROJECT / "src" / "ledgercli" / "books" / "scaffolding"


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: numbers and truth values are typed, dates are text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def wrong(name: str, text: str) -> list[str]:
    """Return what an editor would mark in a file."""
    validator = jsonschema.Draft7Validator(json.loads(shipped_schema(name)))
    data: Any = yaml.load(text, EditorLoader)  # noqa: S506 - a safe loader
    found = []
    for error in validator.iter_errors(data):
        deepest = jsonschema.exceptions.best_match([error])
        found.append(f"{deepest.json_path}: {deepest.message}")
    return found


@pytest.mark.parametrize("name", KINDS)
def test_shipped_schemas_are_those_of_the_records(name: str) -> None:
    assert shipped_schema(name) == schema_text(name), "run `python tools/schemas.py`"
    jsonschema.Draft7Validator.check_schema(json.loads(shipped_schema(name)))


@pytest.mark.parametrize(
    "file",
    [*PROJECT.glob("examples/*/customers/*.yaml"), *SCAFFOLDING.glob("customers/*.yaml")],
    ids=lambda file: file.stem,
)
def test_example_customers_pass(file: Path) -> None:
    assert wrong("customer", file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "file",
    [*PROJECT.glob("examples/*/ledgercli.yaml"), SCAFFOLDING / "ledgercli.yaml"],
    ids=lambda file: file.parent.name,
)
def test_example_settings_pass(file: Path) -> None:
    assert wrong("settings", file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "id: 1001",
        "name: NO",
        "tier:",
        "- id: A\n- id: B\n-",
        "credit: {limit: 0}",
        "credit: {limit: [5 EUR, 6 USD]}",
        "credit: {limit: {2026-01-01: 10 EUR, 2026-07-01: }}",
        "addresses: {billing: {postcode: 10115}}",
        "reminders: {never: yes}",
        "fields: {any: {depth: [1, {of: it}]}}",
        "contracts: [{id: 7, start: 2026-01-01, end: }]",
    ],
)
def test_all_that_the_reader_takes_passes(text: str) -> None:
    assert wrong("customer", text) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("teir: A", "teir"),
        ("kind: firm", "kind"),
        ("status: Active", "status"),
        ("tags: retail", "tags"),
        ("contacts: {name: Ute}", "contacts"),
        ("contacts: [{nmae: Ute}]", "nmae"),
        ("credit: 500 EUR", "credit"),
        ("credit: {limit: many}", "limit"),
        ("contracts: [{title: Support}]", "id"),
        ("contracts: [{id: 7, start: 1.1.2026}]", "start"),
    ],
)
def test_what_is_wrong_is_marked(text: str, where: str) -> None:
    assert any(where in found for found in wrong("customer", text))


def test_orders_are_checked_too() -> None:
    for file in PROJECT.glob("examples/*/orders/*.yaml"):
        assert wrong("order", file.read_text(encoding="utf-8")) == [], file
    right = "customer: C1\ndate: 2026-01-01\nlines: [{text: T, quantity: 1, price: 5 EUR}]"
    assert wrong("order", f"- {right}".replace("\n", "\n  ")) == wrong("order", right) == []
    assert wrong("order", right.replace("date: 2026-01-01\n", "")) != []
    assert wrong("order", right + "\nstatus: done") != []


def test_settings_are_checked_too() -> None:
    assert wrong("settings", "aging: {basis: dew}") != []
    assert wrong("settings", "mail: {from: a@b.example}") == []
    assert wrong("settings", "mail: {sender: a@b.example}") != []


def test_schemas_are_written_once_and_found_by_the_modeline(tmp_path: Path) -> None:
    written = write_schemas(tmp_path)
    assert [path.name for path in written] == [f"{name}.schema.json" for name in KINDS]
    assert write_schemas(tmp_path) == []
    path = modeline("customer", "customers").partition("$schema=")[2]
    assert (tmp_path / "customers" / path).resolve() == written[0].resolve()
    path = modeline("settings").partition("$schema=")[2]
    assert (tmp_path / path).resolve() == written[1].resolve()
    written[0].write_text("{}")
    assert write_schemas(tmp_path) == [written[0]]
