"""The store, the proof and Beancount say the same, and every change is noticed."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgercli.books.proof import again
from ledgercli.books.store import database, inputs
from ledgercli.cli import main
from ledgercli.desk import reading, reports
from ledgercli.desk.loading import Tier
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
from ledgercli.receivables.summary import UNKNOWN_DUE

#: The clock of a file system ticks every few milliseconds.
_TICK = 0.02
EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
#: Reports that make do with less than all postings, and some that need them all.
COMMANDS = [
    "balances",
    "aging",
    "aging --basis date",
    "aging -f json",
    "items -f json",
    "items --all -f json",
    "payments --unallocated -f json",
    "payments -f csv",
    "limits -f json",
    "customer list",
    "statement --all -f json",
    "remind plan -f json",
    "check -v -f json",
]
LEDGER = """\
option "operating_currency" "EUR"
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
include "part.beancount"
"""
PART = """\
2026-02-01 * "Acme" "Work" ^INV-1
  Assets:Receivable:Acme  100 EUR
  Income:Sales
2026-03-01 * "Acme" "Paid" ^INV-1
  Assets:Bank  100 EUR
  Assets:Receivable:Acme
2026-04-01 * "Acme" "More work" ^INV-2
  Assets:Receivable:Acme  70 EUR
  Income:Sales
