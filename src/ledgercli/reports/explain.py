"""Why a figure is what it is: every posting, allocation and rule, with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Column, Node, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.ledger import LedgerPosting, LedgerView
from ledgercli.model.position import Allocation, Document
from ledgercli.model.terms import EVENT_NAMES
from ledgercli.model.values import Money
from ledgercli.receivables.claim_account import ClaimAccount
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.position import Item, Receipt
from ledgercli.receivables.summary import Key
from ledgercli.reports.claims import CLAIM_COLUMNS, claim_cells, claim_nodes
from ledgercli.reports.common import CURRENCY, CUSTOMER, PLACE, PositionBasis
from ledgercli.reports.receivables import item_status

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
_EVIDENCE = {
    "posting": N_("customer {customer} by `customer:` of the posting"),
    "transaction": N_("customer {customer} by `customer:` of the transaction"),
    "open": N_("customer {customer} by `customer:` of the account {account}"),
    "account": N_("customer {customer} by the account {account} in the record"),
    "component": N_("customer {customer} by the name of the account {account}"),
    "payee": N_("customer {customer} by the payee (assumed)"),
    "none": N_("no customer fits the account {account}"),
}
_RULES = {
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


def explain_subject(
    basis: PositionBasis,
    view: LedgerView,
    subject: str,
    customer_id: Callable[[str], str],
    account_of: Callable[[Item], ClaimAccount] | None = None,
) -> Answer:
    """Return the tree of a document number or, if none has it, of a customer.

    ``customer_id`` finds the id of a customer and raises where there is none; ``account_of`` tells
    fees and interest of a document.
    """
    directory = Directory(
        (row for row in basis.position.customers.values() if row.id != UNKNOWN), view.opens
    )
    explainer = _Explainer(basis, directory, account_of)
    found = [
        item
        for item in basis.position.items
        if subject in (item.document.number, item.document.base)
    ]
    if found:
        tree = tuple(explainer.document(item) for item in found)
        return explainer.answer(subject, found, (), tree)
    customer = customer_id(subject)
    part = basis.position.only(frozenset({customer}), None)
    tree = tuple(explainer.account(key) for key in sorted(part.postings))
    return explainer.answer(subject, part.items, part.receipts, tree)


class _Explainer:
    """Words the parts of a position as trees."""

    def __init__(
        self,
        basis: PositionBasis,
        directory: Directory,
        account_of: Callable[[Item], ClaimAccount] | None,
    ) -> None:
        self._basis = basis
        self._directory = directory
        self._account_of = account_of

    def document(self, item: Item) -> Node:
        """Return the tree of one document."""
        document = item.document
        title = Text(
            N_("{number} of {name}: open"),
            {"number": document.number, "name": self._basis.name_of(document.customer)},
        )
        children = [
            self._posting(document.posting, N_("opened {date}: {text}"), document.amount),
            self._evidence(document.posting),
            _due(document),
            *(self._allocation(row) for row in item.allocations),
        ]
        if item.rounding:
            rounding = Money(item.rounding, document.currency)
            children.append(
                Node(N_("below half the smallest unit, so it counts as settled"), rounding)
            )
        children.append(self._state(item))
        if self._account_of:
            children.extend(claim_nodes(self._account_of(item), document.currency))
        return Node(title, Money(item.open, document.currency), "", tuple(children))

    def account(self, key: Key) -> Node:
        """Return the tree of a customer's account in one currency."""
        customer, currency = key
        part = self._basis.position.only(frozenset({customer}), frozenset({currency}))
        children = [self.document(item) for item in part.open_items]
        children.extend(
            self._settlement(receipt) for receipt in part.receipts if receipt.unallocated
        )
        settled = tuple(self.document(item) for item in part.items if not item.open)
        if settled:
            children.append(
                Node(
                    Text(
                        N_("{count} document settled"),
                        plural=N_("{count} documents settled"),
                        count=len(settled),
                    ),
                    children=settled,
                )
            )
        rounding = part.rounding.get(key)
        if rounding:
            children.append(Node(N_("rounding differences"), Money(rounding, currency)))
        deposit = part.deposits.get(key)
        if deposit:
            children.append(Node(N_("deposits, not in the balance"), Money(deposit, currency)))
        title = Text(
            N_("{customer} {name}: balance of {count} posting"),
            {"customer": customer, "name": self._basis.name_of(customer)},
            plural=N_("{customer} {name}: balance of {count} postings"),
            count=len(part.postings[key]),
        )
        return Node(title, Money(part.balances[key], currency), "", tuple(children))

    def _settlement(self, receipt: Receipt) -> Node:
        settlement = receipt.settlement
        children = [
            Node(
                Text(
                    N_("allocated to {number}: {rule}"),
                    {"number": row.document.number, "rule": Text(_RULES[row.rule])},
                ),
                Money(row.amount, settlement.currency),
            )
            for row in receipt.allocations
        ]
        children.extend(
            Node(
                Text(N_("used on {date}"), {"date": row.date}),
                Money(row.amount, settlement.currency),
                _place(row.posting),
            )
            for row in receipt.uses
        )
        named = list(settlement.names)
        message = (
            N_("unallocated from {date}: {text}, names {names}")
            if named
            else N_("unallocated from {date}: {text}, names nothing")
        )
        values = {"date": settlement.date, "text": _text(settlement.posting), "names": named}
        amount = Money(-receipt.unallocated, settlement.currency)
        return Node(Text(message, values), amount, _place(settlement.posting), tuple(children))

    def _allocation(self, row: Allocation) -> Node:
        message = N_("{date} {text}: {rule}")
        if row.assumed:
            message = N_("{date} {text}: {rule} (assumed)")
        values = {
            "date": row.date,
            "text": _text(row.posting),
            "rule": Text(_RULES[row.rule]),
        }
        amount = Money(-row.amount, row.document.currency)
        return Node(Text(message, values), amount, _place(row.posting))

    def _posting(self, posting: LedgerPosting, message: str, amount: Decimal) -> Node:
        values = {"date": posting.transaction.date, "text": _text(posting)}
        return Node(Text(message, values), Money(amount, posting.currency), _place(posting))

    def _evidence(self, posting: LedgerPosting) -> Node:
        match = self._directory.match(posting)
        values = {"customer": match.customer, "account": posting.account}
        return Node(Text(_EVIDENCE[match.evidence], values))

    def _state(self, item: Item) -> Node:
        as_of = self._basis.position.as_of
        days = item.days_overdue(as_of)
        if not item.open:
            return Node(N_("settled"))
        if item.document.is_retained(as_of):
            return Node(N_("retention money, which the customer may still keep"))
        if days is None:
            return Node(N_("not known to be due"))
        if days > 0:
            message = Text(N_("{count} day overdue"), plural=N_("{count} days overdue"), count=days)
            return Node(message)
        return Node(N_("not due"))

    def answer(
        self,
        subject: str,
        items: Iterable[Item],
        receipts: Iterable[Receipt],
        tree: tuple[Node, ...],
    ) -> Answer:
        """Return the answer: the tree for people, documents and settlements in JSON."""
        basis = self._basis
        return Answer(
            "explain/1",
            facts={**basis.facts(), "subject": subject},
            tables=(
                Table(
                    "documents",
                    _DOCUMENT_COLUMNS,
                    [self._document_row(row) for row in items],
                    role="data",
                ),
                Table(
                    "unallocated",
                    _UNALLOCATED_COLUMNS,
                    [_unallocated_row(row) for row in receipts if row.unallocated],
                    role="data",
                ),
            ),
            closing_facts=basis.closing_facts(),
            notes=basis.notes(),
            tree=tree,
        )

    def _document_row(self, item: Item) -> dict[str, Any]:
        document: Document = item.document
        currency = document.currency
        match = self._directory.match(document.posting)
        return {
            "number": document.number,
            "customer": document.customer,
            "customer_by": match.evidence,
            "currency": currency,
            "date": document.date,
            "due": document.due,
            "due_by": document.due_source,
            "terms": str(document.terms) if document.terms else None,
            "retention": document.retention or None,
            "event": document.event,
            "event_date": document.occurred,
            "amount": Money(document.amount, currency),
            "open": Money(item.open, currency),
            "status": item_status(item, self._basis.position.as_of),
            "allocations": [
                {
                    "date": row.date,
                    "amount": Money(row.amount, currency),
                    "rule": row.rule,
                    "assumed": row.assumed,
                    "text": _text(row.posting),
                    "file": row.posting.file,
                    "line": row.posting.line,
                }
                for row in item.allocations
            ],
            **claim_cells(self._account_of(item) if self._account_of else None, currency),
            "file": document.file,
            "line": document.line,
        }


