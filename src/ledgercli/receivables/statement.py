"""Statements of account: one row per transaction, from an opening to a closing balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby

from ledgercli.model.ledger import LedgerPosting, Transaction
from ledgercli.model.position import Document, Settlement
from ledgercli.model.record import dataclass
from ledgercli.receivables.numbers import document_links
from ledgercli.receivables.position import Position
from ledgercli.receivables.summary import Key


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One transaction on the account; ``balance`` is the running one after it."""

    date: date
    kind: str
    number: str
    text: str
    debit: Decimal
    credit: Decimal
    balance: Decimal
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of one customer in one currency between two days."""

    customer: str
    currency: str
    opening: Decimal
    rows: tuple[StatementRow, ...]
    closing: Decimal


def statements(position: Position, start: date | None) -> tuple[Statement, ...]:
    """Return the statements from ``start`` (default: all) to the position's day.

    Accounts without any transaction are left out, as are, with ``start``, those without a movement
    since then whose balance is zero.
    """
    documents: dict[tuple[Key, int], list[Document]] = {}
    settlements: dict[tuple[Key, int], list[Settlement]] = {}
    for item in position.items:
        document = item.document
        documents.setdefault((document.key, id(document.posting.transaction)), []).append(document)
    for receipt in position.receipts:
        settlement = receipt.settlement
        moved = (settlement.key, id(settlement.posting.transaction))
        settlements.setdefault(moved, []).append(settlement)
    made = []
    for key in sorted(position.postings):
        movements = [
            _Movement(
                transaction,
                _net(postings),
                documents.get((key, id(transaction)), []),
                settlements.get((key, id(transaction)), []),
                postings[0],
            )
            for transaction, postings in _by_transaction(position.postings[key])
        ]
        statement = _statement(key, movements, start)
        if statement.rows or statement.closing or not start:
            made.append(statement)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Movement:
    """What one transaction moved on the account: (debit, credit) and what it means."""

    transaction: Transaction
    amounts: tuple[Decimal, Decimal]
    documents: list[Document]
    settlements: list[Settlement]
    posting: LedgerPosting

    @property
    def is_re_allocation(self) -> bool:
        return any(row.kind == "re-allocation" for row in self.settlements)

    @property
    def kind(self) -> str:
        """Return the kind of the document opened, else of the settlement, else a re-opening."""
        if self.documents:
            return self.documents[0].kind
        if self.settlements:
            return self.settlements[0].kind
        return "refund" if "refund" in self.transaction.tags else "re-opening"

    @property
    def number(self) -> str:
        """Return the numbers opened, else the settlement's own, else what is named."""
        if self.documents:
            return ", ".join(dict.fromkeys(row.base for row in self.documents))
        for row in self.settlements:
            if row.number:
                return row.number
        names = [name for row in self.settlements for name in row.names]
        told = self.posting.says("invoice")
        names = names or ([told] if told else document_links(self.transaction.links))
        return ", ".join(dict.fromkeys(names))

    @property
    def order(self) -> tuple[date, bool, str, Decimal, str]:
        """Return the key of a statement's order; files and lines do not decide."""
        debit, credit = self.amounts
        return (self.transaction.date, credit > debit, self.number, credit - debit, self.text)

    @property
    def text(self) -> str:
        return self.transaction.narration or self.transaction.payee


def _statement(key: Key, movements: list[_Movement], start: date | None) -> Statement:
    balance = opening = Decimal(0)
    rows = []
    for movement in sorted(movements, key=lambda row: row.order):
        if movement.is_re_allocation:
            continue
        debit, credit = movement.amounts
        balance += debit - credit
        transaction = movement.transaction
        if start and transaction.date < start:
            opening = balance
            continue
        rows.append(
            StatementRow(
                transaction.date,
                movement.kind,
                movement.number,
                movement.text,
                debit,
                credit,
                balance,
                transaction.file,
                transaction.line,
            )
        )
    return Statement(*key, opening=opening, rows=tuple(rows), closing=balance)


def _by_transaction(
    postings: tuple[LedgerPosting, ...],
) -> list[tuple[Transaction, list[LedgerPosting]]]:
    grouped = groupby(postings, key=lambda posting: id(posting.transaction))
    listed = [list(group) for _, group in grouped]
    return [(group[0].transaction, group) for group in listed]


def _net(postings: list[LedgerPosting]) -> tuple[Decimal, Decimal]:
    """Return debit and credit of one transaction on the account."""
    debit = sum((row.amount for row in postings if row.amount > 0), Decimal(0))
    credit = -sum((row.amount for row in postings if row.amount < 0), Decimal(0))
    return debit, credit
