"""What an import would make of a record, checked before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledgercli.books.data_edit import Delete, Edit, Put, changed_data, steps
from ledgercli.books.foreign.records import is_refused, record_problems
from ledgercli.books.validation import Problem
from ledgercli.customers.exchange.merging import places
from ledgercli.customers.exchange.paths import record_of
from ledgercli.customers.exchange.planning import RowPlan
from ledgercli.model.finding import Finding, Place


def rejected(plan: RowPlan, reason: str = "") -> RowPlan:
    """Return the plan for a row that is not taken; without a reason other findings say why."""
    return RowPlan(plan.row, "rejected", plan.customer, reason, said=plan.said)


def edits_of(plan: RowPlan, data: Mapping[str, Any]) -> list[Edit]:
    """Return the edits that make the changes of a plan in the record ``data``."""
    where = places(data, [change.path for change in plan.changes])
    return [
        Delete(where[change.path])
        if change.after is None
        else Put(where[change.path], change.after)
        for change in plan.changes
    ]


def sound(
    plan: RowPlan, records: Mapping[str, Mapping[str, Any]], shown: str
) -> tuple[RowPlan, list[Finding]]:
    """Return the plan without the values that cannot be meant, and what is wrong with them."""
    findings: list[Finding] = []
    before = records.get(plan.customer, {})
    known = Counter(_gist(problem) for problem in record_problems(before)) if before else Counter()
    while plan.action in {"new", "changed"}:
        problems = list(_new_problems(_after(plan, before), known))
        for problem in problems:
            finding = _finding(problem, plan, shown)
            if finding not in findings:
                findings.append(finding)
        wrong = [problem for problem in problems if is_refused(problem)]
        if not wrong:
            break
        shorter = _without(plan, wrong, before)
        if shorter == plan or any(problem.path[:1] == ("id",) for problem in wrong):
            plan = rejected(plan)
        else:
            plan = shorter
    return plan, findings


def _after(plan: RowPlan, before: Mapping[str, Any]) -> Any:  # noqa: ANN401 - plain data
    if plan.action == "new":
        return record_of(plan.values)
    data: Any = dict(before)
    for edit in edits_of(plan, before):
        for step in steps(data, edit):
            data = changed_data(data, step)
    return data


def _new_problems(data: Mapping[str, Any], known: Counter[tuple[object, ...]]) -> Iterable[Problem]:
    left = Counter(known)
    for problem in record_problems(data):
        if left[_gist(problem)]:
            left[_gist(problem)] -= 1
        else:
            yield problem


def _gist(problem: Problem) -> tuple[object, ...]:
    return problem.kind.code, tuple(sorted(problem.values.items()))


def _finding(problem: Problem, plan: RowPlan, shown: str) -> Finding:
    return Finding(problem.kind, problem.values, Place(shown, plan.row.number), plan.customer)


def _without(plan: RowPlan, wrong: Sequence[Problem], before: Mapping[str, Any]) -> RowPlan:
    """Return the plan without the values that the problems are about."""
    places_of = places(before, [change.path for change in plan.changes])
    if plan.action == "new":
        built = _built_places(plan)
        bad = {path for path, place in built.items() if _touches(place, wrong)}
        values = {path: value for path, value in plan.values.items() if path not in bad}
        kept = replace(plan, values=values)
    else:
        bad = {path for path, place in places_of.items() if _touches(place, wrong)}
        changes = tuple(change for change in plan.changes if change.path not in bad)
        kept = replace(plan, changes=changes, action="changed" if changes else "unchanged")
    remembered = {path: value for path, value in plan.remembered.items() if path not in bad}
    return replace(kept, remembered=remembered)


def _built_places(plan: RowPlan) -> dict[str, tuple[str | int, ...]]:
    """Return where the values of a new record are put, contacts without a place moved up."""
    return places({}, list(plan.values))


def _touches(place: tuple[str | int, ...], wrong: Sequence[Problem]) -> bool:
    return any(
        place[: len(problem.path)] == problem.path or problem.path[: len(place)] == place
        for problem in wrong
    )
