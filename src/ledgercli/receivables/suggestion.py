"""Suggests ``invoice:`` metadata that turns assumed allocations into named ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff

from ledgercli.receivables.position import Position, Receipt

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


def suggest(
    position: Position, texts: Mapping[str, str], prefix: str = ""
) -> tuple[str, tuple[Suggestion, ...]]:
    """Return a unified diff of the ledger, and the settlements that are left to a person.

    ``texts`` are the ledger's files by their path relative to the books; ``prefix`` is the books'
    folder in its repository (``books/``), so that ``git apply`` finds them. A settlement that paid
    one document gets ``invoice:`` on its posting; one that paid several is split into a posting
    for each. Where another document would have fitted as well, a document has no number, or the
    posting is not a plain line, it is left out.
    """
    changes: dict[str, dict[int, list[str]]] = defaultdict(dict)
    left: list[Suggestion] = []
    for receipt in position.receipts:
        if not any(row.assumed for row in receipt.allocations):
            continue
        numbers = tuple(row.document.number for row in receipt.allocations)
        file, line = receipt.settlement.file, receipt.settlement.line
        reason = _obstacle(receipt)
        lines = texts.get(file, "").splitlines(keepends=True)
        replaced = None if reason or line > len(lines) else _named(lines[line - 1], receipt)
        if replaced is None:
            left.append(Suggestion(receipt, numbers, reason or "not-a-plain-line"))
        else:
            changes[file][line] = replaced
    diff = "".join(
        _diff(texts[file], by_line, f"{prefix}{file}") for file, by_line in sorted(changes.items())
    )
    return diff, tuple(left)


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


def _diff(text: str, by_line: Mapping[int, list[str]], path: str) -> str:
    before = text.splitlines(keepends=True)
    after = [
        part for number, line in enumerate(before, start=1) for part in by_line.get(number, [line])
    ]
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(before, after, f"a/{path}", f"b/{path}")
    )
