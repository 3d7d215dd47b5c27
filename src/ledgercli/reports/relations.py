"""Reports on relations: complaints and service, net promoter score, leads and prospects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME

_PREFIX_LENGTH = 8


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case with the names that people know it by."""

    id: str
    kind: str
    customer: str
    name: str
    owner: str
    opened: dt.date
    closed: dt.date | None
    days: int
    text: str


def service(
    lines: Sequence[CaseLine],
    means: Mapping[str, Decimal | None],
    as_of: dt.date,
    first: dt.date | None,
) -> Answer:
    """Return the cases, open ones first, then the latest; ``means`` are the days to close by kind.

    ``days`` is the time to close, of an open case the time it has been open.
    """
    columns = (
        Column("opened", N_("opened"), "date"),
        Column("closed", N_("done"), "date"),
        Column("days", N_("days"), "number"),
        Column("kind", N_("kind"), "code", words="event"),
        CUSTOMER,
        Column("name", NAME.label, NAME.kind, flexible=True, optional=2),
        Column("owner", N_("owner"), "code", optional=3),
        Column("text", N_("what"), flexible=True, wraps=True),
        Column("prefix", N_("id"), "code"),
        Column("id", N_("id"), "code", shown=False),
    )
    ordered = sorted(lines, key=lambda line: (line.closed is not None, -line.opened.toordinal()))
    rows = [
        {
            "opened": line.opened,
            "closed": line.closed,
            "days": line.days,
            "kind": line.kind,
            "customer": line.customer,
            "name": line.name,
            "owner": line.owner,
            "text": line.text,
            "prefix": line.id[:_PREFIX_LENGTH],
            "id": line.id,
        }
        for line in ordered
    ]
    kinds = [
        {
            "kind": kind,
            "open": sum(1 for line in lines if line.kind == kind and line.closed is None),
            "closed": sum(1 for line in lines if line.kind == kind and line.closed),
            "mean_days": mean,
        }
        for kind, mean in means.items()
    ]
    summary = (
        Column("kind", N_("kind"), "code", words="event"),
        Column("open", N_("still open"), "number"),
        Column("closed", N_("done"), "number"),
        Column("mean_days", N_("mean days to close"), "number"),
    )
    return Answer(
        "service/1",
        facts={"as_of": as_of, "from": first},
        tables=(
            Table("rows", columns, rows, empty=N_("No complaint and no service request.")),
            Table("kinds", summary, kinds if lines else [], role="extra"),
        ),
        notes=(_period(first, as_of),),
    )


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The answers of a group; ``score`` is None without any."""

    group: str
    answers: int
    promoters: int
    passives: int
    detractors: int
    score: Decimal | None


def nps(
    lines: Sequence[ScoreLine],
    whole: ScoreLine,
    as_of: dt.date,
    first: dt.date | None,
    by: str,
) -> Answer:
    """Return the net promoter score of each group, and of all answers."""
    columns = (
        Column("group", N_("group"), "code"),
        Column("answers", N_("answers"), "number"),
        Column("promoters", N_("promoters"), "number"),
        Column("passives", N_("passives"), "number"),
        Column("detractors", N_("detractors"), "number"),
        Column("score", N_("NPS"), "number"),
    )
    rule = N_(
        "NPS = share of promoters (9 and 10) less that of detractors (0 to 6), in points; each"
        " answer counts."
    )
    notes: list[Text | str] = [_period(first, as_of), rule]
    if whole.score is not None:
        words = Text(
            N_("All: {score} from {count} answer."),
            {"score": whole.score},
            N_("All: {score} from {count} answers."),
            whole.answers,
        )
        notes.append(words)
    return Answer(
        "nps/1",
        facts={"as_of": as_of, "from": first, "by": by},
        tables=(
            Table("rows", columns, [_score(line) for line in lines], empty=N_("No feedback.")),
        ),
        closing_facts={"answers": whole.answers, "score": whole.score},
        notes=tuple(notes),
    )


def _score(line: ScoreLine) -> Mapping[str, object]:
    return {
        "group": line.group,
        "answers": line.answers,
        "promoters": line.promoters,
        "passives": line.passives,
        "detractors": line.detractors,
        "score": line.score,
    }


@dataclass(frozen=True, slots=True)
class PipelineLine:
    """A lead or prospect; ``last`` is the day of the last contact."""

    customer: str
    name: str
    status: str
    owner: str
    expected: Money | None
    step_date: dt.date | None
    step: str
    last: dt.date | None


def pipeline(lines: Sequence[PipelineLine], as_of: dt.date) -> Answer:
    """Return leads and prospects, prospects first, each by the day of the next step."""
    columns = (
        Column("status", N_("status"), "code", words="customer-status"),
        CUSTOMER,
        Column("name", NAME.label, NAME.kind, flexible=True),
        Column("owner", N_("owner"), "code", optional=2),
        Column("expected", N_("expected"), "money"),
        CURRENCY,
        Column("next_date", N_("next step"), "date"),
        Column("days", N_("days"), "number", shown=False),
        Column("next_step", N_("what"), flexible=True, wraps=True),
        Column("last_contact", N_("last contact"), "date", optional=1),
    )
    ordered = sorted(
        lines,
        key=lambda line: (line.status == "lead", line.step_date or dt.date.max, line.customer),
    )
    rows = [
        {
            "status": line.status,
            "customer": line.customer,
            "name": line.name,
            "owner": line.owner,
            "expected": line.expected,
            "currency": line.expected.currency if line.expected else None,
            "next_date": line.step_date,
            "days": (line.step_date - as_of).days if line.step_date else None,
            "next_step": line.step,
            "last_contact": line.last,
        }
        for line in ordered
    ]
    return Answer(
        "pipeline/1",
        facts={"as_of": as_of},
        tables=(
            Table("rows", columns, rows, empty=N_("No leads and no prospects.")),
            _expected(lines),
        ),
        notes=(Text(N_("As of {date}, end of day."), {"date": as_of}),),
    )


def _expected(lines: Sequence[PipelineLine]) -> Table:
    """Return what is expected in all by status and currency."""
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for line in lines:
        if line.expected:
            key = (line.status, line.expected.currency)
            count, total = sums.get(key, (0, Decimal(0)))
            sums[key] = (count + 1, total + line.expected.amount)
    columns = (
        Column("status", N_("status"), "code", words="customer-status"),
        Column("count", N_("count"), "number"),
        Column("expected", N_("expected"), "money"),
        CURRENCY,
    )
    rows = [
        {
            "status": status,
            "count": count,
            "expected": Money(total, currency),
            "currency": currency,
        }
        for (status, currency), (count, total) in sorted(sums.items(), reverse=True)
    ]
    return Table("sums", columns, rows, title=N_("Expected"), role="extra")


def _period(first: dt.date | None, as_of: dt.date) -> Text:
    if first:
        return Text(N_("From {first} to {date}, end of day."), {"first": first, "date": as_of})
    return Text(N_("As of {date}, end of day."), {"date": as_of})
