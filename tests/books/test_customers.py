from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.books.customers import read_customers
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import to_findings, validated
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.model.settings import Settings


def books(root: Path, **files: str) -> Path:
    folder = root / "customers"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def told(findings: tuple[Finding, ...]) -> list[str]:
    for finding in findings:  # every value that the words need is there
        finding.kind.message.format(**finding.values)
        finding.kind.hint.format(**finding.values)
    return [
        f"{f.place.file}:{f.place.line}:{f.place.column} {f.code} {f.customer}".rstrip()
        for f in findings
    ]


FULL = """
id: C001
name: Acme GmbH
kind: company
debtor: business
status: active
tier: A
tags: [retail, eu]
segments:
  industry: retail
owner: wang
language: de
currency: EUR
accounts: [Assets:Receivable:Acme]
aliases: ["ACME"]
ids:
  vat: DE136695976
  uscc: 91350100M000100Y43
contacts:
  - {name: Ute Maier, role: billing, email: ap@acme.example, phone: "+49 30 1234"}
addresses:
  billing: {lines: ["Hauptstr. 1"], postcode: "10115", city: Berlin, country: DE}
bank:
  - iban: DE89370400440532013000
terms: net 30
credit:
  limit: 10000 EUR
  warn_at: 80%
reminders:
  policy: standard
  channel: email
  never: false
contracts:
  - {id: CT-7, title: Support, start: 2026-01-01, end: 2026-12-31, notice: 60 days}
notes: free text
fields: {anything: the user's own, more: [1, ~]}
"""


def test_the_example_of_a_record_has_no_findings(tmp_path: Path) -> None:
    (customer,), findings = read_customers(books(tmp_path, acme=FULL))
    assert findings == ()
    assert (customer.id, customer.file, customer.line) == ("C001", "customers/acme.yaml", 2)
    assert customer.credit.limit
    assert customer.credit.limit.steps[0][1][0].amount == Decimal(10000)
    assert customer.contracts[0].end
    assert customer.fields == {"anything": "the user's own", "more": ["1", None]}
    assert customer.reminders.never is False


def test_no_folder_no_customers(tmp_path: Path) -> None:
    assert read_customers(tmp_path) == ((), ())


def test_files_of_one_of_several_and_of_machines(tmp_path: Path) -> None:
    root = books(tmp_path, b="name: From its file\n", a="- id: X\n- id: Y\n", c="", d="[]")
    (root / "customers" / "e.json").write_text('{"id":"Z","name":"\\u534e"}')
    (root / "customers" / "f.txt").write_text("nothing")
    (root / "customers" / ".g.yaml").write_text("id: hidden")
    customers, findings = read_customers(root)
    assert [(each.id, each.line) for each in customers] == [("X", 1), ("Y", 2), ("b", 1), ("Z", 1)]
    assert customers[-1].name == "华"
    assert [(row.code, row.place.file) for row in findings] == [("empty-file", "customers/c.yaml")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("limt: 5\n", "1:1 unknown-key"),
        ("credit: {limit: 5 EUR, warnat: 3%}\n", "1:24 unknown-key"),
        ("addresses: {billing: {contry: DE}}\n", "1:23 unknown-key"),
        ("file: x\n", "1:1 unknown-key"),
        ("name: [a]\n", "1:7 expected-text"),
        ("tags: retail\n", "1:7 expected-list"),
        ("credit: 5 EUR\n", "1:9 expected-keys"),
        ("contacts: [x]\n", "1:12 expected-keys"),
        ("addresses: {billing: x}\n", "1:22 expected-keys"),
        ("kind: firm\n", "1:7 unknown-value"),
        ("reminders: {never: maybe}\n", "1:20 expected-yes-or-no"),
        ("terms: sometime\n", "1:8 invalid-value"),
        ("credit:\n  limit: 10,000 EUR\n", "2:10 invalid-value"),
        ("credit:\n  limit: 10000 eur\n", "2:10 invalid-value"),
        ("credit:\n  limit: -1 EUR\n", "2:10 invalid-value"),
        ("credit:\n  limit: NaN EUR\n", "2:10 invalid-value"),
        ("credit:\n  limit: [1 EUR, 2 EUR]\n", "2:10 invalid-value"),
        (f"credit:\n  limit: {'9' * 5000} EUR\n", "2:10 invalid-value"),
        ("credit:\n  limit: 10000\n", "2:10 amount-without-currency"),
        ("credit:\n  limit: {2026-01-01: 5}\n", "2:10 amount-without-currency"),
        ("currency: EUR\ncredit:\n  limit: [1, 2 EUR]\n", "3:10 invalid-value"),
        ("credit: {limit: 10,000 EUR}\n", "1:20 thousands-separator"),
        ("currency: eur\n", "1:11 invalid-value"),
        ("contracts: [{id: a, start: 2026-02-30}]\n", "1:28 invalid-value"),
        ("contracts: [{id: a, start: 86400}]\n", "1:28 invalid-value"),
        ("contracts: [{title: a}]\n", "1:13 missing-key"),
        ("contracts: [{id: a, start: 2026-02-02, end: 2026-02-01}]\n", "1:45 contract-dates"),
        ("contracts: [{id: a}, {id: b}, {id: a}]\n", "1:36 contract-twice"),
        ("accounts: [Assets:Receivable, acme]\n", "1:31 invalid-account"),
        ("ids: {vat: DE136695977}\n", "1:12 invalid-identifier"),
        ("ids: {uscc: 91350100M000100Y44}\n", "1:13 invalid-identifier"),
        ("bank: [{iban: DE89370400440532013001}]\n", "1:15 invalid-identifier"),
        ("contacts: [{email: a b}]\n", "1:20 invalid-email"),
        ("addresses: {billing: {country: Germany}}\n", "1:32 invalid-country"),
        ("language: ../de\n", "1:11 invalid-language"),
        ('name: "a\\nBcc: b"\n', "1:7 line-break"),
        ('contacts: [{phone: "1\\n2"}]\n', "1:20 line-break"),
        ("parent: nobody\n", "1:9 unknown-parent"),
        ("parent: c\n", "1:9 parent-cycle"),
    ],
)
def test_a_wrong_value_is_told_and_the_record_still_counts(
    tmp_path: Path, text: str, expected: str
) -> None:
    customers, findings = read_customers(books(tmp_path, C=text))
    assert told(findings) == [f"customers/C.yaml:{expected} C"]
    assert [customer.id for customer in customers] == ["C"]


