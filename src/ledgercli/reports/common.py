"""What all reports share: columns of every row, conversion, notes, totals and the tie-out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledgercli.model.answer import Column, Row, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.ledger import Prices
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.conversion import convert
from ledgercli.receivables.summary import RecordsById, Standing

if TYPE_CHECKING:
    from ledgercli.receivables.position import Position

CUSTOMER = Column("customer", N_("customer"), "code")
NAME = Column("name", N_("name"), flexible=True)
CURRENCY = Column("currency", N_("cur."), "code")
PLACE = (
    Column("file", N_("file"), "code", shown=False),
    Column("line", N_("line"), "number", shown=False),
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """How figures are converted: to ``currency``, at the last price on or before ``as_of``.

    Without a currency nothing is converted, and there are no columns for it.
    """

    prices: Prices
    currency: str | None
    as_of: date

    def cells(self, amount: Decimal | None, currency: str) -> dict[str, Any]:
        """Return the cells of a converted figure; none where nothing is to be converted."""
        if not self.currency:
            return {}
        if amount is None:
            return {"converted": None, "rate": None, "rate_date": None}
        found = convert(Money(amount, currency), self.currency, self.prices, self.as_of)
        rate = None if found.rate is None else f"{round(found.rate, 8).normalize():f}"
        return {"converted": found.money, "rate": rate, "rate_date": found.rate_date}

    def columns(self) -> tuple[Column, ...]:
        """Return the columns of a converted figure; none where nothing is to be converted."""
        if not self.currency:
            return ()
        return (
            Column("converted", N_("converted"), "money"),
            Column("rate", N_("rate"), "number", optional=2),
            Column("rate_date", N_("rate of"), "date", optional=3),
        )

    def notes(self, held: Iterable[str], total: Money | None = None) -> Iterator[Text]:
        """Yield what is said of it under the figures; ``held`` are the currencies converted."""
        if not self.currency:
            return
        words = N_("Converted to {currency} at the last price on or before that day.")
        yield Text(words, {"currency": self.currency})
        if total:
            yield Text(N_("Converted total: {amount}."), {"amount": total})
        lacking = sorted(
            unit for unit in held if self.prices.rate(unit, self.currency, self.as_of) is None
        )
        if lacking:
            words = N_("No price of {currencies} in {currency} by then: not converted.")
            yield Text(words, {"currencies": lacking, "currency": self.currency})


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report of sums is computed from; ``convert_to`` is a currency to add figures in."""

    position: Standing
    prices: Prices
    convert_to: str | None = None

    def name_of(self, customer: str) -> str:
        """Return the name of a customer, the id where there is none."""
        known = self.position.customers
        if isinstance(known, RecordsById):
            return known.name_of(customer)
        record = known.get(customer)
        return record.label if record else customer

    def head(self, customer: str, currency: str) -> dict[str, Any]:
        """Return the first cells of a row."""
        return {"customer": customer, "name": self.name_of(customer), "currency": currency}

    def facts(self) -> dict[str, Any]:
        """Return the first facts of every report."""
        return {"as_of": self.position.as_of}

    def closing_facts(self, rows: Sequence[Row] | None = None) -> dict[str, Any]:
        """Return the last facts of every report: rounding differences and the tie-out.

        With a currency to convert to, also the converted total of ``rows``, None if it is unknown.
        """
        sums: dict[str, Decimal] = {}
        for (_, currency), amount in sorted(self.position.rounding.items()):
            sums[currency] = sums.get(currency, Decimal(0)) + amount
        rounding = {currency: Money(total, currency) for currency, total in sums.items() if total}
        total: dict[str, Any] = {}
        if self.convert_to and rows is not None:
            total["converted_total"] = self._converted_total(rows)
        return {**total, "rounding": rounding, "tie_out": self.position.tie_out}

    def _converted_total(self, rows: Sequence[Row]) -> Money | None:
        amounts = [row.get("converted") for row in rows]
        if not self.convert_to or any(amount is None for amount in amounts):
            return None
        total = sum((amount.amount for amount in amounts if amount), Decimal(0))
        return Money(total, self.convert_to)

    def notes(
        self, *rules: Text | str, rows: Sequence[Row] | None = None
    ) -> tuple[Text | str, ...]:
        """Return the lines under the figures: the rules, rounding, conversion, the as-of date."""
        notes: list[Text | str] = [
            Text(N_("As of {date}, end of day."), {"date": self.position.as_of}),
            *rules,
        ]
        notes.extend(
            Text(N_("Rounding differences that count as settled: {amount}."), {"amount": money})
            for money in self.closing_facts()["rounding"].values()
        )
        total = None if rows is None else self._converted_total(rows)
        held = {unit for (_, unit), amount in self.position.balances.items() if amount}
        notes.extend(self.conversion.notes(held, total))
        if not self.position.tie_out:
            notes.append(N_("The figures do NOT tie to the ledger: this is a bug in ledgercli."))
        return tuple(notes)

    @property
    def conversion(self) -> Conversion:
        """Return how figures are converted."""
        return Conversion(self.prices, self.convert_to, self.position.as_of)

    def converted(self, amount: Decimal | None, currency: str) -> dict[str, Any]:
        """Return the cells of a converted figure; none where nothing is to be converted."""
        return self.conversion.cells(amount, currency)

    def converted_columns(self) -> tuple[Column, ...]:
        """Return the columns of a converted figure; none where nothing is to be converted."""
        return self.conversion.columns()


@dataclass(frozen=True, slots=True)
class PositionBasis(Basis):
    """What a report on single documents and settlements is computed from."""

    position: Position


def totals_table(
    rows: Iterable[Mapping[str, Any]], keys: Sequence[str], columns: Sequence[Column]
) -> Table:
    """Return the totals by currency of the money cells ``keys`` of ``rows``.

    A sum with an unknown part is unknown.
    """
    by_currency: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_currency.setdefault(row["currency"], []).append(row)
    sums = {
        currency: {key: _sum((row[key] for row in part), currency) for key in keys}
        for currency, part in by_currency.items()
    }
    money_columns = {column.key: column for column in columns}
    shown = (CURRENCY, *(money_columns[key] for key in keys))
    listed = [{"currency": currency, **sums[currency]} for currency in sorted(sums)]
    return Table("totals", shown, listed, role="totals")


def _sum(cells: Iterable[Money | None], currency: str) -> Money | None:
    total = Decimal(0)
    for cell in cells:
        if cell is None:
            return None
        total += cell.amount
    return Money(total, currency)
