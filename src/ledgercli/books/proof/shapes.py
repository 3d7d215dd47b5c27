"""What follows from the accounts of a plain transaction alone: many transactions share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgercli.books.account_kinds import BANK, RECEIVABLE

if TYPE_CHECKING:
    from ledgercli.books.proof.collect import Names

#: So many are remembered: some for each customer.
_SHAPES_MAX = 50_000


#: A plain transaction of two or three postings without day, texts and amounts. A tuple without
#: names, as it is taken apart for each transaction:
#:
#: - the index of the one posting that is kept, NONE_KEPT or SEVERAL_KEPT where it is not one;
#: - its account, "" where there is no such, and whether that is a receivable account;
#: - the accounts of the first and the second posting that is not kept, "" where there is no such;
#: - both of them, and the accounts of all postings, sorted, each once.
Shape = tuple[int, str, bool, str, str, tuple[str, ...], tuple[str, ...]]
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
        place, account, is_receivable = NONE_KEPT, "", False
        names: list[str] = []
        rest: list[str] = []
        for index, text in enumerate(written):
            if not text:
                break
            kind, name = self._names[text]
            names.append(name)
            if kind <= BANK:
                rest.append(name)
            elif place == NONE_KEPT:
                place, account, is_receivable = index, name, kind == RECEIVABLE
            else:
                place = SEVERAL_KEPT
        others = tuple(rest)
        others = self._others.setdefault(others, others)
        first, second, *_ = (*rest, "", "")
        if len(self) >= _SHAPES_MAX:
            self.clear()
            self._others.clear()
        accounts = tuple(sorted({*names}))
        shape = (place, account, is_receivable, first, second, others, accounts)
        # The text of the file is not held on to.
        one, other, *third = names
        self[one, other, third[0] if third else ""] = shape
        return shape
