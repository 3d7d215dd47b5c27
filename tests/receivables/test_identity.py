"""Whose a posting is: every kind of evidence, and which goes before which."""

from __future__ import annotations

import pytest
from stories import Tell, codes_of, day, owners, transaction

from ledgercli.model.customer import Customer
from ledgercli.model.ledger import AccountOpen
from ledgercli.receivables.identity import Directory, Match

ALL_EVIDENCE = """
- {id: POSTING}
- {id: TRANSACTION}
- {id: OPEN}
- {id: ACCOUNT, accounts: [Assets:Receivable:Own]}
- {id: Own}
- {id: PAYEE, name: Payee Ltd}
"""
OPEN = AccountOpen("Assets:Receivable:Own", day("2026-01-01"), "OPEN", "main.beancount", 1)


def matched(
    customers: list[Customer],
    account: str = "Assets:Receivable",
    payee: str = "",
    own: str | None = None,
    shared: str | None = None,
    opens: dict[str, AccountOpen] | None = None,
) -> Match:
    (posting,) = transaction(
        day("2026-01-01"),
        (account, "1 EUR", {"customer": own} if own is not None else {}),
        metadata={"customer": shared} if shared is not None else {},
        payee=payee,
    )
    return Directory(customers, opens or {}).match(posting)


@pytest.mark.parametrize(
    ("leave_out", "customer"),
    [
        (0, "POSTING"),
        (1, "TRANSACTION"),
        (2, "OPEN"),
        (3, "ACCOUNT"),
        (4, "Own"),
        (5, "PAYEE"),
        (6, "?"),
    ],
)
def test_the_first_evidence_wins(tell: Tell, leave_out: int, customer: str) -> None:
    own, shared, opened, account, component, payee = [index >= leave_out for index in range(6)]
    name = "Assets:Receivable:Own" if component else "Assets:Receivable:Else"
    lines = [
        f"2026-01-01 open {name}",
        '  customer: "OPEN"' if opened else "",
        f'2026-01-02 * "{"Payee Ltd" if payee else "Nobody"}" "Goods" ^INV-1',
        '  customer: "TRANSACTION"' if shared else "",
        f"  {name}  100 EUR",
        '    customer: "POSTING"' if own else "",
        "  Income:Sales",
    ]
    story = tell(
        "\n".join(line for line in lines if line),
        customers=ALL_EVIDENCE if account else ALL_EVIDENCE.replace("accounts:", "aliases:"),
    )
    assert owners(story.at()) == {f"{customer} EUR": "100"}


def test_payees_are_assumed_and_nobody_is_an_error(tell: Tell) -> None:
    """
    2026-01-01 * "Payee Ltd" "Goods" ^INV-1
      Assets:Receivable  100 EUR
      Income:Sales
    2026-01-02 * "Nobody" "Goods" ^INV-2
      Assets:Receivable  30 EUR
      Income:Sales
    2026-01-03 * "Payee Ltd" "Goods" ^INV-3
      customer: "Nobdy"
      Assets:Receivable  7 EUR
      Income:Sales
    """
    story = tell(customers="{id: C1, name: Payee Ltd}")
    assert owners(story.at()) == {"? EUR": "30", "C1 EUR": "107"}
    assumed, unknown, wrong, again = story.findings()
    assert (assumed.code, assumed.place.line) == ("customer-assumed", 2)
    assert assumed.values == {"customer": "C1", "payee": "Payee Ltd"}
    assert (unknown.code, unknown.place.line, unknown.severity) == ("unknown-customer", 5, "error")
    assert unknown.values == {"account": "Assets:Receivable", "named": "Nobody"}
    assert (wrong.code, again.code) == ("customer-assumed", "unknown-customer-named")
    assert again.values == {"named": "Nobdy", "customer": "C1"}


def test_the_unknown_customer_pays_only_what_is_named(tell: Tell) -> None:
    """
    2026-01-01 * "X" "Goods" ^INV-1
      Assets:Receivable  100 EUR
      Income:Sales
    2026-01-02 * "X" "Goods" ^INV-2
      Assets:Receivable  50 EUR
      Income:Sales
    2026-01-03 * "Y" "Paid" ^INV-2
      Assets:Receivable  -20 EUR
      Assets:Bank
    2026-01-03 * "Y" "Paid"
      Assets:Receivable  -100 EUR
      Assets:Bank
    """
    position = tell().at()
    assert [(item.document.number, str(item.open)) for item in position.items] == [
        ("INV-1", "100"),
        ("INV-2", "30"),
    ]
    assert {key: str(value) for key, value in position.unallocated.items()} == {("?", "EUR"): "100"}