def test_suggestions_for_slips_of_the_keyboard(tmp_path: Path) -> None:
    _, (finding,) = read_customers(books(tmp_path, C="curency: EUR\n"))
    assert finding.values == {"key": "curency", "suggestion": "currency"}
    assert "did you mean" in finding.kind.hint


def test_an_amount_takes_the_customers_currency(tmp_path: Path) -> None:
    text = "currency: EUR\ncredit: {limit: [5, 7 USD]}\n"
    (customer,), findings = read_customers(books(tmp_path, C=text))
    assert findings == ()
    assert customer.credit.limit
    assert [str(money) for money in customer.credit.limit.steps[0][1]] == ["5 EUR", "7 USD"]


@pytest.mark.parametrize("limit", ["", "~", "null"])
def test_no_limit_is_not_a_limit_of_zero(tmp_path: Path, limit: str) -> None:
    (customer,), _ = read_customers(books(tmp_path, C=f"credit:\n  limit: {limit}\n"))
    assert customer.credit.limit is None
    (customer,), _ = read_customers(books(tmp_path, C="credit:\n  limit: 0 EUR\n"))
    assert customer.credit.limit
    assert customer.credit.limit.steps[0][1][0].amount == 0


@pytest.mark.parametrize(
    "identity", ["../x", "a/b", "a b", ".x", "a..b", "x" * 65, '"a\\nb"', '"="', '"?"', '""']
)
def test_ids_that_could_be_paths_leave_the_record_out(tmp_path: Path, identity: str) -> None:
    customers, findings = read_customers(books(tmp_path, C=f"id: {identity}\n"))
    assert customers == ()
    assert told(findings) == ["customers/C.yaml:1:5 invalid-id"]


@pytest.mark.parametrize("identity", ["x" * 64, "客户-1", "A.b_c", "-1", "012", "no"])
def test_ids_of_any_script(tmp_path: Path, identity: str) -> None:
    (customer,), findings = read_customers(books(tmp_path, C=f"id: {identity}\n"))
    assert (customer.id, findings) == (identity, ())


def test_repeated_ids_name_the_other_place(tmp_path: Path) -> None:
    root = books(tmp_path, a="- id: Acme\n- id: B\n", b="id: ACME\n", c="id: cafe\u0301\n- x")
    (root / "customers" / "c.yaml").write_text("- id: cafe\u0301\n- id: CAF\u00c9\n")
    customers, findings = read_customers(root)
    assert [customer.id for customer in customers] == ["Acme", "B", "caf\u00e9"]
    assert told(findings) == [
        "customers/b.yaml:1:1 duplicate-id Acme",
        "customers/c.yaml:2:1 duplicate-id caf\u00e9",
    ]
    assert findings[0].values == {"id": "ACME", "other": "customers/a.yaml:1"}


