"""What published tests of other systems expect, asked of the reports as they print JSON."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from stories import day, short, write_story

from ledgercli.desk import reports
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.values import Duration, Money
from ledgercli.output import formats

FOLDER = Path(__file__).parent / "published_cases"
MODES = ("explicit", "legal", "oldest-due")
WORDS = {"at", "by", "buckets", "convert", "customers", "segments", "currencies", "with"}
WORDS |= {"group", "from"}

Case = Mapping[str, Any]
Row = Mapping[str, Any]


def cases() -> Iterator[Any]:
    """Yield every case, named by its file, system and subject."""
    for path in sorted(FOLDER.glob("*.yaml")):
        # All scalars as text: no figure is ever a float.
        text = path.read_text(encoding="utf-8")
        for case in yaml.load(text, yaml.CBaseLoader):  # noqa: S506 - it makes text, no objects
            yield pytest.param(case, id=f"{path.stem}: {case['system']}: {case['tests']}")


@pytest.mark.parametrize("case", [*cases()])
def test_published_case(case: Case, tmp_path: Path) -> None:
    settings = case.get("settings", "net 30")
    mode = f"allocation: {settings}" if settings in MODES else f'terms: "{settings}"'
    customers = case.get("customers") or json.dumps(
        [{"id": name} for name in sorted(set(re.findall(r"\b[A-Z]\d?(?= )", str(case["books"]))))]
    )
    books = write_story(
        tmp_path, ledger(case["books"]), customers, f"receivables: {{{mode}}}"
    ).books
    for check in case["checks"]:
        for word, expected in check.items():
            if word not in WORDS:
                assert REPORTED[word](books, check) == plain(expected), (word, check["at"])


def ledger(lines: Iterable[str]) -> str:
    """Return the ledger that the lines of a case tell."""
    transactions: list[list[str]] = []
    sums: list[Decimal] = []
    for line in lines:
        words = shlex.split(line)
        if words[1] == "price":
            transactions.append([line])
            sums.append(Decimal(0))
            continue
        if words[0] == "+":
            words = words[1:] if ":" in words[1] else ["", *words[1:]]
            account, extra = words[0] or transactions[-1][1].split()[0], words[3:]
        else:
            account, extra = words[1], words[4:]
            account = account if ":" in account else f"Assets:Receivable:{account}"
            marks = [word for word in extra if word[0] in "^#"]
            own = [word for word in extra if word.startswith(("due=", "terms="))]
            transactions.append([" ".join([words[0], '* ""', *marks])])
            transactions[-1][0] += "".join(f"\n  {metadata(word)}" for word in own)
            sums.append(Decimal(0))
            words = words[1:]
            extra = [word.lstrip(".") for word in extra if word not in {*marks, *own}]
        transactions[-1].append(f"{account}  {words[1]} {words[2]}")
        transactions[-1] += [f"  {metadata(word)}" for word in extra]
        sums[-1] += Decimal(words[1])
    for rows, rest in zip(transactions, sums, strict=True):
        if rest:
            rows.append("Assets:Bank")
    text = "".join("\n  ".join(rows) + "\n" for rows in transactions)
    return text + "".join(
        f"1970-01-01 open {account}\n" for account in sorted(set(re.findall(r"Assets:\S+", text)))
    )


def metadata(word: str) -> str:
    """Return ``key=value`` as Beancount writes it; dates are bare."""
    key, value = word.split("=", 1)
    return f"{key}: {value}" if key == "due" else f'{key}: "{value}"'


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return ``value`` with every figure without zeros at its end."""
    if isinstance(value, dict):
        return {key: plain(row) for key, row in value.items()}
    if isinstance(value, list):
        return [plain(row) for row in value]
    return re.sub(r"(?<![\w.-])-?\d+\.\d+(?![\w.-])", lambda found: short(Decimal(found[0])), value)


def asked(check: Case) -> Query:
    """Return the filters of a check."""
    return Query(
        as_of=day(check["at"]),
        customers=tuple(check.get("customers", ())),
        segments=check.get("segments", {}),
        currencies=tuple(check.get("currencies", ())),
        convert=check.get("convert"),
    )


def printed(answer: Answer) -> dict[str, Any]:
    """Return the JSON that is printed for ``answer``; its figures tie to the ledger."""
    found: dict[str, Any] = json.loads(formats.render(answer, "json"))
    assert found.get("tie_out", True) is True
    return found


def figure(value: str | None) -> str:
    """Return a printed amount without zeros at its end, ``none`` for null."""
    return "none" if value is None else short(Decimal(value))


def whose(row: Row) -> str:
    """Return the customer and currency of a row."""
    return f"{row['customer']} {row['currency']}"


def aged(books: OpenBooks, check: Case) -> dict[str, Any]:
    """Return the aging that is printed."""
    bounds = check.get("buckets")
    buckets = tuple(Duration.parse(part) for part in bounds.split(",")) if bounds else None
    return printed(
        reports.aging(books, asked(check), basis=check.get("by", "due"), buckets=buckets)
    )


