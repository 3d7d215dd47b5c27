"""Every finding has a case that provokes it; bad input ends in a line or a finding, no traceback.

The cases are in ``tests/findings``, how they are laid out says ``tests/transcripts.py``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE

import pytest
from transcripts import cases, commands_of, expected, provoked, run, transcript, write_books

from ledgercli.model.catalogue.everything import CATALOGUE
from ledgercli.receivables import plain_accounts, position

#: Provoked by a fault in the program only, see below.
OURS = frozenset(["tie-out"])
#: Bytes that a terminal would obey, and characters that turn text around.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")


def test_every_code_has_a_case_named_after_it() -> None:
    named = {name.partition("--")[0] for name in cases()}
    assert sorted(CATALOGUE.keys() - named - OURS) == []


def test_what_provokes_and_what_is_said_go_together() -> None:
    assert sorted(provoked() - set(cases())) == []


@pytest.mark.parametrize("name", cases())
def test_case(name: str, tmp_path: Path) -> None:
    told = expected(name)
    if sys.platform != "linux" and re.search("/dev/full|ulimit", told):
        pytest.skip("needs a device or a limit that only Linux has")
    said = transcript(name, commands_of(told), tmp_path / "books")
    assert said == told


@pytest.mark.parametrize("name", cases())
def test_transcript_is_fit_for_people(name: str) -> None:
    told = expected(name)
    code = name.partition("--")[0]
    assert commands_of(told), "it runs something"
    if code in CATALOGUE:
        assert f"[{code}]" in told
    for line in told.splitlines():
        assert UNSAFE.search(line) is None
        # A message whose values are missing would show their names.
        assert not re.search(r"(error|warning|hint)\b.*\{[a-z_]+\}", line)
    assert "Traceback" not in told
    assert "bug in ledgercli" not in told


def test_tie_out_that_fails_is_said_to_be_our_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_books("unknown-document", tmp_path / "books")
    monkeypatch.chdir(tmp_path / "books")
    tied = vars(position)["_tied"]
    monkeypatch.setattr(position, "_tied", lambda found: tied(replace(found, items=())))
    output, errors, code = run("ledgercli check tie-out")
    assert output.decode() == (
        "error[tie-out]: open items less unallocated (-100.00 EUR) are not the ledger's balance"
        " (0.00 EUR)\n  hint: this is a bug in ledgercli, please report it\n"
    )
    assert (errors, code) == (b"1 error\n", 1)
    add = plain_accounts.Figures.add
    monkeypatch.setattr(plain_accounts.Figures, "add", lambda *asked: add(*asked) and False)
    output, errors, code = run("ledgercli balances --as-of 2026-11-21 --fail-on never")
    assert b"do not tie; this is a bug in ledgercli" in errors
    assert code == 1


def test_books_that_another_run_has_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books = tmp_path / "books"
    write_books("letter-edited", books)
    monkeypatch.chdir(books)
    # In this process a second lock would be let in: it is the same writer.
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD_THE_LOCK, str(books)], stdin=PIPE, stdout=PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        for command in ("remind write", "remind run", "remind adopt first"):
            output, errors, code = run(f"ledgercli {command} --as-of 2026-11-21")
            assert output == b""
            said = errors.decode().splitlines()
            assert said[0].startswith(f"error: the books are in use by process {holder.pid} on ")
            assert said[1:] == ["  hint: wait until the other run has ended, then try again"]
            assert code == 2
        output, errors, code = run("ledgercli remind plan --as-of 2026-11-21")
        assert code == 0
        holder.communicate()
    output, errors, code = run("ledgercli remind write --as-of 2026-11-21")
    assert (errors, code) == (b"", 0)


_HOLD_THE_LOCK = """
import pathlib, sys
from ledgercli.books.files import books_lock
with books_lock(pathlib.Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""
