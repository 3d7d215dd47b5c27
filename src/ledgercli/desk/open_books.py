"""The books as they were opened: what was read, and the positions and sums made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgercli.books.discovery import Location
from ledgercli.desk.ledger_source import LedgerSource, RowsGoneError
from ledgercli.desk.loading import Loaded, Tier
from ledgercli.desk.request import Query
from ledgercli.model.aging_settings import Brief
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.model.ledger import LedgerView
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal
from ledgercli.receivables.summary import RecordsById, Summary

if TYPE_CHECKING:
    from ledgercli.books.store.database import Store
    from ledgercli.model.customer_head import CustomerHead
    from ledgercli.model.event import Event
    from ledgercli.model.general_ledger import GeneralLedger
    from ledgercli.model.ledger_rows import TransactionRow
    from ledgercli.model.order import Order
    from ledgercli.model.receivables_settings import ReceivablesSettings
    from ledgercli.model.settings import Settings
    from ledgercli.model.terms import EventName
    from ledgercli.receivables.identity import Directory
    from ledgercli.receivables.occurrences import Occurrence, Recorded
    from ledgercli.receivables.open_accounts import OpenAccounts
    from ledgercli.receivables.position import Position
    from ledgercli.receivables.summary import Key

#: Of so many customers a position is made of their transactions alone.
_FEW = 20


@dataclass(slots=True)
class OpenBooks:
    """The books as read once, at one moment or git revision.

    ``record_findings`` are about settings and customers, those of the ledger are in its facts.
    ``inferred`` says that there are no customer records, so that the ledger itself tells them.
    ``accounts_file`` is the settings file unless an option named the receivable accounts.
    ``events`` and ``orders`` are read where the task asks for them. ``tier`` is what answered for
    the ledger, ``loaded`` knows why nothing faster did, and where
    lists made of the records are kept. ``brief`` is the part of the settings that
    needs no others to be read, ``receivables_source`` gives those that documents are told by.
    ``general_ledger_source`` reads the postings of all accounts, ``occurrences`` what activity log
    and orders tell that documents are due from. ``directory_source`` gives what tells whose a
    posting is, ``customer_source`` one record by its id without the others, where they are not all
    open.
    """

    location: Location
    settings_source: Callable[[], Settings]
    receivables_source: Callable[[], ReceivablesSettings]
    brief: Brief
    customers_source: Callable[[], tuple[Customer, ...]]
    names: Mapping[str, str]
    ledger: LedgerSource
    record_findings: tuple[Finding, ...]
    inferred: bool
    now: dt.datetime
    known_at: str | None
    general_ledger_source: Callable[[], GeneralLedger]
    directory_source: Callable[[], Directory]
    customer_source: Callable[[str], Customer | None] | None = None
    accounts_file: str = ""
    events: tuple[Event, ...] = ()
    event_findings: tuple[Finding, ...] = ()
    orders: tuple[Order, ...] = ()
    order_findings: tuple[Finding, ...] = ()
    tier: Tier = "beancount"
    loaded: Loaded | None = None
    occurrences: Callable[[], Recorded] | None = None
    _positions: dict[tuple[dt.date, bool], Position] = field(default_factory=dict)
    _parts: dict[tuple[dt.date, frozenset[str]], Position] = field(default_factory=dict)
    _abouts: dict[tuple[dt.date, frozenset[str]], Position] = field(default_factory=dict)
    _recorded: Recorded | None = None
    _records: RecordsById | None = None
    _heads: list[CustomerHead] | None = None
    _segments: Mapping[str, Mapping[str, str]] | None = None
    _summaries: dict[dt.date, Summary] = field(default_factory=dict)
    _general_ledger: GeneralLedger | None = None

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Return all records of customers; they are read when they are first asked for."""
        return self.customers_source()

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return why nothing faster answered for the ledger, and why it is not kept."""
        return (*self.loaded.refusals, *self.loaded.outcome()[0]) if self.loaded else ()

    @property
    def kept_in(self) -> tuple[Store, bytes] | None:
        """Return where more may be kept of these books, and what tells their state."""
        return self.loaded.kept_in if self.loaded else None

    @property
    def directory(self) -> Directory:
        """Return what tells whose a posting is, made once."""
        return self.directory_source()

    @property
    def records(self) -> RecordsById:
        """Return the records of customers by id, opened as they are asked for."""
        if self._records is None:
            self._records = RecordsById(self.names, self.customers_source, self.customer_source)
        return self._records

    def kept(self, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - any plain value
        """Return what ``make`` makes of the records, from the store where it is kept there."""
        if self.kept_in is None:
            return make()
        from ledgercli.desk.kept_lists import kept_list

        return kept_list(*self.kept_in, name, make)

    def heads(self) -> list[CustomerHead]:
        """Return what lists show of all records of customers, in their order, made once."""
        if self._heads is None:
            from ledgercli.model.customer_head import CustomerHead, head_of

            made = self.kept("heads", lambda: [tuple(head_of(one)) for one in self.customers])
            self._heads = [CustomerHead._make(values) for values in made]
        return self._heads

    def segments(self) -> Mapping[str, Mapping[str, str]]:
        """Return the segments of all customers, by their ids, made once."""
        if self._segments is None:
            self._segments = self.kept(
                "segments", lambda: {one.id: dict(one.segments) for one in self.customers}
            )
        return self._segments

    @property
    def root(self) -> Path:
        """Return the folder of the books."""
        return self.location.root

    @property
    def facts(self) -> LedgerView:
        """Return what is known of the ledger besides its postings."""
        return self.ledger.facts

    @property
    def view(self) -> LedgerView:
        """Return the ledger with all postings."""
        return self.ledger.view()

    @property
    def general_ledger(self) -> GeneralLedger:
        """Return the postings of all accounts with their customers, read once.

        It takes a load of the whole ledger by Beancount, once for each state of the books where
        there is a cache. Raise LedgerNotFoundError or LedgerNotReadableError where the ledger is
        gone meanwhile.
        """
        if self._general_ledger is None:
            self._general_ledger = self.general_ledger_source()
        return self._general_ledger

    @property
    def language(self) -> str:
        """Return the language that the settings name, empty where they name none."""
        return self.brief.language

    @property
    def settings(self) -> Settings:
        """Return all settings of the books."""
        return self.settings_source()

    @property
    def today(self) -> dt.date:
        """Return the date of the request in the books' time zone, else in the machine's."""
        if not self.brief.timezone:
            return self.now.astimezone().date()
        from zoneinfo import ZoneInfo

        return self.now.astimezone(ZoneInfo(self.brief.timezone)).date()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the errors that may make a figure wrong: of settings, records, orders, ledger."""
        found = (*self.record_findings, *self.order_findings)
        records = tuple(row for row in found if row.severity == "error")
        return (*records, *self.ledger_errors)

    @property
    def ledger_errors(self) -> tuple[Finding, ...]:
        """Return what Beancount and the reading of the ledger call errors."""
        return tuple(row for row in self.facts.findings if row.severity == "error")

    def as_of(self, query: Query) -> dt.date:
        """Return the day that ``query`` asks for."""
        return query.as_of or self.today

    def position(self, as_of: dt.date, *, settled: bool = True) -> Position:
        """Return the position at the end of ``as_of``, computed once.

        Without ``settled`` documents and settlements may be missing that leave nothing open,
        unallocated or owed.
        """
        key = (as_of, settled)
        if not settled and (as_of, True) in self._positions:
            return self._positions[as_of, True]
        if key not in self._positions:
            self._positions[key] = (
                self._whole_position(as_of) if settled else self._unsettled_position(as_of)
            )
        return self._positions[key]

    def _whole_position(self, as_of: dt.date) -> Position:
        from ledgercli.desk.kept_positions import whole_position

        return whole_position(self, as_of)

    def _unsettled_position(self, as_of: dt.date) -> Position:
        from ledgercli.receivables.position import position

        view, settings = self.ledger.unsettled(as_of), self.receivables_source()
        return position(view, self.customers, settings, as_of, self.recorded, self.directory)

    def position_of(self, customers: frozenset[str], as_of: dt.date) -> Position:
        """Return the part of the position that is of ``customers``, with what is settled.

        It is made of their transactions alone: nothing is allocated across customers.
        """
        key = (as_of, customers)
        whole = self._positions.get((as_of, True)) or self._parts.get(key)
        if whole is None:
            from ledgercli.receivables.position import position

            known = self.directory
            view = self.ledger.view_of(customers, lambda *asked: known.identify(*asked).customer)
            settings, recorded = self.receivables_source(), self.recorded
            whole = position(view, self.records, settings, as_of, recorded, known)
            self._parts[key] = whole
        return whole.only(customers, None)

    def position_about(self, numbers: frozenset[str], as_of: dt.date) -> Position:
        """Return the position without most of what is settled, computed once.

        It holds the documents of these ``numbers``, settled or not, and the settled ones that are
        an error or book a claim about others: all that plans of reminders look at.
        """
        key = (as_of, numbers)
        found = self._positions.get((as_of, True)) or self._abouts.get(key)
        if found is None:
            from ledgercli.model.ledger_rows import with_rows
            from ledgercli.receivables.position import position
            from ledgercli.receivables.settled_rows import telling_rows

            rows = telling_rows(self.ledger.settled_rows(as_of), numbers)
            rows += self.ledger.unsettled_rows(as_of)
            self.ledger.sort(rows)
            view, settings = with_rows(self.facts, rows), self.receivables_source()
            found = position(view, self.customers, settings, as_of, self.recorded)
            self._abouts[key] = found
        return found

    def recorded(
        self, key: Key, number: str, event: EventName, as_of: dt.date
    ) -> Occurrence | None:
        """Return when an event happened to a document, as far as activity log and orders tell."""
        if self.occurrences is None:
            return None
        if self._recorded is None:
            self._recorded = self.occurrences()
        return self._recorded(key, number, event, as_of)

    def summary(self, as_of: dt.date) -> Summary:
        """Return the summary of the position at the end of ``as_of``, computed once."""
        if as_of not in self._summaries:
            self._summaries[as_of] = self._summary(as_of)
        return self._summaries[as_of]

    def standing(self, as_of: dt.date) -> Position | Summary:
        """Return the sums at the end of ``as_of``: of the position where it is there already."""
        return self._positions.get((as_of, True)) or self.summary(as_of)

    def summaries(self, days: Iterable[dt.date]) -> dict[dt.date, Summary]:
        """Return the summaries at the end of several days, by one walk through the ledger."""
        wanted = sorted(set(days))
        # What is kept answers for the days that are the same to it as its own.
        missing = [
            day for day in wanted if day not in self._summaries and self.ledger.summary(day) is None
        ]
        if len(missing) > 1:
            from ledgercli.receivables.summary import records_by_id
            from ledgercli.receivables.summing_days import summarize_days

            rows = self.ledger.unsettled_rows_between(missing[0], missing[-1])
            # Nearly all are asked about: they are opened at once.
            records = records_by_id(self.customers)
            recorded, asked = self.listening()
            settings, sort = self.receivables_source(), self.ledger.sort
            found = summarize_days(
                rows, self.facts, records, settings, missing, sort, recorded, self.directory
            )
            if not asked:
                self.ledger.keep_summary(found[missing[-1]])
            self._summaries.update(
                (day, replace(one, customers=self.records)) for day, one in found.items()
            )
        return {day: self.summary(day) for day in wanted}

    def _summary(self, as_of: dt.date) -> Summary:
        found = self.ledger.summary(as_of)
        if found is None:
            recorded, asked = self.listening()
            try:
                found = self._summed_up(as_of, recorded, *self.ledger.unsettled_parts(as_of))
            except RowsGoneError:
                rows = self.ledger.unsettled_rows(as_of)
                found = self._summed_up(as_of, recorded, (), rows)
            # Activity log and orders are not watched: what rests on them is not kept.
            if not asked:
                self.ledger.keep_summary(found)
        return replace(found, as_of=as_of, customers=self.records)

    def _summed_up(
        self,
        as_of: dt.date,
        recorded: Recorded,
        kept: Iterable[OpenAccounts],
        rows: Sequence[TransactionRow],
    ) -> Summary:
        """Return the summary of accounts that are ``kept`` and of ``rows`` besides."""
        from ledgercli.receivables.summing import Summing

        # Nobody or nearly all of them are asked about: then they are opened at once.
        records = RecordsById(self.names, self.customers_source)
        settings, ledger = self.receivables_source(), self.ledger
        summing = Summing.of(self.facts, records, settings, as_of, recorded)
        for part in kept:
            summing.resume(part)
        summing.take(rows)
        return summing.summary(ledger.sort, ledger.lasting_rows)

    def listening(self) -> tuple[Recorded, list[EventName]]:
        """Return :meth:`recorded`, and the list of the events that it will have been asked for."""
        asked: list[EventName] = []

        def recorded(key: Key, number: str, event: EventName, day: dt.date) -> Occurrence | None:
            asked.append(event)
            return self.recorded(key, number, event, day)

        return recorded, asked

    def selected(self, query: Query, *, settled: bool = True) -> Position:
        """Return the part of the position that ``query`` asks for; ``settled`` as above."""
        currencies = frozenset(query.currencies) if query.currencies else None
        chosen, as_of = self.chosen(query), self.as_of(query)
        if settled and chosen is not None and len(chosen) <= _FEW:
            return self.position_of(chosen, as_of).only(None, currencies)
        return self.position(as_of, settled=settled).only(chosen, currencies)

    def chosen(self, query: Query) -> frozenset[str] | None:
        """Return the ids of the customers that ``query`` asks for, None for all of them.

        Raise CustomerNotFoundError for a customer or parent that there is not.
        """
        if not query.filters_customers:
            return None
        from ledgercli.desk.choosing import chosen

        return chosen(self, query)

    def customer_id(self, text: str) -> str:
        """Return the id of the customer that ``text`` names by id, alias or name.

        Raise CustomerNotFoundError where it names nobody.
        """
        if text in self.names:
            return text
        from ledgercli.desk.choosing import customer_id

        return customer_id(self, text)
