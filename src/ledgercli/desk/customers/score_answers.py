"""Scores: a list of customers, and one score with the inputs that made it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledgercli.customers.score import FactorKey, Score
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import Customer
from ledgercli.model.settings import Settings
from ledgercli.reports.common import CUSTOMER, Basis

_PERCENT: frozenset[FactorKey] = frozenset(["late_share", "utilisation"])
_COUNT: frozenset[FactorKey] = frozenset(["promises", "disputes"])
#: The sentence that belongs under every score of a natural person.
PERSON = N_(
    "A natural person: nobody may be refused on a score alone. A person decides, and can say why."
)


def decimals(value: Decimal, places: int = 1) -> str:
    """Return a number rounded half-up to ``places``."""
    return f"{value.quantize(Decimal(1).scaleb(-places), context=CONTEXT):f}"


def score_list(
    basis: Basis, rows: Sequence[tuple[Customer, Score]], mean: Decimal, settings: Settings
) -> Answer:
    """Return a line for each customer, the lowest score first."""
    columns = (
        CUSTOMER,
        Column("name", N_("name"), flexible=True),
        Column("kind", N_("kind"), "code", words="kind", shown=False),
        Column("score", N_("score"), "number"),
        Column("class", N_("rating"), "code"),
        Column("documents", N_("docs"), "number"),
        Column("own_share", N_("own data %"), "percent", optional=2),
        Column("late_share", N_("late %"), "percent"),
        Column("days_late", N_("days late"), "number"),
        Column("trend", N_("trend"), "number"),
        Column("broken_promises", N_("broken promises"), "number", shown=False),
        Column("disputes", N_("disputes"), "number", shown=False),
        Column("basis", N_("basis"), "code", words="score-basis", shown=False),
    )
    ordered = sorted(rows, key=lambda row: (row[1].exact, row[0].id))
    listed = [_list_row(record, score) for record, score in ordered]
    notes: list[Text | str] = [
        Text(
            N_("The mean of the books is {mean}; few documents are drawn towards it."),
            {"mean": decimals(mean)},
        ),
        Text(N_("Classes: {classes}."), {"classes": _classes(settings)}),
    ]
    if any(not score.has_history for _, score in rows):
        notes.append(N_("Without documents past due the score is the mean of the books."))
    if any(record.kind == "person" for record, _ in rows):
        notes.append(PERSON)
    return Answer(
        "scores/1",
        facts={**basis.facts(), "mean": decimals(mean)},
        tables=(Table("rows", columns, listed, empty=N_("No customers.")),),
        notes=basis.notes(*notes),
    )


def _list_row(record: Customer, score: Score) -> dict[str, Any]:
    late, days = score.factor("late_share").own, score.factor("days_late").own
    return {
        "customer": record.id,
        "name": record.label,
        "kind": record.kind,
        "score": score.points,
        "class": score.rating,
        "documents": score.documents,
        "own_share": _percent(score.own_share),
        "late_share": None if late is None else _percent(late),
        "days_late": None if days is None else decimals(days),
        "trend": None if score.trend is None else _signed(score.trend),
        "broken_promises": int(score.factor("promises").own or 0),
        "disputes": int(score.factor("disputes").own or 0),
        "basis": basis_of(score),
    }


def basis_of(score: Score) -> str:
    """Return what the score rests on: an insolvency, own documents, or the mean of the books."""
    if score.insolvent:
        return "insolvent"
    return "own" if score.has_history else "mean"


def score_of(basis: Basis, record: Customer, score: Score, settings: Settings) -> Answer:
    """Return one score with its inputs."""
    return Answer(
        "score/1",
        facts={**basis.facts(), **score_facts(record, score)},
        tables=(factor_table(score),),
        title=Text(N_("Score of {name}"), {"name": record.label}),
        details=score_details(record, score),
        notes=basis.notes(*score_notes(record, score, settings)),
    )


def score_facts(record: Customer, score: Score) -> dict[str, Any]:
    """Return the figures of a score for machines."""
    return {
        "customer": record.id,
        "name": record.label,
        "kind": record.kind,
        "score": score.points,
        "exact": decimals(score.exact, 2),
        "class": score.rating,
        "basis": basis_of(score),
        "documents": score.documents,
        "own_share": decimals(score.own_share * 100),
        "mean": decimals(score.mean),
        "trend": None if score.trend is None else decimals(score.trend),
        "insolvent": score.insolvent,
        "decided_by_person": record.kind == "person",
    }


def score_details(record: Customer, score: Score) -> tuple[tuple[str, Any], ...]:
    """Return the figures of a score for people."""
    values = {"points": score.points, "rating": score.rating}
    rows: list[tuple[str, Any]] = [
        (N_("customer"), record.id),
        (N_("score"), Text(N_("{points} of 100, class {rating}"), values)),
        (N_("documents past due"), score.documents),
        (
            N_("mean of the books"),
            Text(
                N_("{mean}, own data weigh {share} %"),
                {"mean": decimals(score.mean), "share": decimals(score.own_share * 100, 0)},
            ),
        ),
    ]
    if score.trend is not None:
        rows.append((N_("trend"), _trend_text(score.trend)))
    return tuple(rows)


def _trend_text(trend: Decimal) -> Text:
    shown = decimals(abs(trend))
    if decimals(trend) in {"0.0", "-0.0"}:
        return Text(N_("as before"))
    if trend > 0:
        return Text(N_("{days} days later than before"), {"days": shown})
    return Text(N_("{days} days earlier than before"), {"days": shown})


def factor_table(score: Score) -> Table:
    """Return the inputs of a score: own figure, mean of the books, and points taken away."""
    columns = (
        Column("input", N_("input"), "code", words="score-input"),
        Column("own", N_("own"), "number"),
        Column("unit", "", "code"),
        Column("mean_demerit", N_("mean"), "percent"),
        Column("demerit", N_("demerit"), "percent"),
        Column("weight", N_("weight"), "number"),
        Column("lost", N_("points lost"), "number"),
    )
    rows = [
        {
            "input": factor.key,
            "own": _own(factor.key, factor.own),
            "unit": "%" if factor.key in _PERCENT and factor.own is not None else None,
            "mean_demerit": _percent(factor.mean),
            "demerit": _percent(factor.demerit),
            "weight": decimals(factor.weight),
            "lost": decimals(factor.lost),
        }
        for factor in score.factors
    ]
    return Table("rows", columns, rows)


def score_notes(record: Customer, score: Score, settings: Settings) -> list[Text | str]:
    """Return how to read a score."""
    notes: list[Text | str] = []
    if score.insolvent:
        notes.append(Text(N_("Insolvent since {date}: the score is 0."), {"date": score.insolvent}))
    elif not score.has_history:
        notes.append(N_("No document was due yet: the score is the mean of the books."))
    notes += [
        Text(
            N_(
                "Score = 100 − points lost; points lost = weight × demerit. Shares and averages are"
                " drawn towards the mean of the books as {strength} documents would."
            ),
            {"strength": str(settings.score.strength)},
        ),
        Text(N_("Classes: {classes}."), {"classes": _classes(settings)}),
    ]
    if record.kind == "person":
        notes.append(PERSON)
    return notes


def _classes(settings: Settings) -> list[str]:
    ordered = sorted(settings.score.classes.items(), key=lambda row: (-row[1].value, row[0]))
    return [f"{name} ≥ {bound}" for name, bound in ordered]


def _own(key: FactorKey, value: Decimal | None) -> str | None:
    if value is None:
        return None
    if key in _PERCENT:
        return decimals(value * 100)
    return decimals(value, 0 if key in _COUNT else 1)


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal("0.1"), context=CONTEXT)


def _signed(value: Decimal) -> str:
    text = decimals(value)
    return "0.0" if text in {"0.0", "-0.0"} else text if text.startswith("-") else f"+{text}"
