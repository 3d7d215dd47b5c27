"""When claims become time-barred, by the law of the customer's country.

The rules are data (``data/laws``): how many years, from the due date or from the end of its year,
and what begins the period anew. The days are counted as §§ 187 (1), 188 (2) BGB, Articles 200 to
202 of the Chinese Civil Code and, for England and Wales, the case law on section 5 of the
Limitation Act 1980 count them: the day of the event is left out, and the period ends with the day
of the same date. What cannot be proved from the books is not taken into account, so that a claim
may be barred later than told, not earlier; suspension (negotiations, actions, force majeure) is
not known to the books at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from ledgercli.model.event import Event
from ledgercli.model.law import LawProfile, Limitation, Restart
from ledgercli.model.position import Document, SettlementKind
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration, add_days
from ledgercli.receivables.interest import standing
from ledgercli.receivables.position import Item, Position

#: What in an event shows that it can be proved: a tracking number, a receipt, a signature.
PROOFS = ("tracking", "proof", "signed")


@dataclass(frozen=True, slots=True)
class Restarted:
    """What began a period anew: how, when, and where that stands (``FILE:LINE``)."""

    how: Restart
    date: dt.date
    place: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Barred:
    """When the claim on a document is barred.

    ``law`` is the name of the profile and ``barred_on`` the first day on which the debtor may
    refuse to pay, None where no rule is known for the country. ``arose`` is the due date; without
    one no period runs.
    """

    item: Item
    country: str
    law: str
    arose: dt.date | None
    restarted: Restarted | None
    barred_on: dt.date | None


def profile_for(country: str, laws: Mapping[str, LawProfile]) -> LawProfile | None:
    """Return the first profile with a rule on limitation for a country, None where none has."""
    fitting = (law for law in laws.values() if country and country in law.countries)
    return next((law for law in fitting if law.limitation), None)


def first_barred_day(
    rule: Limitation, arose: dt.date, restarts: Iterable[Restarted]
) -> tuple[dt.date, Restarted | None]:
    """Return the first day on which a claim is barred, and what last began the period anew.

    Only what happened while the period ran counts, and only what the law says begins it anew.
    """
    years = Duration(rule.years, "years")
    last, found = years.after(begin_of(rule, arose, None)), None
    for row in sorted(restarts, key=lambda each: (each.date, each.place)):
        if row.how not in rule.restarts or not arose < row.date <= last:
            continue
        # An acknowledgement before the period begins changes nothing: its own would end earlier.
        renewed = years.after(row.date)
        if renewed > last:
            last, found = renewed, row
    return add_days(last, 1), found


def begin_of(rule: Limitation, arose: dt.date, restarted: Restarted | None) -> dt.date:
    """Return the day that the period counts from, which is not counted itself."""
    if restarted:
        return restarted.date
    return dt.date(arose.year, 12, 31) if rule.begins == "year-end" else arose


def barred(
    item: Item,
    country: str,
    laws: Mapping[str, LawProfile],
    restarts: Iterable[Restarted],
) -> Barred:
    """Return when the claim on a document is barred where its customer is."""
    arose = item.document.due
    profile = profile_for(country, laws)
    if profile is None or profile.limitation is None or arose is None:
        return Barred(item, country, "", arose, None, None)
    day, restarted = first_barred_day(profile.limitation, arose, restarts)
    return Barred(item, country, profile.name, arose, restarted, day)


def part_payments(item: Item, kinds: Mapping[int, SettlementKind]) -> Iterator[Restarted]:
    """Yield the payments by which the debtor acknowledged the document.

    They have to name it themselves, and not to have bounced. ``kinds`` are those of settlements by
    the identity of their postings.
    """
    for row, amount in standing(item.allocations):
        if amount > 0 and not row.assumed and kinds.get(id(row.posting)) == "payment":
            posting = row.posting
            place = f"{posting.file}:{posting.line}"
            yield Restarted("part-payment", posting.transaction.date, place)


def settlement_kinds(position: Position) -> dict[int, SettlementKind]:
    """Return the kinds of all settlements, by the identity of their postings."""
    return {id(row.settlement.posting): row.settlement.kind for row in position.receipts}


def acknowledgements(document: Document, events: Iterable[Event]) -> Iterator[Restarted]:
    """Yield the demands, promises and acknowledgements about a document that can be proved.

    A demand is a dunning letter with a proof of its delivery, and counts from the day that it
    arrived. A reply slip counts for the documents of its currency up to the date of the balance.
    """
    for event in events:
        if not _is_about(event, document):
            continue
        details, place = event.details, f"{event.file}:{event.line}"
        proof = next((str(details[key]) for key in PROOFS if details.get(key)), "")
        match event.kind:
            case "reminder" if proof and details.get("status") == "delivered":
                level = details.get("level")
                if isinstance(level, int) and level > 0:
                    yield Restarted("demand", event.date, place, proof)
            case "promise" if proof:
                yield Restarted("promise", event.date, place, proof)
            case "confirmation" if details.get("agreed") is True:
                stated = str(details.get("balance_date") or "")
                if document.date.isoformat() <= stated:
                    yield Restarted("acknowledgement", event.date, place, stated)


def _is_about(event: Event, document: Document) -> bool:
    """Return whether an event is about the document, its currency, or its customer."""
    return (
        event.customer == document.customer
        and event.currency in {"", document.currency}
        and event.number in {"", document.number}
    )
