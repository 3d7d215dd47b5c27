"""Archives of personal data, and customers that are forgotten: words go, figures stay."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from stories import NOW, write_story

from ledgercli.books import file_changes
from ledgercli.books.activity import append_events, read_events
from ledgercli.books.personal_files import README_LANGUAGES, readme
from ledgercli.books.plan_file import plan_text
from ledgercli.desk.checking import all_findings
from ledgercli.desk.customers import personal_data, privacy
from ledgercli.desk.customers.privacy import Forgetting, forget
from ledgercli.desk.customers.privacy_errors import (
    FiguresWouldChangeError,
    LedgerNeedsIdError,
    RetentionRunningError,
    StillOpenError,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders.planning import plan_of
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.model.event import Event
from ledgercli.model.letter_plan import LetterPlan, PlannedLetter

LEDGER = """
2024-01-10 * "Zenobia Quill" "Chairs for Zenobia Quill"
  invoice: "INV-1"
  customer: "ZQ Atelier"
  Assets:Receivable   100.00 EUR
  Income:Sales
2024-02-10 * "Zenobia Quill" "Paid ^"
  invoice: "INV-1"
  Assets:Receivable  -100.00 EUR
  Assets:Bank
2024-01-10 * "Other Ltd" "Tables"
  customer: "C2"
  invoice: "INV-2"
  Assets:Receivable   300.00 EUR
  Income:Sales
"""
CUSTOMER = """\
# Zenobia Quill, met at the fair
id: C1
name: Zenobia Quill
kind: person
tags: [fair]
aliases: [ZQ Atelier]
ids: {vat: DE136695976}
contacts:
  - {name: Ottilie Vane, role: billing, email: ottilie@vane.example, phone: "+49 30 1234567"}
addresses:
  billing: {lines: ["Quince Lane 9"], postcode: "10115", city: Berlin, country: DE}
bank:
  - iban: DE89370400440532013000