def _due(document: Document) -> Node:
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


_DOCUMENT_COLUMNS = (
    Column("number", N_("number"), "code"),
    CUSTOMER,
    Column("customer_by", N_("customer by"), "code"),
    CURRENCY,
    Column("date", N_("date"), "date"),
    Column("due", N_("due"), "date"),
    Column("due_by", N_("due by"), "code"),
    Column("terms", N_("terms")),
    Column("retention", N_("retention money")),
    Column("event", N_("counts from"), "code", words="terms-event"),
    Column("event_date", N_("event on"), "date"),
    Column("amount", N_("amount"), "money"),
    Column("open", N_("open"), "money"),
    Column("status", N_("status"), "code", words="status"),
    Column(
        "allocations",
        N_("allocations"),
        "table",
        columns=(
            Column("date", N_("date"), "date"),
            Column("amount", N_("amount"), "money"),
            Column("rule", N_("rule"), "code", words="rule"),
            Column("assumed", N_("assumed"), "flag"),
            Column("text", N_("text")),
            *PLACE,
        ),
    ),
    *CLAIM_COLUMNS,
    *PLACE,
)
_UNALLOCATED_COLUMNS = (
    Column("date", N_("date"), "date"),
    Column("kind", N_("kind"), "code", words="settlement"),
    CURRENCY,
    Column("amount", N_("amount"), "money"),
    Column("unallocated", N_("unallocated"), "money"),
    Column("names", N_("names"), "strings"),
    *PLACE,
)


def _unallocated_row(receipt: Receipt) -> dict[str, Any]:
    settlement = receipt.settlement
    return {
        "date": settlement.date,
        "kind": settlement.kind,
        "currency": settlement.currency,
        "amount": Money(settlement.amount, settlement.currency),
        "unallocated": Money(receipt.unallocated, settlement.currency),
        "names": list(settlement.names),
        "file": settlement.file,
        "line": settlement.line,
    }


def _place(posting: LedgerPosting) -> str:
    return f"{posting.file}:{posting.line}"


def _text(posting: LedgerPosting) -> str:
    """Return payee and narration of a posting's transaction."""
    transaction = posting.transaction
    return " | ".join(part for part in (transaction.payee, transaction.narration) if part)
