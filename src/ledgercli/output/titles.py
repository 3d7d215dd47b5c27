"""What answers are called, for documents that need a title."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible
from ledgercli.output.values import sentence

#: Titles by the name of the schema, for answers that have none of their own.
TITLES: Mapping[str, str] = {
    "activity-list": N_("Activity"),
    "agenda": N_("Agenda"),
    "aging": N_("Aging"),
    "aging-history": N_("Aging over time"),
    "allocations": N_("Suggested allocations"),
    "anomalies": N_("Out of the ordinary"),
    "bad-debt": N_("Bad debt"),
    "balance-sheet": N_("Balance sheet"),
    "balances": N_("Balances"),
    "budget": N_("Budget against actual"),
    "cash-flow": N_("Cash flow statement"),
    "check": N_("Findings"),
    "codes": N_("Codes of findings"),
    "cohorts": N_("Cohorts of customers"),
    "collection": N_("Collection"),
    "concentration": N_("Concentration"),
    "contracts": N_("Contracts"),
    "customer-duplicates": N_("Possible duplicates"),
    "customer-find": N_("Customers found"),
    "customer-history": N_("Changes of a customer record"),
    "customer-list": N_("Customers"),
    "dashboard": N_("State of the receivables"),
    "days-to-pay": N_("Days to pay"),
    "dso": N_("Days sales outstanding"),
    "explain": N_("Explanation"),
    "income": N_("Income statement"),
    "frequency": N_("How often customers buy"),
    "items": N_("Open items"),
    "limitation": N_("Limitation of claims"),
    "limit-use": N_("Use of the credit limits"),
    "limits": N_("Credit limits"),
    "opening-compare": N_("Open items compared"),
    "orders": N_("Orders"),
    "payments": N_("Settlements"),
    "promises": N_("Promises to pay"),
    "query": N_("Query"),
    "query-tables": N_("Tables for queries"),
    "receipts-forecast": N_("Receipts to expect"),
    "ratios": N_("Ratios"),
    "remind-history": N_("Reminders sent"),
    "remind-plan": N_("Reminder plan"),
    "retention": N_("New, returning and lost customers"),
    "revenue-forecast": N_("Sales to expect"),
    "roll-forward": N_("Roll-forward of receivables"),
    "scores": N_("Scores"),
    "taxes": N_("Tax summary"),
    "statement": N_("Statement of account"),
}


def title_of(answer: Answer) -> str:
    """Return the title of ``answer``: its own, that of its schema, else the schema's name."""
    if answer.title:
        return sentence(answer.title)
    name = answer.schema.partition("/")[0]
    return _(TITLES[name]) if name in TITLES else visible(name.replace("-", " ").capitalize())
