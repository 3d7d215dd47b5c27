"""Beancount's errors as findings: none lost, none added, each with its place and hint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ledgercli.books.ledger import read_ledger
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding
from ledgercli.model.receivables_settings import ReceivablesSettings

OPENS = """\
2026-01-01 open Assets:Receivable
2026-01-01 open Assets:Bank EUR
2026-01-01 open Assets:Stock "STRICT"
2026-01-01 open Income:Sales
"""

FAULTS = {
    "syntax": "2026-01-02 * oops\n",
    "token": "2026-01-02 open Assets:Bank2 €\n",
    "unknown account": '2026-01-02 * "x"\n  Assets:Nowhere  1 EUR\n  Income:Sales\n',
    "currency": '2026-01-02 * "x"\n  Assets:Bank  1 USD\n  Income:Sales\n',
    "unbalanced": '2026-01-02 * "x"\n  Assets:Bank  1 EUR\n  Income:Sales  -2 EUR\n',
    "nearly balanced": '2026-01-02 * "x"\n  Assets:Bank  1.00 EUR\n  Income:Sales  -1.004 EUR\n',
    "within tolerance": '2026-01-02 * "x"\n  Assets:Bank  1.00 USD @ 0.333 EUR\n  Income:Sales  -0.33 EUR\n',
    "two elided": '2026-01-02 * "x"\n  Assets:Bank\n  Income:Sales\n  Assets:Receivable\n',
    "two currencies": '2026-01-02 * "x"\n  Assets:Receivable  1 EUR\n  Income:Sales  -1 USD\n',
    "no lot": (
        '2026-01-02 * "x"\n  Assets:Stock  1 ACME {1 EUR}\n  Assets:Bank\n'
        '2026-01-03 * "x"\n  Assets:Stock  -1 ACME {3 EUR}\n  Assets:Bank\n'
    ),
    "ambiguous lot": (
        '2026-01-02 * "x"\n  Assets:Stock  1 ACME {1 EUR}\n  Assets:Bank\n'
        '2026-01-03 * "x"\n  Assets:Stock  1 ACME {2 EUR}\n  Assets:Bank\n'
        '2026-01-04 * "x"\n  Assets:Stock  -1 ACME {}\n  Assets:Bank\n'
    ),
    "plain then lot": (
        '2026-01-02 * "x"\n  Assets:Stock  5 ACME\n  Income:Sales  -5 ACME\n'
        '2026-01-03 * "x"\n  Assets:Stock  -1 ACME {2 EUR}\n  Assets:Bank\n'
    ),
    "currency from the balance": (
        '2026-01-02 * "x"\n  Assets:Stock  5 ACME\n  Income:Sales  -5 ACME\n'
        '2026-01-03 * "x"\n  Assets:Stock  -1 @ 2 EUR\n  Assets:Bank\n'
    ),
    "balance": "2026-01-09 balance Assets:Bank  5 EUR\n",
    "unused pad": "2026-01-09 pad Assets:Bank Income:Sales\n",
    "document": '2026-01-09 document Assets:Bank "no.pdf"\n',
    "duplicate open": "2026-01-01 open Assets:Bank\n",
    "invalid account": "2026-01-01 open Assets:应收账款\n",
    "option": 'option "no_such" "1"\n',
    "tag": "pushtag #a\n",
    "missing include": 'include "no.beancount"\n',
    "circular include": 'include "main.beancount"\n',
    "plugin with errors": 'plugin "beancount.plugins.leafonly"\n2026-01-01 open Assets:Bank:Sub\n2026-01-02 * "x"\n  Assets:Bank  1 EUR\n  Income:Sales\n',
    "plugin of Beancount": 'plugin "beancount.plugins.auto_accounts"\n2026-01-02 * "x"\n  Assets:New  1 EUR\n  Income:Sales\n',
    "day": '2026-02-30 * "x"\n  Assets:Bank  1 EUR\n  Income:Sales\n',
    "long number": f'2026-01-02 * "x"\n  Assets:Bank  {"9" * 5000} EUR\n  Income:Sales\n',
    "names": 'option "name_assets" "Activa"\n',
}


def findings_of(folder: Path, text: str | bytes) -> tuple[Finding, ...]:
    path = folder / "main.beancount"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_ledger(path, folder, ReceivablesSettings()).view().findings


#: ``bean-check`` for each file in a process of its own, all of which have it imported already.
_BEAN_CHECKS = """
import os, sys
from beancount.scripts.check import main
for path in sys.argv[1:]:
    if os.fork() == 0:
        main(["--no-cache", "--json", path])
    os.wait()
