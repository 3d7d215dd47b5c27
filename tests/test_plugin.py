"""Our checks inside Beancount's own programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from beancount import loader

from ledgercli.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples"
LEDGER = """\
plugin "ledgercli.plugin"{}
2026-01-01 open Assets:Receivable
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
2026-02-01 * "Acme" "Work" ^INV-1
  invoice: "INV-1"
  Assets:Receivable  100 EUR
  Income:Sales
2026-03-01 * "Acme" "Paid" ^INV-1
  Assets:Bank  130 EUR
  Assets:Receivable
"""


def write_books(root: Path, configuration: str = "") -> Path:
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (root / "customers/Acme.yaml").write_text("name: Acme\nnam: Acme\n")
    (root / "main.beancount").write_text(LEDGER.format(configuration))
    return root


def loaded(root: Path) -> tuple[list[tuple[str, int, str]], set[str]]:
    """Return the errors that Beancount's loader gives, relative to the books, and the files."""
    _, errors, options = loader.load_file(str(root / "main.beancount"))
    told = [
        (
            Path(error.source["filename"]).relative_to(root).as_posix(),
            error.source["lineno"],
            error.message,
        )
        for error in errors
    ]
    return told, {Path(file).relative_to(root).as_posix() for file in options["include"]}


def test_findings_of_records_and_ledger_with_file_and_line(tmp_path: Path) -> None:
    root = write_books(tmp_path / "books")
    told, files = loaded(root)
    assert told == [
        (
            "customers/Acme.yaml",
            2,
            "warning[unknown-key]: unknown key `nam` (did you mean `name`?)",
        ),
        (
            "main.beancount",
            11,
            (
                "warning[over-payment]: the payment exceeds INV-1 by 30.00 EUR (name a second"
                " document, refund the rest, or move it to a deposit account)"
            ),
        ),
    ]
    assert files == {"main.beancount", "ledgercli.yaml", "customers/Acme.yaml"}


@pytest.mark.parametrize(
    ("severity", "codes"),
    [
        ("error", []),
        ("warning", ["unknown-key", "over-payment"]),
        ("info", ["unknown-key", "customer-assumed", "customer-assumed", "over-payment"]),
    ],
)
def test_the_configuration_is_the_least_severity(
    severity: str, codes: list[str], tmp_path: Path
) -> None:
    told, _ = loaded(write_books(tmp_path / "books", f' "{severity}"'))
    assert sorted(words.partition("[")[2].partition("]")[0] for _, _, words in told) == sorted(
        codes
    )


def test_another_configuration_is_an_error(tmp_path: Path) -> None:
    told, _ = loaded(write_books(tmp_path / "books", ' "loud"'))
    assert told == [
        ("main.beancount", 0, "ledgercli.plugin: `loud` is none of: info, warning, error")
    ]


def test_a_ledger_without_books_is_checked_alone(tmp_path: Path) -> None:
    root = write_books(tmp_path / "books")
    shutil.rmtree(root / "customers")
    (root / "ledgercli.yaml").unlink()
    told, _ = loaded(root)
    codes = [words.partition(":")[0] for _, _, words in told]
    assert codes == ["warning[due-assumed]", "warning[over-payment]"]


def test_settings_that_cannot_be_used_are_findings_not_tracebacks(tmp_path: Path) -> None:
    root = write_books(tmp_path / "books")
    (root / "ledgercli.yaml").write_text("receivables: [\n")
    told, _ = loaded(root)
    assert "ledgercli.yaml" in {file for file, _, _ in told}
    assert not any("Traceback" in words for _, _, words in told)


def test_the_language_is_that_of_the_books(tmp_path: Path) -> None:
    root = write_books(tmp_path / "books")
    (root / "ledgercli.yaml").write_text("language: zh\nreceivables: {terms: net 30}\n")
    told, _ = loaded(root)
    assert "nam" in told[0][2]
    assert not told[0][2].isascii()


def test_we_do_not_tell_twice_what_we_load_ourselves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_books(tmp_path / "books")
    assert main(["--books", str(root), "check"]) == 1
    said = capsys.readouterr().out
    assert said.count("unknown key") == 1
    assert said.count("over-payment") == 1


def test_bean_check_and_bean_query_run_with_it(tmp_path: Path) -> None:
    root = tmp_path / "books"
    shutil.copytree(EXAMPLES / "wholesale", root)
    top = root / "main.beancount"
    top.write_text('plugin "ledgercli.plugin"\n' + top.read_text())
    done = subprocess.run(
        [str(Path(sys.executable).with_name("bean-check")), "--no-cache", str(top)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "ledger/2026-q4.beancount:98: " in done.stdout + done.stderr
    assert "warning[over-payment]" in done.stdout + done.stderr
