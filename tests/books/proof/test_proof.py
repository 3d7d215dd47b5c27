"""What the proof takes and what it refuses. Docstrings of tests are the ledgers under test."""

from __future__ import annotations

import errno
import inspect
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import fuzz
import pytest

from ledgercli.books.channel import channel_pair
from ledgercli.books.ledger import read_ledger
from ledgercli.books.proof import hands, many, refusal
from ledgercli.books.proof.merge import Proven
from ledgercli.books.proof.one_file import summarize
from ledgercli.books.proof.read import read
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary, RowsLostError, unpacked
from ledgercli.books.proof.view import ledger_of
from ledgercli.model.ledger_rows import LedgerRows
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.refusal import Refusal

SETTINGS = ReceivablesSettings()
OPEN = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
"""


def proof_of(text: str, folder: Path) -> Proven | Refusal:
    """Return the proof of a ledger, after comparing it with what Beancount makes of it."""
    top = folder / "main.beancount"
    top.write_bytes(text.encode("utf-8"))
    wrong, proof = fuzz.difference(top)
    assert wrong == ""
    return proof


Prove = Callable[[], LedgerRows]


@pytest.fixture
def prove(request: pytest.FixtureRequest, tmp_path: Path) -> Prove:
    text = OPEN + inspect.cleandoc(request.function.__doc__ or "") + "\n"

    def rows() -> LedgerRows:
        proof = proof_of(text, tmp_path)
        assert isinstance(proof, Proven)
        return ledger_of(proof)

    return rows


def amounts(ledger: LedgerRows) -> list[tuple[str, str]]:
    return [(posting[1], posting[2]) for row in ledger.rows for posting in row[11]]


@pytest.mark.parametrize(("first", "last"), [("04", "06"), ("05", "07"), ("05", "08")])
@pytest.mark.parametrize("currencies", [("EUR", "EUR", "EUR"), ("EUR", "USD", "EUR")])
def test_the_first_and_the_last_day_of_an_account_count(
    first: str, last: str, currencies: tuple[str, ...], tmp_path: Path
) -> None:
    """An account that is open from the fifth to the seventh, with a posting on the sixth."""
    text = OPEN.replace("2026-01-01 open Assets:R", "2026-02-05 open Assets:R")
    text += "2026-02-07 close Assets:Receivable:Acme\n"
    for day, currency in zip((first, "06", last), currencies, strict=True):
        text += f"""2026-02-{day} * "Goods"
  Assets:Receivable:Acme  1.00 {currency}
  Income:Sales  -1.00 {currency}
