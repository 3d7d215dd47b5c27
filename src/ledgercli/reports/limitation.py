"""The report on limitation: which claims become time-barred when, and what put that off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Duration, Money
from ledgercli.receivables.limitation import Barred
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME, Basis

_COLUMNS = (
    Column("number", N_("number"), "code"),
    CUSTOMER,
    Column("name", NAME.label, NAME.kind, flexible=True, optional=5),
    Column("country", N_("country"), "code", optional=6),
    Column("law", N_("law"), "code", words="law", optional=4),
    CURRENCY,
    Column("open", N_("open"), "money"),
    Column("arose", N_("arose"), "date", optional=1),
    Column("restarted_on", N_("restarted"), "date", sparse=True, optional=2),
    Column("restarted_by", N_("cause"), "code", words="restart", sparse=True, optional=3),
    Column("place", N_("place"), "code", shown=False),
    Column("detail", N_("detail"), shown=False),
    Column("barred_on", N_("barred on"), "date"),
    Column("days_left", N_("days left"), "number"),
)


def limitation(basis: Basis, rows: Sequence[Barred], within: Duration | None) -> Answer:
    """Return the claims that are barred within a time from the day, those unknown at the end.

    ``days_left`` are the days until the first on which a claim is barred, 0 or less from then on;
    None where no rule is known for the country, or the claim is not known to be due. ``within``
    None leaves nothing out.
    """
    as_of = basis.position.as_of
    horizon = within.after(as_of) if within else None
    shown = [
        row for row in rows if horizon is None or row.barred_on is None or row.barred_on <= horizon
    ]
    ordered = sorted(shown, key=_order)
    notes: list[Text | str] = [
        N_(
            "Demands, promises and acknowledgements count where the books can prove them; courts,"
            " negotiations and suspension are not known to them."
        )
    ]
    if within:
        words = N_("Claims that are barred within {within} are listed.")
        notes.append(Text(words, {"within": within}))
    return Answer(
        "limitation/1",
        facts={**basis.facts(), "within": str(within) if within else None},
        tables=(
            Table(
                "rows",
                _COLUMNS,
                [_row(basis, row, as_of) for row in ordered],
                empty=N_("No claim is barred within that time."),
            ),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(*notes),
        warnings=tuple(_warnings([row for row in ordered if row.barred_on is None])),
    )


def _order(row: Barred) -> tuple[bool, dt.date, str, str]:
    day = row.barred_on or dt.date.max
    document = row.item.document
    return row.barred_on is None, day, document.customer, document.number


def _row(basis: Basis, row: Barred, as_of: dt.date) -> dict[str, Any]:
    document, restarted = row.item.document, row.restarted
    return {
        "number": document.number,
        **basis.head(document.customer, document.currency),
        "country": row.country,
        "law": row.law,
        "open": Money(row.item.open, document.currency),
        "arose": row.arose,
        "restarted_on": restarted.date if restarted else None,
        "restarted_by": restarted.how if restarted else None,
        "place": restarted.place if restarted else "",
        "detail": restarted.detail if restarted else "",
        "barred_on": row.barred_on,
        "days_left": (row.barred_on - as_of).days if row.barred_on else None,
    }


def _warnings(rows: Sequence[Barred]) -> Iterator[Text]:
    """Yield for how many documents no rule is known, for which countries, or no due date."""
    unknown = [row.country for row in rows if row.arose]
    if waiting := len(rows) - len(unknown):
        yield Text(
            N_("{count} document is not known to be due: no limitation runs"),
            {},
            N_("{count} documents are not known to be due: no limitation runs"),
            waiting,
        )
    countries = sorted({country for country in unknown if country})
    count = sum(1 for country in unknown if country)
    if count:
        yield Text(
            N_("no rule on limitation is known for {countries}: {count} document"),
            {"countries": countries},
            N_("no rule on limitation is known for {countries}: {count} documents"),
            count,
        )
    if nowhere := len(unknown) - count:
        yield Text(
            N_("{count} document is of a customer without a country: no limitation is known"),
            {},
            N_("{count} documents are of customers without a country: no limitation is known"),
            nowhere,
        )
