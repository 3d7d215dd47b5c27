"""Fees and interest of a document in words and cells: each segment, letter, booking and waiver."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Column, Node, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT, usual_decimals
from ledgercli.model.rates import Interest
from ledgercli.model.values import Money, Percent
from ledgercli.receivables.claim_account import ClaimAccount, ClaimEntry
from ledgercli.receivables.interest import Segment

#: Segments are shown with more decimals than amounts have, as the sum alone is rounded.
_MORE_DECIMALS = 4

CLAIM_COLUMNS = (
    Column("fee", N_("fee"), "money"),
    Column("interest", N_("interest"), "money"),
    Column(
        "segments",
        N_("interest by segments"),
        "table",
        columns=(
            Column("from", N_("first day"), "date"),
            Column("to", N_("last day"), "date"),
            Column("days", N_("days"), "number"),
            Column("principal", N_("principal"), "money"),
            Column("percent", N_("rate")),
            Column("per", N_("rate per"), "code"),
            Column("table", N_("rate table"), "code"),
            Column("row", N_("rate of"), "date"),
            Column("source", N_("source")),
            Column("amount", N_("amount"), "money"),
        ),
    ),
    Column(
        "claims",
        N_("claims"),
        "table",
        columns=(
            Column("kind", N_("kind"), "code"),
            Column("date", N_("date"), "date"),
            Column("state", N_("state"), "code"),
            Column("text", N_("text")),
            Column("amount", N_("amount"), "money"),
        ),
    ),
)


def claim_cells(account: ClaimAccount | None, currency: str) -> dict[str, Any]:
    """Return the cells of :data:`CLAIM_COLUMNS`; of no account, those of a document without claims.

    ``interest`` is None where a rate is unknown, ``amount`` of a segment is not rounded to cents.
    """
    if account is None:
        nothing = Money(Decimal(0), currency)
        return {"fee": nothing, "interest": nothing, "segments": [], "claims": []}
    left = account.interest_left
    segments = account.accrual.segments if account.accrual else ()
    return {
        "fee": Money(account.fee_left, currency),
        "interest": None if left is None else Money(left, currency),
        "segments": [_segment_cells(row, account.rule, currency) for row in segments],
        "claims": [
            *(_entry_cells(row, "claimed", currency) for row in account.fees),
            *(_entry_cells(row, "booked", currency) for row in account.booked),
        ],
    }


def _segment_cells(row: Segment, rule: Interest | None, currency: str) -> dict[str, Any]:
    return {
        "from": row.first,
        "to": row.last,
        "days": row.days,
        "principal": Money(row.principal, currency),
        "percent": None if row.percent is None else f"{row.percent:f}",
        "per": "day" if row.per_day else "year",
        "table": rule.table if rule else "",
        "row": row.row,
        "source": row.source,
        "amount": _exact(row, currency),
    }


def _entry_cells(row: ClaimEntry, state: str, currency: str) -> dict[str, Any]:
    amount = Money(row.amount, currency)
    return {"kind": row.kind, "date": row.date, "state": state, "text": row.text, "amount": amount}


def claim_nodes(account: ClaimAccount, currency: str) -> Iterator[Node]:
    """Yield the branches of a document's tree: interest, then fees; none where there is neither."""
    accrual, rule = account.accrual, account.rule
    if rule and accrual and (accrual.segments or accrual.amount is None):
        yield _interest(account, rule, currency)
    fees = [row for row in account.booked if row.kind == "fee"]
    if account.fees or fees:
        children = [
            Node(
                Text(
                    N_("claimed on {date} by the letter of level {level}"),
                    {"date": row.date, "level": row.text},
                ),
                Money(row.amount, currency),
            )
            for row in account.fees
        ]
        children += _taken(account, "fee", currency)
        left = Money(account.fee_left, currency)
        yield Node(N_("fees that are neither booked nor waived"), left, "", tuple(children))


def _interest(account: ClaimAccount, rule: Interest, currency: str) -> Node:
    assert account.accrual is not None  # noqa: S101 - the caller looked
    values = {"rate": _rate(rule), "day_count": rule.day_count, "level": rule.from_level}
    children = [_segment(row, rule, currency) for row in account.accrual.segments]
    children += _taken(account, "interest", currency)
    amount, message = account.interest_left, N_("interest on arrears, {rate}, {day_count}")
    if not account.claimed:
        amount = account.accrual.amount
        message = N_("interest on arrears, {rate}, {day_count}: claimed from level {level} on")
    if account.accrual.amount is None:
        message = N_("interest on arrears, {rate}, {day_count}: a rate is unknown, none is claimed")
        amount = None
    figure = None if amount is None else Money(amount, currency)
    return Node(Text(message, values), figure, "", tuple(children))


def _rate(rule: Interest) -> Text | str:
    """Return the rate in words; one of figures and signs alone is the same in every language."""
    percent = f"{rule.rate.value:f}%"
    if rule.rate.factor is None and rule.table:
        return Text(N_("{rate} above {table}"), {"rate": percent, "table": rule.table})
    return Text(N_("{rate} per day"), {"rate": percent}) if rule.rate.per_day else rule.words


def _segment(row: Segment, rule: Interest, currency: str) -> Node:
    values: dict[str, Any] = {
        "first": row.first,
        "last": row.last,
        "principal": Money(row.principal, currency),
        "table": rule.table,
        "row": row.row,
        "source": row.source,
    }
    if row.percent is None:
        unknown = Text(
            N_("{first} to {last}: {count} day on {principal}, no rate of `{table}` is known"),
            values,
            N_("{first} to {last}: {count} days on {principal}, no rate of `{table}` is known"),
            row.days,
        )
        return Node(unknown)
    values["rate"] = Text(
        N_("{percent} a day") if row.per_day else N_("{percent} a year"),
        {"percent": Percent(row.percent)},
    )
    children: tuple[Node, ...] = ()
    if row.row:
        origin = N_("`{table}` of {row}: {source}") if row.source else N_("`{table}` of {row}")
        children = (Node(Text(origin, values)),)
    text = Text(
        N_("{first} to {last}: {count} day on {principal} at {rate}"),
        values,
        N_("{first} to {last}: {count} days on {principal} at {rate}"),
        row.days,
    )
    return Node(text, _exact(row, currency), "", children)


def _taken(account: ClaimAccount, kind: str, currency: str) -> list[Node]:
    """Return what was booked and waived of a claim."""
    nodes = [
        Node(
            Text(N_("booked on {date} as {number}"), {"date": row.date, "number": row.text}),
            Money(-row.amount, currency),
        )
        for row in account.booked
        if row.kind == kind
    ]
    waived = account.interest_waived if kind == "interest" else account.fee_waived
    if waived:
        nodes.append(Node(Text(N_("waived up to {date}"), {"date": waived})))
    return nodes


def _exact(row: Segment, currency: str) -> Money | None:
    if row.interest is None:
        return None
    step = Decimal(1).scaleb(-usual_decimals(currency) - _MORE_DECIMALS)
    return Money(row.interest.quantize(step, context=CONTEXT), currency)