def test_parents_are_found_by_any_case_and_lead_to_an_end(tmp_path: Path) -> None:
    root = books(tmp_path, a="- {id: A, parent: b}\n- {id: B, parent: C}\n- {id: C, parent: a}\n")
    customers, findings = read_customers(root)
    assert [customer.parent for customer in customers] == ["B", "C", ""]
    assert told(findings) == ["customers/a.yaml:3:19 parent-cycle C"]
    assert findings[0].values == {"chain": "C → A → B → C"}


def test_what_is_no_file_of_the_books(tmp_path: Path) -> None:
    root = tmp_path / "books"
    root.mkdir()
    (tmp_path / "secret.yaml").write_text("id: secret")
    books(root, good="id: G\n", large="#" * (16 * 1024 * 1024 + 1))
    folder = root / "customers"
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "in.yaml").symlink_to(folder / "good.yaml")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    (folder / "nowhere.yaml").symlink_to(folder / "missing")
    customers, findings = read_customers(root)
    assert [(customer.id, customer.file) for customer in customers] == [
        ("G", "customers/good.yaml")
    ]
    assert [(finding.place.file, finding.code) for finding in findings] == [
        ("customers/folder.yaml", "not-a-file"),
        ("customers/in.yaml", "duplicate-id"),
        ("customers/large.yaml", "file-too-large"),
        ("customers/loop.yaml", "file-unreadable"),
        ("customers/nowhere.yaml", "file-unreadable"),
        ("customers/out.yaml", "link-outside"),
        ("customers/pipe.yaml", "not-a-file"),
    ]


def test_customers_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "customers").write_text("id: x")
    assert told(read_customers(tmp_path)[1]) == ["customers:0:0 not-a-folder"]


@pytest.mark.parametrize("text", ["just words", "- a\n- [b]\n", "5"])
def test_what_is_no_record(tmp_path: Path, text: str) -> None:
    customers, findings = read_customers(books(tmp_path, C=text))
    assert customers == ()
    assert {finding.code for finding in findings} == {"not-a-record"}


def test_errors_of_form_belong_to_the_record_they_stand_in(tmp_path: Path) -> None:
    root = books(tmp_path, a="- id: A\n- id: B\n  name: x\n  name: y\n- id: C\n")
    assert told(read_customers(root)[1]) == ["customers/a.yaml:4:3 duplicate-key B"]


_TEXTS = st.sampled_from(["", "a", "5 EUR", "-1", "net 30", "2026-02-30", "80%", "true", "\n"])
_KEYS = st.sampled_from(
    [
        "id",
        "name",
        "kind",
        "tags",
        "segments",
        "credit",
        "limit",
        "reminders",
        "policies",
        "standard",
        "levels",
        "after",
        "fee",
        "amount",
        "accounts",
        "parent",
        "contacts",
        "email",
        "terms",
        "aging",
        "buckets",
        "mail",
        "from",
        "rates",
        "fields",
        "x",
    ]
)
_DATA = st.recursive(
    st.none() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(_KEYS, _DATA, max_size=8))
def test_no_data_raises_and_what_is_wrong_has_words(data: dict[str, object]) -> None:
    source = read_source(b"a: b", "f.yaml")
    kinds: tuple[type[Customer | Settings], ...] = (Customer, Settings)
    for kind in kinds:
        _, problems = validated(kind, data)
        for finding in to_findings(problems, source):
            finding.kind.message.format(**finding.values)
            finding.kind.hint.format(**finding.values)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120))
def test_no_bytes_in_a_customer_file_raise(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "customers").mkdir()
        (Path(folder) / "customers" / "c.yaml").write_bytes(content)
        read_customers(Path(folder))


def test_records_on_one_line_have_their_own_places(tmp_path: Path) -> None:
    root = books(tmp_path, a='[{"id":"A","parent":"x"},{"id":"B","parent":"y"}]')
    assert told(read_customers(root)[1]) == [
        "customers/a.yaml:1:21 unknown-parent A",
        "customers/a.yaml:1:45 unknown-parent B",
    ]


def test_a_thousand_unknown_keys_are_told_once_each_up_to_a_bound(tmp_path: Path) -> None:
    text = "".join(f"key{number}: x\n" for number in range(1000)) + "kind: firm\n"
    (customer,), findings = read_customers(books(tmp_path, C=text))
    assert customer.id == "C"
    assert len(findings) == 100
    assert findings[-1].code == "unknown-value"
