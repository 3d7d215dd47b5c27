"""Letters that two processes make are the same files as those of one, whatever goes wrong."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pytest
from fault_points import DAY, make_books

from ledgercli.books.plan_file import LetterText, plan_text
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import letter_making, letter_writing, reminding, second_process
from ledgercli.desk.reminders.letter_making import LetterMaker, Prepared
from ledgercli.desk.request import Query, Request
from ledgercli.model.letter_plan import LetterPlan, PlannedLetter
from ledgercli.reminders import letters

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no helper")
#: A template with a fault that only one customer has.
FAULTY = """\
{% import "words.en.j2" as words %}
{% macro subject(letter) %}{{ letter.no_such if letter.customer == "C3" else "Due" }}{% endmacro %}
{% macro opening(letter) %}No. {{ words.number(letter) }}{% endmacro %}
{% macro request(letter) %}{{ letter.claimed|money }}{% endmacro %}
{% macro warning(letter) %}{% endmacro %}
"""


def files_of(root: Path) -> dict[str, bytes]:
    folders = (root / "letters").rglob("*")
    return {str(path.relative_to(root)): path.read_bytes() for path in folders if path.is_file()}


def write(root: Path) -> list[dict[str, Any]]:
    now = dt.datetime.combine(DAY, dt.time(6), tzinfo=dt.UTC)
    books = open_books(Request(start=root, now=now, books=root), with_events=True)
    answer = reminding.write(books, Query(), types=("txt", "html"), dry_run=False)
    return [dict(row) for row in answer.tables[0].rows]


@pytest.mark.parametrize("template", ["", FAULTY], ids=["packaged", "faulty"])
@pytest.mark.parametrize("before", [0, 3])
def test_two_processes_write_what_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, template: str
) -> None:
    for name in ("one", "two"):
        make_books(tmp_path / name, 12)
        if template:
            (tmp_path / name / "templates").mkdir()
            (tmp_path / name / "templates" / "reminder.en.j2").write_text(template)
        ledger = tmp_path / name / "main.beancount"
        text = ledger.read_text(encoding="utf-8")
        # Letters of before keep their numbers, so that those after them have others than guessed.
        ledger.write_text(text.partition(f"open Assets:Receivable:C{before + 1}\n")[0][:-11])
        write(tmp_path / name)
        ledger.write_text(text, encoding="utf-8")
    alone = write(tmp_path / "one")
    accepted: list[Prepared | None] = []
    accept = LetterMaker.accept

    def noted(maker: LetterMaker, made: Prepared | None) -> None:
        accepted.append(made)
        accept(maker, made)

    made_here: list[str] = []
    render = letters.render

    def rendered(*arguments: Any) -> Any:  # noqa: ANN401 - as it is
        made_here.append(arguments[0].customer)
        return render(*arguments)

    monkeypatch.setattr(LetterMaker, "accept", noted)
    monkeypatch.setattr(letter_making, "render", rendered)
    # The other process takes all, so that this one makes what it could not, or for another number.
    monkeypatch.setattr(second_process, "_AHEAD_MAX", 0)
    monkeypatch.setattr(second_process, "_CHUNK", 2)
    monkeypatch.setattr(second_process, "_possible", lambda _count: True)
    monkeypatch.setattr(letter_writing, "TASKS_MIN", 2)
    together = write(tmp_path / "two")
    assert together == alone
    assert len(accepted) == 12
    assert accepted.count(None) == (1 if template else 0)
    others = {f"C{number}" for number in range(before + 1, 13)} if before else set()
    assert set(made_here) == others | ({"C3"} if template else set())
    assert [row["state"] for row in alone].count("failed") == (1 if template else 0)
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")


def test_a_known_text_of_another_letter_is_not_taken() -> None:
    letter = PlannedLetter("C1-EUR-firm", "C1", "EUR", note="now")
    before = LetterText.of(PlannedLetter("C1-EUR-firm", "C1", "EUR", note="before"))
    plan = LetterPlan(DAY, letters=(letter,))
    known = {"C1-EUR-firm": before}
    assert plan_text(plan, known=known) == plan_text(plan)
    assert "note: now" in plan_text(plan, known=known)
    same = {"C1-EUR-firm": LetterText.of(letter)}
    assert plan_text(plan, known=same) == plan_text(plan)