"""


def write_books(root: Path) -> Path:
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (root / "customers/Acme.yaml").write_text("name: Acme Ltd\n")
    (root / "main.beancount").write_text(LEDGER)
    (root / "part.beancount").write_text(PART)
    return root


def asked(root: Path, cache: Path | None, **more: object) -> Request:
    return Request(start=root, now=NOW, books=root, cache=cache, **more)  # type: ignore[arg-type]


def opened(root: Path, cache: Path | None, **more: object) -> OpenBooks:
    """Open books a moment later: of what changed in this very moment nothing is kept."""
    time.sleep(_TICK)
    return open_books(asked(root, cache, **more))


def opened_with_dealings(root: Path, cache: Path | None) -> OpenBooks:
    """Open books with activity and orders, as :func:`opened` otherwise."""
    time.sleep(_TICK)
    return open_books(asked(root, cache), with_events=True, with_orders=True)


def tier(root: Path, cache: Path | None, **more: object) -> Tier:
    return opened(root, cache, **more).tier


def said(
    monkeypatch: pytest.MonkeyPatch, root: Path, command: str, **variables: str
) -> tuple[str, str, int]:
    """Return what a command prints, and its exit code."""
    for name in ("LEDGERCLI_CACHE", "LEDGERCLI_PROOF"):
        monkeypatch.setenv(name, variables.get(name, ""))
    monkeypatch.setenv("COLUMNS", "100")
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = main(["--books", str(root), *command.split()])
    texts = []
    for stream in (output, errors):
        stream.flush()
        stream.seek(0)
        texts.append(stream.read())
    return texts[0], texts[1], code


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
@pytest.mark.parametrize("as_of", ["2026-11-21", "2026-06-30"])
def test_all_tiers_say_the_same(
    name: str, as_of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / name
    shutil.copytree(EXAMPLES / name, root)
    cache = str(tmp_path / "cache")
    for command in COMMANDS:
        line = f"{command} --as-of {as_of}"
        by_beancount = said(monkeypatch, root, line, LEDGERCLI_CACHE="off", LEDGERCLI_PROOF="off")
        assert by_beancount[0] != ""
        assert said(monkeypatch, root, line, LEDGERCLI_CACHE="off") == by_beancount, command
        assert said(monkeypatch, root, line, LEDGERCLI_CACHE=cache) == by_beancount, command
        assert said(monkeypatch, root, line, LEDGERCLI_CACHE=cache) == by_beancount, command
    assert tier(root, tmp_path / "cache") == "store"


def test_which_tier_answers(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    assert tier(root, None, proof=False) == "beancount"
    assert tier(root, None) == "proof"
    assert [tier(root, cache) for _ in range(3)] == ["proof", "store", "store"]
    assert tier(root, cache, verify=True) == "store"
    # What errors there are is Beancount's to word, and kept as well.
    (root / "part.beancount").write_text(PART + "2026-05-01 open Assets:Bank\n")
    assert [tier(root, cache) for _ in range(2)] == ["beancount", "store"]


def test_what_was_kept_of_a_file_before_its_error_is_not_used(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    assert tier(root, cache) == "proof"
    (root / "part.beancount").write_text(PART + "2026-05-01 open Assets:Bank\n")
    assert tier(root, cache) == "beancount"
    # The file with the error is the same as at the last run, only another one has changed.
    (root / "customers/Acme.yaml").write_text("name: Other\n")
    books = opened(root, cache)
    assert books.tier == "beancount"
    assert [finding.code for finding in books.facts.findings] == ["beancount-validation"]


def _rewrite(path: Path, old: str, new: str) -> None:
    """Change a file, leaving its size and its time of modification as they are."""
    assert len(old) == len(new)
    before = path.stat()
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def _replaced_link(root: Path) -> None:
    (root / "part.beancount").unlink()
    (root / "part.beancount").symlink_to("other/part.beancount")


CHANGES: dict[str, Callable[[Path], object]] = {
    "longer": lambda root: (root / "part.beancount").write_text(PART + "\n"),
    "same size and time": lambda root: _rewrite(root / "part.beancount", "70 EUR", "71 EUR"),
    "touched": lambda root: (root / "part.beancount").touch(),
    "removed": lambda root: (root / "part.beancount").unlink(),
    "renamed": lambda root: (root / "part.beancount").rename(root / "gone.beancount"),
    "a link instead": _replaced_link,
    "customer changed": lambda root: (root / "customers/Acme.yaml").write_text("name: Other\n"),
    "customer added": lambda root: (root / "customers/B.yaml").write_text("name: B\n"),
    "customer removed": lambda root: (root / "customers/Acme.yaml").unlink(),
    "customer renamed": lambda root: (root / "customers/Acme.yaml").rename(
        root / "customers/Acne.yaml"
    ),
    "settings changed": lambda root: (root / "ledgercli.yaml").write_text("language: zh\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(change: str, tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    (root / "other").mkdir()
    (root / "other/part.beancount").write_text(PART.replace("70", "90"))
    assert [tier(root, cache) for _ in range(2)] == ["proof", "store"]
    CHANGES[change](root)
    books, anew = opened(root, cache), opened(root, None, proof=False)
    assert books.tier != "store"
    assert books.view == anew.view or _same(books.view, anew.view)
    assert (books.customers, books.settings) == (anew.customers, anew.settings)


def _same(first: object, second: object) -> bool:
    """Compare views whose postings are told apart by identity."""
    return repr(first) == repr(second)


def test_a_change_is_noticed_by_the_time_that_no_program_can_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the files had been old when they were read: then their content is not compared.
    monkeypatch.setattr(inputs, "_TICK_NANOSECONDS", 0)
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    assert [tier(root, cache) for _ in range(2)] == ["proof", "store"]
    _rewrite(root / "part.beancount", "70 EUR", "71 EUR")
    assert tier(root, cache) == "proof"


def test_what_is_settled_later_counts_on_every_day_before(tmp_path: Path) -> None:
    books = open_books(asked(EXAMPLES / "wholesale", tmp_path / "cache"))
    for day in range(0, 240, 3):
        as_of = dt.date(2026, 3, 20) + dt.timedelta(days=day)
        summary, whole = books.summary(as_of), books.position(as_of)
        assert {key: sorted(lines) for key, lines in summary.open_lines.items()} == {
            key: sorted(lines) for key, lines in whole.open_lines.items()
        }
        assert dict(summary.unallocated) == dict(whole.unallocated)


def test_a_new_match_of_a_pattern_is_noticed(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    (root / "main.beancount").write_text(LEDGER.replace("part.beancount", "part*.beancount"))
    assert [tier(root, cache) for _ in range(2)] == ["proof", "store"]
    (root / "part2.beancount").write_text(PART.replace("INV-", "INV-9"))
    books = opened(root, cache)
    assert books.tier == "proof"
    assert len(books.view.receivables) == 6


def test_a_changed_plugin_is_noticed(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    plugin = root / "tiers_plugin_of_books.py"
    plugin.write_text("__plugins__ = ['p']\ndef p(entries, options): return entries, []\n")
    head = 'option "insert_pythonpath" "TRUE"\nplugin "tiers_plugin_of_books"\n'
    (root / "main.beancount").write_text(head + LEDGER)
    assert [tier(root, cache) for _ in range(2)] == ["beancount", "store"]
    with plugin.open("a") as file:
        file.write("# changed\n")
    assert tier(root, cache) == "beancount"
    sys.modules.pop("tiers_plugin_of_books")


def test_a_document_that_disappears_is_noticed(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    (root / "paper.pdf").write_text("paper")
    with (root / "part.beancount").open("a") as file:
        file.write('2026-05-01 document Assets:Bank "paper.pdf"\n')
    assert tier(root, cache) in {"proof", "beancount"}
    assert tier(root, cache) == "store"
    (root / "paper.pdf").unlink()
    books = opened(root, cache)
    assert books.tier == "beancount"
    assert [finding.code for finding in books.facts.findings] == ["beancount-document"]


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "other layout", "parts lost", "noise"])
def test_a_damaged_store_is_made_anew(damage: str, tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    expected = repr(opened(root, cache).view)
    (store,) = cache.glob("*.sqlite3")
    content = store.read_bytes()
    match damage:
        case "cut":
            store.write_bytes(content[: len(content) // 2])
        case "text":
            store.write_text("this is no database\n" * 1000)
        case "empty":
            store.write_bytes(b"")
        case "noise":
            store.write_bytes(content[:5000] + bytes(200) + content[5200:])
        case "other layout":
            with contextlib.closing(sqlite3.connect(store)) as connection:
                connection.execute("PRAGMA user_version = 999")
        case "parts lost":
            with contextlib.closing(sqlite3.connect(store)) as connection:
                connection.execute("DELETE FROM part WHERE kind = 'rows'")
                connection.commit()
    assert repr(opened(root, cache).view) == expected
    assert repr(opened(root, cache).view) == expected


def test_one_wrong_bit_in_a_kept_part_is_noticed(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    day = dt.date(2026, 3, 31)

    def told() -> str:
        books = opened(root, cache)
        asked = (Query(as_of=day), Query(as_of=day, customers=("acme",)))
        lines = [reports.aging(books, query, basis=None, buckets=None) for query in asked]
        return repr([lines, books.heads(), books.segments(), books.facts, books.view])

    expected = told()
    (store,) = cache.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        parts = connection.execute("SELECT kind, key, bytes FROM part").fetchall()
    kinds = {kind for kind, _, _ in parts}
    assert kinds >= {"records", "rows", "list", "summary", "state"}, kinds
    for kind, key, content in parts:
        at = len(content) // 2
        spoilt = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        with contextlib.closing(sqlite3.connect(store)) as connection, connection:
            update = "UPDATE part SET bytes = ? WHERE kind = ? AND key = ?"
            assert connection.execute(update, (spoilt, kind, key)).rowcount == 1
        assert told() == expected, (kind, key)


def test_a_store_that_others_may_write_is_not_read(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    assert [tier(root, cache) for _ in range(2)] == ["proof", "store"]
    (store,) = cache.glob("*.sqlite3")
    assert store.stat().st_mode & 0o077 == 0
    assert cache.stat().st_mode & 0o077 == 0
    store.chmod(0o666)
    assert tier(root, cache) == "proof"


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    root = write_books(tmp_path / "books")
    (tmp_path / "file").write_text("")
    blocked = tmp_path / "file" / "cache"
    assert [tier(root, blocked) for _ in range(2)] == ["proof", "proof"]
    books = opened(root, blocked)
    assert len(books.view.receivables) == 3
    assert [str(refusal.file) for refusal in books.refusals][-1:] == [str(blocked)]


def test_a_full_cache_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"

    def full(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError

    monkeypatch.setattr(sqlite3, "connect", full)
    assert [tier(root, cache) for _ in range(2)] == ["proof", "proof"]


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledgercli.books import customers

    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    read = customers.read_customers

    def read_slowly(*given: Any, **named: Any) -> object:  # noqa: ANN401
        result = read(*given, **named)
        (root / "customers/Acme.yaml").write_text("name: Later\n")
        return result

    monkeypatch.setattr(customers, "read_customers", read_slowly)
    assert [row.name for row in opened(root, cache).customers] == ["Acme Ltd"]
    monkeypatch.undo()
    books = opened(root, cache)
    assert (books.tier, [row.name for row in books.customers]) == ("proof", ["Later"])


@pytest.mark.parametrize("name", ["customers/Acme.yaml", "customers/B.yaml", "part2.beancount"])
def test_files_that_come_or_go_while_others_are_read_are_not_missed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    (root / "main.beancount").write_text(LEDGER.replace("part.beancount", "part*.beancount"))
    path, prove = root / name, again.prove_again

    def slowly(*given: Any) -> object:  # noqa: ANN401
        result = prove(*given)
        if path.exists():
            path.unlink()
        else:
            path.write_text(EDITS["bill"].format(1, 8) if "part" in name else "name: B\n")
        return result

    assert [tier(root, cache) for _ in range(2)] == ["proof", "store"]
    (root / "part.beancount").write_text(PART + EDITS["bill"].format(2, 9))
    monkeypatch.setattr(reading, "prove_again", slowly)
    opened(root, cache)
    monkeypatch.undo()
    books, anew = opened(root, cache), opened(root, None)
    assert repr(books.view) == repr(anew.view)
    assert books.customers == anew.customers


def test_a_program_that_another_one_overtook_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    (root / "main.beancount").write_text(LEDGER.replace("part.beancount", "part*.beancount"))
    (root / "part2.beancount").write_text("; nothing\n")
    assert [tier(root, cache) for _ in range(2)] == ["proof", "store"]
    write = database.Store.write
    overtaken: list[bool] = []

    def overtake(self: database.Store, *parts: Any, **more: Any) -> bool:  # noqa: ANN401
        if not overtaken:
            overtaken.append(True)
            (root / "part2.beancount").write_text(EDITS["bill"].format(1, 8))
            assert tier(root, cache) == "proof"
        return write(self, *parts, **more)

    monkeypatch.setattr(database.Store, "write", overtake)
    (root / "part.beancount").write_text(PART + EDITS["bill"].format(2, 9))
    assert len(opened(root, cache).view.receivables) == 4
    assert overtaken
    # What the other one kept is of both edits.
    books = opened(root, cache)
    assert (books.tier, len(books.view.receivables)) == ("store", 5)


EDITS = {
    "pay": '2026-05-0{} * "Acme" "Paid" ^INV-2\n  Assets:Bank  35 EUR\n  Assets:Receivable:Acme\n',
    "unnamed": '2026-05-0{} * "Acme" "Paid"\n  Assets:Bank  20 EUR\n  Assets:Receivable:Acme\n',
    "bill": '2026-06-0{} * "Acme" "Work" ^INV-{}\n  Assets:Receivable:Acme  9 EUR\n  Income:Sales\n',
    "wrong": "2026-06-01 open Assets:Bank\n",
    "comment": "; nothing\n",
    "customer": "name: Acme {}\n",
    "accepted": """\
