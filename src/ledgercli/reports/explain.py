"""Why a figure is what it is: every posting, allocation and rule, with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Node, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.ledger import LedgerPosting, LedgerView
from ledgercli.model.position import Allocation
from ledgercli.model.values import Money
from ledgercli.receivables.claim_account import ClaimAccount
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.position import Item, Receipt
from ledgercli.receivables.summary import Key
from ledgercli.reports.claims import claim_nodes
from ledgercli.reports.common import PositionBasis
from ledgercli.reports.explain_rows import (
    DOCUMENT_COLUMNS,
    UNALLOCATED_COLUMNS,
    document_row,
    unallocated_row,
)
from ledgercli.reports.explain_words import EVIDENCE, RULES, due_node, place_of, text_of


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
            due_node(document),
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
                    {"number": row.document.number, "rule": Text(RULES[row.rule])},
                ),
                Money(row.amount, settlement.currency),
            )
            for row in receipt.allocations
        ]
        children.extend(
            Node(
                Text(N_("used on {date}"), {"date": row.date}),
                Money(row.amount, settlement.currency),
                place_of(row.posting),
            )
            for row in receipt.uses
        )
        named = list(settlement.names)
        message = (
            N_("unallocated from {date}: {text}, names {names}")
            if named
            else N_("unallocated from {date}: {text}, names nothing")
        )
        values = {"date": settlement.date, "text": text_of(settlement.posting), "names": named}
        amount = Money(-receipt.unallocated, settlement.currency)
        return Node(Text(message, values), amount, place_of(settlement.posting), tuple(children))

    def _allocation(self, row: Allocation) -> Node:
        message = N_("{date} {text}: {rule}")
        if row.assumed:
            message = N_("{date} {text}: {rule} (assumed)")
        values = {
            "date": row.date,
            "text": text_of(row.posting),
            "rule": Text(RULES[row.rule]),
        }
        amount = Money(-row.amount, row.document.currency)
        return Node(Text(message, values), amount, place_of(row.posting))

    def _posting(self, posting: LedgerPosting, message: str, amount: Decimal) -> Node:
        values = {"date": posting.transaction.date, "text": text_of(posting)}
        return Node(Text(message, values), Money(amount, posting.currency), place_of(posting))

    def _evidence(self, posting: LedgerPosting) -> Node:
        match = self._directory.match(posting)
        values = {"customer": match.customer, "account": posting.account}
        return Node(Text(EVIDENCE[match.evidence], values))

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
                    DOCUMENT_COLUMNS,
                    [self._document_row(row) for row in items],
                    role="data",
                ),
                Table(
                    "unallocated",
                    UNALLOCATED_COLUMNS,
                    [unallocated_row(row) for row in receipts if row.unallocated],
                    role="data",
                ),
            ),
            closing_facts=basis.closing_facts(),
            notes=basis.notes(),
            tree=tree,
        )

    def _document_row(self, item: Item) -> dict[str, Any]:
        evidence = self._directory.match(item.document.posting).evidence
        claims = self._account_of(item) if self._account_of else None
        return document_row(item, evidence, self._basis.position.as_of, claims)
