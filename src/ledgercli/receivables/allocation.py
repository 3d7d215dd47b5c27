"""Which document a settlement pays: the rules of allocation.

The records here are the working state of one customer in one currency; they change while the
rules run and are never handed out. Amounts are exact, nothing is rounded.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal
from math import lcm
from typing import Any, Protocol, TypeVar

from ledgercli.model.currency import half_unit
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import Allocation, CreditUse, Document, Rule, Settlement
from ledgercli.model.receivables_settings import AllocationMode
from ledgercli.model.record import dataclass

#: More open documents than this are not searched for an exact subset.
SUBSET_DOCUMENTS_MAX = 16
# That there are two is all that is asked of more than one.
_SUBSETS_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class How:
    """The rule of an allocation, whether it is assumed, and whether others fitted as well."""

    rule: Rule
    assumed: bool = False
    ambiguous: bool = False


NAMED = How("named")


class Payable(Protocol):
    """What settlements are allocated to; ``document`` tells order, kind and currency.

    Amounts are decimals, or whole numbers of one unit.
    """

    open: Any

    @property
    def document(self) -> Any: ...  # noqa: ANN401, D102 - a record, or the figures of one
    @property
    def is_open(self) -> bool: ...  # noqa: D102 - see OpenDocument


class Paying(Protocol):
    """What is allocated to documents."""

    left: Any

    def pay(self, target: Any, amount: Any, how: How, since: dt.date, /) -> None: ...  # noqa: ANN401, D102


AnyDocument = TypeVar("AnyDocument", bound=Payable)


@dataclass(slots=True, eq=False)
class OpenDocument:
    """A document and what is open of it at this point of the computation."""

    document: Document
    open: Decimal
    allocations: list[Allocation] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Return whether more is open than a rounding difference."""
        return self.open >= half_unit(self.document.currency)

    def take_back(self, amount: Decimal, rule: Rule, posting: LedgerPosting) -> Decimal:
        """Undo up to ``amount`` of what was allocated; return how much was undone."""
        undone = min(amount, self.document.amount - self.open)
        if undone > 0:
            self.open += undone
            day = posting.transaction.date
            self.allocations.append(
                Allocation(self.document, -undone, rule, assumed=False, date=day, posting=posting)
            )
        return max(undone, Decimal(0))


@dataclass(slots=True, eq=False)
class OpenSettlement:
    """A settlement and what is left of it at this point of the computation."""

    settlement: Settlement
    left: Decimal
    allocations: list[Allocation] = field(default_factory=list)
    uses: list[CreditUse] = field(default_factory=list)

    def pay(self, target: OpenDocument, amount: Decimal, how: How, since: dt.date) -> None:
        """Allocate ``amount`` to ``target``, dated the latest of both and ``since``."""
        settlement, document = self.settlement, target.document
        allocation = Allocation(
            document,
            amount,
            how.rule,
            how.assumed,
            max(settlement.date, document.date, since),
            settlement.posting,
            how.ambiguous,
        )
        self.left -= amount
        target.open -= amount
        self.allocations.append(allocation)
        target.allocations.append(allocation)

    def use(self, amount: Decimal, posting: LedgerPosting) -> Decimal:
        """Use up to ``amount`` of what is left for ``posting``; return how much was used."""
        used = min(amount, self.left)
        if used > 0:
            self.left -= used
            self.uses.append(CreditUse(used, posting.transaction.date, posting))
        return used


Resolved = tuple[OpenSettlement, tuple[OpenDocument, ...]]
"""A settlement and the documents that it names."""


