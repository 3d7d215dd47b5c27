"""Tiers and tags that rules give, RFM classes, and targets beside what was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.customers.rfm import Rfm
from ledgercli.customers.targets import TargetResult
from ledgercli.customers.tiers import Ground, Verdict
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT, plain
from ledgercli.model.segment_settings import Relation
from ledgercli.model.values import Duration, Money
from ledgercli.reports.common import CUSTOMER, Basis

#: A bound in words; facts and amounts stand on either side of these.
_RELATIONS: Mapping[tuple[str, Relation], str] = {
    ("revenue", "at least"): N_("revenue {value} ≥ {bound}"),
    ("revenue", "at most"): N_("revenue {value} ≤ {bound}"),
    ("revenue", "over"): N_("revenue {value} > {bound}"),
    ("revenue", "under"): N_("revenue {value} < {bound}"),
    ("invoices", "at least"): N_("invoices {value} ≥ {bound}"),
    ("invoices", "at most"): N_("invoices {value} ≤ {bound}"),
    ("invoices", "over"): N_("invoices {value} > {bound}"),
    ("invoices", "under"): N_("invoices {value} < {bound}"),
    ("days_late", "at least"): N_("days late {value} ≥ {bound}"),
    ("days_late", "at most"): N_("days late {value} ≤ {bound}"),
    ("days_late", "over"): N_("days late {value} > {bound}"),
    ("days_late", "under"): N_("days late {value} < {bound}"),
    ("score", "at least"): N_("score {value} ≥ {bound}"),
    ("score", "at most"): N_("score {value} ≤ {bound}"),
    ("score", "over"): N_("score {value} > {bound}"),
    ("score", "under"): N_("score {value} < {bound}"),
}
_NOT: Mapping[str, str] = {
    "revenue": N_("revenue {value}, not {relation} {bound}"),
    "invoices": N_("invoices {value}, not {relation} {bound}"),
    "days_late": N_("days late {value}, not {relation} {bound}"),
    "score": N_("score {value}, not {relation} {bound}"),
}
_SIGNS: Mapping[Relation, str] = {"at least": "≥", "at most": "≤", "over": ">", "under": "<"}


def tier_list(
    basis: Basis, rows: Sequence[Verdict], *, everything: bool, written: bool | None
) -> Answer:
    """Return what the rules say, with the reason; without ``everything`` only what would change.

    ``written`` None: nothing was asked to be written.
    """
    columns = (
        CUSTOMER,
        Column("name", N_("name"), flexible=True, optional=1),
        Column("change", N_("change"), "code", words="tier-change"),
        Column("now", N_("now"), "code"),
        Column("value", N_("by the rules"), "code"),
        Column("rule", N_("rule"), "number"),
        Column("reason", N_("reason"), flexible=True, wraps=True),
        Column("grounds", N_("grounds"), "table", columns=_GROUNDS),
    )
    shown = [row for row in rows if everything or row.changes]
    listed = [
        {
            "customer": row.customer,
            "name": basis.name_of(row.customer),
            "change": row.kind if row.changes else "same",
            "now": row.now or None,
            "value": row.value,
            "rule": row.rule,
            "reason": _reason(row),
            "grounds": [_ground(ground) for ground in row.grounds],
        }
        for row in shown
    ]
    changes = sum(row.changes for row in rows)
    one = N_("{count} value differs from the rules.")
    many = N_("{count} values differ from the rules.")
    notes: list[Text | str] = [Text(one, plural=many, count=changes)]
    if written:
        notes.append(N_("The records were written."))
    elif changes:
        notes.append(N_("Nothing is written without `--write`."))
    return Answer(
        "customer-tiers/1",
        facts={**basis.facts(), "changes": changes, "written": bool(written)},
        tables=(Table("rows", columns, listed, empty=N_("Nothing to change.")),),
        notes=basis.notes(*notes),
    )


_GROUNDS = (
    Column("fact", N_("fact"), "code"),
    Column("value", N_("value"), "number"),
    Column("relation", N_("relation"), "code"),
    Column("bound", N_("bound"), "number"),
    Column("currency", N_("cur."), "code"),
    Column("holds", N_("holds"), "flag"),
)


def _ground(ground: Ground) -> dict[str, Any]:
    return {
        "fact": ground.fact,
        "value": None if ground.value is None else _exact(ground, ground.value),
        "relation": ground.relation,
        "bound": _exact(ground, ground.bound),
        "currency": ground.currency or None,
        "holds": ground.holds,
    }


def _exact(ground: Ground, value: Decimal) -> str:
    return plain(value, ground.currency) if ground.currency else _number(value)


def _reason(verdict: Verdict) -> Text | str:
    if not verdict.grounds:
        return Text(N_("whoever fits no rule above"))
    return Text("{parts}", {"parts": [_sentence(ground) for ground in verdict.grounds]})


def _sentence(ground: Ground) -> Text:
    def said(value: Decimal | None) -> Any:  # noqa: ANN401 - as Text takes it
        if value is None:
            return Text(N_("unknown"))
        return Money(value, ground.currency) if ground.currency else _number(value)

    values = {"value": said(ground.value), "bound": said(ground.bound)}
    if ground.holds:
        return Text(_RELATIONS[ground.fact, ground.relation], values)
    return Text(_NOT[ground.fact], {**values, "relation": _SIGNS[ground.relation]})


def _number(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1'), context=CONTEXT).normalize(CONTEXT):f}"


def rfm_list(basis: Basis, rows: Sequence[Rfm], currency: str, within: Duration) -> Answer:
    """Return the buyers with their ranks, the best first, and how many there are of each class."""
    columns = (
        CUSTOMER,
        Column("name", N_("name"), flexible=True),
        Column("days", N_("days since"), "number"),
        Column("invoices", N_("no. of invoices"), "number"),
        Column("revenue", N_("revenue"), "money"),
        Column("code", N_("RFM"), "code"),
        Column("class", N_("class"), "code", words="rfm-class"),
        Column("recency", N_("R"), "number", shown=False),
        Column("frequency", N_("F"), "number", shown=False),
        Column("monetary", N_("M"), "number", shown=False),
    )
    ordered = sorted(
        rows,
        key=lambda row: (
            -row.recency_rank,
            -row.frequency_rank,
            -(row.monetary_rank or 0),
            row.customer,
        ),
    )
    listed = [
        {
            "customer": row.customer,
            "name": basis.name_of(row.customer),
            "days": row.days,
            "invoices": row.invoices,
            "revenue": None if row.revenue is None else Money(row.revenue, currency),
            "code": row.code,
            "class": row.name,
            "recency": row.recency_rank,
            "frequency": row.frequency_rank,
            "monetary": row.monetary_rank,
        }
        for row in ordered
    ]
    notes: list[Text | str] = [
        Text(
            N_("Who was invoiced within {within}; revenue in {currency}, less credit notes."),
            {"within": within, "currency": currency},
        ),
        N_(
            "Ranks from 1 to 5 (best) by fifths of the buyers: recency, frequency, monetary; equal"
            " figures have equal ranks."
        ),
    ]
    if any(row.revenue is None for row in rows):
        notes.append(N_("Revenue is unknown where a price is missing."))
    return Answer(
        "rfm/1",
        facts={**basis.facts(), "currency": currency, "within": str(within)},
        tables=(Table("rows", columns, listed, empty=N_("No invoices.")),),
        notes=basis.notes(*notes),
    )


def target_list(basis: Basis, rows: Sequence[TargetResult]) -> Answer:
    """Return the targets with what was reached, what was before, and what was wanted."""
    columns = (
        Column("target", N_("target"), flexible=True, wraps=True),
        Column("measure", N_("measure"), "code", words="measure"),
        Column("goal", N_("goal"), "code"),
        Column("customers", N_("members"), "number", optional=2),
        Column("since", N_("since"), "date", optional=3),
        Column("before", N_("before"), "number", optional=1),
        Column("actual", N_("actual"), "number"),
        Column("wanted", N_("wanted"), "number"),
        Column("unit", "", "code"),
        Column("currency", N_("cur."), "code", shown=False),
        Column("reached", N_("reached"), "flag"),
    )
    listed = [_target_row(row) for row in rows]
    return Answer(
        "targets/1",
        facts=basis.facts(),
        tables=(Table("rows", columns, listed, empty=N_("No `targets` in the settings.")),),
        notes=basis.notes(
            N_(
                "A change is against the same time before; the repurchase rate is the share of"
                " buyers with two invoices or more."
            )
        ),
    )


def _target_row(row: TargetResult) -> dict[str, Any]:
    target = row.target

    def shown(value: Decimal | None) -> Any:  # noqa: ANN401 - a cell
        if value is None:
            return None
        if row.currency:
            return Money(value, row.currency)
        return _number(value)

    words = [
        *(
            word
            for part in (target.tag, target.tier, target.status, target.owner)
            if part
            for word in part.words
        ),
        *(f"{key}={'/'.join(value.words)}" for key, value in sorted(target.segment.items())),
    ]
    return {
        "target": target.name or (", ".join(words) if words else Text(N_("all customers"))),
        "measure": target.measure,
        "goal": goal_text(row),
        "customers": row.customers,
        "since": row.start,
        "before": shown(row.before),
        "actual": shown(row.actual),
        "wanted": shown(row.wanted),
        "unit": "%" if target.measure == "repurchase-rate" else None,
        "currency": row.currency or None,
        "reached": row.reached,
    }


def goal_text(row: TargetResult) -> str:
    """Return a goal in signs: ``+20 %``, ``≥ 40 %``, ``≤ 3``."""
    goal = row.target.goal
    if goal.change is not None:
        sign = "" if goal.change.value < 0 else "+"
        return f"{sign}{_number(goal.change.value)} %"
    share = " %" if goal.is_share or row.target.measure == "repurchase-rate" else ""
    return f"{_SIGNS[goal.relation]} {_number(goal.value)}{share}"