terms: net 30
notes: likes walnut veneer
fields: {hobby: lepidoptery}
"""
OTHER = "{id: C2, name: Other Ltd}"
WORDS = "Zenobia asked for the walnut desk"
SECRETS = (
    "Zenobia",
    "ZQ Atelier",
    "DE136695976",
    "Ottilie",
    "vane.example",
    "1234567",
    "Quince",
    "DE8937",
    "walnut",
    "lepidoptery",
)


def event(kind: str, customer: str, day: str, **details: object) -> Event:
    """Return an entry of the log, written at noon of its day."""
    return Event("", f"{day}T12:00:00Z", dt.date.fromisoformat(day), "me", kind, customer,
                 details=details)  # fmt: skip


def make(root: Path, *, record: str = CUSTOMER, settings: str = "", ledger: str = LEDGER) -> None:
    """Write books of two customers, with everything that is kept about the first."""
    files = {
        "customers/C1-zenobia.yaml": record,
        "customers/C2.yaml": OTHER,
        "orders/O-1.yaml": "id: O-1\ncustomer: C1\ndate: 2024-01-09\nstatus: closed\n"
        'lines: [{price: 100 EUR}]\nnotes: "for Zenobia Quill"\n',
        ".ledgercli/imports/csv.jsonl": '{"v":1,"customer":"C1","source":{"id":"C1"},'
        '"values":{"name":"Zenobia Quill"}}\n'
        '{"v":1,"customer":"C2","source":{"id":"C2"},"values":{"name":"Other Ltd"}}\n',
    }
    base = "receivables: {terms: net 30}\n"
    write_story(root, ledger, customers="", settings=base + settings, files=files)
    letters = (
        PlannedLetter("C1-EUR-1", "C1", "EUR", to="ottilie@vane.example", note="walnut",
                      subject="Zenobia Quill: INV-1", files=("C1-EUR-1.en.txt",)),
        PlannedLetter("C2-EUR-1", "C2", "EUR", to="post@other.example",
                      files=("C2-EUR-1.en.txt",)),
    )  # fmt: skip
    folder = root / "letters" / "2024-02-20"
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text(plan_text(LetterPlan(dt.date(2024, 2, 20), letters=letters)))
    (folder / "C1-EUR-1.en.txt").write_text("Dear Zenobia Quill\n")
    (folder / "C2-EUR-1.en.txt").write_text("Dear Sirs\n")
    call = append_events(root, [event("call", "C1", "2024-02-01", text=WORDS)])[0]
    append_events(
        root,
        [
            event("retract", "C1", "2024-02-02", retracts=call.id, text="Zenobia did not call"),
            event("note", "ZQ Atelier", "2024-02-03", text="walnut it is, says Ottilie"),
            event("promise", "C1", "2024-02-04", until="2024-02-10", amount="100.00"),
            event("note", "C2", "2024-02-05", text="nothing about anybody else"),
        ],
    )


def opened(root: Path) -> OpenBooks:
    """Return the books as they are now, with activity and orders."""
    return open_books(request(root), with_events=True, with_orders=True)


def request(root: Path) -> Request:
    """Return what the shell would ask."""
    state = {"LEDGERCLI_STATE_DIR": str(root.parent / "state")}
    return Request(start=root, now=NOW, books=root, environment=state)


def done(root: Path, **more: object) -> Answer:
    """Forget C1 and return the answer."""
    asked = replace(Forgetting("C1", write=True, write_ledger=True), **more)  # type: ignore[arg-type]
    return forget(opened(root), request(root), asked)


def texts(root: Path, *, but: str = ".beancount") -> Iterator[tuple[str, str]]:
    """Yield path and text of all files of the work tree outside the ledger."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != but and ".git" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def contents(root: Path) -> dict[str, bytes]:
    """Return all files but the locks."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "lock" not in path.name
    }


# --- the archive -------------------------------------------------------------------------------


def archive(root: Path, target: Path) -> dict[str, str]:
    """Return the archive of C1 by file, answers left out."""
    data = personal_data.personal_data(opened(root), Query(customers=("C1",)), {})
    assert set(data.answers) >= {"ledger/documents", "ledger/settlements", "ledger/allocations"}
    personal_data.save(target, data.files)
    with zipfile.ZipFile(target) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_an_archive_holds_what_is_held_on_one_person_and_nobody_else(tmp_path: Path) -> None:
    make(tmp_path / "books")
    found = archive(tmp_path / "books", tmp_path / "a.zip")
    assert sorted(found) == [
        "README.txt",
        "activity/activity.jsonl",
        "imports/csv.jsonl",
        "letters/2024-02-20/C1-EUR-1.en.txt",
        "orders/O-1.yaml",
        "record/customer.json",
        "record/customer.yaml",
    ]
    assert found["record/customer.yaml"] == CUSTOMER
    assert json.loads(found["record/customer.json"])["contacts"][0]["name"] == "Ottilie Vane"
    assert found["activity/activity.jsonl"].count("\n") == 4
    assert WORDS in found["activity/activity.jsonl"]
    everything = "".join(found.values())
    assert "Other" not in everything
    assert "nothing about anybody else" not in everything


def test_the_same_books_give_the_same_bytes_for_their_owner_alone(tmp_path: Path) -> None:
    make(tmp_path / "books")
    archive(tmp_path / "books", tmp_path / "a.zip")
    archive(tmp_path / "books", tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600


def test_of_a_list_of_records_only_ones_own_is_in_the_archive(tmp_path: Path) -> None:
    root = tmp_path / "books"
    write_story(
        root, LEDGER, f"- {{id: C1, name: Zenobia Quill, aliases: [ZQ Atelier]}}\n- {OTHER}\n"
    )
    found = archive(root, tmp_path / "a.zip")
    assert "Zenobia" in found["record/customer.yaml"]
    assert "Other" not in "".join(found.values())


@pytest.mark.parametrize("language", README_LANGUAGES)
def test_every_language_explains_every_part(language: str) -> None:
    text = readme(language)
    for part in ("record/", "activity/", "letters/", "orders/", "ledger/", "imports/", "history/"):
        assert part in text
    assert all(f"{{{name}}}" in text for name in ("name", "id", "company", "date"))
    assert (text == readme("en")) == (language == "en")


def test_other_languages_are_explained_in_english_and_regions_do_not_matter() -> None:
    assert readme("nl") == readme("en") == readme("")
    assert readme("de-AT") == readme("de")


# --- forgetting --------------------------------------------------------------------------------


def test_without_write_nothing_is_written(tmp_path: Path) -> None:
    make(tmp_path)
    before = contents(tmp_path)
    answer = forget(opened(tmp_path), request(tmp_path), Forgetting("C1"))
    assert contents(tmp_path) == before
    assert answer.facts["written"] is False
    assert [row["file"] for row in answer.table("files").rows] == [
        "customers/C1-zenobia.yaml",
        "orders/O-1.yaml",
        ".ledgercli/imports/csv.jsonl",
        "letters/2024-02-20/plan.yaml",
        "letters/2024-02-20/C1-EUR-1.en.txt",
        "activity/2024-02.jsonl",
        "activity/2026-11.jsonl",
    ]


def test_words_go_figures_and_other_people_stay(tmp_path: Path) -> None:
    make(tmp_path)
    before = privacy.figures(opened(tmp_path))
    answer = done(tmp_path)
    assert answer.facts["written"] is True
    assert list(answer.table("left").rows) == []
    for name, text in texts(tmp_path, but="none"):
        assert [secret for secret in SECRETS if secret in text] == [], name
    books = opened(tmp_path)
    assert privacy.figures(books) == before
    assert [row.code for row in all_findings(books, dt.date.max) if row.severity != "info"] == []
    assert "post@other.example" in (tmp_path / "letters/2024-02-20/plan.yaml").read_text()
    assert (tmp_path / "letters/2024-02-20/C2-EUR-1.en.txt").exists()
    assert not (tmp_path / "letters/2024-02-20/C1-EUR-1.en.txt").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            (
                "- id: C2\n  # the other one\n  name: Other Ltd\n- id: C1\n  # Zenobia\n"
                "  name: Zenobia Quill\n  aliases: [ZQ Atelier]\n  tier: A # best\n"
            ),
            (
                "- id: C2\n  # the other one\n  name: Other Ltd\n- id: C1\n  status: closed\n"
                "  tier: A # best\n  reminders:\n    never: true\n"
            ),
        ),
        (
            (
                "[{id: C2, name: Other Ltd}, # the other one\n"
                " {id: C1, name: Zenobia Quill, aliases: [ZQ Atelier], tier: A}]\n"
            ),
            (
                "[{id: C2, name: Other Ltd}, # the other one\n"
                " {id: C1, tier: A, status: closed, reminders: {never: true}}]\n"
            ),
        ),
    ],
    ids=["list", "brackets"],
)
def test_of_a_list_of_records_one_is_redacted(tmp_path: Path, before: str, after: str) -> None:
    write_story(tmp_path, LEDGER, before)
    done(tmp_path)
    assert (tmp_path / "customers/all.yaml").read_text() == after


def test_what_is_kept_of_record_and_log(tmp_path: Path) -> None:
    make(tmp_path)
    done(tmp_path)
    assert (tmp_path / "customers/C1.yaml").read_text() == (
        "# yaml-language-server: $schema=../.ledgercli/customer.schema.json\n"
        "id: C1\nkind: person\nstatus: closed\ntags: [fair]\nterms: net 30\n"
        "reminders:\n  never: true\n"
    )
    events, findings = read_events(tmp_path)
    assert findings == ()
    own = [each for each in events if each.customer == "C1"]
    assert [each.kind for each in own] == ["call", "retract", "note", "promise", "redaction"]
    call, retract, note, promise, _marker = own
    assert dict(call.details) == dict(note.details) == {"redacted": True}
    assert retract.details["retracts"] == call.id
    assert call.retracted_by == (retract,)
    assert dict(promise.details) == {"until": "2024-02-10", "amount": "100.00"}


def test_the_ledger_names_the_id_where_only_a_name_told_it(tmp_path: Path) -> None:
    make(tmp_path)
    done(tmp_path)
    ledger = (tmp_path / "main.beancount").read_text()
    assert ledger.startswith(
        '2024-01-10 * "C1" "Chairs for C1"\n'
        '  invoice: "INV-1"\n'
        '  customer: "C1"\n'
        "  Assets:Receivable   100.00 EUR\n"
        "  Income:Sales\n"
        '2024-02-10 * "C1" "Paid ^"\n'
        '  invoice: "INV-1"\n'
        "  Assets:Receivable  -100.00 EUR\n"
        '    customer: "C1"\n'
    )


def test_what_the_patch_leaves_of_the_ledger_is_told(tmp_path: Path) -> None:
    more = "; Zenobia Quill pays late\n2024-01-01 open Assets:Receivable:Zenobia-Quill\n"
    make(tmp_path, ledger=LEDGER.strip() + "\n" + more)
    answer = forget(opened(tmp_path), request(tmp_path), Forgetting("C1"))
    left = [(row["file"], row["line"]) for row in answer.table("left").rows]
    line = (tmp_path / "main.beancount").read_text().split("\n").index("; Zenobia Quill pays late")
    assert left == [("main.beancount", line + 2)]  # one line more by the patch


def test_a_ledger_that_needs_the_name_is_not_left_without_it(tmp_path: Path) -> None:
    make(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(LedgerNeedsIdError, match="2 postings"):
        done(tmp_path, write_ledger=False)
    assert contents(tmp_path) == before


def test_forgetting_again_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    done(tmp_path)
    before = contents(tmp_path)
    assert done(tmp_path).facts["written"] is False
    assert contents(tmp_path) == before


def test_words_that_a_merge_brings_back_are_told_and_go_again(tmp_path: Path) -> None:
    make(tmp_path)
    log = tmp_path / "activity/2024-02.jsonl"
    old = log.read_text()
    done(tmp_path)
    redacted = log.read_text()
    log.write_text(redacted + old.splitlines()[0] + "\n")
    codes = [row.code for row in all_findings(opened(tmp_path), dt.date.max)]
    assert "forgotten-text" in codes
    done(tmp_path)
    assert log.read_text() == redacted
    codes = [row.code for row in all_findings(opened(tmp_path), dt.date.max)]
    assert "forgotten-text" not in codes


def test_all_files_are_put_back_where_a_figure_would_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    before = contents(tmp_path)
    figures = iter((1, 2))
    monkeypatch.setattr(privacy, "figures", lambda _books: next(figures))
    with pytest.raises(FiguresWouldChangeError):
        done(tmp_path)
    assert contents(tmp_path) == before


def test_all_files_are_put_back_where_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    before, count = contents(tmp_path), iter(range(99))
    write = file_changes._write  # noqa: SLF001 - the fault is to come in the midst of it

    def failing(path: Path, content: bytes | None) -> None:
        if next(count) == 4:
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(file_changes, "_write", failing)
    with pytest.raises(OSError, match="No space"):
        done(tmp_path)
    assert contents(tmp_path) == before


def test_letters_are_never_planned_for_who_was_forgotten(tmp_path: Path) -> None:
    make(tmp_path, settings="reminders: {default_policy: p, policies: {p: {levels: "
         "[{name: one, after: 5 days, template: reminder}]}}}\n")  # fmt: skip
    done(tmp_path)
    other = tmp_path / "customers" / "C2.yaml"
    address = ", addresses: {home: {lines: [1 Street]}}}"
    other.write_text(other.read_text().rstrip().removesuffix("}") + address)
    with (tmp_path / "main.beancount").open("a") as ledger:
        ledger.write('2024-03-01 * "C1" "New"\n  customer: "C1"\n  invoice: "INV-9"\n'
                     "  Assets:Receivable  50.00 EUR\n  Income:Sales\n")  # fmt: skip
    books = opened(tmp_path)
    plan = plan_of(books, Query(as_of=dt.date(2026, 11, 21)), books.events)
    assert [letter.customer.id for letter in plan.letters] == ["C2"]


# --- refusals at their boundaries --------------------------------------------------------------


def test_a_cent_that_is_open_refuses(tmp_path: Path) -> None:
    make(tmp_path, ledger=LEDGER.replace("-100.00", "-99.99"))
    with pytest.raises(StillOpenError, match="documents are open"):
        done(tmp_path)


def test_an_unallocated_cent_refuses(tmp_path: Path) -> None:
    make(tmp_path, ledger=LEDGER.replace("-100.00", "-100.01"))
    with pytest.raises(StillOpenError, match="unallocated"):
        done(tmp_path)


@pytest.mark.parametrize(("end", "refused"), [("2026-11-20", False), ("2026-11-21", True)])
def test_a_contract_refuses_up_to_its_last_day(tmp_path: Path, end: str, *, refused: bool) -> None:
    make(tmp_path, record=CUSTOMER + f"contracts: [{{id: CT-1, end: {end}}}]\n")
    if refused:
        with pytest.raises(StillOpenError, match="CT-1"):
            done(tmp_path)
    else:
        assert done(tmp_path).facts["written"]


# The last fact is the payment of 2024-02-10; it is 2026-11-21, day 1015 after it.
@pytest.mark.parametrize(("days", "refused"), [(1014, False), (1015, True), (1016, True)])
def test_retention_refuses_up_to_its_last_day(tmp_path: Path, days: int, *, refused: bool) -> None:
    make(tmp_path, settings=f"privacy: {{keep_closed: {days} days}}\ntimezone: UTC\n")
    if not refused:
        assert done(tmp_path).facts["written"]
        return
    with pytest.raises(RetentionRunningError):
        done(tmp_path)
    assert done(tmp_path, reason="asked for by letter").facts["written"]
    marker = [each for each in read_events(tmp_path)[0] if each.kind == "redaction"]
    assert [dict(each.details) for each in marker] == [{"text": "asked for by letter"}]


@pytest.mark.parametrize(("days", "due"), [(1014, True), (1015, False)])
def test_check_tells_the_day_after_retention_ends(tmp_path: Path, days: int, *, due: bool) -> None:
    make(
        tmp_path,
        record=CUSTOMER + "status: closed\n",
        settings=f"privacy: {{keep_closed: {days} days}}\ntimezone: UTC\n",
    )
    codes = [row.code for row in all_findings(opened(tmp_path), dt.date.max)]
    assert ("retention-due" in codes) == due
    if due:
        done(tmp_path)
        codes = [row.code for row in all_findings(opened(tmp_path), dt.date.max)]
        assert "retention-due" not in codes


# The call is of 2024-02-01: 1024 days before today.
@pytest.mark.parametrize(("days", "count"), [(1024, "0"), (1023, "1"), (1022, "2")])
def test_words_of_the_log_are_due_the_day_after(tmp_path: Path, days: int, count: str) -> None:
    make(tmp_path, settings=f"privacy: {{keep_activity: {days} days}}\ntimezone: UTC\n")
    found = [
        row
        for row in all_findings(opened(tmp_path), dt.date.max)
        if row.code == "activity-retention-due"
    ]
    assert [row.values["count"] for row in found] == ([count] if count != "0" else [])
    if found:
        day = dt.date.fromisoformat(found[0].values["date"])
        done(tmp_path, before=day)
        codes = [row.code for row in all_findings(opened(tmp_path), dt.date.max)]
        assert "activity-retention-due" not in codes
        assert "Zenobia Quill" in (tmp_path / "customers/C1-zenobia.yaml").read_text()


def test_only_a_forgotten_customers_mails_lose_where_they_came_from(tmp_path: Path) -> None:
    make(tmp_path)
    mail = event("mail", "C1", "2024-02-06", text="walnut?", source="<7@vane.example>")
    row = event("note", "C1", "2024-02-07", text="walnut!", source="row:7")
    append_events(tmp_path, [mail, row])

    def sources() -> list[object]:
        days = (dt.date(2024, 2, 6), dt.date(2024, 2, 7))
        return [
            each.details.get("source") for each in read_events(tmp_path)[0] if each.date in days
        ]

    done(tmp_path, before=dt.date(2024, 2, 8))
    assert sources() == ["<7@vane.example>", "row:7"]
    done(tmp_path)
    assert sources() == [None, "row:7"]


# --- git ---------------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> None:
    """Run git as somebody."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def test_what_git_holds_is_told_with_the_texts_to_replace(tmp_path: Path) -> None:
    root = tmp_path / "books"
    make(root)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Books")
    answer = done(root, texts=tmp_path / "forget.txt")
    assert len(answer.facts["commits"]) == 1
    steps = [step.values.get("command", "") for step in answer.facts["steps"]]
    assert f"git filter-repo --force --replace-text {tmp_path}/forget.txt" in steps
    assert (tmp_path / "forget.txt.paths").read_text().splitlines() == [
        "literal:customers/C1-zenobia.yaml",
        "literal:letters/2024-02-20/C1-EUR-1.en.txt",
    ]
    lines = (tmp_path / "forget.txt").read_text().splitlines()
    assert "literal:Zenobia Quill==>C1" in lines
    assert f"literal:{WORDS}==>C1" in lines
    assert "literal:Zenobia Quill: INV-1==>C1" in lines
    assert "literal:for Zenobia Quill==>C1" in lines
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Forget")
    assert done(root).facts["commits"] == []
    assert lines == sorted(lines, key=lambda line: -len(line.split("==>")[0]))
    assert (tmp_path / "forget.txt").stat().st_mode & 0o777 == 0o600