2026-04-0{0} * "Acme" "Machine" ^INV-A{1}
  terms: "net 3 from acceptance"
  accepted: 2026-05-0{1}
  Assets:Receivable:Acme  8 EUR
  Assets:Receivable:Acme  2 EUR
    retention: 2026-05-0{0}
  Income:Sales
""",
    "waiting": """\
2026-04-0{0} * "Acme" "Machine" ^INV-W
  terms: "50% net 0 from tax-invoice, 50% net 1 from delivery"
  Assets:Receivable:Acme  6 EUR
    tax-invoiced: 2026-05-0{1}
  Income:Sales
""",
    "happened": '{{"v": 1, "id": "x{0}{1}", "at": "2026-05-0{0}T08:00:00Z", "date": "2026-05-0{0}",'
    ' "by": "", "kind": "occurrence", "customer": "Acme", "event": "delivery",'
    ' "document": {{"number": "INV-W", "currency": "EUR"}}}}\n',
}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(sorted(EDITS)), st.integers(1, 9), st.integers(1, 9)),
        min_size=1,
        max_size=5,
    )
)
def test_any_sequence_of_edits_gives_what_a_cold_run_gives(
    edits: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    root, cache = write_books(folder / "books"), folder / "cache"
    for name, first, second in edits:
        text = EDITS[name].format(first, second)
        if name == "customer":
            (root / "customers/Acme.yaml").write_text(text)
        elif name == "happened":
            (root / "activity").mkdir(exist_ok=True)
            with (root / "activity/2026-05.jsonl").open("a") as file:
                file.write(text)
        else:
            with (root / "part.beancount").open("a") as file:
                file.write(text)
        for as_of in (dt.date(2026, 11, 21), dt.date(2026, 5, first)):
            cold = opened(root, None, proof=False)
            for _ in range(2):
                kept = opened(root, cache)
                assert repr(kept.summary(as_of)) == repr(cold.summary(as_of))
                assert repr(kept.facts.findings) == repr(cold.facts.findings)
        assert kept.tier == "store"


SPELLINGS = (
    "accepted: 2026-05-01",
    'accepted: "2026-05-01"',
    'accepted: "2026/05/01"',
    "delivered: TRUE",
    'tax-invoiced: "soon"',
    "retention: 2026-05-01",
    'retention: "2026-05-01"',
    'retention: " acceptance + 12 months "',
    "retention: 12",
    'retention: ""',
)


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("indent", ["  ", "    "])
def test_events_and_retention_are_read_alike(spelled: str, indent: str, tmp_path: Path) -> None:
    root = write_books(tmp_path / "books")
    entry = '2026-05-01 * "Acme" "Work" ^INV-3\n'
    line, own = "  Assets:Receivable:Acme  9 EUR\n", f"{indent}{spelled}\n"
    body = own + line if indent == "  " else line + own
    with (root / "part.beancount").open("a") as file:
        file.write(entry + body + "  Income:Sales\n")
    quick, slow = opened(root, None), opened(root, None, proof=False)
    assert repr(quick.view) == repr(slow.view)
    assert repr(quick.facts.findings) == repr(slow.facts.findings)
    wrong = spelled in {"delivered: TRUE", 'tax-invoiced: "soon"', "retention: 12"}
    assert len(slow.facts.findings) == wrong


def test_a_sum_that_is_kept_ends_where_something_happens(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    with (root / "part.beancount").open("a") as file:
        file.write(EDITS["accepted"].format(1, 8))
    key, told = ("Acme", "EUR"), []
    for day in (7, 8, 7):
        for _ in range(2):
            lines = opened(root, cache).summary(dt.date(2026, 5, day)).open_lines[key]
            told.append(UNKNOWN_DUE in {line[0] for line in lines})
    assert told == [True, True, False, False, True, True]


def test_what_the_log_tells_later_is_not_answered_from_the_store(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    with (root / "part.beancount").open("a") as file:
        file.write(EDITS["waiting"].format(1, 2))
    as_of, key = dt.date(2026, 5, 20), ("Acme", "EUR")
    unknown = opened(root, cache).summary(as_of).open_lines[key]
    assert [line[0] == UNKNOWN_DUE for line in unknown] == [False, False, True]
    (root / "activity").mkdir()
    (root / "activity/2026-05.jsonl").write_text(EDITS["happened"].format(3, 1))
    for _ in range(2):
        books = opened(root, cache)
        assert books.tier == "store"
        assert UNKNOWN_DUE not in {line[0] for line in books.summary(as_of).open_lines[key]}
    assert UNKNOWN_DUE in {line[0] for line in books.summary(dt.date(2026, 5, 2)).open_lines[key]}


_CHILD = """
import sys, time, datetime as dt
from pathlib import Path
from ledgercli.desk.opening import open_books
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Request
root, cache = map(Path, sys.argv[1:])
print("ready", flush=True)
for number in range(1000):
    (root / "customers/Acme.yaml").write_text(f"name: Acme {number}\\n")
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    time.sleep(0.01)
    open_books(Request(start=root, now=now, books=root, cache=cache)).summary(now.date())
