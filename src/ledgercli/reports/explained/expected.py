"""How forecasts came about, and what is out of the ordinary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, localcontext
from functools import partial

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT, round_money
from ledgercli.receivables.forecast.past import Exposure
from ledgercli.receivables.forecast.receipts import Part
from ledgercli.receivables.forecast.revenue import Series, monthly_sales
from ledgercli.receivables.forecast.smoothing import YEAR, Fitted, fitted
from ledgercli.receivables.metrics.flows import SALES, Flow
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.reports.explained.evidence import Evidence, flow_inputs, words_of
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure, Input

_WINTERS = N_(
    "Holt and Winters, ETS(A,Ad,A): Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential"
    " Smoothing (2008)"
)


def revenue(evidence: Evidence) -> Explainer:
    """Return what tells the sales expected of a month."""
    moved = evidence.moved()
    models = {
        one.currency: (one, model)
        for one in monthly_sales(moved, evidence.as_of)
        if (model := fitted(one.values))
    }

    def figures(row: Row) -> Iterator[Figure]:
        tell, currency = evidence.teller(row), row["currency"]
        series, model = models[currency]
        month = dt.date.fromisoformat(f"{row['month']}-01")
        weights = model.weights
        values = {name: getattr(weights, name) for name in ("alpha", "beta", "gamma", "phi")}
        words = N_(
            "base level + damped trend + season, by the {months} months that are over with α"
            " {alpha}, β {beta}, γ {gamma}, φ {phi}"
        )
        told_by = Text(words, {**values, "months": len(series.values)})
        parts = _parts(series, model, month, row["expected"].amount)
        yield tell("expected", told_by, parts, _WINTERS)
        yield tell("low", N_("10% of what the model leaves to chance is below"))
        yield tell("high", N_("10% of what the model leaves to chance is above"))
        if row["so_far"] is not None:
            yield tell("so_far", N_("sold so far in that month"), _sold(moved, currency, month))
        if row["last_year"] is not None:
            before = month.replace(year=month.year - 1)
            words = N_("sales of the same month a year before")
            yield tell("last_year", words, _sold(moved, currency, before))

    return figures


def _parts(series: Series, model: Fitted, month: dt.date, shown: Decimal) -> tuple[Input, ...]:
    """Return level, trend, season, and what rounding and the bounds of a forecast add."""
    first, told = series.next, partial(round_money, currency=series.currency)
    ahead = (month.year - first.year) * YEAR + month.month - first.month + 1
    with localcontext(CONTEXT):
        damping = sum((model.weights.phi**step for step in range(1, ahead + 1)), ZERO)
        season = model.season[(ahead - 1) % YEAR] if model.season else ZERO
        parts = [
            Input("level", told(model.level), Text(N_("base level"))),
            Input(
                "trend",
                told(damping * model.trend),
                Text(N_("trend × {damping}"), {"damping": rounded(damping, 3)}),
            ),
            Input("season", told(season), Text(N_("season of the month"))),
        ]
        left = shown - sum((one.amount for one in parts), ZERO)
    words = N_("rounding; never below zero, nor below what is sold already")
    return (*parts, Input("rounding", left, Text(words)))


def _sold(moved: list[Flow], currency: str, month: dt.date) -> tuple[Input, ...]:
    """Return the invoices and credit notes of a month."""
    return flow_inputs(
        flow
        for flow in moved
        if flow.kind in SALES and flow.currency == currency and flow.date.replace(day=1) == month
    )


def receipts(evidence: Evidence) -> Explainer:
    """Return what tells the receipts expected of a week: each document with its probability."""
    parts = evidence.expected()

    def figures(row: Row) -> Iterator[Figure]:
        tell, currency = evidence.teller(row), row["currency"]
        place = ((row["to"] - evidence.as_of).days // 7) - 1
        with localcontext(CONTEXT):
            listed = [
                one
                for exposure, found in parts
                if exposure.document.currency == currency
                for one in _chances(exposure, found, place)
            ]
            left = row["expected"].amount - sum((one.amount for one in listed), ZERO)
        listed.append(Input("rounding", left, Text(N_("rounding"))))
        words = N_("open amounts × the share that comes in these days, by how late customers pay")
        yield tell("expected", words, listed)
        yield tell("low", N_("receipts are below in one case of ten"))
        yield tell("high", N_("receipts are above in one case of ten"))

    return figures


def _chances(exposure: Exposure, found: list[Part], place: int) -> Iterator[Input]:
    """Yield what of a document is expected in the week of that ``place``."""
    document = exposure.document
    for amount, shares in found:
        chance = shares[place] - (shares[place - 1] if place else ZERO)
        if not chance:
            continue
        words = Text(
            N_("due {due}, {percent}% of {amount}: {text}"),
            {
                "due": document.due,
                "percent": rounded(chance * 100),
                "amount": amount,
                "text": words_of(document.posting),
            },
        )
        yield Input(
            "open",
            round_money(amount * chance, document.currency),
            words,
            document.date,
            document.customer,
            document.number,
            document.file,
            document.posting.line,
        )


def anomalies(evidence: Evidence) -> Explainer:
    """Return what tells why something is out of the ordinary: its reason and its place."""

    def figures(row: Row) -> Iterator[Figure]:
        score = row["score"] if row["score"] is not None else ZERO
        where = Input(
            row["kind"],
            Decimal(score),
            "",
            row["date"],
            row["customer"],
            row["number"] or "",
            row["file"] or "",
            row["line"],
        )
        reason = row["reason"]
        told_by = reason if isinstance(reason, Text) else Text(str(reason))
        yield evidence.teller(row)("score", told_by, [where], adds_up_to=score)

    return figures
