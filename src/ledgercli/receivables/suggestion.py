"""Suggests ``invoice:`` metadata that turns assumed allocations into named ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from io import StringIO

from ledgercli.model.customer import UNKNOWN
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.record import dataclass
from ledgercli.receivables.position import Position, Receipt, position
from ledgercli.receivables.summary import Key

_POSTING = re.compile(
    r"(?P<lead>\s+(?:[!*&#?%PSTCURM]\s+)?)(?P<account>[^\s;]+)(?P<gap>[ \t]*)"
    r"(?P<amount>[^;\r\n]*?)(?P<rest>[ \t]*(?:;[^\r\n]*)?)(?P<end>\r?\n?)"
)
_PLAIN_AMOUNT = re.compile(r"-?[\d,]+(?:\.\d*)?\s+[A-Z][^\s{@]*")


Pieces = Sequence[tuple[str, str]]
"""The whole of a file in parts, each of whole lines, as it is and as it would be."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A settlement that could name its documents, or why it should not be done by a program."""

    receipt: Receipt
    numbers: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Change:
    """The lines to put for the posting of a settlement."""

    receipt: Receipt
    lines: list[str]

    @property
    def key(self) -> Key:
        """Return the customer's id and the currency."""
        return self.receipt.settlement.key


def suggest(
    assumed: Position, texts: Mapping[str, str], diff_of: Callable[[str, Pieces], str]
) -> tuple[str, tuple[Suggestion, ...]]:
    """Return a unified diff of the ledger, and the settlements that are left to a person.

    ``assumed`` is a position with its assumptions, ``texts`` are the ledger's files by their path
    relative to the books, ``diff_of`` tells the difference of one of them. A settlement that paid
    one document gets ``invoice:`` on its posting; one that paid several is split into a posting for
    each. Left out are those where another document would have fitted as well, a document has no
    number, or the posting is not a plain line, and all of a customer and currency where naming some
    would move another figure.
    """
    changes: list[_Change] = []
    left: list[Suggestion] = []
    split: dict[str, list[str]] = {}
    for receipt in assumed.receipts:
        if not any(row.assumed for row in receipt.allocations):
            continue
        file, line = receipt.settlement.file, receipt.settlement.line
        if file not in split:
            split[file] = _lines(texts.get(file, ""))
        reason, lines = _obstacle(receipt), split[file]
        replaced = None if reason or line > len(lines) else _named(lines[line - 1], receipt)
        if replaced is None:
            left.append(_left_out(receipt, reason or "not-a-plain-line"))
        else:
            changes.append(_Change(receipt, replaced))
    unsure = _touched(assumed, changes)
    while moved := _moved(assumed, changes, unsure):
        dropped = [change for change in changes if change.key in moved]
        left.extend(_left_out(change.receipt, "moves-others") for change in dropped)
        changes = [change for change in changes if change.key not in moved]
        # What else is changed beside those that are dropped may move now.
        unsure = _touched(assumed, dropped) & _touched(assumed, changes)
    by_file: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for change in changes:
        settlement = change.receipt.settlement
        by_file[settlement.file][settlement.line] = change.lines
    diff = "".join(
        diff_of(file, list(_pieces(split[file], by_line)))
        for file, by_line in sorted(by_file.items())
    )
    return diff, tuple(left)


def _left_out(receipt: Receipt, reason: str) -> Suggestion:
    return Suggestion(receipt, tuple(row.document.number for row in receipt.allocations), reason)


def _touched(before: Position, changes: Sequence[_Change]) -> set[Key]:
    """Return the customers and currencies that a transaction with a change is of.

    A number on one posting takes the links from all others of its transaction.
    """
    changed = {id(change.receipt.settlement.posting.transaction) for change in changes}
    return {change.key for change in changes} | {
        key
        for key, postings in before.postings.items()
        if any(id(posting.transaction) in changed for posting in postings)
    }


def _moved(before: Position, changes: Sequence[_Change], unsure: set[Key]) -> set[Key]:
    """Return the customers and currencies of changes that would not leave all figures alone.

    Named settlements go before those that are guessed, so a guess that stays may change. Looked at
    are those that are ``unsure``: nothing is allocated across customers or currencies.
    """
    if not changes or not unsure:
        return set()
    after = _position_after(before, changes, unsure)
    old, new = _figures(before, unsure), _figures(after, unsure)
    named = {(row.receipt.settlement.file, row.receipt.settlement.line) for row in changes}
    guessed = {
        row.settlement.key
        for row in after.receipts
        if row.settlement.key in unsure
        and (row.settlement.file, row.settlement.line) in named
        and any(allocation.assumed for allocation in row.allocations)
    }
    suspects = {change.key for change in changes}
    moved = {key for key in before.postings if old.get(key) != new.get(key)} | guessed
    # Where it is somebody else's figure that moves, there is no telling which change does it.
    return suspects if moved - suspects else moved


