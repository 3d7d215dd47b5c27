"""One customer's account in one currency: from entries to documents and allocations.

The account is walked through in the order of days. On a day when something takes back what had
been paid (a bounced payment, a re-allocation, a refund), settlements that name their documents are
allocated first as far as they are known by then; what is taken back counts from there. Settlements
that name nothing are allocated last, over all that is open at the end.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.currency import half_unit, plain
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.finding import Finding, FindingCode, Place
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import Rule
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.receivables.allocation import (
    OpenDocument,
    OpenSettlement,
    allocate_named,
    allocate_unnamed,
)
from ledgercli.receivables.documents import DocumentMaker
from ledgercli.receivables.entries import (
    Draft,
    Entries,
    TakeBack,
    joined,
    refund_draft,
)


class Subledger:
    """The account of one customer in one currency, computed once by :meth:`run`."""

    def __init__(
        self,
        key: tuple[str, str],
        entries: Entries,
        settings: ReceivablesSettings,
        maker: DocumentMaker,
    ) -> None:
        """Take the entries dated on or before the day that is asked for."""
        self.customer, self.currency = key
        self.documents: list[OpenDocument] = []
        self.settlements = [
            OpenSettlement(settlement, settlement.amount)
            for settlement in sorted(entries.settlements, key=lambda row: row.order)
        ]
        self.findings: list[Finding] = []
        self._entries = entries
        self._settings = settings
        self._maker = maker
        self._by_number: dict[str, list[OpenDocument]] = {}
        self._by_name: dict[str, list[OpenDocument]] = defaultdict(list)
        self._coming = list(reversed(self.settlements))
        # Settlements that name documents, as they came in, and their indexes by each name.
        self._named: list[OpenSettlement] = []
        self._waiting: dict[str, set[int]] = defaultdict(set)
        # Names of documents that are new or open again since the last allocation.
        self._stirred: set[str] = set()
        self._copies: dict[str, int] = {}
        # So many of the settlements, from the first on, are used up.
        self._used_up = 0
        self._held_back: set[int] = set()
        self._since = dt.date.min

    def run(self) -> None:
        """Compute documents, allocations and findings."""
        entries = self._entries
        moving = [take for take in entries.take_backs if take.kind == "re-allocation"]
        self._held_back = {id(take.posting.transaction) for take in moving}
        if entries.take_backs or not _are_distinct(entries.drafts):
            openings: list[Draft | TakeBack] = [*entries.drafts, *entries.take_backs]
            openings.sort(key=_day)
            for day, rows in groupby(openings, key=_day):
                self._open_day(day, list(rows))
        else:
            # Nothing is taken back: no day needs to be looked at by itself.
            for draft in sorted(entries.drafts, key=lambda row: (row.date, row.order)):
                self._add(draft, "")
        self._allocate_until(dt.date.max)
        if self.customer != UNKNOWN:
            unnamed = [
                row
                for row in self.settlements
                if not row.settlement.names and not self._named_by(row)
            ]
            mode = self._settings.allocation
            allocate_unnamed(unnamed, self.documents, mode, dt.date.min)
        self._find_problems()

    def _open_day(self, day: dt.date, rows: list[Draft | TakeBack]) -> None:
        drafts = self._in_order([row for row in rows if isinstance(row, Draft)])
        again = [draft for draft in drafts if not self._add_new(draft)]
        takes = sorted(
            (row for row in rows if isinstance(row, TakeBack)), key=lambda row: row.order
        )
        if not again and not takes:
            return
        self._allocate_until(day)
        self._since = day
        for draft in again:
            self._reopen(draft)
        beyond: dict[tuple[int, str], list[Draft]] = defaultdict(list)
        for take in takes:
            if rest := self._take_back(take):
                beyond[id(take.posting.transaction), rest.base].append(rest)
        for parts in beyond.values():
            whole = joined(parts)
            if not self._add_new(whole):
                self._add_copy(whole)
        self._held_back -= {id(take.posting.transaction) for take in takes}

    def _in_order(self, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts of one day; of those with one number the earliest due goes first."""
        drafts.sort(key=lambda row: row.order)
        numbers = [row.base for row in drafts]
        if len(set(numbers)) < len(numbers):
            drafts.sort(key=lambda row: (row.base, self._maker.first_due(row)))
        return drafts

    def _add_new(self, draft: Draft) -> bool:
        """Add the document of ``draft`` unless it names an earlier one; return whether it did."""
        if draft.base and draft.base in self._by_number:
            return False
        self._add(draft, "")
        return True

    def _add(self, draft: Draft, suffix: str) -> None:
        made = [OpenDocument(row, row.amount) for row in self._maker.make(draft, suffix)]
        if draft.base:
            self._by_number.update((row.document.number, [row]) for row in made)
            self._by_number[draft.base + suffix] = made
        self.documents.extend(made)
        for row in made:
            self._stirred |= row.document.names
            for name in row.document.names:
                self._by_name[name].append(row)

    def _resolve(self, names: Sequence[str]) -> tuple[OpenDocument, ...]:
        """Return the documents that ``names`` name so far, each once."""
        found = {id(row): row for name in names for row in self._by_name.get(name, ())}
        return tuple(found.values())

    def _named_by(self, row: OpenSettlement) -> tuple[OpenDocument, ...]:
        """Return the documents that a settlement names so far, each once."""
        return self._resolve((*row.settlement.names, *row.settlement.own_links))

    def _allocate_until(self, day: dt.date) -> None:
        """Allocate settlements that name documents, of those dated on or before ``day``.

        What a settlement could not pay before, it can pay now only where a document that it names
        is new or open again, so no others are looked at twice.
        """
        kept_back = []
        first_new = len(self._named)
        while self._coming and self._coming[-1].settlement.date <= day:
            row = self._coming.pop()
            if id(row.settlement.posting.transaction) in self._held_back:
                kept_back.append(row)
            elif row.settlement.names or row.settlement.own_links:
                self._named.append(row)
        self._coming.extend(reversed(kept_back))
        chosen = set(range(first_new, len(self._named)))
        for name in self._stirred.intersection(self._waiting):
            chosen.update(index for index in self._waiting.pop(name) if self._named[index].left > 0)
        self._stirred.clear()
        rows = [(index, self._named[index]) for index in sorted(chosen)]
        allocate_named([(row, self._named_by(row)) for _, row in rows], self._since)
        for index, row in rows:
            if row.left > 0:
                self._wait(index, row)

    def _wait(self, index: int, row: OpenSettlement) -> None:
        """Note by which names a settlement with something left waits for documents."""
        for name in {*row.settlement.names, *row.settlement.own_links}:
            self._waiting[name].add(index)

    def _reopen(self, draft: Draft) -> None:
        """Re-open what had been paid of the document that ``draft`` names once more.

        What exceeds it is a document of its own, with a finding.
        """
        targets = self._by_number[draft.base]
        left = self._undo(targets, draft.amount, "reopened", draft.postings[0])
        if left:
            self._add_copy(replace(draft, amount=left))

    def _add_copy(self, draft: Draft) -> None:
        """Add a document whose number is taken, as ``NUMBER~2``, with a finding."""
        copies = self._copies.get(draft.base, 2)
        while f"{draft.base}~{copies}" in self._by_number:
            copies += 1
        self._copies[draft.base] = copies + 1
        first = self._by_number[draft.base][0].document
        values = {
            "number": draft.base,
            "customer": self.customer,
            "other": f"{first.file}:{first.line}",
        }
        self._add(draft, f"~{copies}")
        self._find(codes.DUPLICATE_NUMBER, values, draft.postings[0])

    def _take_back(self, take: TakeBack) -> Draft | None:
        """Let a re-allocation or refund take back: from its document, then unallocated credit.

        Return what a refund takes beyond that, which opens a document; a re-allocation's own
        negative side gives only what was taken.
        """
        posting = take.posting
        left = posting.amount
        if take.named:
            rule: Rule = "re-allocated" if take.kind == "re-allocation" else "refunded"
            left = self._undo(self._resolve([take.named]), left, rule, posting)
        while self._used_up < len(self.settlements) and not self.settlements[self._used_up].left:
            self._used_up += 1
        for index in range(self._used_up, len(self.settlements)):
            row = self.settlements[index]
            if not left or row.settlement.date > posting.transaction.date:
                break
            if id(row.settlement.posting.transaction) not in self._held_back:
                left -= row.use(left, posting)
        if not left:
            return None
        if take.kind == "refund":
            return refund_draft(take, left, self._settings)
        self._find(codes.EXCESS_REALLOCATION, {"amount": self._money(left)}, posting)
        for row in reversed(self.settlements):
            if row.settlement.posting.transaction is posting.transaction:
                left -= row.use(left, posting)
        return None

    def _undo(
        self, targets: Sequence[OpenDocument], amount: Decimal, rule: Rule, posting: LedgerPosting
    ) -> Decimal:
        """Take ``amount`` back from ``targets``, the oldest due first; return what is missing."""
        for row in sorted(targets, key=lambda one: one.document.order):
            undone = row.take_back(amount, rule, posting)
            if undone:
                self._stirred |= row.document.names
            amount -= undone
        return amount

    def _find_problems(self) -> None:
        """Note settlements that name nothing known, too much, or a document of a later day."""
        for row in self.settlements:
            settlement = row.settlement
            named = self._named_by(row)
            if not settlement.names and not named:
                continue
            values = {
                "kind": settlement.kind,
                "names": ", ".join(settlement.names or settlement.own_links),
                "customer": self.customer,
                "currency": self.currency,
            }
            if not named:
                self._find(codes.UNKNOWN_DOCUMENT, values, settlement.posting)
            elif row.left >= half_unit(self.currency):
                values["amount"] = self._money(row.left)
                self._find(codes.OVER_PAYMENT, values, settlement.posting)
            later = [one for one in row.allocations if one.document.date > settlement.date]
            for allocation in later:
                values["number"] = allocation.document.number
                values["date"] = settlement.date.isoformat()
                values["document_date"] = allocation.document.date.isoformat()
                self._find(codes.PAYMENT_BEFORE_DOCUMENT, dict(values), settlement.posting)

    def _money(self, amount: Decimal) -> str:
        return f"{plain(amount, self.currency)} {self.currency}"

    def _find(self, code: FindingCode, values: dict[str, str], posting: LedgerPosting) -> None:
        place = Place(posting.file, posting.line)
        self.findings.append(Finding(code, values, place, self.customer))


def _are_distinct(drafts: Sequence[Draft]) -> bool:
    """Return whether no number comes twice, nor names an instalment of another."""
    numbers = [draft.base for draft in drafts if draft.base]
    known = set(numbers)
    return len(known) == len(numbers) and not any(
        number.rpartition("/")[0] in known for number in numbers
    )


def _day(row: Draft | TakeBack) -> dt.date:
    return row.date if isinstance(row, Draft) else row.posting.transaction.date