def test_case_and_unicode_form_are_ignored() -> None:
    customers = [Customer("Zoë", name="STRASSE GmbH", aliases=("Ölmühle",))]
    assert matched(customers, own="ZOE\u0308").customer == "Zoë"
    assert matched(customers, own="o\u0308lmu\u0308hle").customer == "Zoë"
    assert matched(customers, "Assets:Receivable:ZOË").evidence == "component"
    assert matched(customers, "Assets:Receivable:ÖLMÜHLE").evidence == "component"
    assert matched(customers, payee="straße  gmbh") == Match("Zoë", "payee")
    assert matched(customers, payee="strasse").customer == "?"


def test_an_id_goes_before_an_alias_and_the_first_of_two_ids_counts() -> None:
    customers = [Customer("A", aliases=("B",)), Customer("B"), Customer("b", aliases=("late",))]
    assert matched(customers, own="B").customer == "B"
    assert matched(customers, own="b").customer == "B"
    assert matched(customers, own="late").customer == "?"


def test_the_longest_account_wins_by_whole_components() -> None:
    customers = [
        Customer("WIDE", accounts=("Assets:Receivable:Ac",)),
        Customer("LONG", accounts=("Assets:Receivable:Ac:Eu:North",)),
    ]
    for account, customer in {
        "Assets:Receivable:Ac": "WIDE",
        "Assets:Receivable:Ac:Eu": "WIDE",
        "Assets:Receivable:Ac:Eu:North": "LONG",
        "Assets:Receivable:Ac:Eu:North:X": "LONG",
        "Assets:Receivable:Ac:Eu:Northern": "WIDE",
        "Assets:Receivable:Acme": "?",
        "Assets:Receivable": "?",
    }.items():
        assert matched(customers, account).customer == customer, account


def test_only_the_last_component_tells() -> None:
    customers = [Customer("Acme")]
    assert matched(customers, "Assets:Receivable:Acme").customer == "Acme"
    assert matched(customers, "Assets:Receivable:Acme:Goods").customer == "?"


def test_names_of_two_customers_tell_nobody() -> None:
    customers = [
        Customer("A", name="Same", aliases=("both",), accounts=("Assets:R",)),
        Customer("B", name="Same", aliases=("Both",), accounts=("Assets:R",)),
    ]
    assert matched(customers, own="both") == Match("?", "none", ("both",))
    assert matched(customers, payee="Same").customer == "?"
    assert matched(customers, "Assets:R").customer == "?"
    # What two claim falls through to the next rule.
    assert matched(customers, "Assets:R:A").evidence == "component"
    # A name that is another's alias.
    mixed = [Customer("A", name="X"), Customer("B", aliases=("x",))]
    assert matched(mixed, payee="X").customer == "?"
    # Names are no ids: metadata knows ids and aliases only.
    assert matched([Customer("A", name="X")], own="X").customer == "?"


def test_a_wrong_name_falls_through_and_is_remembered() -> None:
    customers = [Customer("C1")]
    found = matched(customers, "Assets:Receivable:C1", own="x", shared="y")
    assert found == Match("C1", "component", ("x", "y"))
    opens = {OPEN.account: OPEN}
    found = matched([Customer("OPEN")], OPEN.account, own="x", opens=opens)
    assert found == Match("OPEN", "open", ("x",))


def test_deposits_are_given_by_the_same_rules(tell: Tell) -> None:
    """
    2026-01-01 * "In advance"
      Liabilities:CustomerDeposits  -40 EUR
        customer: "C2"
      Liabilities:CustomerDeposits:C1  -2 EUR
      Assets:Bank
    """
    position = tell().at()
    assert {" ".join(key): str(value) for key, value in position.deposits.items()} == {
        "C2 EUR": "40",
        "C1 EUR": "2",
    }
    assert position.items == ()
    assert position.receipts == ()


def test_a_bare_ledger_tells_its_customers_itself(tell: Tell) -> None:
    """
    2026-01-01 * "Whoever" "Goods" ^INV-1
      Assets:Receivable:Acme:Eu  1 EUR
      Income:Sales
    2026-01-01 * "Müller & Söhne" "Goods" ^INV-2
      Assets:Receivable  2 EUR
      Income:Sales
    2026-01-01 * "Goods" ^INV-3
      Assets:Receivable  3 EUR
      Income:Sales
    2026-01-01 * "Whoever" "Goods" ^INV-4
      Assets:Receivable  4 EUR
        customer: "acme-eu"
      Income:Sales
    """
    story = tell(customers="")
    assert owners(story.at()) == {"? EUR": "3", "Acme-Eu EUR": "5", "Müller-Söhne EUR": "2"}
    assert codes_of(story.findings()) == ["unknown-customer:8"]
