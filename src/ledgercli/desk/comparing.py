"""What changed in the receivables between two revisions of the books, and which commit did it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import field, replace

from ledgercli.books.commits import (
    Commit,
    commit_facts,
    main_line,
    names_of_revisions,
    side_of_merge,
)
from ledgercli.books.revision import commit_of
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass
from ledgercli.receivables.changes import Change, FigureKey, Known, changes, known
from ledgercli.reports import changes as report

#: What nothing is known of, where a commit has no books that can be read.
_NOTHING = Known({}, {})


def compare(
    request: Request, query: Query, first: str, second: str | None, *, commits: bool
) -> Answer:
    """Return what changed from revision ``first`` to ``second``, else to the files as they are.

    Both are read as of the same day, today unless ``query`` says otherwise, without the ledger's
    plugins. With ``commits``, each change names the commit that made the figure what it is; that
    reads some of the revisions between, about as many as changed something, times the logarithm of
    their number. Raise the errors of opening books and revisions.
    """
    before = open_books(replace(request, known_at=first, safe=True))
    after = open_books(replace(request, known_at=second, safe=True))
    as_of = after.as_of(query)
    history = _History(request, after, as_of)
    old, new = known(before.position(as_of)), known(after.position(as_of))
    chosen = _chosen(query, after, before)
    found = [
        change
        for change in changes(old, new)
        if (chosen is None or change.customer in chosen or change.before in chosen)
        and (not query.currencies or change.currency in query.currencies)
    ]
    line = history.line(first, second, old, new) if commits and found else None
    made_by = history.origins([change.key for change in found], line) if line else {}
    rows = [_row(change, made_by, history, before, after) for change in found]
    answer = report.changes(
        rows,
        report.Compared(
            as_of, first, second, attributed=line is not None, wanted=bool(commits and found)
        ),
    )
    return with_circumstances(replace(after, known_at=None), answer, query)


def revisions(books: OpenBooks) -> tuple[str, ...]:
    """Return the names that git knows revisions of the books by: tags and branches."""
    return names_of_revisions(books.root)


def _chosen(query: Query, *states: OpenBooks) -> frozenset[str] | None:
    """Return the customers asked for in any of the states; raise what the first one raises."""
    ids: frozenset[str] = frozenset()
    problem: CustomerNotFoundError | None = None
    for books in states:
        try:
            found = books.chosen(query)
        except CustomerNotFoundError as error:
            problem = problem or error
        else:
            if found is None:
                return None
            ids |= found
    if problem and not ids:
        raise problem
    return ids


def _row(
    change: Change,
    made_by: dict[FigureKey, str],
    history: _History,
    before: OpenBooks,
    after: OpenBooks,
) -> report.ChangeLine:
    names = {row.id: row.label for books in (before, after) for row in books.customers}
    commit = made_by.get(change.key)
    return report.ChangeLine(
        change, names.get(change.customer, ""), history.facts(commit) if commit else None
    )


@dataclass(slots=True)
class _History:
    """The states of the books along a line of commits, each read once.

    A state is the hash of a commit; empty are the files as they are.
    """

    request: Request
    books: OpenBooks
    as_of: dt.date
    states: dict[str, Known] = field(default_factory=dict)
    described: dict[str, Commit] = field(default_factory=dict)

    def line(self, first: str, second: str | None, old: Known, new: Known) -> list[str] | None:
        """Return the states from ``first`` to ``second``, None where no line leads there."""
        root = self.books.root
        start, end = commit_of(root, first), commit_of(root, second or "HEAD")
        between = main_line(root, start, end)
        if between is None:
            return None
        line = [start, *between] + ([] if second else [""])
        self.states |= {line[0]: old, line[-1]: new}
        return line

    def origins(self, keys: Iterable[FigureKey], line: Sequence[str]) -> dict[FigureKey, str]:
        """Return for each figure the state of ``line`` since which it has its last value.

        ``keys`` differ between the first state and the last. By halves: a figure that is the same
        in the middle as at the end changed before, any other after. Where a merge made the figure
        what it is, the line that was merged is searched in turn.
        """
        keys = list(keys)
        if not keys:
            return {}
        if len(line) > 2:
            middle = len(line) // 2
            early = {key for key in keys if self._same(key, line[middle], line[-1])}
            late = [key for key in keys if key not in early]
            return {
                **self.origins(early, line[: middle + 1]),
                **self.origins(late, line[middle:]),
            }
        made_by = dict.fromkeys(keys, line[-1])
        side = side_of_merge(self.books.root, line[-1]) if line[-1] else None
        if side:
            merged = [key for key in keys if self._same(key, side[1], line[-1])]
            begun = [key for key in merged if not self._same(key, side[0], line[-1])]
            between = main_line(self.books.root, *side)
            if between:
                made_by |= self.origins(begun, [side[0], *between])
        return made_by

    def facts(self, commit: str) -> Commit:
        """Return what git knows of a commit, asked once."""
        if commit not in self.described:
            self.described[commit] = commit_facts(self.books.root, commit)
        return self.described[commit]

    def _same(self, key: FigureKey, one: str, other: str) -> bool:
        return self._known(one).figures.get(key) == self._known(other).figures.get(key)

    def _known(self, state: str) -> Known:
        """Return the figures of a commit, none where its books cannot be read."""
        if state not in self.states:
            try:
                books = open_books(replace(self.request, known_at=state, safe=True))
                self.states[state] = known(books.position(self.as_of))
            except LedgercliError:
                self.states[state] = _NOTHING
        return self.states[state]
