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
    "allocations": N_("Suggested allocations"),
    "balances": N_("Balances"),
    "check": N_("Findings"),
    "codes": N_("Codes of findings"),
    "contracts": N_("Contracts"),
    "customer-duplicates": N_("Possible duplicates"),
    "customer-find": N_("Customers found"),
    "customer-history": N_("Changes of a customer record"),
    "customer-list": N_("Customers"),
    "explain": N_("Explanation"),
    "items": N_("Open items"),
    "limitation": N_("Limitation of claims"),
    "limits": N_("Credit limits"),
    "opening-compare": N_("Open items compared"),
    "orders": N_("Orders"),
    "payments": N_("Settlements"),
    "query": N_("Query"),
    "query-tables": N_("Tables for queries"),
    "remind-history": N_("Reminders sent"),
    "remind-plan": N_("Reminder plan"),
    "scores": N_("Scores"),
    "statement": N_("Statement of account"),
}


def title_of(answer: Answer) -> str:
    """Return the title of ``answer``: its own, that of its schema, else the schema's name."""
    if answer.title:
        return sentence(answer.title)
    name = answer.schema.partition("/")[0]
    return _(TITLES[name]) if name in TITLES else visible(name.replace("-", " ").capitalize())