"""


def bean_check(paths: list[Path]) -> list[Counter[tuple[str, int]]]:
    done = subprocess.run(
        [sys.executable, "-c", _BEAN_CHECKS, *paths], capture_output=True, check=True, text=True
    )
    found = [json.loads(line)["errors"] for line in done.stdout.splitlines()]
    # Errors of the loader have no place with Beancount.
    return [
        Counter(
            (error["message"].strip().splitlines()[0][:300], error["lineno"] or 0)
            for error in errors
        )
        for errors in found
    ]


def test_the_same_errors_as_bean_check(tmp_path: Path) -> None:
    paths = []
    for name, fault in FAULTS.items():
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        (folder / "main.beancount").write_text(OPENS + fault, encoding="utf-8")
        paths.append(folder / "main.beancount")
    for path, expected in zip(paths, bean_check(paths), strict=True):
        found = read_ledger(path, path.parent, ReceivablesSettings()).view().findings
        ours = Counter(
            (
                f.values["message"].removesuffix("…"),
                0 if f.code == "beancount-load" else f.place.line,
            )
            for f in found
        )
        assert ours == expected, path.parent.name


@pytest.mark.parametrize("fault", ["within tolerance", "plugin of Beancount"])
def test_no_finding_where_beancount_is_content(tmp_path: Path, fault: str) -> None:
    text = OPENS.replace("Bank EUR", "Bank") + FAULTS[fault]
    assert findings_of(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("fault", "code", "line"),
    [
        ("syntax", "beancount-lexer", 5),
        ("unknown account", "beancount-validation", 5),
        ("two elided", "beancount-categorization", 8),
        ("no lot", "beancount-reduction", 8),
        ("ambiguous lot", "beancount-ambiguous-match", 11),
        ("balance", "beancount-balance", 5),
        ("unused pad", "beancount-pad", 5),
        ("document", "beancount-document", 5),
        ("invalid account", "beancount-parser", 5),
        ("plugin with errors", "beancount-leaf-only", 2),
        ("missing include", "beancount-load", 5),
        ("circular include", "beancount-load", 5),
    ],
)
def test_codes_and_places(tmp_path: Path, fault: str, code: str, line: int) -> None:
    findings = findings_of(tmp_path, OPENS + FAULTS[fault])
    assert (code, line) in {(f.code, f.place.line) for f in findings}
    assert {f.place.file for f in findings} == {"main.beancount"}
    assert {f.severity for f in findings} == {"error"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (b"\xef\xbb\xbf" + OPENS.encode(), codes.HINT_BOM),
        (OPENS.encode("utf-16"), codes.HINT_UTF_16),
        (
            OPENS.encode() + '2026-01-02 * "Müller"\n  Assets:Bank  1 EUR\n'.encode("latin-1"),
            codes.HINT_NOT_UTF_8,
        ),
        (OPENS + FAULTS["invalid account"], codes.HINT_ACCOUNT_COMPONENT),
        (OPENS + "2026-01-01 open Vermögen:Bank\n", codes.HINT_ACCOUNT_NAME),
        (OPENS + FAULTS["missing include"], codes.HINT_INCLUDE_NOT_FOUND),
        (OPENS + FAULTS["circular include"], codes.HINT_INCLUDE_TWICE),
        (OPENS + 'plugin "no.such.plugin"\n', codes.HINT_PLUGIN_MISSING),
        (OPENS + FAULTS["long number"], codes.HINT_NUMBER_LENGTH),
        (OPENS + FAULTS["day"], codes.HINT_NO_SUCH_DAY),
        (OPENS + FAULTS["unknown account"], codes.HINT_NOT_OPEN),
        (OPENS + '2026-01-02 * "x" ^发票-1\n', codes.HINT_LINK),
        (OPENS + '2026-01-02 * "x"\n  customer: acme\n', codes.HINT_QUOTES),
    ],
)
def test_known_traps_have_their_hint(tmp_path: Path, text: str | bytes, hint: str) -> None:
    assert hint in {finding.kind.hint for finding in findings_of(tmp_path, text)}


def test_root_names_must_be_repeated_in_included_files(tmp_path: Path) -> None:
    (tmp_path / "part.beancount").write_text("2026-01-01 open Activa:Bank\n")
    text = 'option "name_assets" "Activa"\ninclude "part.beancount"\n'
    (finding,) = findings_of(tmp_path, text)
    assert (finding.place.file, finding.kind.hint) == ("part.beancount", codes.HINT_ACCOUNT_ROOT)
    (tmp_path / "part.beancount").write_text(
        'option "name_assets" "Activa"\n2026-01-01 open Activa:Bank\n'
    )
    assert findings_of(tmp_path, text) == ()


@pytest.mark.parametrize("amount", ["1/0 EUR", "0/0 EUR", "1 EUR @ 1/0 USD", "1 HOOL {1/0 EUR}"])
def test_division_by_zero_leaves_out_the_entry_and_no_more(tmp_path: Path, amount: str) -> None:
    """Beancount 3.2 dies of it."""
    text = OPENS + (
        f'2026-01-02 * "x"\n  Assets:Receivable  {amount}\n  Income:Sales\n'
        '2026-01-03 * "x"\n  Assets:Receivable  1/2 EUR\n  Income:Sales\n'
    )
    path = tmp_path / "main.beancount"
    path.write_text(text)
    view = read_ledger(path, tmp_path, ReceivablesSettings()).view()
    assert [f.code for f in view.findings] == ["impossible-number"]
    assert view.findings[0].place.line in {5, 6}
    assert [posting.line for posting in view.receivables] == [9]


@pytest.mark.parametrize("include", [".", "pipe", "closed.asc", "secret.gpg", "deep.beancount"])
def test_files_that_cannot_be_read_are_findings(tmp_path: Path, include: str) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret.gpg").write_bytes(b"\x00")
    (tmp_path / "closed.asc").mkdir()
    deep = "(" * 100_000 + "1" + ")" * 100_000
    (tmp_path / "deep.beancount").write_text(f"2026-01-01 price USD {deep} EUR\n")
    (finding,) = findings_of(tmp_path, OPENS + f'include "{include}"\n')
    assert (finding.code, finding.place.line) == ("ledger-file-unreadable", 5)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 100,
        b"\xff" * 100,
        b"\r\n\r\n",
        b'2026-01-02 * "never closed',
        b"2026-01-01 open Assets" + b":A" * 50_000 + b"\n",
        b'include "' + b"a" * 5000 + b'"\n',
        b'include "a\x00b"\n',
        b'include "**/[/*.beancount"\n',
        b'plugin ""\nplugin "."\nplugin ".."\nplugin "a b"\n',
        b'option "name_assets" "("\n2026-01-01 open Assets:A\n',
        b'option "name_assets" ""\n2026-01-01 open Assets:A\n',
        b'option "title" ""\noption "operating_currency" "eur"\n',
        b'2026-01-01 custom "x" ' + b"1 " * 10_000 + b"\n",
        b'2026-01-01 query "x" "' + b"(" * 10_000 + b'"\n',
    ],
)
def test_no_bytes_end_in_a_traceback(tmp_path: Path, content: bytes) -> None:
    for finding in findings_of(tmp_path, content):
        json.dumps([*finding.values.values(), finding.place.file]).encode()
        finding.kind.message.format(**finding.values)
        finding.kind.hint.format(**finding.values)


def test_a_number_that_is_pushed_and_never_popped(tmp_path: Path) -> None:
    """Beancount 3.2 dies of it."""
    text = f"pushmeta key: 1\n{OPENS}" + '2026-01-02 * "x"\n  Assets:Bank  1 EUR\n  Income:Sales\n'
    (finding,) = findings_of(tmp_path, text)
    assert finding.values["message"] == "Unbalanced metadata key 'key'; leftover metadata '1'"


def test_error_classes_that_are_not_in_the_catalogue_keep_their_name(tmp_path: Path) -> None:
    (tmp_path / "local_plugin_of_test.py").write_text(
        "from collections import namedtuple\n"
        "MyOddError = namedtuple('MyOddError', 'source message entry')\n"
        "__plugins__ = ['run']\n"
        "def run(entries, options):\n"
        "    print('chatter')\n"
        "    return entries, [MyOddError({'filename': '<odd>', 'lineno': 3}, 'a\\nb', None),\n"
        "                     MyOddError(None, None, None), 'text']\n"
    )
    text = 'option "insert_pythonpath" "True"\nplugin "local_plugin_of_test"\n'
    odd, bare, text_error = findings_of(tmp_path, text)
    assert (odd.code, odd.values["message"], odd.place.file) == ("beancount-my-odd", "a", "<odd>")
    assert (bare.code, bare.place.line) == ("beancount-my-odd", 0)
    assert text_error.values["message"] == "text"