# --- whatever is typed -------------------------------------------------------------------------

_WORD = st.text("qxzjkvwyQXZJKVWY\u738b\u5efa\u56fd ", min_size=10, max_size=24).map(
    lambda text: " ".join(f"Z{text}Z".split())
)


@hypothesis_settings(max_examples=12)
@given(st.tuples(*[_WORD] * 8))
def test_no_text_is_left_and_no_figure_moves(
    tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...]
) -> None:
    root = tmp_path_factory.mktemp("books")
    quoted = [json.dumps(word, ensure_ascii=False) for word in words]
    record = (
        "id: C1\nname: {}\naliases: [ZQ Atelier, {}]\ncontacts: [{{name: {}, phone: {}}}]\n"
        "addresses: {{billing: {{lines: [{}]}}}}\nnotes: {}\nfields: {{any: [{}]}}\n"
    ).format(*quoted[:7])
    make(root, record=record, ledger=LEDGER.replace("Zenobia Quill", words[0]))
    append_events(root, [event("call", words[1], "2024-03-01", text=words[7], who=words[2])])
    before = privacy.figures(opened(root))
    answer = done(root)
    left = {row["file"] for row in answer.table("left").rows}
    for name, text in texts(root, but="none"):
        assert name in left or not [word for word in words if word in text]
    assert privacy.figures(opened(root)) == before
