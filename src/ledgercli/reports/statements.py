"""Income statement and balance sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Row, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.receivables.statements.balance_sheet import balances_out
from ledgercli.receivables.statements.balances import told
from ledgercli.receivables.statements.lines import Line
from ledgercli.reports.common import CURRENCY, Conversion
from ledgercli.reports.metrics import DAY, MONTH

#: How the column is headed that a statement is compared with.
COMPARED = {"year": N_("year before"), "period": N_("period before")}
OUT_OF_BALANCE = N_("The balance sheet does NOT balance: this is a bug in ledgercli.")
_RESULTS_CHART = Chart(
    "line",
    N_("Income, expenses and result"),
    "months",
    ("month",),
    ("income", "expenses", "result"),
    split="currency",
)
_BALANCES_CHART = Chart(
    "line",
    N_("Assets, liabilities and equity"),
    "history",
    ("date",),
    ("assets", "liabilities", "equity"),
    split="currency",
)


@dataclass(frozen=True, slots=True)
class StatementBasis:
    """What statements are told with: how figures are converted, and rounded by currency.

    ``compare`` is ``year``, ``period``, or empty where nothing is compared. ``currencies`` are
    those asked for, empty for all.
    """

    conversion: Conversion
    decimals: Mapping[str, int]
    compare: str = ""
    currencies: tuple[str, ...] = ()

    def covers(self, currency: str) -> bool:
        """Return whether a currency is asked for."""
        return not self.currencies or currency in self.currencies

    def money(self, amount: Decimal, currency: str) -> Money:
        """Return an amount as it is told."""
        return Money(told(amount, currency, self.decimals), currency)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the lines of a statement."""
        compared: tuple[Column, ...] = ()
        if self.compare:
            compared = (
                Column("compared", COMPARED[self.compare], "money"),
                Column("change", N_("increase"), "money", optional=4),
                Column("change_percent", N_("increase %"), "percent", optional=5),
            )
        return (
            CURRENCY,
            Column("line", N_("account"), words="statement-line", indent="depth"),
            Column("section", N_("section"), "code", shown=False),
            Column("account", N_("account in full"), "code", shown=False),
            Column("depth", N_("depth"), "number", shown=False),
            Column("amount", N_("amount"), "money"),
            *compared,
            *self.conversion.columns(),
        )

    def row(self, line: Line) -> dict[str, Any]:
        """Return a line of a statement as a row."""
        amount, *rest = (self.money(one, line.currency) for one in line.amounts)
        compared: dict[str, Any] = {}
        if self.compare:
            (before,) = rest
            change = amount.amount - before.amount
            percent = rounded(divide(change * 100, abs(before.amount))) if before.amount else None
            compared = {
                "compared": before,
                "change": Money(change, line.currency),
                "change_percent": percent,
            }
        return {
            "currency": line.currency,
            "line": line.line,
            "section": line.section,
            "account": line.account or None,
            "depth": line.depth,
            "amount": amount,
            **compared,
            **self.conversion.cells(amount.amount, line.currency),
        }

    def converted_total(self, rows: Sequence[Row]) -> Money | None:
        """Return the sum of the converted figures of ``rows``, None where one is unknown."""
        amounts = [row.get("converted") for row in rows]
        if not self.conversion.currency or any(amount is None for amount in amounts):
            return None
        total = sum((amount.amount for amount in amounts if amount), Decimal(0))
        return Money(total, self.conversion.currency)

    def converted_facts(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Return the fact of the converted total of ``rows``; none where nothing is converted."""
        if not self.conversion.currency:
            return {}
        return {"converted_total": self.converted_total(rows)}

    def notes(self, rows: Sequence[Row], totalled: Sequence[Row]) -> Iterator[Text]:
        """Yield what is said of the conversion of ``rows``, with the total of ``totalled``."""
        held = {str(row["currency"]) for row in rows}
        yield from self.conversion.notes(held, self.converted_total(totalled))


def span(period: Period) -> Text:
    """Return the line that names the days of a period."""
    return Text(N_("From {start} to {end}."), {"start": period.start, "end": period.end})


def period_notes(periods: Sequence[Period]) -> Iterator[Text]:
    """Yield the lines that name the period, and the one that it is compared with if any."""
    yield span(periods[0])
    for other in periods[1:]:
        words = N_("Compared with {start} to {end}.")
        yield Text(words, {"start": other.start, "end": other.end})


def period_facts(periods: Sequence[Period]) -> dict[str, Any]:
    """Return the first facts of a report of a period, compared with another or not."""
    period = periods[0]
    compared = periods[1] if len(periods) > 1 else None
    return {
        "as_of": period.end,
        "from": period.start,
        "to": period.end,
        "compared_from": compared.start if compared else None,
        "compared_to": compared.end if compared else None,
    }


def income(
    basis: StatementBasis,
    lines: Sequence[Line],
    periods: Sequence[Period],
    months: Mapping[str, Sequence[tuple[Period, Decimal, Decimal]]],
) -> Answer:
    """Return the income statement of the first of ``periods``, compared with the second if any.

    ``months`` are income and expenses by currency and month, for the picture.
    """
    rows = [basis.row(line) for line in lines if basis.covers(line.currency)]
    results = [row for row in rows if row["section"] == "result"]
    notes: list[Text | str] = [
        *period_notes(periods),
        N_("Result is income less expenses; a line has all accounts below it in its sum."),
        *basis.notes(rows, results),
    ]
    listed = [
        {
            "currency": currency,
            "month": month.label,
            "income": basis.money(earned, currency),
            "expenses": basis.money(spent, currency),
            "result": basis.money(earned - spent, currency),
        }
        for currency, own in months.items()
        if basis.covers(currency)
        for month, earned, spent in own
    ]
    columns = (
        CURRENCY,
        MONTH,
        Column("income", N_("income"), "money"),
        Column("expenses", N_("expenses"), "money"),
        Column("result", N_("result"), "money"),
    )
    return Answer(
        "income/1",
        facts=period_facts(periods),
        tables=(
            Table("rows", basis.columns(), rows, empty=N_("No income and no expenses.")),
            Table("months", columns, listed, title=N_("Month by month"), role="trend"),
        ),
        closing_facts=basis.converted_facts(results),
        notes=tuple(notes),
        charts=(_RESULTS_CHART,),
    )


def balance_sheet(
    basis: StatementBasis,
    lines: Sequence[Line],
    days: Sequence[date],
    history: tuple[Sequence[date], Sequence[Line]],
) -> Answer:
    """Return the balance sheet of the first of ``days``, compared with the second if any.

    ``history`` are ends of months and the lines with a column for each, for the picture.
    """
    rows = [basis.row(line) for line in lines if basis.covers(line.currency)]
    assets = [row for row in rows if row["line"] == "assets" and row["account"] is None]
    ties = balances_out(lines)
    notes: list[Text | str] = [Text(N_("As of {date}, end of day."), {"date": days[0]})]
    if len(days) > 1:
        notes.append(Text(N_("Compared with {date}, end of day."), {"date": days[1]}))
    if ties:
        notes.append(N_("Assets are liabilities and equity in every currency."))
    else:
        notes.append(OUT_OF_BALANCE)
    notes += _line_notes(rows)
    notes += basis.notes(rows, assets)
    return Answer(
        "balance-sheet/1",
        facts={"as_of": days[0], "compared_to": days[1] if len(days) > 1 else None},
        tables=(
            Table("rows", basis.columns(), rows, empty=N_("Nothing on any account.")),
            _history(basis, *history),
        ),
        closing_facts={**basis.converted_facts(assets), "tie_out": ties},
        notes=tuple(notes),
        charts=(_BALANCES_CHART,),
    )


def _line_notes(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what the lines of equity mean that are no accounts, where there are any."""
    said = {row["line"] for row in rows if row["account"] is None}
    if "conversions" in said:
        yield N_(
            "Conversions: what was exchanged at a price leaves one currency and comes up in"
            " another; converted to one, they are gain or loss of exchange."
        )
    if "rounding" in said:
        yield N_("Rounding: what transactions leave unbalanced, by rounding or by an error.")


def _history(basis: StatementBasis, ends: Sequence[date], lines: Sequence[Line]) -> Table:
    columns = (
        CURRENCY,
        DAY,
        Column("assets", N_("assets"), "money"),
        Column("liabilities", N_("liabilities"), "money"),
        Column("equity", N_("equity"), "money"),
    )
    rows: dict[tuple[str, date], dict[str, Any]] = {}
    for line in lines:
        if line.depth or line.section == "total" or not basis.covers(line.currency):
            continue
        for day, amount in zip(ends, line.amounts, strict=True):
            row = rows.setdefault((line.currency, day), {"currency": line.currency, "date": day})
            row[line.section] = basis.money(amount, line.currency)
    listed = [rows[key] for key in sorted(rows)]
    return Table("history", columns, listed, title=N_("Month by month"), role="trend")
