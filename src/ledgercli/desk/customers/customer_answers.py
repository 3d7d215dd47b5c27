"""What a change of customer records answers: the diff of a dry run, else the files written."""

from __future__ import annotations

from collections.abc import Sequence

from ledgercli.books.file_changes import FileChange
from ledgercli.books.record_changes import Outcome
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_

_COLUMNS = (
    Column("file", N_("file"), "code"),
    Column("change", N_("change"), "code", words="file-change"),
)


def change_answer(
    outcome: Outcome,
    *,
    dry_run: bool,
    ledger: Sequence[FileChange] = (),
    notes: Sequence[Text | str] = (),
    warnings: Sequence[Text | str] = (),
) -> Answer:
    """Return what changes came to; ``ledger`` are those of the ledger, written or only shown.

    People see the diff of what would be written in a dry run, and that of the ledger where it is
    left to them.
    """
    shown = not outcome.written or any(change not in outcome.files for change in ledger)
    ledger_diff = "".join(change.diff for change in ledger) if shown else ""
    records = [change for change in outcome.files if change not in ledger]
    diff = None
    if dry_run or outcome.refused:
        diff = "".join(change.diff for change in records) + ledger_diff
    verbatim = diff if dry_run and outcome.files else None
    if outcome.written and ledger_diff:
        verbatim = ledger_diff
    listed = outcome.files if outcome.written or dry_run else ()
    rows = [{"file": change.shown, "change": _kind(change)} for change in listed]
    return Answer(
        "customer-change/1",
        facts={
            "customers": list(outcome.changed),
            "unchanged": list(outcome.kept),
            "written": outcome.written,
            "refused": bool(outcome.refused),
            "diff": diff,
            "ledger_diff": ledger_diff or None,
        },
        tables=(Table("files", _COLUMNS, rows),),
        verbatim=verbatim,
        notes=(*_notes(outcome, dry_run=dry_run), *notes),
        warnings=tuple(warnings),
        task_findings=outcome.findings,
    )


def _kind(change: FileChange) -> str:
    if change.before is None:
        return "created"
    if change.after is None:
        return "deleted"
    return "moved" if change.old_path else "changed"


def _notes(outcome: Outcome, *, dry_run: bool) -> tuple[Text | str, ...]:
    if outcome.refused:
        return (N_("Nothing was written."),)
    if not outcome.files:
        return (N_("Nothing to change: the records say so already."),)
    count = len(outcome.changed)
    if dry_run:
        one, many = N_("{count} record would change."), N_("{count} records would change.")
    else:
        one, many = N_("{count} record changed."), N_("{count} records changed.")
    return (Text(one, plural=many, count=count),)