"""


@pytest.mark.parametrize("after_milliseconds", [0, 7, 19, 31, 46, 58, 73, 97])
def test_killed_at_any_moment_the_store_does_no_harm(
    after_milliseconds: int, tmp_path: Path
) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    command = [sys.executable, "-c", _CHILD, str(root), str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(after_milliseconds / 1000)
        child.send_signal(signal.SIGKILL)
    (root / "customers/Acme.yaml").write_text("name: Acme at last\n")
    for _ in range(2):
        books = opened(root, cache)
        assert [row.name for row in books.customers] == ["Acme at last"]
        assert len(books.view.receivables) == 3
    assert books.tier == "store"


def test_two_programs_at_once_are_safe(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    code = _CHILD.replace("range(1000)", "range(12)").replace(
        '(root / "customers/Acme.yaml")', "(root / f\"customers/{__import__('os').getpid()}.yaml\")"
    )
    command = [sys.executable, "-c", code, str(root), str(cache)]
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    assert [child.communicate()[1] for child in children] == [b"", b""]
    cold = opened(root, None, proof=False)
    for _ in range(2):
        kept = opened(root, cache)
        assert repr(kept.view) == repr(cold.view)
        assert kept.customers == cold.customers


#: What a warm report needs nothing of.
HEAVY = (
    *("beancount", "yaml", "pydantic", "jinja2", "babel", "rich", "multiprocessing", "typst"),
    *(f"ledgercli.model.{name}" for name in ("settings", "order", "event", "position")),
    *(f"ledgercli.books.{name}" for name in ("source", "validation", "settings", "customers")),
    *("ledgercli.desk.reading", "ledgercli.desk.joining", "ledgercli.receivables.identity"),
)


def test_a_warm_report_of_sums_opens_no_record(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    cold = opened(root, cache)
    day = dt.date(2026, 11, 21)
    expected = reports.aging(cold, Query(as_of=day), basis=None, buckets=None)
    kept = opened(root, cache)
    kept.customers_source = lambda: pytest.fail("records were opened")
    assert reports.aging(kept, Query(as_of=day), basis=None, buckets=None) == expected
    assert repr(opened(root, cache).summary(day)) == repr(cold.summary(day))


def test_damaged_records_are_read_anew(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    expected = opened(root, cache).customers
    (store,) = cache.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        asked = "SELECT bytes FROM part WHERE kind = 'records' AND key = ''"
        (content,) = connection.execute(asked).fetchone()
        # A name with another letter in it is still a record, but not the one that was read.
        damaged = content.replace(b"Acme Ltd", b"Acme Lte")
        assert damaged != content
        update = "UPDATE part SET bytes = ? WHERE kind = 'records' AND key = ''"
        connection.execute(update, (damaged,))
        connection.commit()
    assert opened(root, cache).customers == expected
    assert tier(root, cache) == "store"


def test_what_was_written_is_not_left_in_a_long_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    opened(root, cache)

    def written() -> int:
        (root / "customers" / "new.yaml").write_text(f"name: {time.time_ns()}\n")
        opened(root, cache)
        (log,) = cache.glob("*-wal")
        return log.stat().st_size

    assert written() > 0, "a short one is left for the next writer"
    monkeypatch.setattr(database, "_LOG_BYTES_MAX", 0)
    assert written() == 0
    (file,) = cache.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM part").fetchone()
        assert written() > 0, "somebody is reading"
    assert written() == 0
    assert tier(root, cache) == "store"


def test_a_warm_report_imports_nothing_that_reads(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    code = (
        "import sys; from ledgercli.cli import main; main(sys.argv[1:]);"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LEDGERCLI_CACHE": str(cache)}
    for number in range(3):
        done = subprocess.run(
            [sys.executable, "-c", code, "--books", str(root), "aging"],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        if number:
            assert done.stderr == "\n"
    assert tier(root, cache) == "store"


def test_a_cold_report_on_the_examples_needs_no_parser_of_yaml(tmp_path: Path) -> None:
    code = (
        "import sys; from ledgercli.cli import main;"
        "print([main(['--books', root, 'aging', '--as-of', '2026-11-20']) for root in sys.argv[1:]], file=sys.stderr);"
        "print('yaml' in sys.modules, file=sys.stderr)"
    )
    examples = Path(__file__).parents[2] / "examples"
    roots = [shutil.copytree(root, tmp_path / root.name) for root in sorted(examples.iterdir())]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, roots)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "LEDGERCLI_CACHE": str(tmp_path / "cache")},
    )
    assert done.stderr == "[0, 0]\nFalse\n"
