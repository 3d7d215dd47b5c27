"""How the figures of the dashboard came about: its aging, and its days sales outstanding."""

from __future__ import annotations

from collections.abc import Iterator

from ledgercli.model.answer import Answer, Row
from ledgercli.reports.explained.aging import aged
from ledgercli.reports.explained.collecting import simple_formula
from ledgercli.reports.explained.evidence import Evidence
from ledgercli.reports.explained.figures import Explainer, Figure


def dashboard(evidence: Evidence, outstanding: Answer) -> Explainer:
    """Return what tells the figures of a currency; ``outstanding`` is the report that has its DSO.

    The lists of the page are taken over from reports that explain themselves.
    """
    latest = {row["currency"]: row for row in outstanding.table("rows").rows}

    def figures(row: Row) -> Iterator[Figure]:
        yield from aged(evidence, row, evidence.as_of)
        found = latest.get(row["currency"])
        if found is not None and row["dso"] is not None:
            words, source = simple_formula(found)
            yield evidence.teller(row)("dso", words, source=source)

    return figures