def _position_after(before: Position, changes: Sequence[_Change], keys: set[Key]) -> Position:
    """Return the position with ``changes``; it is whole for ``keys`` alone."""
    receipts = {id(change.receipt.settlement.posting): change.receipt for change in changes}
    wanted = {id(posting.transaction) for key in keys for posting in before.postings.get(key, ())}
    postings = tuple(
        row
        for posting in before.view.receivables
        if id(posting.transaction) in wanted
        for row in _named_postings(posting, receipts.get(id(posting)))
    )
    return position(
        replace(before.view, receivables=postings, deposits=()),
        (row for row in before.customers.values() if row.id != UNKNOWN),
        before.settings,
        before.as_of,
        before.recorded,
    )


def _named_postings(posting: LedgerPosting, receipt: Receipt | None) -> list[LedgerPosting]:
    """Return ``posting`` as the ledger will have it."""
    if receipt is None:
        return [posting]
    rows = receipt.allocations
    amounts = [-row.amount for row in rows] if len(rows) > 1 else [posting.amount]
    return [
        replace(
            posting,
            amount=amount,
            metadata={**posting.metadata, "invoice": row.document.number},
        )
        for row, amount in zip(rows, amounts, strict=True)
    ]


def _figures(found: Position, keys: set[Key]) -> dict[Key, dict[tuple[str, ...], Decimal]]:
    """Return what is open, and what each ledger line has brought for which document."""
    figures: dict[Key, dict[tuple[str, ...], Decimal]] = {key: defaultdict(Decimal) for key in keys}
    for item in found.items:
        own = figures.get(item.document.key)
        if own is not None:
            own["open", item.document.number] += item.open
    for receipt in found.receipts:
        settlement = receipt.settlement
        own = figures.get(settlement.key)
        if own is not None:
            place = (settlement.file, str(settlement.line))
            own[place] += receipt.unallocated
            for row in receipt.allocations:
                own[*place, row.document.number] += row.amount
    return figures


def _lines(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends, counted as Beancount and git count them."""
    return StringIO(text, newline="\n").readlines()


def _obstacle(receipt: Receipt) -> str:
    if any(row.ambiguous for row in receipt.allocations):
        return "ambiguous"
    if not all(row.document.numbered for row in receipt.allocations):
        return "no-number"
    if len(receipt.allocations) > 1 and (receipt.unallocated or receipt.used):
        return "unallocated"
    return ""


def _named(line: str, receipt: Receipt) -> list[str] | None:
    """Return the lines to put for ``line``, None if it is no plain posting with this amount."""
    found = _POSTING.fullmatch(line)
    if not found or found["account"] != receipt.settlement.posting.account:
        return None
    end = found["end"] or "\n"
    indent = line[: len(line) - len(line.lstrip())]
    rows = receipt.allocations
    if len(rows) == 1:
        own = line if line.endswith("\n") else line + end
        return [own, f'{indent}  invoice: "{_quoted(rows[0].document.number)}"{end}']
    if receipt.settlement.posting.metadata:
        return None
    if found["amount"] and not _PLAIN_AMOUNT.fullmatch(found["amount"]):
        return None
    currency = receipt.settlement.currency
    texts = [f"{-row.amount:f} {currency}" for row in rows]
    width = max(len(text) for text in (*texts, found["amount"]))
    gap = found["gap"] if len(found["gap"]) > 1 else "  "
    lines = []
    for index, (row, text) in enumerate(zip(rows, texts, strict=True)):
        comment = found["rest"] if index == 0 else ""
        lines.append(f"{found['lead']}{found['account']}{gap}{text:>{width}}{comment}{end}")
        lines.append(f'{indent}  invoice: "{_quoted(row.document.number)}"{end}')
    return lines


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _pieces(lines: Sequence[str], by_line: Mapping[int, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield a file in parts: lines that stay, and those that stand at other ones' place."""
    reached, old, new = 0, "", ""
    for number, changed in sorted(by_line.items()):
        if number - 1 > reached:
            yield old, new
            same = "".join(lines[reached : number - 1])
            yield same, same
            old = new = ""
        # Changes of lines that follow each other are one.
        old, new, reached = old + lines[number - 1], new + "".join(changed), number
    yield old, new
    same = "".join(lines[reached:])
    yield same, same
