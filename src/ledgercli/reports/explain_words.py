"""The words of an explanation: why a document is due when it is, whose it is, what paid it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledgercli.model.answer import Node, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import Document
from ledgercli.model.terms import EVENT_NAMES

_DUE = {
    "due": N_("due {due}, as `due:` says"),
    "posting": N_("due {due}, by the terms `{terms}` of the posting"),
    "transaction": N_("due {due}, by the terms `{terms}` of the transaction"),
    "customer": N_("due {due}, by the terms `{terms}` of the customer"),
    "books": N_("due {due}, by the terms `{terms}` of the settings"),
    "assumed": N_("due {due}: nothing says when, `net 30` is assumed"),
    "retention": N_("due {due}, as `retention: {terms}` says"),
}
_NOT_DUE = {
    "posting": N_("not due until {event}, by the terms `{terms}` of the posting"),
    "transaction": N_("not due until {event}, by the terms `{terms}` of the transaction"),
    "customer": N_("not due until {event}, by the terms `{terms}` of the customer"),
    "books": N_("not due until {event}, by the terms `{terms}` of the settings"),
    "retention": N_("not due until {event}, as `retention: {terms}` says"),
}
_OCCURRED = {
    "posting": N_("{event} on {date}, as the posting says"),
    "transaction": N_("{event} on {date}, as the transaction says"),
    "activity": N_("{event} on {date}, as the activity log says"),
    "order": N_("{event} on {date}, as the order says"),
}
#: By what told it.
EVIDENCE = {
    "posting": N_("customer {customer} by `customer:` of the posting"),
    "transaction": N_("customer {customer} by `customer:` of the transaction"),
    "open": N_("customer {customer} by `customer:` of the account {account}"),
    "account": N_("customer {customer} by the account {account} in the record"),
    "component": N_("customer {customer} by the name of the account {account}"),
    "payee": N_("customer {customer} by the payee (assumed)"),
    "none": N_("no customer fits the account {account}"),
}
#: By the rule of an allocation.
RULES = {
    "named": N_("it names this document"),
    "exact-sum": N_("it names several documents and pays all of them"),
    "exact-subset": N_("the one set of open documents that fits the amount"),
    "equal-amount": N_("the open document of this amount"),
    "oldest-due": N_("oldest due first"),
    "legal": N_("costs first, then interest, then principal by due date"),
    "reopened": N_("a bounced payment re-opens what was paid"),
    "re-allocated": N_("a re-allocation takes back what was allocated"),
    "refunded": N_("a refund takes back what was allocated"),
}


def due_node(document: Document) -> Node:
    """Return when a document is due and why, with the event that this counts from."""
    words = document.retention or str(document.terms or "")
    values: dict[str, Any] = {"due": document.due, "terms": words}
    event = Text(EVENT_NAMES[document.event]) if document.event else Text("")
    if document.due is None:
        if not document.event:
            return Node(Text(N_("nobody knows when it is due: `retention: {terms}`"), values))
        text = Text(_NOT_DUE[document.due_source], {**values, "event": event})
        return Node(text, children=(Node(Text(N_("{event} is not recorded"), {"event": event})),))
    node = Node(Text(_DUE[document.due_source], values))
    if not document.occurred_by:
        return node
    told = Text(_OCCURRED[document.occurred_by], {"event": event, "date": document.occurred})
    return replace(node, children=(Node(told, place=document.occurred_at),))


def place_of(posting: LedgerPosting) -> str:
    """Return the file and line of a posting."""
    return f"{posting.file}:{posting.line}"


def text_of(posting: LedgerPosting) -> str:
    """Return payee and narration of a posting's transaction."""
    transaction = posting.transaction
    return " | ".join(part for part in (transaction.payee, transaction.narration) if part)
