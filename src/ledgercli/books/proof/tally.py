"""What a proven ledger holds as a whole, so that a change of few files is proven by these alone."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

from ledgercli.books.account_kinds import BANK, AccountKinds
from ledgercli.books.proof.merge import Proven
from ledgercli.books.proof.rules import Rules, rules_of
from ledgercli.books.proof.summary import Facts, FileSummary
from ledgercli.model.record import dataclass

#: Changes when the meaning of a tally does; kept ones of another format are of no use.
FORMAT = 2
_CHECK_SIZE = 4
Value = TypeVar("Value", str, int)


class TallyFile(NamedTuple):
    """What is to be known of one file of a ledger, whatever changes in another.

    ``path`` is absolute, ``shown`` how it tells itself, ``digest`` the SHA-256 of its bytes; the
    rest is as in :class:`Facts`.
    """

    path: str
    shown: str
    digest: bytes
    includes: list[str]
    last_day: int
    first_row: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What rules across files ask of all files of a ledger without pads, proven under ``rules``.

    ``named_banks`` are those of the settings, ``options`` those of the top file, ``files`` in the
    order of the ledger; ``documents`` are absolute paths. ``opened`` and ``closed`` have days by
    account, ``allowed`` currencies by account where they are limited; ``asserted`` by currency and
    account the last day with a balance assertion.

    Counted by the number of files that say them: ``opposite``, bank accounts in one transaction
    with a receivable one; ``bank_days``, those with an entry on a bank account; ``turning_days``
    and ``currencies`` as in :class:`Facts`.
    """

    rules: Rules
    named_banks: tuple[str, ...]
    options: list[tuple[str, str]]
    files: list[TallyFile]
    documents: tuple[str, ...]
    opened: dict[str, int]
    closed: dict[str, int]
    allowed: dict[str, tuple[str, ...]]
    asserted: dict[str, dict[str, int]]
    opposite: dict[str, int]
    bank_days: dict[int, int]
    turning_days: dict[int, int]
    currencies: dict[str, int]

    def packed(self) -> bytes:
        """Return the tally as bytes, with their checksum."""
        values: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(Tally)}
        values["rules"] = tuple(self.rules)
        values["files"] = [tuple(file) for file in self.files]
        content = marshal.dumps((FORMAT, values))
        return crc32(content).to_bytes(_CHECK_SIZE) + content

    def banks(self, kinds: AccountKinds) -> frozenset[str]:
        """Return the bank accounts; every account of a proven ledger is opened."""
        if not self.named_banks:
            return frozenset(self.opposite)
        return frozenset(account for account in self.opened if kinds[account] == BANK)

    def replaced(self, changed: Mapping[str, tuple[FileSummary, FileSummary]]) -> Tally | None:
        """Return the tally after files have changed, given with their summaries before and after.

        They open, close, assert and include what they did before. None where other accounts are
        banks now, so that days of all files would have to be counted anew.
        """
        kinds = self.rules.kinds(self.named_banks)
        pairs = [(old.facts, new.facts) for old, new in changed.values()]
        opposite = _recounted(
            self.opposite, [(_opposite(old, kinds), _opposite(new, kinds)) for old, new in pairs]
        )
        banks = self.banks(kinds)
        if opposite.keys() != self.opposite.keys():
            return None
        days = [(_bank_days(old, banks), _bank_days(new, banks)) for old, new in pairs]
        turning = [(old.turning_days, new.turning_days) for old, new in pairs]
        currencies = [(old.currencies, new.currencies) for old, new in pairs]
        return replace(
            self,
            files=[
                _file(file.path, changed[file.path][1]) if file.path in changed else file
                for file in self.files
            ],
            opposite=opposite,
            bank_days=_recounted(self.bank_days, days),
            turning_days=_recounted(self.turning_days, turning),
            currencies=_recounted(self.currencies, currencies),
        )


def unpacked_tally(data: bytes) -> Tally | None:
    """Return the tally that :meth:`Tally.packed` made bytes of; None for other bytes."""
    check, content = data[:_CHECK_SIZE], data[_CHECK_SIZE:]
    if check != crc32(content).to_bytes(_CHECK_SIZE):
        return None
    try:
        known, values = marshal.loads(content)  # noqa: S302 - our own
        if known != FORMAT:
            return None
        values["rules"] = Rules(*values["rules"])
        values["files"] = [TallyFile(*file) for file in values["files"]]
        return Tally(**values)
    except (EOFError, TypeError, ValueError, KeyError):
        return None


def tally_of(proven: Proven) -> Tally | None:
    """Return the tally of a proven ledger; None where it has pads, which fill across files."""
    facts = [part.summary.facts for part in proven.parts]
    if any(one.pads for one in facts):
        return None
    rules = rules_of(proven.settings, proven.options)
    kinds = rules.kinds(proven.settings.banks)
    asserted: dict[str, dict[str, int]] = {}
    for one in facts:
        for account, day, _, _, _, currency, _ in one.balances:
            days = asserted.setdefault(currency, {})
            days[account] = max(day, days.get(account, 0))
    opens = [opened for one in facts for opened in one.opens]
    tally = Tally(
        rules=rules,
        named_banks=proven.settings.banks,
        options=proven.options,
        files=[_file(part.file, part.summary) for part in proven.parts],
        documents=proven.documents,
        opened={account: day for account, day, *_ in opens},
        closed={account: day for one in facts for account, day in one.closes},
        allowed={account: currencies for account, _, _, currencies, _ in opens if currencies},
        asserted=asserted,
        opposite=_counted(_opposite(one, kinds) for one in facts),
        bank_days={},
        turning_days=_counted(one.turning_days for one in facts),
        currencies=_counted(one.currencies for one in facts),
    )
    banks = tally.banks(kinds)
    return replace(tally, bank_days=_counted(_bank_days(one, banks) for one in facts))


def _file(path: str, summary: FileSummary) -> TallyFile:
    facts = summary.facts
    about = (facts.file, summary.digest, facts.includes, facts.last_day, facts.first_row)
    return TallyFile(path, *about)


def _opposite(facts: Facts, kinds: AccountKinds) -> list[str]:
    return [account for account in facts.opposite if kinds[account] == BANK]


def _bank_days(facts: Facts, banks: frozenset[str]) -> set[int]:
    """Return the days with an entry on a bank account, see ``model.ledger``."""
    days = {day for account, day, *_ in facts.balances if account in banks}
    for by_account in facts.sums.values():
        for account in banks.intersection(by_account):
            days.update(by_account[account])
    return days


def _counted(said: Iterable[Iterable[Value]]) -> dict[Value, int]:
    """Return in how many of the parts each value is; it is in none of them twice."""
    return dict(Counter(value for part in said for value in part))


def _recounted(
    counts: Mapping[Value, int], changes: Iterable[tuple[Collection[Value], Collection[Value]]]
) -> dict[Value, int]:
    """Return the counts after each of some parts has changed from its first to its second form."""
    found = dict(counts)
    for before, after in changes:
        gone, come = set(before).difference(after), set(after).difference(before)
        for value in gone:
            found[value] -= 1
            if not found[value]:
                del found[value]
        for value in come:
            found[value] = found.get(value, 0) + 1
    return found
