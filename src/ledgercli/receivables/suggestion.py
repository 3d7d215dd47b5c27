"""Suggests ``invoice:`` metadata that turns assumed allocations into named ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import unified_diff

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


def suggest(
    assumed: Position, texts: Mapping[str, str], prefix: str = ""
) -> tuple[str, tuple[Suggestion, ...]]:
    """Return a unified diff of the ledger, and the settlements that are left to a person.

    ``assumed`` is a position with its assumptions, ``texts`` are the ledger's files by their path
    relative to the books; ``prefix`` is the books' folder in its repository (``books/``), so that
    ``git apply`` finds them. A settlement that paid one document gets ``invoice:`` on its posting;
    one that paid several is split into a posting for each. Left out are those where another
    document would have fitted as well, a document has no number, or the posting is not a plain
    line, and all of a customer and currency where naming some would move another figure.
    """
    changes: list[_Change] = []
    left: list[Suggestion] = []
    split = {file: _lines(text) for file, text in texts.items()}
    for receipt in assumed.receipts:
        if not any(row.assumed for row in receipt.allocations):
            continue
        line = receipt.settlement.line
        reason = _obstacle(receipt)
        lines = split.get(receipt.settlement.file, [])
        replaced = None if reason or line > len(lines) else _named(lines[line - 1], receipt)
        if replaced is None:
            left.append(_left_out(receipt, reason or "not-a-plain-line"))
        else:
            changes.append(_Change(receipt, replaced))
    while moved := _moved(assumed, changes):
        left.extend(
            _left_out(change.receipt, "moves-others")
            for change in changes
            if change.receipt.settlement.key in moved
        )
        changes = [change for change in changes if change.receipt.settlement.key not in moved]
    by_file: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for change in changes:
        settlement = change.receipt.settlement
        by_file[settlement.file][settlement.line] = change.lines
    diff = "".join(
        _diff(split[file], by_line, f"{prefix}{file}") for file, by_line in sorted(by_file.items())
    )
    return diff, tuple(left)


def _left_out(receipt: Receipt, reason: str) -> Suggestion:
    return Suggestion(receipt, tuple(row.document.number for row in receipt.allocations), reason)


def _moved(before: Position, changes: Sequence[_Change]) -> set[Key]:
    """Return the customers and currencies of changes that would not leave all figures alone.

    Named settlements go before those that are guessed, so a guess that stays may change.
    """
    if not changes:
        return set()
    receipts = {id(change.receipt.settlement.posting): change.receipt for change in changes}
    postings = tuple(
        row
        for posting in before.view.receivables
        for row in _named_postings(posting, receipts.get(id(posting)))
    )
    customers = (row for row in before.customers.values() if row.id != UNKNOWN)
    after = position(
        replace(before.view, receivables=postings),
        customers,
        before.settings,
        before.as_of,
        before.recorded,
    )
    old, new = _figures(before), _figures(after)
    named = {(row.receipt.settlement.file, row.receipt.settlement.line) for row in changes}
    guessed = {
        row.settlement.key
        for row in after.receipts
        if (row.settlement.file, row.settlement.line) in named
        and any(allocation.assumed for allocation in row.allocations)
    }
    suspects = {change.receipt.settlement.key for change in changes}
    moved = {key for key in before.postings if old.get(key) != new.get(key)} | guessed
    # Where it is somebody else's figure that moves, there is no telling which change does it.
    return suspects if moved - suspects else moved


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


def _figures(found: Position) -> dict[Key, dict[tuple[str, ...], Decimal]]:
    """Return what is open, and what each ledger line has brought for which document."""
    figures: dict[Key, dict[tuple[str, ...], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for item in found.items:
        figures[item.document.key]["open", item.document.number] += item.open
    for receipt in found.receipts:
        settlement = receipt.settlement
        place = (settlement.file, str(settlement.line))
        figures[settlement.key][place] += receipt.unallocated
        for row in receipt.allocations:
            figures[settlement.key][*place, row.document.number] += row.amount
    return figures


def _lines(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends, counted as Beancount and git count them."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


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


def _diff(before: list[str], by_line: Mapping[int, list[str]], path: str) -> str:
    after = [
        part for number, line in enumerate(before, start=1) for part in by_line.get(number, [line])
    ]
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(before, after, f"a/{path}", f"b/{path}")
    )
