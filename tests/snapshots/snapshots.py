"""Whole outputs of every command in every format, on the example books.

``python tests/snapshots/snapshots.py`` writes them anew after a change that was meant.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

EXPECTED = Path(__file__).parent / "expected"
EXAMPLES = Path(__file__).parents[2] / "examples"
AS_OF = "2026-11-21"

#: Command lines by the name of their snapshot; those that write run on a copy of the books.
COMMANDS = {
    "wholesale": {
        "balances": "balances",
        "items": "items",
        "items-all": "items --all --customer C1012",
        "payments": "payments --customer C1022",
        "payments-unallocated": "payments --unallocated",
        "aging": "aging",
        "aging-date": "aging --basis date --buckets 15,45",
        "aging-converted": "aging --convert EUR --customer C1041",
        "limits": "limits",
        "limits-families": "limits --group parent --with '5000 EUR'",
        "statement": "statement C1012",
        "statement-from": "statement C1022 --from 2026-09-01",
        "explain-document": "explain INV-2026-0078",
        "explain-customer": "explain C1030",
        "allocate": "allocate --suggest",
        "customer-list": "customer list",
        "customer-show": "customer show C1022",
        "remind-plan": "remind plan",
        "remind-write": "remind write --dry-run",
        "remind-run": "remind run --dry-run",
        "remind-history": "remind history",
        "remind-adopt": "remind adopt firm --customer C1029 --dry-run",
        "activity-list": "activity list --customer C1012 --customer C1041",
        "check": "check -v",
        "balances-grouped": "balances --group-by industry",
        "remind-book": "remind book C1028",
        "report-dashboard": "report dashboard --months 6",
        "report-limitation": "report limitation --within 24m",
        "report-aging-history": "report aging-history --months 6",
        "report-dso": "report dso --months 6",
        "report-collection": "report collection --months 6",
        "report-roll-forward": "report roll-forward --months 3",
        "report-days-to-pay": "report days-to-pay",
        "report-concentration": "report concentration",
        "report-retention": "report retention",
        "report-cohorts": "report cohorts --months 12",
        "report-bad-debt": "report bad-debt",
        "report-promises": "report promises",
        "report-limits-review": "report limits-review",
        "report-rfm": "report rfm",
        "report-targets": "report targets",
        "report-frequency": "report frequency",
        "report-limit-use": "report limit-use --months 3",
        "report-receipts-forecast": "report receipts-forecast --weeks 6 --test-months 6",
        "report-revenue-forecast": "report revenue-forecast --months 3",
        "report-anomalies": "report anomalies",
        "report-contribution": "report contribution --by industry",
        "report-products": "report products",
        "report-bought-together": "report bought-together",
        "report-income": "report income --depth 1",
        "report-balance-sheet": "report balance-sheet",
        "report-cash-flow": "report cash-flow",
        "report-ratios": "report ratios",
        "report-taxes": "report taxes",
        "report-budget": "report budget",
        "report-contracts": "report contracts",
        "report-service": "report service",
        "report-nps": "report nps",
        "report-pipeline": "report pipeline",
        "agenda": "agenda",
        "today": "today",
        "order-list": "order list",
        "order-due": "order due",
        "customer-find": "customer find lindner",
        "customer-duplicates": "customer duplicates",
        "customer-report": "customer report C1012",
        "customer-tiers": "customer tiers",
        "customer-score": "customer score",
        "query": "query 'SELECT customer, sum(open) AS open FROM documents GROUP BY customer'",
    },
    "trading-cn": {
        "balances": "balances",
        "aging": "aging",
        "aging-due": "aging --basis due --buckets 30,60,90",
        "items": "items",
        "payments-unallocated": "payments --unallocated",
        "limits": "limits",
        "statement": "statement KH025",
        "explain-customer": "explain KH019",
        "customer-show": "customer show KH025",
        "remind-plan": "remind plan",
        "activity-list": "activity list --customer KH025",
        "check": "check -v",
        "report-dashboard": "report dashboard --months 6",
        "report-limitation": "report limitation --within 24m",
        "report-dso": "report dso --months 6",
        "report-contracts": "report contracts",
        "report-anomalies": "report anomalies",
        "report-contribution": "report contribution",
        "report-receipts-forecast": "report receipts-forecast --weeks 4 --test-months 3",
        "report-balance-sheet": "report balance-sheet",
        "agenda": "agenda",
        "today": "today",
        "customer-notices": "customer notices --dry-run",
        "customer-report": "customer report KH013",
        "customer-score": "customer score",
    },
}
FORMATS = ("table", "json", "csv")
CHECK_FORMATS = ("text", "json", "csv", "github")


def cases() -> list[tuple[str, str, str]]:
    """Return book, name and format of every snapshot."""
    return [
        (book, name, output_format)
        for book, commands in COMMANDS.items()
        for name in commands
        for output_format in (CHECK_FORMATS if name == "check" else FORMATS)
    ]


def path_of(book: str, name: str, output_format: str) -> Path:
    """Return the file that holds the snapshot."""
    return EXPECTED / book / f"{name}.{output_format}.txt"


@contextlib.contextmanager
def books_in_a_copy() -> Iterator[None]:
    """Run what follows in a folder with copies of the example books."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for book in COMMANDS:
            shutil.copytree(
                EXAMPLES / book, Path(folder) / book, ignore=shutil.ignore_patterns("letters")
            )
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)


def output_of(book: str, name: str, output_format: str) -> str:
    """Return exit code, standard output and standard error of the command, in one text."""
    import shlex

    from ledgercli.cli import main

    language = "zh" if book == "trading-cn" else "en"
    arguments = ["--books", book, "--lang", language, *shlex.split(COMMANDS[book][name])]
    arguments += ["--as-of", AS_OF, "--format", output_format]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    errors = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main(arguments)
        out.flush()
    shown = out.buffer.getvalue().decode("utf-8")
    return f"$ ledgercli {shlex.join(arguments)}\n{shown}[{code}]\n{errors.getvalue()}"


def write() -> None:
    """Write every snapshot anew."""
    shutil.rmtree(EXPECTED, ignore_errors=True)
    with books_in_a_copy():
        for case in cases():
            path = path_of(*case)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(output_of(*case), encoding="utf-8", newline="")


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    write()