def allocate_named(resolved: Sequence[Resolved], since: dt.date) -> None:
    """Apply rules a and b to settlements in order: one document named, then several.

    ``since`` is the day from which this can have happened (the last re-opening).
    """
    several: dict[tuple[int, tuple[int, ...]], list[Resolved]] = defaultdict(list)
    for settlement, documents in resolved:
        if len(documents) == 1:
            amount = min(settlement.left, documents[0].open)
            if amount > 0:
                settlement.pay(documents[0], amount, NAMED, since)
        elif documents:
            transaction = settlement.settlement.posting.transaction
            key = (id(transaction), tuple(id(document) for document in documents))
            several[key].append((settlement, documents))
    # Equal settlements of two transactions are told apart by what stands beside them.
    for together in sorted(several.values(), key=_order_of_several):
        _allocate_several([row[0] for row in together], together[0][1], since)


def _order_of_several(together: Sequence[Resolved]) -> list[tuple[object, ...]]:
    return [row.settlement.order for row, _ in together]


def _allocate_several(
    settlements: list[OpenSettlement], documents: tuple[OpenDocument, ...], since: dt.date
) -> None:
    """Apply rule b: what one transaction brings for several named documents."""
    candidates = sorted(
        (document for document in documents if document.is_open),
        key=lambda target: target.document.order,
    )
    amount = sum((settlement.left for settlement in settlements), Decimal(0))
    if not amount or not candidates:
        return
    total = sum(document.open for document in candidates)
    how, chosen = How("oldest-due", assumed=True, ambiguous=amount < total), candidates
    if total == amount:
        how = How("exact-sum")
    elif subset := exact_subset(candidates, amount):
        how, chosen = How("exact-subset"), subset
    queue = [settlement for settlement in settlements if settlement.left > 0]
    for document in chosen:
        while queue and document.open > 0:
            part = min(queue[0].left, document.open)
            queue[0].pay(document, part, how, since)
            if not queue[0].left:
                queue.pop(0)


def exact_subset(documents: Sequence[AnyDocument], amount: Decimal) -> list[AnyDocument]:
    """Return the one subset whose open amounts add up to ``amount``; empty if none or several.

    The two halves of at most 16 documents have at most 256 sums each, which are matched with one
    another ("meet in the middle").
    """
    if not 0 < len(documents) <= SUBSET_DOCUMENTS_MAX:
        return []
    half = len(documents) // 2
    # Whole numbers of the smallest unit are added and looked up many times faster.
    whole, *amounts = _in_whole_numbers([amount, *(document.open for document in documents)])
    low, high = _sums(amounts[:half]), _sums(amounts[half:])
    found: tuple[int, int] | None = None
    for total, masks in low.items():
        for low_mask in masks:
            for high_mask in high.get(whole - total, ()):
                if found is not None:
                    return []
                found = (low_mask, high_mask)
    if found is None:
        return []
    mask = found[0] | found[1] << half
    return [document for index, document in enumerate(documents) if mask >> index & 1]


