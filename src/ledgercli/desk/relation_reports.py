"""Reports from records and activity alone: service, feedback, leads and prospects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ledgercli.customers.relations import CASE_KINDS, NetPromoter, cases, mean_days, score_of
from ledgercli.desk.agenda.agenda import scope
from ledgercli.desk.circumstances import with_explanation
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.event import CONTACT_KINDS, Event
from ledgercli.model.values import Money
from ledgercli.reports import relations as report

if TYPE_CHECKING:
    from ledgercli.desk.explaining import Telling
    from ledgercli.reports.explained.evidence import Evidence
    from ledgercli.reports.explained.figures import Explainer

#: What stands for customers without the value that is grouped by.
_NONE = "–"
#: What feedback is grouped by besides segments.
_GROUPS = ("month", "tier", "owner")


def service(books: OpenBooks, query: Query, *, first: dt.date | None, open_only: bool) -> Answer:
    """Return complaints and service requests opened from ``first`` on, with the time to close."""
    as_of, chosen = books.as_of(query), books.chosen(query)
    records = {record.id: record for record in books.customers}
    found = [
        case
        for case in cases(books.events, as_of)
        if (chosen is None or case.event.customer in chosen)
        and (first is None or case.event.date >= first)
        and not (open_only and case.closed)
    ]
    lines = [
        report.CaseLine(
            id=case.event.id,
            kind=case.event.kind,
            customer=case.event.customer,
            name=_label(records, case.event.customer),
            owner=_owner(records, case.event.customer),
            opened=case.event.date,
            closed=case.closed.date if case.closed else None,
            days=case.days,
            text=str(case.event.details.get("text") or ""),
        )
        for case in found
    ]
    means = {
        kind: mean_days([case.days for case in found if case.closed and case.event.kind == kind])
        for kind in CASE_KINDS
    }
    return _with_log(books, query, report.service(lines, means, as_of, first))


def nps(books: OpenBooks, query: Query, *, first: dt.date | None, by: str) -> Answer:
    """Return the net promoter score of the feedback from ``first`` on, by group.

    ``by`` is ``month``, ``tier``, ``owner``, or the key of a segment.
    """
    as_of = books.as_of(query)
    scores: dict[str, list[int]] = {}
    for group, _event, score in feedback(books, query, first, by):
        scores.setdefault(group, []).append(score)
    lines = [_score_line(name, scores[name]) for name in sorted(scores)]
    whole = _score_line("", [score for listed in scores.values() for score in listed])
    answer = report.nps(lines, whole, as_of, first, by)
    known = by in _GROUPS or any(by in record.segments for record in books.customers)
    if not known:
        unknown = Text(N_("no customer has the segment `{segment}`"), {"segment": by})
        answer = replace(answer, warnings=(unknown,))
    return _with_log(books, query, answer)


def feedback(
    books: OpenBooks, query: Query, first: dt.date | None, by: str
) -> Iterator[tuple[str, Event, int]]:
    """Yield the answers that count from ``first`` on, each with its group and its score."""
    as_of, chosen = books.as_of(query), books.chosen(query)
    group = _group_of(by, {record.id: record for record in books.customers})
    for event in books.events:
        score = score_of(event)
        if (
            score is not None
            and event.in_force(as_of)
            and (first is None or event.date >= first)
            and (chosen is None or event.customer in chosen)
        ):
            yield group(event), event, score


def _group_of(by: str, records: dict[str, Customer]) -> Callable[[Event], str]:
    def group(event: Event) -> str:
        record = records.get(event.customer)
        if by == "month":
            return f"{event.date:%Y-%m}"
        if record is None:
            return _NONE
        if by in {"tier", "owner"}:
            return str(getattr(record, by)) or _NONE
        return record.segments.get(by, _NONE)

    return group


def _score_line(group: str, scores: list[int]) -> report.ScoreLine:
    found = NetPromoter.of(scores)
    return report.ScoreLine(
        group, found.answers, found.promoters, found.passives, found.detractors, found.score
    )


def pipeline(books: OpenBooks, query: Query, *, owner: str) -> Answer:
    """Return the leads and prospects with what is expected of them, and the next step."""
    as_of, chosen = books.as_of(query), scope(books, query, owner)
    contacts: dict[str, list[Event]] = {}
    for event in books.events:
        if event.kind in CONTACT_KINDS and event.in_force(as_of):
            contacts.setdefault(event.customer, []).append(event)
    records = {
        record.id: record
        for record in books.customers
        if record.status in {"lead", "prospect"} and (chosen is None or record.id in chosen)
    }
    lines = [
        report.PipelineLine(
            customer=record.id,
            name=record.label,
            status=record.status,
            owner=record.owner,
            expected=_expected(record),
            step_date=record.next_step.date if record.next_step else None,
            step=record.next_step.text if record.next_step else "",
            last=max((event.date for event in contacts.get(record.id, ())), default=None),
        )
        for record in records.values()
    ]

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.reports.explained import records as explained

        return explained.pipeline(evidence, records, contacts)

    return _with_log(books, query, report.pipeline(lines, as_of), telling)


def _expected(record: Customer) -> Money | None:
    """Return the expected amount, in the record's currency where it names none."""
    if record.expected is None or record.expected.currency:
        return record.expected
    return Money(record.expected.amount, record.currency)


def _label(records: dict[str, Customer], customer: str) -> str:
    return records[customer].label if customer in records else customer


def _owner(records: dict[str, Customer], customer: str) -> str:
    return records[customer].owner if customer in records else ""


def _with_log(
    books: OpenBooks, query: Query, answer: Answer, telling: Telling | None = None
) -> Answer:
    """Return ``answer`` with what is wrong in the records and the log it was made from."""
    answer = with_explanation(books, answer, query, telling)
    return replace(answer, findings=(*books.errors, *books.event_findings))


def answer_kind(score: int) -> str:
    """Return what an answer of ``score`` counts as: ``promoters``, ``passives``, ``detractors``."""
    found = NetPromoter.of([score])
    return next(name for name in ("promoters", "passives", "detractors") if getattr(found, name))
