"""Dunning cases of other systems' published tests, facts only, against the runs of this program."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from published_case import FOLDER, PublishedCase

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def rows(facts: list[str]) -> set[str]:
    """Return rows whose amounts are written in one way."""
    return {" ".join(amount(word) for word in row.split()) for row in facts}


def amount(word: str) -> str:
    key, sign, text = word.rpartition("=")
    try:
        return f"{key}{sign}{Decimal(text).normalize():f}"
    except ArithmeticError:
        return word


@pytest.mark.parametrize("name", NAMES)
def test_published_case(name: str, tmp_path: Path) -> None:
    case = PublishedCase(name, tmp_path)
    differences: list[Any] = []
    for text, said in case.facts["runs"].items():
        day = dt.date.fromisoformat(text)
        expected = said if isinstance(said, dict) else {"raised": said}
        case.happen(expected.get("events", []))
        found = case.run(day)
        raised, held, claims = (rows(list(found[key])) for key in ("raised", "held", "claims"))
        wanted = rows(expected.get("raised", []))
        claimed = {
            f"{row.split()[0]} {pair}"
            for row in expected.get("claims", [])
            for pair in row.split()[1:]
        }
        missing = (set(expected.get("held", [])) - held) | (rows(list(claimed)) - claims)
        if raised != wanted or missing:
            differences.append((text, raised - wanted, wanted - raised, missing, held, claims))
        again = case.run(day, dry_run=True)
        assert again["raised"] == set()
    assert differences == []
    known = case.due(dt.date(9998, 12, 31))
    for number, due in case.facts.get("due", {}).items():
        assert known[number] == due


#: Several policies over monthly runs: the case with the most notices, each with level and amount.
MONTHLY = "credit_control_2013"


def test_policies_that_are_meant_for_customers_give_the_same_notices(tmp_path: Path) -> None:
    case = PublishedCase(MONTHLY, tmp_path, meant=True)
    assert all("reminders" not in record for record in case.facts["customers"].values())
    notices = 0
    for text, said in case.facts["runs"].items():
        expected = said if isinstance(said, dict) else {"raised": said}
        case.happen(expected.get("events", []))
        raised = rows(list(case.run(dt.date.fromisoformat(text))["raised"]))
        assert raised == rows(expected["raised"])
        notices += len(raised)
    assert notices >= 50
    assert len(case.facts["runs"]) >= 7


def test_monthly_runs_do_not_depend_on_the_order_of_the_log(tmp_path: Path) -> None:
    case = PublishedCase(MONTHLY, tmp_path)
    for text, said in case.facts["runs"].items():
        expected = said if isinstance(said, dict) else {"raised": said}
        case.happen(expected.get("events", []))
        for path in (tmp_path / "activity").glob("*.jsonl"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(reversed(lines)), encoding="utf-8")
        found = case.run(dt.date.fromisoformat(text))
        assert rows(list(found["raised"])) == rows(expected["raised"])
