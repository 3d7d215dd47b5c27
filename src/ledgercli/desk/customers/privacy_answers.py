"""What forgetting a customer answers: files, what is left, and the steps for what git holds."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_

if TYPE_CHECKING:
    from ledgercli.books.file_changes import FileChange
    from ledgercli.desk.customers.privacy import Forgetting, Plan

_FILES = (
    Column("file", N_("file"), "code", flexible=True),
    Column("change", N_("change"), "code", words="file-change"),
    Column("lines", N_("lines"), "number"),
)
_LEFT = (
    Column("file", N_("file"), "code", flexible=True),
    Column("line", N_("line"), "number"),
)
_TEXTS = "forget.txt"
#: The ending of the file, beside that of texts, of paths that `git filter-repo` takes away.
PATHS = ".paths"


def forget_answer(plan: Plan, asked: Forgetting, *, written: bool) -> Answer:
    """Return what goes or went, what still names the customer, and what is left to do."""
    changes = [*plan.changes, *(plan.ledger if asked.write_ledger else ())]
    ledger = "".join(change.diff for change in plan.ledger)
    return Answer(
        "customer-forget/1",
        facts={
            "customer": plan.customer,
            "written": written,
            "ledger_needed": plan.needed,
            "ledger_diff": ledger or None,
            "commits": [commit.commit for commit in plan.commits],
            "kept": plan.kept,
            "steps": list(_steps(plan, asked)),
        },
        tables=(
            Table("files", _FILES, [_row(change) for change in changes]),
            Table(
                "left",
                _LEFT,
                [{"file": line.file, "line": line.line} for line in plan.left],
                title=N_("Lines that still name the customer; look at them yourself:"),
                role="extra",
            ),
        ),
        notes=tuple(_notes(plan, asked, written=written)),
    )


def _row(change: FileChange) -> dict[str, Any]:
    kind = "deleted" if change.after is None else "moved" if change.old_path else "changed"
    kind = "created" if change.before is None else kind
    before, after = (set((each or b"").split(b"\n")) for each in (change.before, change.after))
    shown = change.old_shown or change.shown
    return {"file": shown, "change": kind, "lines": len(before - after) or len(after - before)}


def _notes(plan: Plan, asked: Forgetting, *, written: bool) -> Iterator[Text | str]:
    if not plan.changes and not (plan.ledger and asked.write_ledger):
        yield N_("Nothing to change: nothing personal is held in these files.")
    elif written:
        yield N_("Done; the figures of the books are the same as before.")
    else:
        yield N_("Nothing was written; `--write` does it. Figures, days and documents stay.")
    if plan.kept:
        words = N_("These stay and may tell who it was: {names}.")
        yield Text(words, {"names": plan.kept})
    if plan.ledger and not asked.write_ledger:
        if plan.needed:
            words = N_("Only a name tells that {count} postings are theirs: add `--write-ledger`.")
            yield Text(words, {"count": plan.needed})
        else:
            yield N_("The ledger names them; `--diff` shows the patch, `--write-ledger` writes it.")
    if plan.commits:
        one = N_("Git still holds what was there, in {count} commit. The steps, after a commit:")
        many = N_("Git still holds what was there, in {count} commits. The steps, after a commit:")
        yield Text(one, plural=many, count=len(plan.commits))
    yield from _steps(plan, asked)


def _steps(plan: Plan, asked: Forgetting) -> Iterator[Text]:
    """Yield what is left to do outside of the files of the books, in its order."""
    if asked.before is not None and not plan.changes:
        return
    if plan.commits:
        texts = str(asked.texts or f"../{_TEXTS}")
        if asked.texts is None:
            option = f"--texts {texts} --write"
            words = N_("`{option}` keeps texts and paths for it in files, before they are gone.")
            yield Text(words, {"option": option})
        commands = [f"git filter-repo --force --replace-text {shlex.quote(texts)}"]
        if plan.gone_paths:
            paths = shlex.quote(f"{texts}{PATHS}")
            commands.append(f"git filter-repo --force --invert-paths --paths-from-file {paths}")
        commands += ["git remote add origin URL", "git push --force --mirror origin"]
        for command in commands:
            yield Text(N_("Run `{command}`."), {"command": command})
        files = [texts, f"{texts}{PATHS}"] if plan.gone_paths else [texts]
        words = N_("Delete {files}, and clone anew wherever there is a clone.")
        yield Text(words, {"files": files})
    if plan.changes or plan.commits:
        yield Text(N_("Run `ledgercli cache clear` on each computer; it holds the ledger's names."))
        yield Text(N_("Backups and mail boxes hold copies until they run out; note the day."))
    for record in filter(Path.is_file, plan.second_records):
        words = N_(
            "`{file}` lists letters sent, by id; it is found by the first commit: rewriting"
            " history gives it another name."
        )
        yield Text(words, {"file": str(record)})
