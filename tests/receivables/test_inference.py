"""Customers of a ledger without records: what they are called."""

from __future__ import annotations

import pytest
from stories import Tell

from ledgercli.receivables.inference import infer_customers, named_by_payees

HEAD = """
2026-01-10 * "Müller GmbH" "Goods" ^INV-1
  Assets:Receivable:Mueller  100 EUR
  Income:Sales
2026-01-20 * "Bank" "Transfer" ^INV-1
  Assets:Receivable:Mueller  -60 EUR
  Income:Sales
"""


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("", "Müller GmbH"),
        ('"Müller GmbH" "Again"', "Müller GmbH"),
        ('"Somebody else" "Again"', "Mueller"),
        ('"No payee"', "Müller GmbH"),
    ],
)
def test_customers_are_called_what_their_invoices_call_them(
    tell: Tell, more: str, name: str
) -> None:
    """Who pays may be a bank; only what opens a document says whose account it is."""
    again = f"2026-02-10 * {more}\n  Assets:Receivable:Mueller  1 EUR\n  Income:Sales\n"
    view = tell(HEAD + (again if more else ""), customers="").books.view
    (customer,) = named_by_payees(infer_customers(view), view)
    assert (customer.id, customer.name) == ("Mueller", name)
    assert customer.accounts == ("Assets:Receivable:Mueller",)
