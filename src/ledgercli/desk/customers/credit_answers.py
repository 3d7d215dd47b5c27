"""The review of limits, and the credit report of one customer on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledgercli.customers.limit_review import DOCUMENTS_MIN, LimitReview
from ledgercli.customers.score import Score
from ledgercli.desk.customers.score_answers import (
    PERSON,
    factor_table,
    score_details,
    score_facts,
    score_notes,
)
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import CreditLimit, Customer
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.model.values import Money
from ledgercli.receivables.position import Position
from ledgercli.reports.common import CURRENCY, CUSTOMER, Basis

_RULE = N_(
    "Suggested = highest balance of the last 12 months × the factor of the score, rounded to two"
    " digits. A rule of thumb: a person decides."
)


def limit_review(basis: Basis, rows: Sequence[LimitReview], *, everything: bool) -> Answer:
    """Return the limits to raise, cut or set with the reason; ``everything``: the others, too."""
    columns = (
        CUSTOMER,
        Column("name", N_("name"), flexible=True, optional=1),
        Column("kind", N_("kind"), "code", words="kind", shown=False),
        CURRENCY,
        Column("limit", N_("limit"), "money"),
        Column("exposure", N_("exposure"), "money", shown=False),
        Column("peak", N_("highest"), "money", optional=2),
        Column("peak_date", N_("highest on"), "date", shown=False),
        Column("score", N_("score"), "number"),
        Column("class", N_("rating"), "code", shown=False),
        Column("suggested", N_("suggested"), "money"),
        Column("action", N_("action"), "code", words="limit-action"),
        Column("reason", N_("reason"), flexible=True, wraps=True),
        Column("decided_by_person", N_("person decides"), "flag", shown=False),
    )
    shown = [row for row in rows if everything or row.is_open]
    listed = [_review_row(basis, row) for row in shown]
    notes: list[Text | str] = [_RULE]
    if any(row.action == "ask" for row in shown):
        notes.append(PERSON)
    return Answer(
        "limit-review/1",
        facts=basis.facts(),
        tables=(Table("rows", columns, listed, empty=N_("No limit to raise, cut or set.")),),
        notes=basis.notes(*notes),
    )


def _review_row(basis: Basis, row: LimitReview) -> dict[str, Any]:
    record = basis.position.customers.get(row.customer)
    return {
        **basis.head(row.customer, row.currency),
        "kind": record.kind if record else "company",
        "limit": _money(row.limit, row.currency),
        "exposure": _money(row.exposure, row.currency),
        "peak": _money(row.peak, row.currency),
        "peak_date": row.peak_day,
        "score": row.score.points,
        "class": row.score.rating,
        "suggested": _money(row.suggested, row.currency),
        "action": row.action,
        "reason": reason_of(row),
        "decided_by_person": row.action == "ask",
    }


def reason_of(row: LimitReview) -> Text:
    """Return why a limit is suggested, or why none is."""
    if row.score.insolvent:
        return Text(N_("insolvent since {date}"), {"date": row.score.insolvent})
    if row.action == "unknown":
        return Text(N_("a price is missing"))
    if row.suggested is None:
        few = {"count": row.score.documents, "wanted": DOCUMENTS_MIN}
        return Text(N_("{count} documents past due, fewer than {wanted}"), few)
    if not row.peak:
        return Text(N_("not used for 12 months"))
    values = {"factor": f"{row.factor.normalize():f}", "rating": row.score.rating}
    if not row.limit:
        return Text(N_("highest × {factor} (class {rating})"), values)
    share = (row.peak / row.limit * 100).quantize(Decimal(1), context=CONTEXT)
    return Text(
        N_("× {factor} (class {rating}); highest was {share} % of the limit"),
        {**values, "share": str(share)},
    )


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A line of the history of a limit: its day, who wrote it, in which commit."""

    date: dt.date
    by: str
    commit: str
    limit: CreditLimit | None


