"""What an import would do: a plan for every row, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Literal

from ledgercli.customers.exchange.matching import Matches, new_id
from ledgercli.customers.exchange.merging import Change, Conflict, Merge, merged
from ledgercli.customers.exchange.paths import Values
from ledgercli.customers.exchange.reading import RowValues
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.exchange import ForeignRow, Profile, Side
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence

Action = Literal["new", "changed", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What becomes of a row. ``customer`` is empty where nobody could be found for it.

    ``values`` are those of a new record, ``changes`` of one that is there. ``remembered`` is what
    the next import compares with, ``source`` what told who the row is.
    """

    row: ForeignRow
    action: Action
    customer: str = ""
    reason: str = ""
    values: Values = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    remembered: Values = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    said: RowValues = field(default_factory=lambda: RowValues({}, frozenset()))


@dataclass(frozen=True, slots=True)
class Known:
    """What the books hold: records as plain data by id, and the last imports of the profile.

    ``sources`` and ``bases`` are of the last imports, by customer.
    """

    records: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, str]]
    bases: Mapping[str, Values]


def plan_rows(
    rows: Iterable[tuple[ForeignRow, RowValues]], profile: Profile, known: Known, take: Side | None
) -> tuple[RowPlan, ...]:
    """Return a plan for each row, in their order. Of two rows for one customer the first counts."""
    matches = Matches(known.records, known.sources, profile)
    taken = {fold(identifier) for identifier in known.records}
    seen: dict[str, RowPlan] = {}
    new: dict[tuple[str, str], RowPlan] = {}
    plans = []
    for row, said in rows:
        if row.fault:
            plans.append(RowPlan(row, "rejected", reason=row.fault, said=said))
            continue
        plan = _plan(row, said, profile, known, matches, taken, take)
        if plan.action != "rejected":
            plan = _once(plan, seen, new)
        if plan.action == "new":
            taken.add(fold(plan.customer))
        plans.append(plan)
    return tuple(plans)


def _once(plan: RowPlan, seen: dict[str, RowPlan], new: dict[tuple[str, str], RowPlan]) -> RowPlan:
    """Return the plan, or a rejection where an earlier row is about the same customer."""
    earlier = seen.get(fold(plan.customer))
    keys = [(path, fold(value)) for path, value in plan.source.items()]
    if earlier is None and plan.action == "new" and keys:
        # New customers are told apart by the first field that they have.
        earlier = new.get(keys[0])
    if earlier is not None:
        words = N_("row {row} is about the same customer, `{customer}`")
        reason = Sentence(words, row=str(earlier.row.number), customer=earlier.customer)
        return RowPlan(plan.row, "rejected", plan.customer, reason, said=plan.said)
    seen[fold(plan.customer)] = plan
    for key in keys[:1]:
        new[key] = plan
    return plan


def _plan(
    row: ForeignRow,
    said: RowValues,
    profile: Profile,
    known: Known,
    matches: Matches,
    taken: set[str],
    take: Side | None,
) -> RowPlan:
    found = matches.find(said.values)
    source = matches.source(said.values)
    if len(found) > 1:
        customers = ", ".join(f"`{identifier}`" for identifier in sorted(found))
        reason = Sentence(N_("it may be any of {customers}"), customers=customers)
        return RowPlan(row, "rejected", reason=reason, said=said)
    if row.removed:
        return _removal(row, said, known, found, take)
    if found:
        identifier = next(iter(found))
        base = known.bases.get(identifier, {})
        merge = merged(known.records[identifier], base, said, take)
        return _update(row, said, identifier, merge, source)
    if not said.values.get("name") and not said.values.get("id"):
        reason = Sentence(N_("it has neither a name nor an id"))
        return RowPlan(row, "rejected", reason=reason, said=said)
    if take != "theirs" and (gone := matches.gone(said.values)):
        words = N_("`{customer}` was removed here since the last import; `--take theirs` adds it")
        return RowPlan(row, "rejected", reason=Sentence(words, customer=gone), said=said)
    identifier = new_id(said.values, profile, taken)
    values = {**profile.defaults, **said.values, "id": identifier}
    values = {path: value for path, value in values.items() if _is_wanted(path, said.values)}
    remembered = {path: value for path, value in said.values.items() if path != "id"}
    return RowPlan(
        row, "new", identifier, values=values, remembered=remembered, source=source, said=said
    )


def _is_wanted(path: str, values: Values) -> bool:
    """Return whether a default makes sense: no role for a contact that the file does not have."""
    prefix, point, _ = path.rpartition(".")
    if path in values or not point or not prefix.startswith(("contacts.", "bank.")):
        return True
    return any(other.startswith(f"{prefix}.") for other in values)


def _removal(
    row: ForeignRow, said: RowValues, known: Known, found: frozenset[str], take: Side | None
) -> RowPlan:
    """Return the plan for the mark of a customer that is gone elsewhere: closed, never deleted."""
    if not found:
        return RowPlan(row, "unchanged", said=said)
    identifier = next(iter(found))
    closed = RowValues({"status": "closed"}, frozenset(["status"]))
    base = known.bases.get(identifier, {})
    before = {"status": known.records[identifier].get("status"), **base}
    merge = merged(known.records[identifier], before, closed, take)
    return _update(row, said, identifier, merge, {"id": identifier})


def _update(
    row: ForeignRow, said: RowValues, identifier: str, merge: Merge, source: Mapping[str, str]
) -> RowPlan:
    """Return the plan for a row about a customer that is there."""
    return RowPlan(
        row,
        "changed" if merge.changes else "unchanged",
        identifier,
        changes=merge.changes,
        conflicts=merge.conflicts,
        remembered=merge.remembered,
        source=source,
        said=said,
    )
