"""Open items of another system as transactions of the ledger: one each, so that they age."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from ledgercli.customers.exchange.items import ForeignItem
from ledgercli.model.currency import plain
from ledgercli.model.record import dataclass

#: The metadata by which an item is known again.
MARK = "opening-item"
_LINK = re.compile(r"[A-Za-z0-9\-_/.]+")
_OPEN = re.compile(
    r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ \t]+open[ \t]+(\S+)[ \t]*([A-Z][^\";\r\n]*)?",
    re.MULTILINE,
)
_MARKED = re.compile(rf'^[ \t]+{MARK}:[ \t]*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SUB_ACCOUNT = "Opening"
_WORDS = {"en": "Opening balance", "de": "Anfangsbestand", "zh": "期初余额"}


@dataclass(slots=True)
class Accounts:
    """The accounts of a ledger: the day each is opened and the currencies it takes (all if none).

    ``new`` are those that have to be opened for the items.
    """

    opened: dict[str, tuple[dt.date, frozenset[str]]] = field(default_factory=dict)
    new: dict[str, dt.date] = field(default_factory=dict)

    def usable(self, account: str, currency: str, day: dt.date, first: dt.date) -> str:
        """Return ``account``, or one below it, such that it is open on ``day`` for ``currency``.

        One that does not exist is noted in ``new``, open from ``first``.
        """
        while account in self.opened:
            since, currencies = self.opened[account]
            if since <= day and (not currencies or currency in currencies):
                return account
            account = f"{account}:{_SUB_ACCOUNT}"
        self.new.setdefault(account, first)
        return account


def read_accounts(texts: Iterable[str]) -> Accounts:
    """Return the accounts that the ledger files with ``texts`` open."""
    accounts = Accounts()
    for text in texts:
        for year, month, day, account, currencies in _OPEN.findall(text):
            names = frozenset(name.strip() for name in currencies.split(",") if name.strip())
            try:
                since = dt.date(int(year), int(month), int(day))
            except ValueError:
                continue  # Beancount reports it
            accounts.opened[account] = (since, names)
    return accounts


def marks(text: str) -> frozenset[str]:
    """Return the items that a ledger file has already."""
    return frozenset(_unescaped(mark) for mark in _MARKED.findall(text))


def ledger_text(
    items: Iterable[ForeignItem],
    accounts: Accounts,
    receivable: Callable[[str], str],
    equity: str,
    names: Mapping[str, str],
    language: str = "en",
) -> str:
    """Return the opens and transactions for ``items``, by date.

    ``receivable`` gives the account of a customer, ``equity`` is the other side, ``names`` the
    payees by customer; ``language`` is that of the books.
    """
    ordered = sorted(items, key=lambda item: (item.date, item.customer, item.number))
    if not ordered:
        return ""
    first = dt.date(max(ordered[0].date.year - 1, 1), 1, 1)
    words = _WORDS.get(language.partition("-")[0], _WORDS["en"])
    blocks = []
    for item in ordered:
        ours = accounts.usable(receivable(item.customer), item.currency, item.date, first)
        theirs = accounts.usable(equity, item.currency, item.date, first)
        payee = names.get(item.customer, item.customer)
        narration = item.text or item.number or words
        blocks.append(_transaction(item, ours, theirs, payee, narration))
    opens = [f"{day} open {account}\n" for account, day in sorted(accounts.new.items())]
    return "\n".join(["".join(opens), *blocks] if opens else blocks)


def _transaction(
    item: ForeignItem, receivable: str, equity: str, payee: str, narration: str
) -> str:
    lines = [
        f"{item.date} * {_quoted(payee)} {_quoted(narration)}{_link(item)}",
        f"  {MARK}: {_quoted(item.mark)}",
    ]
    if item.amount is not None and item.amount != item.open:
        original = f"{plain(item.amount, item.currency)} {item.currency}"
        lines.append(f"  original-amount: {_quoted(original)}")
    ordinary = item.open - sum((part.amount for part in item.kept), Decimal(0))
    if ordinary:
        due = f"    due: {item.due}" if item.due else ""
        lines += _posting(item, receivable, ordinary, due)
    for part in item.kept:
        # A day stands as it is, words are text.
        until = part.until if _DAY.fullmatch(part.until) else _quoted(part.until)
        lines += _posting(item, receivable, part.amount, f"    retention: {until}")
    lines.append(f"  {equity}  {plain(-item.open, item.currency)} {item.currency}")
    return "".join(f"{line}\n" for line in lines)


def _posting(item: ForeignItem, receivable: str, amount: Decimal, when: str) -> list[str]:
    """Return the lines of a posting of a customer's; ``when`` says when it is due, if anything."""
    lines = [
        f"  {receivable}  {plain(amount, item.currency)} {item.currency}",
        f"    customer: {_quoted(item.customer)}",
    ]
    # A credit is no document: it is free to settle what is open.
    if item.open > 0:
        if item.number:
            lines.append(f"    invoice: {_quoted(item.number)}")
        if when:
            lines.append(when)
    return lines


def _link(item: ForeignItem) -> str:
    if not item.number or not _LINK.fullmatch(item.number):
        return ""
    # Credits carry links of their own kind, which name no document.
    return f" ^{item.number}" if item.open > 0 else f" ^CN-{item.number}"


def _quoted(text: str) -> str:
    words = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}"'


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
