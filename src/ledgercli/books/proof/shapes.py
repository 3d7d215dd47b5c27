"""What follows from the accounts of a plain transaction alone: many transactions share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledgercli.books.account_kinds import BANK, RECEIVABLE

if TYPE_CHECKING:
    from ledgercli.books.proof.collect import Names

#: So many are remembered: some for each customer.
_SHAPES_MAX = 50_000


class Shape(NamedTuple):
    """A plain transaction of two or three postings without day, texts and amounts.

    ``place`` is the index of the one posting that is kept: on ``account``, a receivable account if
    ``is_receivable``, else one for deposits. It is NONE_KEPT or SEVERAL_KEPT where it is not one.
    ``first`` and ``second`` are the accounts of the postings that are not kept ("" where there is
    no such), ``others`` both of them; ``accounts`` are those of all postings, sorted, each once.
    """

    place: int
    account: str
    is_receivable: bool
    first: str
    second: str
    others: tuple[str, ...]
    accounts: tuple[str, ...]


NONE_KEPT = 3
SEVERAL_KEPT = 4


class Shapes(dict[tuple[str, str, str], Shape]):
    """Shapes by the accounts of the postings as written, the third one "" where there are two."""

    def __init__(self, names: Names) -> None:
        """Begin with none known; what an account is comes from ``names``."""
        super().__init__()
        self._names = names
        #: Most shapes have the others of many: each of these is one object.
        self._others: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __missing__(self, written: tuple[str, str, str]) -> Shape:
        """Return a shape that comes for the first time."""
        known = [self._names[account] for account in written if account]
        kept = [(place, *one) for place, one in enumerate(known) if one[0] > BANK]
        others = tuple([name for kind, name in known if kind <= BANK])
        others = self._others.setdefault(others, others)
        place, account, is_receivable = NONE_KEPT, "", False
        if len(kept) == 1:
            place, kind, account = kept[0]
            is_receivable = kind == RECEIVABLE
        elif kept:
            place = SEVERAL_KEPT
        first, second = (*others, "", "")[:2]
        accounts = tuple(sorted({name for _, name in known}))
        if len(self) >= _SHAPES_MAX:
            self.clear()
            self._others.clear()
        shape = Shape(place, account, is_receivable, first, second, others, accounts)
        # The text of the file is not held on to.
        self[tuple([*(name for _, name in known), "", ""][:3])] = shape  # type: ignore[index]
        return shape
