"""What a report of metrics is told by: customer, month, or a segment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledgercli.model.answer import Column, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.periods import month_label
from ledgercli.reports.common import Basis


@dataclass(frozen=True, slots=True)
class Grouping:
    """``by`` is ``customer``, ``month``, or the key of a segment; the days are those looked at."""

    by: str
    start: date
    end: date

    def label(self, customers: Mapping[str, Customer], customer: str, day: date) -> str:
        """Return the group of what a customer did on ``day``; empty where a segment is not set."""
        if self.by == "customer":
            return customer
        if self.by == "month":
            return month_label(day)
        record = customers.get(customer)
        return record.segments.get(self.by, "") if record else ""

    def covers(self, day: date) -> bool:
        """Return whether ``day`` is looked at."""
        return self.start <= day <= self.end

    def columns(self) -> tuple[Column, ...]:
        """Return the first columns: the group, and the name where groups are customers."""
        labels = {"customer": N_("customer"), "month": N_("month")}
        return (
            Column("group", labels.get(self.by, self.by), "code"),
            Column("name", N_("name"), flexible=True, shown=self.by == "customer"),
        )

    def cells(self, basis: Basis, label: str) -> dict[str, Any]:
        """Return the first cells of the row of a group."""
        name = basis.name_of(label) if self.by == "customer" else None
        return {"group": label, "name": name}

    def facts(self) -> dict[str, Any]:
        """Return what the report is told by, and the days looked at."""
        return {"by": self.by, "from": self.start, "to": self.end}

    def rule(self) -> Text:
        """Return the line that names the days looked at."""
        return Text(N_("From {start} to {end}."), {"start": self.start, "end": self.end})