"""
    told = proof_of(text, tmp_path)
    assert isinstance(told, Proven) == ((first, last) == ("05", "07"))


def test_a_left_out_amount_is_filled_in_per_currency(prove: Prove) -> None:
    """
    2026-01-02 * "two currencies"
      Income:Sales  -1.00 EUR
      Income:Sales  -2 USD
      Assets:Receivable:Acme
    """
    assert amounts(prove()) == [("1.00", "EUR"), ("2", "USD")]


def test_a_left_out_amount_is_rounded_to_the_coarsest_decimals(prove: Prove) -> None:
    """
    2026-01-02 * "one of three decimals"
      Income:Sales  -1.00 EUR
      Income:Sales  -1.006 EUR
      Assets:Receivable:Acme
    """
    assert amounts(prove()) == [("2.01", "EUR")]


def test_a_price_converts(prove: Prove) -> None:
    """
    2026-01-02 * "in dollars"
      Assets:Bank  3 USD @ 0.9 EUR
      Assets:Receivable:Acme  -2.7 EUR
    """
    assert amounts(prove()) == [("-2.7", "EUR")]


def test_metadata_of_postings_and_transactions_is_kept_apart(prove: Prove) -> None:
    """
    2026-01-02 * "Acme" "Invoice" ^INV-1 #a
      due: 2026-02-01
      other: 7
      Assets:Receivable:Acme  1.00 EUR
        customer: " C001 "
      Income:Sales  -1.00 EUR
        customer: "not asked"
    """
    (row,) = prove().rows
    assert row[6] == {"due": "2026-02-01"}
    assert row[11][0][3] == {"customer": "C001"}
    assert row[4:6] == (("INV-1",), ("a",))


def test_a_plugin_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    text = 'include "missing.beancount"\nplugin "beancount.plugins.auto_accounts"\n"open'
    refused = proof_of(text, tmp_path)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.values["plugin"]) == (
        refusal.PLUGIN,
        "beancount.plugins.auto_accounts",
    )


def test_texts_and_line_ends_of_other_systems(tmp_path: Path) -> None:
    text = OPEN + '2026-01-02 * "Größe \\"x\\"" "zwei\nZeilen"\n  Assets:Bank  0 EUR\n'
    assert isinstance(proof_of(text, tmp_path), Proven)
    assert isinstance(proof_of(OPEN.replace("\n", "\r\n"), tmp_path), Proven)
    assert isinstance(proof_of(OPEN.rstrip("\n"), tmp_path), Proven)
    assert isinstance(proof_of("", tmp_path), Proven)


ENTRY = '2026-02-01 * "x"\n  Assets:Bank  {} EUR\n  Assets:Receivable:Acme  -{} EUR\n'
SAME = ENTRY.format("1.00", "1.00")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ENTRY.format("1.00", "1.006"), refusal.UNBALANCED),
        ("2026-01-01 open Assets:übrig\n", refusal.SYNTAX),
        ("2026-01-01 open Assets:应收账款\n", refusal.SYNTAX),
        ("2026-01-01 open Aktiva:Bank\n", refusal.SYNTAX),
        ('2026-02-01 * "x"\n  Assets:Bank\n  Assets:Receivable:Acme\n', refusal.TWO_MISSING),
        ('2026-02-01 * "x"\n  Assets:Bank  1 A {1 EUR}\n', refusal.COST),
        ('2026-02-01 * "x"\n  Assets:Bank  1\n  Income:Sales  -1 EUR\n', refusal.INCOMPLETE),
        (ENTRY.format("1.0000000001", "1.0000000001"), refusal.LONG_NUMBER),
        (SAME + "    customer: 7\n", refusal.BAD_METADATA),
        (SAME + '    due: "soon"\n', refusal.BAD_METADATA),
        (SAME + '    note: "a"\n    note: "b"\n', refusal.REPEATED_METADATA),
        ('2026-02-01 * "x" ^INV#1\n  Assets:Bank  0 EUR\n', refusal.SPLIT_NUMBER),
        ("nonsense\n", refusal.SYNTAX),
        ("2026-02-30 commodity EUR\n", refusal.SYNTAX),
        ('2026-02-01 custom "x"\n', refusal.SYNTAX),
        ('option "plugin_processing_mode" "raw"\n', refusal.OPTION),
        ('option "documents" "here"\n', refusal.OPTION),
        ('plugin "beancount.plugins.auto_accounts"\n', refusal.PLUGIN),
        ('include "nothing-*.beancount"\n', refusal.INCLUDE_MISSING),
        ('include "main.beancount"\n', refusal.INCLUDE_TWICE),
        ("2026-02-01 open Assets:Bank\n", refusal.OPENED_TWICE),
        ('2026-02-01 note Assets:Other "x"\n', refusal.NOT_OPEN),
        (SAME.replace("2026-02-01", "2025-12-31"), refusal.NOT_OPEN),
        (SAME + "2026-01-31 close Assets:Bank\n", refusal.NOT_OPEN),
        ("2025-12-31 close Assets:Bank\n", refusal.CLOSED_WRONGLY),
        (
            "2026-03-01 open Assets:New USD\n" + '2026-03-02 * "x"\n  Assets:New  0 EUR\n',
            refusal.WRONG_CURRENCY,
        ),
        (SAME + "2026-02-02 balance Assets:Bank  1.02 EUR\n", refusal.BALANCE_FAILS),
        (SAME + "2026-02-01 balance Assets:Bank  1.00 EUR\n", refusal.BALANCE_FAILS),
        (
            "2026-02-02 balance Assets:Bank  0 EUR\n2026-02-02 balance Assets:Bank  0.001 EUR\n",
            refusal.BALANCE_TWICE,
        ),
        ("2026-02-01 commodity EUR\n2026-02-02 commodity EUR\n", refusal.COMMODITY_TWICE),
        ('2026-02-01 document Assets:Bank "none.pdf"\n', refusal.NO_DOCUMENT),
        ("2026-02-01 pad Assets:Bank Income:Sales\n", refusal.PAD),
    ],
)
def test_what_is_refused_and_why(text: str, reason: str, tmp_path: Path) -> None:
    proof = proof_of(OPEN + text, tmp_path)
    assert isinstance(proof, Refusal)
    assert proof.reason == reason
    proof.reason.format_map(proof.values)


@pytest.mark.parametrize(
    "text",
    [
        ENTRY.format("1.00", "1.005"),
        SAME + '2026-02-01 close Assets:Bank\n2026-02-03 note Assets:Bank "late"\n',
        SAME + "2026-02-02 balance Assets:Bank  1.01 EUR\n",
        SAME + "2026-02-02 balance Assets:Bank  2 ~ 1 EUR\n",
        "2026-02-02 balance Assets:Bank  0 EUR\n2026-02-02 balance Assets:Bank  0.00 EUR\n",
        '2026-02-01 document Assets:Bank "main.beancount"\n',
        'plugin "ledgercli.plugin"\n',
        'pushtag #a\n2026-02-01 * "x"\n  Assets:Receivable:Acme  0 EUR\npoptag #a\n',
        'option "inferred_tolerance_default" "EUR:0.1"\n' + ENTRY.format("1.00", "1.05"),
        ENTRY.format("1.00", "001.00"),
        SAME.replace("*", "P"),
        SAME.replace("*", "P") + '    customer: "C001"\n',
        'pushmeta invoice: "X"\n' + SAME + "popmeta invoice:\n",
    ],
)
def test_what_is_just_right_is_proven(text: str, tmp_path: Path) -> None:
    assert isinstance(proof_of(OPEN + text, tmp_path), Proven)


@pytest.mark.parametrize(
    "line",
    [
        '2026-02-01 custom "x" ' + "5 EUR " * 60 + "!",
        "2026-02-01 open Assets:Other " + "EUR," * 60 + "!",
        '2026-02-01 * "x" ' + "#a " * 60 + "!",
        "  Assets:Bank " * 60,
        "2026-02-01 balance Assets:Bank " + "1,000" * 60,
    ],
)
def test_long_lines_take_no_longer_than_their_length(line: str, tmp_path: Path) -> None:
    assert isinstance(proof_of(OPEN + line + "\n", tmp_path), Refusal)


@pytest.mark.parametrize("lines", [2, 3, 4])
@pytest.mark.parametrize("odd", ["1.01 EUR", "1.00 USD", "-1.00 EUR"])
def test_a_transaction_with_one_odd_line_does_not_balance(
    lines: int, odd: str, tmp_path: Path
) -> None:
    legs = [*["1.00 EUR"] * (lines - 1), f"-{lines - 1}.00 EUR"]
    accounts = ["Assets:Bank", "Assets:Receivable:Acme", "Income:Sales", "Assets:Bank"]

    def proof_with(amounts: list[str]) -> object:
        pairs = zip(accounts, amounts, strict=False)
        body = "".join(f"  {account}  {amount}\n" for account, amount in pairs)
        return proof_of(f'{OPEN}2026-02-01 * "x"\n{body}', tmp_path)

    assert isinstance(proof_with(legs), Proven)
    for place in range(lines - 1):
        found = proof_with([*legs[:place], odd, *legs[place + 1 :]])
        assert isinstance(found, Refusal)
        assert found.reason == refusal.UNBALANCED


def test_a_missing_top_file_is_refused(tmp_path: Path) -> None:
    proof = read(tmp_path / "none.beancount", tmp_path, SETTINGS)
    assert isinstance(proof, Refusal)
    assert proof.reason == refusal.UNREADABLE


def test_a_summary_survives_as_bytes(tmp_path: Path) -> None:
    top = fuzz.write(fuzz.ordinary()[0], tmp_path)
    summary = summarize(str(top), "main.beancount", Rules())
    assert isinstance(summary, FileSummary)
    again = unpacked(summary.packed(), summary.packed_rows)
    assert again is not None
    assert (again.digest, again.facts, again.rows()) == (
        summary.digest,
        summary.facts,
        summary.rows(),
    )
    assert unpacked(b"damaged", bytes) is None
    assert unpacked(summary.packed()[:-9], bytes) is None
    lost = unpacked(summary.packed(), bytes)
    assert lost is not None
    with pytest.raises(RowsLostError):
        lost.rows()


def test_known_summaries_are_used_as_long_as_the_rules_hold(tmp_path: Path) -> None:
    top = fuzz.write(fuzz.ordinary()[1], tmp_path)
    proof = read(top, tmp_path, SETTINGS)
    assert isinstance(proof, Proven)
    known = {part.file: part.summary for part in proof.parts}
    again = read(top, tmp_path, SETTINGS, known)
    assert isinstance(again, Proven)
    assert all(part.summary is known[part.file] for part in again.parts)
    others = ReceivablesSettings(accounts=("Assets:Bank",))
    other = read(top, tmp_path, others, known)
    assert isinstance(other, Proven)
    assert ledger_of(other) == read_ledger(top, tmp_path, others)


def test_children_find_what_one_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{number}.beancount": fuzz.ordinary()[0]["main.beancount"] for number in range(5)}
    named = [(str(fuzz.write({name: text}, tmp_path)), name) for name, text in files.items()]
    alone = many.summarize_all(named, Rules())
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 1000)
    monkeypatch.setattr(many, "_cores", lambda: 3)
    together = many.summarize_all(named, Rules())
    assert isinstance(alone, dict)
    assert isinstance(together, dict)
    assert together.keys() == alone.keys()
    for name, summary in alone.items():
        assert together[name].facts == summary.facts
        assert together[name].rows() == summary.rows()
    (tmp_path / "3.beancount").write_text("nonsense\n", encoding="utf-8")
    refused = many.summarize_all(named, Rules())
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.file) == (refusal.SYNTAX, str(tmp_path / "3.beancount"))


def test_of_several_files_that_are_refused_one_process_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"a": OPEN, "b": "nonsense\n", "c": OPEN + "more nonsense\n", "d": OPEN}
    named = [(str(fuzz.write({name: text}, tmp_path)), name) for name, text in texts.items()]
    alone = many.summarize_all(named, Rules())
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 10)
    monkeypatch.setattr(many, "_cores", lambda: 3)
    assert isinstance(alone, Refusal)
    assert alone.file == str(tmp_path / "c")
    assert many.summarize_all(named, Rules()) == alone


@pytest.mark.skipif(sys.platform == "win32", reason="there are no children")
def test_children_are_heard_however_many_files_are_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl
    import resource

    named = [(str(fuzz.write({name: OPEN}, tmp_path)), name) for name in "abcdef"]
    alone = many.summarize_all(named, Rules())
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 10)
    monkeypatch.setattr(many, "_cores", lambda: 3)

    def high_pair() -> tuple[tuple[int, int], tuple[int, int]]:
        def moved(low: int) -> int:
            high = fcntl.fcntl(low, fcntl.F_DUPFD, 1500)
            os.close(low)
            return high

        (ours, ours_out), (theirs, theirs_out) = channel_pair()
        return (moved(ours), moved(ours_out)), (moved(theirs), moved(theirs_out))

    monkeypatch.setattr(many, "channel_pair", high_pair)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
    try:
        with many.Crew() as crew:
            together = crew.summarize_all(named, Rules())
            assert [hand.has_read for hand in crew.hands] == [True] * 3
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert isinstance(alone, dict)
    assert isinstance(together, dict)
    assert together.keys() == alone.keys()


def test_the_work_of_a_child_that_died_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [(str(fuzz.write({name: OPEN}, tmp_path)), name) for name in ("a", "b")]
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 10)
    monkeypatch.setattr(many, "_cores", lambda: 2)
    parent = os.getpid()
    monkeypatch.setattr(
        FileSummary, "packed", lambda _: os._exit(9) if os.getpid() != parent else b""
    )
    found = many.summarize_all(named, Rules())
    assert isinstance(found, dict)
    assert len(found) == 2


def test_what_a_child_has_said_before_it_died_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [(str(fuzz.write({name: OPEN}, tmp_path)), name) for name in "abcdef"]
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 10)
    monkeypatch.setattr(many, "_cores", lambda: 2)
    parent = os.getpid()
    read = []

    def dying(name: str, *asked: object) -> object:
        read.append(name)
        if os.getpid() != parent:
            if len(read) == 2:
                os._exit(9)
            # Until the parent listens: it does so as soon as all have been told what to read.
            time.sleep(0.3)
        return summarize(name, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(hands, "summarize", dying)
    found = many.summarize_all(named, Rules())
    assert isinstance(found, dict)
    assert [found[path].rows() for path, _ in named] == [[]] * 6
    # Each child has said one file; what it had taken besides is read here.
    assert len(read) == 4


def no_more(*_asked: object) -> int:
    """Be a system that has no processes, or no files, left."""
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_the_work_of_children_that_cannot_be_had_is_done_here(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [(str(fuzz.write({name: OPEN}, tmp_path)), name) for name in ("a", "b", "c")]
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 10)
    monkeypatch.setattr(many, "_cores", lambda: 3)
    monkeypatch.setattr(os, call, no_more)
    descriptors = Path("/dev/fd")
    before = len(list(descriptors.iterdir()))
    found = many.summarize_all(named, Rules())
    assert isinstance(found, dict)
    assert len(found) == 3
    assert len(list(descriptors.iterdir())) == before


def test_spaces_beyond_ascii_are_letters_of_an_account(tmp_path: Path) -> None:
    every = [chr(code) for code in range(128, 0x3100) if chr(code).isspace()]
    assert len(every) > 15
    for space in every:
        text = (
            "2026-01-01 open Assets:Receivable:A\n2026-01-01 open Income:S\n"
            '2026-01-02 * "A" "work"\n'
            f"  Assets:Receivable:A{space}  5 EUR\n  Income:S  -5 EUR\n"
        )
        top = fuzz.write({"main.beancount": text}, tmp_path)
        assert isinstance(read(top, tmp_path, SETTINGS), Refusal)
        (finding,) = read_ledger(top, tmp_path, SETTINGS).facts.findings
        assert finding.code == "beancount-validation"


def test_metadata_keeps_its_order_whoever_reads_it(tmp_path: Path) -> None:
    text = (
        "2026-01-01 open Assets:Receivable:A\n2026-01-01 open Income:S\n"
        '2026-01-02 * "A" "work"\n  invoice: "1"\n  due: 2026-02-02\n  customer: "A"\n'
        '  reason: "why"\n  Assets:Receivable:A  5 EUR\n  Income:S  -5 EUR\n'
    )
    orders = []
    # An escape is left to Beancount's parser.
    for more in ("", '2026-01-03 event "a" "\\\\"\n'):
        top = fuzz.write({"main.beancount": text + more}, tmp_path)
        proven = read(top, tmp_path, SETTINGS)
        assert isinstance(proven, Proven)
        for ledger in (ledger_of(proven), read_ledger(top, tmp_path, SETTINGS)):
            (posting,) = ledger.view().receivables
            orders.append([key for key in posting.transaction.metadata if key != "reason"])
    assert orders == [["invoice", "due", "customer"]] * 4


def test_plain_ledgers_are_read_without_beancount(tmp_path: Path) -> None:
    top = fuzz.write(fuzz.ordinary()[1], tmp_path)
    program = (
        "import sys; from pathlib import Path\n"
        "from ledgercli.books.proof.read import read\n"
        "from ledgercli.books.proof.view import ledger_of\n"
        "from ledgercli.model.settings import ReceivablesSettings\n"
        f"ledger_of(read(Path({str(top)!r}), Path({str(tmp_path)!r}), ReceivablesSettings()))\n"
        "heavy = {'beancount', 'yaml', 'pydantic', 'jinja2', 'multiprocessing'}\n"
        "print(heavy & set(sys.modules))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout == "set()\n"