def aging(books: OpenBooks, check: Case) -> dict[str, dict[str, str]]:
    """Return what is not zero of every row of the aging."""
    rows = {}
    for row in aged(books, check)["rows"]:
        amounts = {**row["amounts"], "unallocated": row["unallocated"]}
        shown = {key: figure(value) for key, value in amounts.items() if Decimal(value)}
        rows[whose(row)] = {**shown, "total": figure(row["total"])}
    return rows


def totals(books: OpenBooks, check: Case) -> dict[str, str]:
    """Return the totals of the aging by currency."""
    return {row["currency"]: figure(row["total"]) for row in aged(books, check)["totals"]}


def converted(books: OpenBooks, check: Case) -> dict[str, str]:
    """Return the converted totals of the aging."""
    return {whose(row): figure(row["converted"]) for row in aged(books, check)["rows"]}


def items(books: OpenBooks, check: Case, *, settled: bool) -> list[dict[str, Any]]:
    """Return the printed items."""
    rows: list[dict[str, Any]] = printed(reports.items(books, asked(check), settled=settled))[
        "rows"
    ]
    return rows


def open_items(books: OpenBooks, check: Case) -> dict[str, str]:
    """Return what is open, by number."""
    return {row["number"]: figure(row["open"]) for row in items(books, check, settled=False)}


def of_items(key: str, show: Callable[[Any], Any], word: str) -> Callable[..., dict[str, Any]]:
    """Return a report of one property of the documents that a check asks for."""

    def report(books: OpenBooks, check: Case) -> dict[str, Any]:
        rows = items(books, check, settled=True)
        return {row["number"]: show(row[key]) for row in rows if row["number"] in check[word]}

    return report


def payments(books: OpenBooks, check: Case) -> list[dict[str, Any]]:
    """Return the printed settlements."""
    rows: list[dict[str, Any]] = printed(
        reports.payments(books, asked(check), unallocated_only=False)
    )["rows"]
    return rows


def unallocated(books: OpenBooks, check: Case) -> dict[str, str]:
    """Return what is unallocated by customer and currency."""
    sums: dict[str, Decimal] = {}
    for row in payments(books, check):
        sums[whose(row)] = sums.get(whose(row), Decimal(0)) + Decimal(row["unallocated"])
    return {key: short(amount) for key, amount in sums.items() if amount}


def kinds(books: OpenBooks, check: Case) -> list[str]:
    """Return kind and amount of the settlements in their order."""
    return [f"{row['kind']} {figure(row['amount'])}" for row in payments(books, check)]


def balances(books: OpenBooks, check: Case) -> dict[str, str]:
    """Return the balances."""
    rows = printed(reports.balances(books, asked(check)))["rows"]
    return {whose(row): figure(row["balance"]) for row in rows}


def limits(books: OpenBooks, check: Case) -> dict[str, dict[str, str]]:
    """Return the properties of the limits that a check asks for."""
    extra = Money.parse(check["with"]) if "with" in check else None
    group = check.get("group", "customer")
    names = {"used": "used_percent"}
    rows = printed(reports.limits(books, asked(check), extra=extra, group=group))["rows"]
    return {
        whose(row): {
            key: row[key] if key == "status" else figure(row[names.get(key, key)])
            for key in check["limits"].get(whose(row), row)
        }
        for row in rows
    }


def statement(books: OpenBooks, check: Case) -> dict[str, list[str]]:
    """Return opening balance, movements with running balance, and closing balance."""
    answer = reports.statement(
        books, asked(check), everyone=True, start=day(check["from"]) if "from" in check else None
    )
    found = {}
    for one in printed(answer)["statements"]:
        rows = [
            " ".join(
                [
                    *(f"+{figure(row['debit'])}" for _ in "1" if Decimal(row["debit"])),
                    *(f"-{figure(row['credit'])}" for _ in "1" if Decimal(row["credit"])),
                    f"={figure(row['balance'])}",
                ]
            )
            for row in one["rows"]
        ]
        found[whose(one)] = [figure(one["opening"]), *rows, figure(one["closing"])]
    return found


#: What a check may ask for.
REPORTED: dict[str, Callable[[OpenBooks, Case], Any]] = {
    "aging": aging,
    "totals": totals,
    "converted": converted,
    "open": open_items,
    "amount": of_items("amount", figure, "amount"),
    "due": of_items("due", str, "due"),
    "status": of_items("status", str, "status"),
    "days": of_items("days_overdue", str, "days"),
    "applied": of_items(
        "allocations", lambda rows: [figure(row["amount"]) for row in rows], "applied"
    ),
    "unallocated": unallocated,
    "kinds": kinds,
    "balances": balances,
    "limits": limits,
    "statement": statement,
}
