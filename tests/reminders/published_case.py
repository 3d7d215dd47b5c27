"""Books from the facts of a published test, and what runs over them raise, hold and claim.

A case is a YAML file: settings, customers, ``documents`` (number, customer, date, amount, terms or
the due date or the instalments by day, and an account where it is another), ``payments`` (date,
customer, amount, what it names) and ``runs``. A run says which documents it raises, each with level
and open amount, exactly; mappings add ``events`` that happen first, and rows that must be among
what is ``held`` and what letters claim.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from ledgercli.books.activity import read_events
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import reminding
from ledgercli.desk.request import Query, Request
from ledgercli.output.json_format import render

FOLDER = Path(__file__).parent / "published_cases"
#: After every day of the cases: nothing is sent before its day.
NOW = dt.datetime(2026, 12, 31, 6, tzinfo=dt.UTC)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class PublishedCase:
    """The books of a case in a folder of their own, and what it says about each run."""

    def __init__(self, name: str, root: Path, *, meant: bool = False) -> None:
        """Write the books; they are read once, as only the activity log changes between runs.

        With ``meant`` no customer names a policy: each has a tag, and the policy is meant for it.
        """
        text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
        # Every scalar stays a text, so that facts go into the books as they were written.
        self.facts: dict[str, Any] = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506
        if meant:
            _choose_by_tag(self.facts)
        self.root = root
        self.numbers: dict[str, tuple[str, str]] = {}
        settings, customers = self.facts["settings"], self.facts["customers"]
        # Where they live is no part of a case.
        home = {"home": {"lines": ["1 Market Square"]}}
        records = [{"id": id_, "addresses": home, **record} for id_, record in customers.items()]
        (root / "customers").mkdir()
        _write(root / "ledgercli.yaml", _plain(settings))
        _write(root / "customers" / "all.yaml", _plain(records))
        _write(root / "main.beancount", self._ledger())
        self.books: OpenBooks = open_books(
            Request(start=root, now=NOW, books=root), with_events=True
        )

    def _ledger(self) -> str:
        rows = [self._document(row) for row in self.facts["documents"]]
        rows += [self._payment(row) for row in self.facts.get("payments", ())]
        accounts = sorted(set(re.findall(r"\b(?:Assets|Income)(?::\w+)+", "".join(rows))))
        return "".join([*(f"2000-01-01 open {account}\n" for account in accounts), *rows])

    def _document(self, row: str) -> str:
        number, customer, day, amount, terms, *account = _cells(row, 5)
        receivable = account[0] if account else "Assets:Receivable"
        head = f'{day} * "{customer}" "Goods" ^{number}\n  customer: "{customer}"\n'
        days = _DAY.findall(amount + terms)
        currency = (amount + " " + terms).split()[-1] if _DAY.search(amount) else amount.split()[1]
        self.numbers[number] = (customer, currency)
        if _DAY.search(amount):
            parts = re.findall(rf"([\d.]+) ({_DAY.pattern})", amount)
            postings = [
                f"  {receivable}  {part} {currency}\n    due: {due}\n" for part, due in parts
            ]
        else:
            head += f"  due: {days[0]}\n" if days else f'  terms: "{terms}"\n'
            postings = [f"  {receivable}  {amount}\n"]
        return head + "".join(postings) + "  Income:Sales\n"

    def _payment(self, row: str) -> str:
        day, customer, amount, named, *account = _cells(row, 4)
        receivable = account[0] if account else "Assets:Receivable"
        number, _, currency = amount.partition(" ")
        invoice = f'  invoice: "{named}"\n' if named else ""
        head = f'{day} * "{customer}" "Bank"\n  customer: "{customer}"\n{invoice}'
        return f"{head}  {receivable}  {-Decimal(number)} {currency}\n  Assets:Bank\n"

    def due(self, as_of: dt.date) -> dict[str, str]:
        """Return the due dates of documents, by number."""
        items = self.books.position(as_of).items
        return {item.document.number: str(item.document.due) for item in items}

    def happen(self, events: list[str]) -> None:
        """Add events, such as ``2026-01-20 hold D-3 until=2026-01-31``, to the log."""
        for number, row in enumerate(events):
            day, kind, document, *details = row.split()
            customer, currency = self.numbers[document.partition("/")[0]]
            pairs = dict(pair.split("=") for pair in details)
            event = {
                "v": 1,
                "id": f"{day}-{kind}-{number}",
                "at": f"{day}T05:00:00Z",
                "date": day,
                "by": "test",
                "kind": kind,
                "customer": customer,
                "document": {"number": document, "currency": currency},
                **{key: int(text) if text.isdigit() else text for key, text in pairs.items()},
            }
            path = self.root / "activity" / f"{day[:7]}.jsonl"
            path.parent.mkdir(exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(event) + "\n")

    def run(self, day: dt.date, *, dry_run: bool = False) -> dict[str, set[str]]:
        """Return what a run raises, holds and claims, in the words of the case."""
        query = Query(as_of=day)
        planned = self._plan(query)
        raised = {
            f"{row['number']} {row['level']} {Decimal(row['open'])}"
            for letter in planned["letters"]
            for row in letter["documents"]
            if row["raised"]
        }
        if not dry_run:
            before = self._sent()
            reminding.run(self.books, query, types=(), dry_run=False)
            assert self._sent() - before == {(row, day) for row in raised}
        return {
            "raised": raised,
            "held": {f"{row['number']} {row['reason']}" for row in planned["held"]},
            "claims": {
                f"{letter['customer']} {key}={Decimal(letter[key])}"
                for letter in planned["letters"]
                for key in ("total", "unallocated", "fee", "interest", "claimed")
            },
        }

    def _sent(self) -> set[tuple[str, dt.date]]:
        """Return the steps that the log has as sent: number, level and amount, with the day."""
        return {
            (f"{each.number} {each.details['level']} {Decimal(each.details['amount'])}", each.date)
            for each in read_events(self.root)[0]
            if each.kind == "reminder" and "amount" in each.details
            if each.details["status"] == "sent"
        }

    def _plan(self, query: Query) -> dict[str, Any]:
        fresh = replace(self.books, events=read_events(self.root)[0])
        found: dict[str, Any] = json.loads(render(reminding.plan(fresh, query)))
        return found


def _choose_by_tag(facts: dict[str, Any]) -> None:
    """Let every customer have a tag instead of a policy, and every policy be meant for it."""
    for record in facts["customers"].values():
        reminders = record.pop("reminders", {})
        if "policy" in reminders:
            record["tags"] = [reminders["policy"]]
    for name, policy in facts["settings"]["reminders"]["policies"].items():
        policy["when"] = {"tag": name}


def _cells(row: str, count: int) -> list[str]:
    cells = [cell.strip() for cell in row.split("|")]
    return cells + [""] * (count - len(cells))


def _plain(value: object) -> str:
    """Return YAML as people write it: every scalar a text."""
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