def credit_report(
    basis: Basis,
    part: Position,
    record: Customer,
    score: Score,
    reviews: Sequence[LimitReview],
    lines: Sequence[LimitLine],
    settings: Settings,
) -> Answer:
    """Return all that is known of a customer's credit, on one page.

    ``part`` is the position of this customer alone.
    """
    notes = [_RULE, *score_notes(record, score, settings)]
    return Answer(
        "credit-report/1",
        facts={**basis.facts(), **score_facts(record, score)},
        tables=(
            _account_table(part),
            _limit_table(reviews),
            factor_table_titled(score),
            _history_table(lines, part.as_of),
        ),
        closing_facts={"tie_out": basis.position.tie_out},
        title=Text(N_("Credit report: {name}"), {"name": record.label}),
        details=(
            *score_details(record, score),
            *_profile(record),
        ),
        notes=basis.notes(*notes),
    )


def _profile(record: Customer) -> tuple[tuple[str, Any], ...]:
    rows: list[tuple[str, Any]] = [(N_("tier"), record.tier), (N_("owner"), record.owner)]
    rows += [(key, value) for key, value in sorted(record.segments.items())]
    rows += [(N_("terms"), str(record.terms) if record.terms else "")]
    return tuple((label, value) for label, value in rows if value)


def factor_table_titled(score: Score) -> Table:
    """Return the inputs of a score under their own key and title."""
    table = factor_table(score)
    return Table("inputs", table.columns, table.rows, title=N_("Score"))


def _account_table(part: Position) -> Table:
    """Return by currency what is owed, overdue and unallocated, and the oldest due date."""
    columns = (
        CURRENCY,
        Column("balance", N_("balance"), "money"),
        Column("open", N_("open"), "money"),
        Column("overdue", N_("overdue"), "money"),
        Column("days", N_("days"), "number"),
        Column("unallocated", N_("unallocated"), "money", sparse=True),
        Column("deposits", N_("deposits"), "money", sparse=True),
    )
    rows = []
    for key in sorted({*part.balances, *part.deposits}):
        items = [item for item in part.open_items if item.document.key == key]
        late = [item for item in items if item.is_overdue(part.as_of)]
        currency = key[1]

        def money(amount: Decimal, currency: str = currency) -> Money:
            return Money(amount, currency)

        rows.append(
            {
                "currency": currency,
                "balance": money(part.balances.get(key, Decimal(0))),
                "open": money(sum((item.open for item in items), Decimal(0))),
                "overdue": money(sum((item.open for item in late), Decimal(0))),
                "days": max((item.days_overdue(part.as_of) or 0 for item in late), default=0),
                "unallocated": money(part.unallocated.get(key, Decimal(0))),
                "deposits": money(part.deposits.get(key, Decimal(0))),
            }
        )
    return Table("account", columns, rows, title=N_("Account"), role="extra")


def _limit_table(reviews: Sequence[LimitReview]) -> Table:
    columns = (
        CURRENCY,
        Column("limit", N_("limit"), "money"),
        Column("exposure", N_("exposure"), "money"),
        Column("peak", N_("highest"), "money"),
        Column("suggested", N_("suggested"), "money"),
        Column("action", N_("action"), "code", words="limit-action"),
        Column("reason", N_("reason"), flexible=True, wraps=True),
    )
    rows = [
        {
            "currency": row.currency,
            "limit": _money(row.limit, row.currency),
            "exposure": _money(row.exposure, row.currency),
            "peak": _money(row.peak, row.currency),
            "suggested": _money(row.suggested, row.currency),
            "action": row.action,
            "reason": reason_of(row),
        }
        for row in reviews
    ]
    return Table("limits", columns, rows, title=N_("Credit limit"), role="extra")


def _history_table(lines: Sequence[LimitLine], as_of: dt.date) -> Table:
    columns = (
        Column("date", N_("date"), "date"),
        Column("limit", N_("limit"), "text"),
        Column("by", N_("by"), "text", flexible=True),
        Column("commit", N_("commit"), "code"),
    )
    rows = [
        {
            "date": line.date,
            "limit": _limit_text(line.limit, as_of),
            "by": line.by,
            "commit": line.commit,
        }
        for line in lines
    ]
    return Table("history", columns, rows, title=N_("Limits so far"), role="extra")


def _limit_text(limit: CreditLimit | None, as_of: dt.date) -> Text:
    """Return a limit in words: the amounts in force on ``as_of``."""
    amounts = limit.at(as_of) if limit else ()
    if not amounts:
        return Text(N_("no limit"))
    return Text("{amounts}", {"amounts": list(amounts)})