def _in_whole_numbers(amounts: Sequence[Decimal]) -> list[int]:
    """Return ``amounts`` as whole numbers of the largest unit that allows it, exactly."""
    ratios = [amount.as_integer_ratio() for amount in amounts]
    unit = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (unit // denominator) for numerator, denominator in ratios]


def _sums(amounts: Sequence[int]) -> dict[int, list[int]]:
    """Return every sum of ``amounts`` with the subsets that make it (two suffice)."""
    sums: dict[int, list[int]] = {0: [0]}
    for index, amount in enumerate(amounts):
        bit = 1 << index
        # What is added here comes from what was there before.
        for total, masks in [(total, tuple(masks)) for total, masks in sums.items()]:
            row = sums.setdefault(total + amount, [])
            if len(row) < _SUBSETS_ENOUGH:
                row += [mask | bit for mask in masks]
    return {total: masks[:_SUBSETS_ENOUGH] for total, masks in sums.items()}


def allocate_unnamed(
    settlements: Sequence[Paying],
    documents: Sequence[Payable],
    mode: AllocationMode,
    since: dt.date,
) -> None:
    """Apply rule d to settlements in order that name nothing."""
    if mode == "explicit":
        return
    book = _OpenBook(documents, legal=mode == "legal")
    for settlement in settlements:
        if settlement.left <= 0:
            continue
        how, chosen = book.choose(settlement.left)
        for document in chosen:
            part = min(settlement.left, document.open)
            before = document.open
            settlement.pay(document, part, how, since)
            book.changed(document, before)


#: So often the open amounts are looked through one by one before they are sorted out by amount.
_LOOKS_MAX = 16
_NOTHING = Decimal(0)


class _OpenBook:
    """The open documents in paying order, found by amount or from the oldest on."""

    def __init__(self, documents: Sequence[Payable], *, legal: bool) -> None:
        """Sort by due date; with ``legal`` costs first, then interest, then principal."""
        self._legal = legal
        open_ones = (document for document in documents if document.is_open)
        self._documents = sorted(open_ones, key=_in_order_of_law if legal else _in_order)
        self._first = 0
        self._count = len(self._documents)
        #: What is open of each; nothing of those that no longer are.
        self._open = [document.open for document in self._documents]
        # Few payments are without a name: what many of them need is made when there are many.
        self._looks = 0
        self._by_amount: dict[Decimal, list[int]] | None = None
        self._ranks: dict[int, int] | None = None
        self._total: Decimal | None = None

    def choose(self, amount: Decimal) -> tuple[How, list[Payable]]:
        """Return the documents that ``amount`` pays, and how they were found.

        The document of this amount, else the one exact subset, else the oldest; with ``legal``
        in the order of the law, which is no assumption.
        """
        if self._legal:
            return How("legal"), self._oldest(amount)
        count, rank = self._of_amount(amount)
        if count:
            how = How("equal-amount", assumed=True, ambiguous=count > 1)
            return how, [self._documents[rank]]
        if self._count <= SUBSET_DOCUMENTS_MAX:
            pairs = zip(self._documents, self._open, strict=True)
            if subset := exact_subset([row for row, left in pairs if left], amount):
                return How("exact-subset", assumed=True), subset
        if self._total is None:
            self._total = sum(self._open, _NOTHING)
        ambiguous = self._count > 1 and amount < self._total
        return How("oldest-due", assumed=True, ambiguous=ambiguous), self._oldest(amount)

    def _of_amount(self, amount: Decimal) -> tuple[int, int]:
        """Return how many documents have this open amount, and the rank of the first of them."""
        if self._by_amount is None:
            self._looks += 1
            if self._looks <= _LOOKS_MAX:
                count = self._open.count(amount)
                return count, self._open.index(amount) if count else 0
            self._by_amount = defaultdict(list)
            for rank, left in enumerate(self._open):
                self._by_amount[left].append(rank)
        ranks = self._by_amount.get(amount)
        return (len(ranks), ranks[0]) if ranks else (0, 0)

    def _oldest(self, amount: Decimal) -> list[Payable]:
        """Return documents from the oldest on until ``amount`` is covered or none is left."""
        chosen = []
        rank = self._first
        while amount > 0 and rank < len(self._documents):
            left = self._open[rank]
            if left:
                chosen.append(self._documents[rank])
                amount -= left
            elif rank == self._first:
                self._first += 1
            rank += 1
        return chosen

    def changed(self, document: Payable, before: Decimal) -> None:
        """Note that a document had ``before`` open and was paid since."""
        if self._ranks is None:
            self._ranks = {id(one): rank for rank, one in enumerate(self._documents)}
        rank = self._ranks[id(document)]
        left = self._open[rank] = document.open if document.is_open else _NOTHING
        if self._total is not None:
            self._total -= before - left
        if self._by_amount is not None:
            self._by_amount[before].remove(rank)
            insort(self._by_amount[left], rank)
        if not left:
            self._count -= 1


def _in_order(target: Payable) -> Any:  # noqa: ANN401 - what can be compared
    return target.document.order


def _in_order_of_law(target: Payable) -> Any:  # noqa: ANN401 - what can be compared
    document = target.document
    return _RANKS.get(document.kind, 2), document.order


#: What the law has paid first: costs, then interest, then all else.
_RANKS = {"fee": 0, "interest": 1}
