"""Books in a folder of their own from a ledger text, and short words for what comes out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledgercli.desk.checking import all_findings
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.finding import Finding
from ledgercli.model.ledger import LedgerPosting, LedgerView, Transaction
from ledgercli.receivables.position import Position

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
CUSTOMERS = "[{id: C1}, {id: C2}]"
SETTINGS = "receivables: {terms: net 30}"

_ACCOUNT = re.compile(r"\b(?:Assets|Liabilities|Income|Expenses|Equity)(?::[^\s:]+)+")
_OPENED = re.compile(r"^\d{4}-\d\d-\d\d open (\S+)", re.MULTILINE)


def day(text: str) -> dt.date:
    """Return the date that ``text`` spells."""
    return dt.date.fromisoformat(text)


def ledger_text(text: str) -> str:
    """Return ``text`` with every account opened, at the end, so that line numbers stay."""
    text = textwrap.dedent(text).strip("\n") + "\n"
    missing = set(_ACCOUNT.findall(text)) - set(_OPENED.findall(text))
    return text + "".join(f"2000-01-01 open {account}\n" for account in sorted(missing))


class Story:
    """Books that were written and opened."""

    def __init__(self, root: Path, books: OpenBooks) -> None:
        """Keep what the shells would have in hand."""
        self.root = root
        self.books = books

    def at(self, as_of: str = "2026-12-31") -> Position:
        """Return the position at the end of a day; its figures always tie to the ledger."""
        found = self.books.position(day(as_of))
        assert found.tie_out
        assert found.balances == balances(self.books.view, found)
        return found

    def findings(self, as_of: str = "9999-12-31") -> list[Finding]:
        """Return the findings of a check, sorted by place."""
        return sorted(all_findings(self.books, day(as_of)), key=lambda row: row.order)

    def codes(self, as_of: str = "9999-12-31") -> list[str]:
        """Return the codes of the findings of a check with their lines."""
        return [f"{row.code}:{row.place.line}" for row in self.findings(as_of)]


#: The fixture ``tell``: opens books with the test's docstring, or another text, as ledger.
Tell = Callable[..., "Story"]


def write_story(
    root: Path,
    text: str,
    customers: str = CUSTOMERS,
    settings: str = SETTINGS,
    files: Mapping[str, str] | None = None,
) -> Story:
    """Write books into ``root`` and open them; Beancount must have nothing to say."""
    texts = {"main.beancount": ledger_text(text), "ledgercli.yaml": settings, **(files or {})}
    if customers:
        texts["customers/all.yaml"] = textwrap.dedent(customers)
    for name, content in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    story = reopen(root)
    assert [row.values for row in story.books.view.findings if row.code[:9] == "beancount"] == []
    return story


def reopen(root: Path) -> Story:
    """Return the books in ``root`` as they are now."""
    return Story(root, open_books(Request(start=root, now=NOW, books=root)))


def balances(view: LedgerView, position: Position) -> dict[tuple[str, str], Decimal]:
    """Return the ledger's own sums; whose they are is what the position says."""
    owners = {id(row): key for key, rows in position.postings.items() for row in rows}
    sums: dict[tuple[str, str], Decimal] = {}
    for posting in view.receivables:
        if posting.transaction.date <= position.as_of:
            key = owners[id(posting)]
            sums[key] = sums.get(key, Decimal(0)) + posting.amount
    return sums


def short(amount: Decimal) -> str:
    """Return an amount without zeros at its end."""
    return f"{amount.normalize():f}"


def opened(position: Position) -> dict[str, str]:
    """Return what is open, by number."""
    return {item.document.number: short(item.open) for item in position.open_items}


def dues(position: Position) -> dict[str, str]:
    """Return the due dates of all documents, by number; `None` where it is unknown."""
    return {item.document.number: str(item.document.due) for item in position.items}


def credit(position: Position) -> dict[str, str]:
    """Return what is unallocated, by customer and currency."""
    return {" ".join(key): short(amount) for key, amount in position.unallocated.items()}


def applied(position: Position) -> list[str]:
    """Return every allocation in words: day, number, amount, rule, ? if assumed, ! if ambiguous."""
    return [
        f"{row.date} {row.document.number} {short(row.amount)} {row.rule}"
        f"{'?' if row.assumed else ''}{'!' if row.ambiguous else ''}"
        for item in position.items
        for row in item.allocations
    ]


def owners(position: Position) -> dict[str, str]:
    """Return the ledger's balances by customer and currency."""
    return {" ".join(key): short(amount) for key, amount in sorted(position.balances.items())}


def codes_of(findings: Iterable[Finding]) -> list[str]:
    """Return codes with their lines, sorted by place."""
    return [f"{row.code}:{row.place.line}" for row in sorted(findings, key=lambda row: row.order)]


def transaction(
    date: dt.date,
    *rows: tuple[str, str, Mapping[str, str]],
    links: Iterable[str] = (),
    tags: Iterable[str] = (),
    metadata: Mapping[str, str] | None = None,
    elsewhere: bool = True,
    payee: str = "",
    line: int = 1,
    file: str = "main.beancount",
) -> list[LedgerPosting]:
    """Return the postings of one transaction; a row is account, amount with currency, metadata."""
    accounts = {account for account, _, _ in rows}
    head = Transaction(
        date=date,
        flag="*",
        payee=payee,
        narration="",
        links=frozenset(links),
        tags=frozenset(tags),
        metadata=metadata or {},
        accounts=tuple(sorted(accounts | ({"Assets:Bank"} if elsewhere else set()))),
        only_receivables=not elsewhere,
        file=file,
        line=line,
    )
    return [
        LedgerPosting(head, account, Decimal(money.split()[0]), money.split()[1], own, line + index)
        for index, (account, money, own) in enumerate(rows, start=1)
    ]


def told(value: Any) -> Any:  # noqa: ANN401 - anything in a position
    """Return all of a record in a form that compares by what it says, digits and order too."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return type(value).__name__, [told(getattr(value, field.name)) for field in fields]
    if isinstance(value, (tuple, list)):
        return type(value).__name__, [told(one) for one in value]
    if isinstance(value, dict):
        return [(key, told(one)) for key, one in value.items()]
    return str(value) if isinstance(value, Decimal) else (type(value).__name__, value)
