"""Every finding of the join: provoked with place and values, and not by the clean twin."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from stories import Tell, day

from ledgercli.checks.accounts import mistyped_accounts, unopened_accounts
from ledgercli.checks.run import CHECKS, Joined, run_checks
from ledgercli.desk.checking import check
from ledgercli.desk.request import Query
from ledgercli.model.catalogue.everything import CATALOGUE
from ledgercli.model.catalogue.receivables import CODES
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import AccountOpen
from ledgercli.receivables.position import _tied
from ledgercli.receivables.tax_accounts import is_tax_account

INVOICE = '2026-01-01 * "Goods" ^INV-1\n  Assets:Receivable:C1  100 EUR\n  Income:Sales\n'
PAID = '2026-01-10 * "Paid" ^INV-1\n  Assets:Receivable:C1  -100 EUR\n  Assets:Bank\n'
TERMS = '2026-01-01 * "Goods" ^INV-1\n  terms: "3/10 net 30"\n' + INVOICE.partition("\n")[2]
TAXED = (
    '2026-01-01 * "Goods" ^INV-1\n  terms: "3/10 net 30"\n'
    "  Assets:Receivable:C1  119 EUR\n  Income:Sales  -100 EUR\n  Liabilities:VAT  -19 EUR\n"
)
CLAIM = '2026-03-01 * "Interest" ^INT-1\n  Assets:Receivable:C1  1 EUR\n  Income:Sales\n'
BOTH = "[{id: C1}, {id: C2}]"
SETTINGS = "receivables: {terms: net 30}"


def discount(amount: str, day: str = "2026-01-11", tag: str = "discount", tax: str = "") -> str:
    rest = f"  {tax}  0.01 EUR\n" if tax else ""
    return (
        f'{day} * "Less" ^INV-1 #{tag}\n  Assets:Receivable:C1  -{amount} EUR\n{rest}'
        "  Expenses:Other\n"
    )


#: Code, ledger, customers, settings, place, values, whose.
CASES = {
    "claim-about-nothing": (
        INVOICE + CLAIM,
        BOTH,
        SETTINGS,
        ("main.beancount", 5),
        {"number": "INT-1"},
        "C1",
    ),
    "unknown-receivable-account": (
        INVOICE,
        BOTH,
        "receivables: {terms: net 30, accounts: [Assets:Receivable:C1, Assets:Recievable]}",
        ("ledgercli.yaml", 0),
        {"account": "Assets:Recievable", "nearest": "`Assets:Receivable`"},
        "",
    ),
    "unknown-customer": (
        INVOICE.replace(":C1", ":C7"),
        BOTH,
        SETTINGS,
        ("main.beancount", 2),
        {"account": "Assets:Receivable:C7", "named": "—"},
        "",
    ),
    "unknown-customer-named": (
        INVOICE.replace("100 EUR", '100 EUR\n    customer: "C7"'),
        BOTH,
        SETTINGS,
        ("main.beancount", 2),
        {"named": "C7", "customer": "C1"},
        "C1",
    ),
    "customer-assumed": (
        INVOICE.replace('* "Goods"', '* "C Two" "Goods"').replace(":C1", ""),
        "[{id: C1}, {id: C2, name: C Two}]",
        SETTINGS,
        ("main.beancount", 2),
        {"customer": "C2", "payee": "C Two"},
        "C2",
    ),
    "duplicate-number": (
        INVOICE + INVOICE.replace("100", "7"),
        BOTH,
        SETTINGS,
        ("main.beancount", 5),
        {"number": "INV-1", "customer": "C1", "other": "main.beancount:2"},
        "C1",
    ),
    "number-of-two-customers": (
        INVOICE + INVOICE.replace(":C1", ":C2").replace("01-01", "01-02"),
        BOTH,
        SETTINGS,
        ("main.beancount", 5),
        {
            "number": "INV-1",
            "customer": "C2",
            "other_customer": "C1",
            "other": "main.beancount:2",
        },
        "C2",
    ),
    "ambiguous-number": (
        INVOICE.replace("^INV-1", "^INV-1 ^INV-2"),
        BOTH,
        SETTINGS,
        ("main.beancount", 1),
        {"links": "^INV-1 ^INV-2"},
        "C1",
    ),
    "bad-terms": (
        INVOICE.replace("^INV-1", '^INV-1\n  terms: "net"'),
        BOTH,
        SETTINGS,
        ("main.beancount", 1),
        {"reason": "`net` are not payment terms such as `net 30` or `30 days end of month`"},
        "C1",
    ),
    "bad-retention": (
        INVOICE.replace("^INV-1", '^INV-1\n  retention: "later"'),
        BOTH,
        SETTINGS,
        ("main.beancount", 3),
        {"reason": "terms count from delivery, acceptance or tax-invoice, not from `later`"},
        "C1",
    ),
    "due-unknown": (
        INVOICE.replace("^INV-1", '^INV-1\n  terms: "net 30 from delivery"'),
        BOTH,
        SETTINGS,
        ("main.beancount", 3),
        {
            "number": "INV-1",
            "event": "delivery",
            "key": "delivered",
            "base": "INV-1",
            "word": "delivery",
        },
        "C1",
    ),
    "due-assumed": (
        INVOICE,
        BOTH,
        "",
        ("main.beancount", 2),
        {"number": "INV-1"},
        "C1",
    ),
    "unknown-document": (
        INVOICE + PAID.replace("INV-1", "INV-l"),
        BOTH,
        SETTINGS,
        ("main.beancount", 5),
        {"kind": "payment", "names": "INV-l", "customer": "C1", "currency": "EUR"},
        "C1",
    ),
    "payment-before-document": (
        PAID.replace("01-10", "01-01") + INVOICE.replace("01-01", "01-02"),
        BOTH,
        SETTINGS,
        ("main.beancount", 2),
        {
            "kind": "payment",
            "names": "INV-1",
            "customer": "C1",
            "currency": "EUR",
            "number": "INV-1",
            "date": "2026-01-01",
            "document_date": "2026-01-02",
        },
        "C1",
    ),
    "over-payment": (
        INVOICE + PAID.replace("100", "100.01"),
        BOTH,
        SETTINGS,
        ("main.beancount", 5),
        {
            "kind": "payment",
            "names": "INV-1",
            "customer": "C1",
            "currency": "EUR",
            "amount": "0.01 EUR",
        },
        "C1",
    ),
    "excess-re-allocation": (
        INVOICE
        + '2026-01-10 * "Moved"\n  Assets:Receivable:C1  5 EUR\n  Assets:Receivable:C1  -5 EUR\n',
        BOTH,
        SETTINGS,
        ("main.beancount", 5),
        {"amount": "5.00 EUR"},
        "C1",
    ),
    "ambiguous-alias": (
        "",
        "- {id: C1, aliases: [Both]}\n- {id: C2, aliases: [BOTH]}\n",
        SETTINGS,
        ("customers/all.yaml", 1),
        {"alias": "both", "customers": "C1, C2"},
        "C1",
    ),
    "ambiguous-account": (
        "",
        "- {id: C1, accounts: [Assets:R]}\n- {id: C2, accounts: [Assets:R]}\n",
        SETTINGS,
        ("customers/all.yaml", 1),
        {"account": "Assets:R", "customers": "C1, C2"},
        "C1",
    ),
    "mistyped-account": (
        "2026-01-01 open Assets:Receivable:Acme\n",
        "[{id: C1, accounts: [Assets:Receivable:Acne]}]",
        SETTINGS,
        ("customers/all.yaml", 1),
        {"account": "Assets:Receivable:Acne", "nearest": "Assets:Receivable:Acme"},
        "C1",
    ),
    "unopened-account": (
        INVOICE,
        "[{id: C1}, {id: C2, accounts: [Assets:Receivable:Beta]}]",
        SETTINGS,
        ("customers/all.yaml", 1),
        {"account": "Assets:Receivable:Beta"},
        "C2",
    ),
    "unknown-policy": (
        "",
        "[{id: C1, reminders: {policy: gentle}}]",
        "reminders: {policies: {standard: {levels: []}, hard: {levels: []}}}",
        ("customers/all.yaml", 1),
        {"policy": "gentle", "policies": "hard, standard"},
        "C1",
    ),
    "no-price": (
        INVOICE,
        "[{id: C1, credit: {limit: 5 USD}}]",
        SETTINGS,
        ("customers/all.yaml", 1),
        {"currency": "EUR", "limit_currency": "USD", "customer": "C1"},
        "C1",
    ),
    "late-discount": (
        TERMS + discount("3", "2026-01-12"),
        BOTH,
        SETTINGS,
        ("main.beancount", 6),
        {"number": "INV-1", "date": "2026-01-12", "until": "2026-01-11"},
        "C1",
    ),
    "high-discount": (
        TERMS + discount("3.01"),
        BOTH,
        SETTINGS,
        ("main.beancount", 6),
        {"number": "INV-1", "amount": "3.01 EUR", "allowed": "3.00 EUR"},
        "C1",
    ),
    "no-tax-posting": (
        TAXED + discount("3"),
        BOTH,
        SETTINGS,
        ("main.beancount", 7),
        {"kind": "discount", "number": "INV-1"},
        "C1",
    ),
}

#: The same without the fault: nothing at all is found.
CLEAN = {
    "claim-about-nothing": (INVOICE + CLAIM.replace("^INT-1", "^INT-1 ^INV-1"), BOTH, SETTINGS),
    "unknown-receivable-account": (
        INVOICE,
        BOTH,
        "receivables: {terms: net 30, accounts: [Assets:Receivable]}",
    ),
    "unknown-customer": (INVOICE, BOTH, SETTINGS),
    "unknown-customer-named": (
        INVOICE.replace("100 EUR", '100 EUR\n    customer: "c2"'),
        BOTH,
        SETTINGS,
    ),
    "customer-assumed": (
        INVOICE.replace('* "Goods"', '* "C Two" "Goods"'),
        "[{id: C1}, {id: C2, name: C Two}]",
        SETTINGS,
    ),
    "duplicate-number": (
        INVOICE + INVOICE.replace("100", "7").replace("INV-1", "INV-2"),
        BOTH,
        SETTINGS,
    ),
    "number-of-two-customers": (
        INVOICE + INVOICE.replace("EUR", "USD").replace("01-01", "01-02"),
        BOTH,
        SETTINGS,
    ),
    "ambiguous-number": (INVOICE.replace("^INV-1", "^INV-1 ^order-2"), BOTH, SETTINGS),
    "bad-terms": (INVOICE.replace("^INV-1", '^INV-1\n  terms: "net 0"'), BOTH, SETTINGS),
    "bad-retention": (INVOICE.replace("^INV-1", "^INV-1\n  retention: 2027-01-01"), BOTH, SETTINGS),
    "due-unknown": (
        INVOICE.replace(
            "^INV-1", '^INV-1\n  terms: "net 30 from delivery"\n  delivered: 2026-01-01'
        ),
        BOTH,
        SETTINGS,
    ),
    "due-assumed": (INVOICE.replace("^INV-1", "^INV-1\n  due: 2026-02-01"), BOTH, ""),
    "unknown-document": (INVOICE + PAID, BOTH, SETTINGS),
    "payment-before-document": (PAID.replace("01-10", "01-01") + INVOICE, BOTH, SETTINGS),
    "over-payment": (INVOICE + PAID.replace("100", "99.99"), BOTH, SETTINGS),
    "excess-re-allocation": (
        INVOICE
        + PAID
        + '2026-01-10 * "Moved"\n  Assets:Receivable:C1  5 EUR\n    invoice: "INV-1"\n'
        '  Assets:Receivable:C1  -5 EUR\n    invoice: "INV-1"\n',
        BOTH,
        SETTINGS,
    ),
    "ambiguous-alias": ("", "[{id: C1, aliases: [Both]}, {id: C2, aliases: [Bot]}]", SETTINGS),
    "ambiguous-account": (
        "",
        "[{id: C1, accounts: [Assets:R]}, {id: C2, accounts: [Assets:R:A]}]",
        SETTINGS,
    ),
    "mistyped-account": (
        "2026-01-01 open Assets:Receivable:Acme\n",
        "[{id: C1, accounts: [Assets:Receivable:Acme]}]",
        SETTINGS,
    ),
    "unopened-account": (
        "2099-01-01 open Assets:Receivable:Beta:EUR\n" + INVOICE,
        "[{id: C1}, {id: C2, accounts: [Assets:Receivable:Beta]}]",
        SETTINGS,
    ),
    "unknown-policy": (
        "",
        "[{id: C1, reminders: {policy: hard}}]",
        "reminders: {policies: {standard: {levels: []}, hard: {levels: []}}}",
    ),
    "no-price": (
        INVOICE + "2026-01-01 price EUR 1.1 USD\n",
        "[{id: C1, credit: {limit: 5 USD}}]",
        SETTINGS,
    ),
    "late-discount": (TERMS + discount("3", "2026-01-11"), BOTH, SETTINGS),
    "high-discount": (TERMS + discount("3.00"), BOTH, SETTINGS),
    "no-tax-posting": (TAXED + discount("3", tax="Liabilities:VAT"), BOTH, SETTINGS),
}


def test_every_code_has_its_case() -> None:
    codes = {code.code for code in CODES} - {"tie-out"}
    assert set(CASES) == codes
    assert set(CLEAN) == codes
    assert codes < set(CATALOGUE)


@pytest.mark.parametrize("code", list(CASES))
def test_provoked_with_place_and_values(tell: Tell, code: str) -> None:
    ledger, customers, settings, place, values, whose = CASES[code]
    story = tell(ledger, customers=customers, settings=settings)
    found = [row for row in story.findings() if row.code == code]
    assert found
    assert (found[0].place.file, found[0].place.line) == place
    assert found[0].values == values
    assert found[0].customer == whose
    # Nothing else but the other side of the same.
    assert {row.code for row in story.findings()} == {code}


@pytest.mark.parametrize("code", list(CLEAN))
def test_not_provoked_by_the_clean_twin(tell: Tell, code: str) -> None:
    ledger, customers, settings = CLEAN[code]
    assert tell(ledger, customers=customers, settings=settings).codes() == []


def test_both_who_share_an_alias_are_told(tell: Tell) -> None:
    story = tell("", customers="- {id: C1, aliases: [c2]}\n- {id: C2}\n- {id: C3, aliases: [C2]}\n")
    assert [(row.code, row.customer, row.values["customers"]) for row in story.findings()] == [
        ("ambiguous-alias", "C1", "C1, C2, C3"),
        ("ambiguous-alias", "C2", "C1, C2, C3"),
        ("ambiguous-alias", "C3", "C1, C2, C3"),
    ]


def test_discounts_add_up(tell: Tell) -> None:
    story = tell(TERMS + discount("2") + discount("1.01"))
    (finding,) = story.findings()
    assert (finding.code, finding.values["amount"]) == ("high-discount", "3.01 EUR")


def test_what_the_terms_do_not_allow_is_too_high(tell: Tell) -> None:
    (finding,) = tell(INVOICE + discount("0.01")).findings()
    assert finding.values["allowed"] == "0.00 EUR"


def test_write_offs_correct_tax_too_and_settings_name_its_accounts(tell: Tell) -> None:
    text = TAXED + discount("9", tag="write-off")
    assert tell(text).codes() == ["no-tax-posting:7"]
    named = "receivables: {terms: net 30, tax: [Liabilities:Other]}"
    assert tell(text, settings=named).codes() == []
    named = "receivables: {terms: net 30, tax: ['Income:Sales']}"
    assert tell(text, settings=named).codes() == ["no-tax-posting:7"]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("Liabilities:VAT", True),
        ("Liabilities:Tax:Sales", True),
        ("Liabilities:SalesTax", True),
        ("Liabilities:VATPayable", True),
        ("Liabilities:MwSt", False),
        ("Liabilities:2221应交税费", True),
        ("Expenses:Taxi", False),
        ("Assets:Vatican", False),
    ],
)
def test_accounts_that_speak_of_a_sales_tax(account: str, expected: bool) -> None:  # noqa: FBT001
    assert is_tax_account(account) == expected


def test_customers_told_by_the_ledger_are_not_assumed(tell: Tell) -> None:
    ledger = INVOICE.replace('* "Goods"', '* "C Two" "Goods"').replace(":C1", "")
    assert tell(ledger, customers="").codes() == []


def test_a_broken_tie_out_is_told(tell: Tell) -> None:
    books = tell(INVOICE).books
    whole = books.position(day("2026-12-31"))
    broken = _tied(replace(whole, balances={("C1", "EUR"): Decimal(99)}))
    joined = Joined(books.settings, books.customers, books.view, broken)
    (finding,) = run_checks(joined)
    assert (finding.code, finding.customer) == ("tie-out", "C1")
    assert finding.values == {"computed": "100.00 EUR", "balance": "99.00 EUR"}


@pytest.mark.parametrize("code", list(CASES))
def test_each_check_tells_one_code_and_errors_alone_are_the_errors(tell: Tell, code: str) -> None:
    ledger, customers, settings, *_ = CASES[code]
    books = tell(ledger, customers=customers, settings=settings).books
    position = books.position(day("2026-12-31"))
    joined = Joined(books.settings, books.customers, books.view, position)
    for check_one, told in CHECKS:
        assert {finding.code for finding in check_one(joined)} <= {told.code}
    errors = [found for found in run_checks(joined) if found.severity == "error"]
    assert run_checks(joined, errors_alone=True) == errors


def test_only_the_codes_and_customers_asked_for(tell: Tell) -> None:
    text = INVOICE + INVOICE.replace(":C1", ":C2").replace("INV-1", "INV-2")
    books = tell(text, settings="").books

    def codes(query: Query, *names: str) -> list[tuple[str, str]]:
        return [(row.code, row.customer) for row in check(books, query, codes=names).findings]

    assert codes(Query()) == [("due-assumed", "C1"), ("due-assumed", "C2")]
    assert codes(Query(customers=("c2",))) == [("due-assumed", "C2")]
    assert codes(Query(), "no-price") == []
    assert codes(Query(), "no-price", "due-assumed") == codes(Query())


def test_without_a_day_what_is_dated_later_is_looked_at(tell: Tell) -> None:
    story = tell(INVOICE.replace("2026", "2099"), settings="")
    assert story.codes() == ["due-assumed:2"]
    assert story.codes("2098-12-31") == []


def test_equal_findings_of_two_customers_on_one_line_are_both_told(tell: Tell) -> None:
    """
    2026-01-01 open Assets:Other
    """
    lost = "reminders: {policy: lost}"
    story = tell(customers=f"[{{id: C1, {lost}}}, {{id: C2, {lost}}}]")
    found = [row.customer for row in story.findings() if row.code == "unknown-policy"]
    assert sorted(found) == ["C1", "C2"]


RECEIVABLES = """
2026-01-01 open Assets:Receivable
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:K0011
2026-01-01 open Assets:Receivable:Groups:Nordstern
2026-01-01 open Liabilities:CustomerDeposits:Acme
"""


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("accounts: [Assets:Receivable:Acem]", "mistyped-account Assets:Receivable:Acme"),
        ("accounts: [Assets:Recievable:K0011]", "mistyped-account Assets:Receivable:K0011"),
        ("accounts: [Assets:Receivable:Group]", "mistyped-account Assets:Receivable:Groups"),
        # What an account is below is no typing error of it, nor is what another customer has.
        ("accounts: [Assets:Receivable:Acme:EUR]", "unopened-account"),
        ("accounts: [Assets:Receivable:K0012]", "unopened-account"),
        ("accounts: [Assets:Receivable:Zenith]", "unopened-account"),
        ("accounts: [Assets:Receivable:Zenith], status: closed", ""),
        ("accounts: [Assets:Receivable:Zenith], status: lead", ""),
        ("accounts: [Assets:Receivable:Acme, Liabilities:CustomerDeposits:Acme]", ""),
        ("accounts: [Assets:Receivable:Groups]", ""),
    ],
)
def test_an_account_of_a_record_that_the_ledger_has_not(tell: Tell, record: str, told: str) -> None:
    other = "" if ":K0011]" in record else "{id: C2, accounts: [Assets:Receivable:K0011]}"
    found = tell(RECEIVABLES, customers=f"[{{id: C1, {record}}}, {other}]").findings()
    said = [" ".join((row.code, *filter(None, [row.values.get("nearest")]))) for row in found]
    assert said == ([told] if told else [])


def test_of_very_many_unknown_accounts_no_more_than_some_are_compared() -> None:
    text = "Assets:Receivable:Customer{}"
    names = [text.format(number) for number in range(3000)]
    records = tuple(Customer(f"K{one}", accounts=(name + "ü",)) for one, name in enumerate(names))
    opens = {name: AccountOpen(name, day("2026-01-01"), None, "a", 1) for name in names}
    mistyped = list(mistyped_accounts(records, opens))
    assert 0 < len(mistyped) < 50
    assert len(mistyped) + len(list(unopened_accounts(records, opens))) == len(records)
    assert list(unopened_accounts(records, {})) == []
