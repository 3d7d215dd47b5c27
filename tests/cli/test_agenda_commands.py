"""Agenda, page of the morning, digests, imports and surveys as people type them."""

from __future__ import annotations

import json
import mailbox
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgercli.cli import main
from ledgercli.output import language

Capture = pytest.CaptureFixture[str]
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Beta
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales

2026-02-01 * "Acme" "Goods" ^INV-1
  due: 2026-03-01
  Assets:Receivable:Acme   100.00 EUR
  Income:Sales

2026-04-12 * "Acme" "A part" ^PAY-1
  invoice: "INV-1"
  Assets:Receivable:Acme   -40.00 EUR
  Assets:Bank
"""
SETTINGS = """\
company: {name: Us Ltd}
mail: {from: "Us <books@us.example>"}
agenda: {channel: "maildir:out"}
owners: {ute: ute@us.example, max: max@us.example}
digests:
  - {to: boss@us.example, every: week, reports: [today, aging]}
  - {to: ute@us.example, every: month, owner: ute, reports: [limits]}
"""
CUSTOMERS = {
    "C1": "name: Acme\nowner: ute\ncurrency: EUR\naccounts: ['Assets:Receivable:Acme']\n"
    "segments: {industry: retail}\ncontacts: [{name: Ann, email: ann@acme.example}]\n",
    "C2": "name: Beta\nowner: max\ncurrency: EUR\naccounts: ['Assets:Receivable:Beta']\n"
    "contracts: [{id: CT-1, end: 2026-06-30, notice: 60 days}]\n",
    "L1": "name: Gamma\nstatus: prospect\nowner: ute\nexpected: 500 EUR\n"
    "next_step: {date: 2026-04-15, text: Offer}\n",
}
DAY = ("--as-of", "2026-04-10")


@pytest.fixture(autouse=True)
def books(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LEDGERCLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LOGNAME", "ute")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    (tmp_path / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "main.beancount").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "customers").mkdir()
    for name, text in CUSTOMERS.items():
        (tmp_path / "customers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    language.install("en")


def asked(capsys: Capture, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Return the JSON that a command answers."""
    capsys.readouterr()
    assert main([*arguments, "-f", "json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def lines(capsys: Capture, *arguments: str) -> list[tuple[str, str, int]]:
    rows = asked(capsys, "agenda", *arguments)["rows"]
    return [(row["kind"], row["date"], row["days"]) for row in rows]


def test_a_promise_is_due_on_its_day_and_broken_after_it(capsys: Capture) -> None:
    main(["activity", "promise", "INV-1", "2026-04-20", "60", "EUR", *DAY])
    before = ("--as-of", "2026-04-11", "--customer", "C1")
    assert asked(capsys, "agenda", *before)["rows"][0] == {
        "date": "2026-04-20",
        "days": 9,
        "kind": "promise",
        "customer": "C1",
        "name": "Acme",
        "owner": "ute",
        "what": "INV-1, 60.00 EUR",
        "subject": "INV-1",
        "amount": "60.00",
        "text": "",
        "currency": "EUR",
        "command": "ledgercli explain INV-1",
        **{key: asked(capsys, "agenda", *before)["rows"][0][key] for key in ("prefix", "id")},
    }
    # 40 of it came on the 12th, so 20 are missing.
    (row,) = asked(capsys, "agenda", "--as-of", "2026-04-20", "--customer", "C1")["rows"]
    assert (row["amount"], row["days"]) == ("20.00", 0)
    for day, broken in (("2026-04-19", 0), ("2026-04-20", 0), ("2026-04-21", 1)):
        rows = asked(capsys, "today", "--as-of", day)["rows"]
        assert [row["count"] for row in rows if row["topic"] == "promises"] == [broken]


def test_a_promise_that_was_kept_is_gone(capsys: Capture) -> None:
    main(["activity", "promise", "INV-1", "2026-04-20", "40", "EUR", *DAY])
    assert lines(capsys, "--as-of", "2026-04-11", "--customer", "C1") != []
    assert lines(capsys, "--as-of", "2026-04-12", "--customer", "C1") == []


def test_the_agenda_of_one_owner(capsys: Capture) -> None:
    assert lines(capsys, *DAY, "--owner", "ute") == [("next-step", "2026-04-15", 5)]
    assert lines(capsys, *DAY, "--owner", "max") == [("notice", "2026-05-01", 21)]
    assert main(["agenda", *DAY, "--owner", "nobody"]) == 0
    assert "no customer is looked after by `nobody`" in capsys.readouterr().err


def test_until_reaches_further_and_closes_takes_a_line_off(capsys: Capture) -> None:
    until = (*DAY, "--until", "2026-06-30", "--customer", "C2")
    rows = asked(capsys, "agenda", *until)["rows"]
    assert [row["kind"] for row in rows] == ["notice", "contract-end"]
    notice = rows[0]["prefix"]
    assert main(["activity", "add", "note", "C1", "x", "--closes", notice, *DAY]) == 2
    assert "no entry" in capsys.readouterr().err
    assert main(["activity", "add", "note", "C2", "Terminated", "--closes", notice, *DAY]) == 0
    assert lines(capsys, *until) == [("contract-end", "2026-06-30", 81)]
    assert main(["activity", "add", "note", "C2", "x", "--closes", notice, *DAY]) == 2


def test_a_calendar_is_the_same_each_time_and_moves_nothing(books: Path, capsys: Capture) -> None:
    import icalendar

    (books / "ledgercli.yaml").write_text("", encoding="utf-8")

    def entries(day: str) -> dict[str, str]:
        assert main(["agenda", "--as-of", day, "-o", "a.ics"]) == 0
        content = (books / "a.ics").read_bytes()
        assert main(["agenda", "--as-of", day, "-o", "a.ics"]) == 0
        assert (books / "a.ics").read_bytes() == content
        found: Any = icalendar.Calendar.from_ical(content.decode())
        return {str(one["UID"]): one["DTSTART"].dt.isoformat() for one in found.walk("VEVENT")}

    first, later = entries("2026-04-10"), entries("2026-04-11")
    assert sorted(first.values()) == ["2026-04-15", "2026-05-01"]
    assert later == first
    capsys.readouterr()
    assert main(["agenda", *DAY, "-f", "ics"]) == 0
    text = capsys.readouterr().out
    assert "SUMMARY:next step · Gamma" in text
    assert "DTSTAMP:20260410T000000Z" in text


def test_the_page_of_the_morning_fits_a_screen(capsys: Capture) -> None:
    assert main(["today", *DAY]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "Us Ltd: 2026-04-10"
    assert len(printed) < 25
    assert max(map(len, printed)) <= 80
    rows = asked(capsys, "today", *DAY)["rows"]
    assert all(row["command"].startswith("ledgercli ") for row in rows)
    assert {row["topic"] for row in rows} == {
        "check",
        "bank",
        "unallocated",
        "assumed",
        "promises",
        "limits",
        "letters",
        "agenda",
    }


def test_each_owner_gets_the_page_once_a_day(books: Path, capsys: Capture) -> None:
    def states(*options: str) -> list[tuple[str, str]]:
        rows = asked(capsys, "today", "--mail", *options)["rows"]
        return [(row["to"], row["state"]) for row in rows]

    both = ("ute@us.example", "max@us.example")
    assert states(*DAY, "--dry-run") == [(one, "to-send") for one in both]
    assert not (books / "out").exists()
    assert states(*DAY, "--owner", "ute") == [("ute@us.example", "sent")]
    assert states(*DAY) == [("ute@us.example", "already-sent"), ("max@us.example", "sent")]
    assert states("--as-of", "2026-04-11") == [(one, "sent") for one in both]
    assert len(list((books / "out" / "new").iterdir())) == 4


def test_digests_go_out_once_in_their_period(books: Path, capsys: Capture) -> None:
    def states(day: str) -> list[tuple[str, str]]:
        rows = asked(capsys, "digest", "send", "--as-of", day)["rows"]
        return [(row["period"], row["state"]) for row in rows]

    assert states("2026-04-10") == [("2026-W15", "sent"), ("2026-04", "sent")]
    assert states("2026-04-12") == [("2026-W15", "already-sent"), ("2026-04", "already-sent")]
    assert states("2026-04-13") == [("2026-W16", "sent"), ("2026-04", "already-sent")]
    mails = [file.read_text() for file in (books / "out" / "new").iterdir()]
    assert sum("aging-2026-W" in mail for mail in mails) == 2
    (by_month,) = [mail for mail in mails if "limits, 2026-04" in mail]
    assert "To: ute <ute@us.example>" in by_month


def test_a_mail_that_does_not_go_out_is_tried_again(books: Path, capsys: Capture) -> None:
    (books / "out").write_text("in the way", encoding="utf-8")
    assert main(["digest", "send", *DAY]) == 2
    (books / "out").unlink()
    assert asked(capsys, "digest", "send", *DAY)["rows"][0]["state"] == "sent"


def test_a_server_that_is_down_is_said_and_tried_again(books: Path, capsys: Capture) -> None:
    down = SETTINGS.replace(
        'mail: {from: "Us <books@us.example>"}\nagenda: {channel: "maildir:out"}',
        'mail: {from: "Us <books@us.example>", smtp: {host: 127.0.0.1, port: 1, security: none}}',
    )
    (books / "ledgercli.yaml").write_text(down, encoding="utf-8")
    found = asked(capsys, "today", "--mail", *DAY, code=1)
    assert {row["state"] for row in found["rows"]} == {"failed"}
    assert all(row["reason"] for row in found["rows"])
    (books / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    again = asked(capsys, "today", "--mail", *DAY)["rows"]
    assert {row["state"] for row in again} == {"sent"}
    assert {row["message_id"] for row in again} == {row["message_id"] for row in found["rows"]}


def test_nobody_to_mail_is_said(books: Path, capsys: Capture) -> None:
    (books / "ledgercli.yaml").write_text("", encoding="utf-8")
    assert main(["today", "--mail"]) == 2
    assert "`owners` is empty" in capsys.readouterr().err
    assert main(["digest", "send"]) == 2
    assert "`digests` is empty" in capsys.readouterr().err


def test_mail_and_groups_that_mean_nothing_are_said(capsys: Capture) -> None:
    assert main(["today", "--mail", "--known-at", "HEAD"]) == 2
    assert "as they are now" in capsys.readouterr().err
    assert main(["report", "nps", "--by", "nothing"]) == 0
    assert "no customer has the segment `nothing`" in capsys.readouterr().err


def test_settings_that_name_no_address_are_found(books: Path, capsys: Capture) -> None:
    (books / "ledgercli.yaml").write_text(
        "owners: {ute: nowhere}\nagenda: {channel: pigeon, review_after: soon}\n", encoding="utf-8"
    )
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "ledgercli.yaml:1:15" in said
    assert "`nowhere`" in said
    assert "pigeon" in said
    assert "`soon` is not a duration" in said


def test_mails_of_customers_are_taken_once(books: Path, capsys: Capture) -> None:
    box = mailbox.mbox(books / "box")
    for number, (sender, to) in enumerate(
        [("Ann <ANN@acme.example>", "books@us.example"), ("a@b.example", "c@d.example")]
    ):
        box.add(
            f"From: {sender}\nTo: {to}\nSubject: Hello {number}\nMessage-ID: <{number}@x>\n"
            "Date: Thu, 09 Apr 2026 23:30:00 +0000\n\nSecret text\n"
        )
    box.flush()
    box.close()
    first = asked(capsys, "activity", "import", "box", *DAY)
    assert (first["new"], first["unchanged"], first["strangers"]) == (1, 0, 1)
    again = asked(capsys, "activity", "import", "box", *DAY)
    assert (again["new"], again["unchanged"]) == (0, 1)
    (row,) = asked(capsys, "activity", "list", *DAY)["rows"]
    assert (row["kind"], row["customer"], row["text"]) == ("mail", "C1", "Hello 0")
    (log,) = (books / "activity").glob("*.jsonl")
    assert "Secret" not in log.read_text(encoding="utf-8")


def test_a_table_of_contacts_says_what_it_rejects(books: Path, capsys: Capture) -> None:
    (books / "v.csv").write_text(
        "date,kind,customer,text,score,follow_up\n"
        "2026-04-01,visit,acme,Fair,,2026-04-12\n"
        "2026-04-02,feedback,C1,,9,\n"
        "2026-04-02,feedback,C1,,11,\n"
        "2026-04-31,call,C1,x,,\n"
        "2026-04-11,call,C1,tomorrow,,\n"
        "2026-04-01,call,C9,x,,\n"
        "2026-04-01,promise,C1,x,,\n"
        "2026-04-01,call,C1,,,\n",
        encoding="utf-8",
    )
    found = asked(capsys, "activity", "import", "v.csv", *DAY, code=1)
    assert (found["new"], found["rejected"]) == (2, 6)
    assert asked(capsys, "activity", "import", "v.csv", *DAY, code=1)["new"] == 0
    assert lines(capsys, *DAY, "--customer", "C1") == [("follow-up", "2026-04-12", 2)]
    assert asked(capsys, "report", "nps", *DAY)["score"] == "100"
    (group,) = asked(capsys, "report", "nps", "--by", "industry", *DAY)["rows"]
    assert (group["group"], group["answers"], group["promoters"]) == ("retail", 1, 1)


def test_a_chinese_sheet_is_read_by_its_headings(books: Path, capsys: Capture) -> None:
    sheet = "日期,类型,客户,内容\n2026-04-01,拜访,C1,看样品\n2026-04-02,电话,C1,催款\n"
    (books / "v.csv").write_bytes(sheet.encode("gb18030"))
    found = asked(capsys, "activity", "import", "v.csv", *DAY)
    assert [(row["kind"], row["text"]) for row in found["rows"]] == [
        ("visit", "看样品"),
        ("call", "催款"),
    ]


def test_service_requests_are_opened_and_closed(capsys: Capture) -> None:
    main(["activity", "add", "service", "C1", "Leaks", "--as-of", "2026-04-01"])
    (open_case,) = asked(capsys, "report", "service", *DAY, "--open")["rows"]
    assert (open_case["closed"], open_case["days"]) == (None, 9)
    closes = ("--closes", open_case["prefix"])
    assert main(["activity", "add", "complaint", "C1", "x", *closes, *DAY]) == 2
    assert main(["activity", "add", "service", "C1", "Fixed", *closes, *DAY]) == 0
    found = asked(capsys, "report", "service", *DAY)
    assert found["rows"][0]["closed"] == "2026-04-10"
    assert found["kinds"][1] == {"kind": "service", "open": 0, "closed": 1, "mean_days": "9"}
    assert asked(capsys, "report", "service", *DAY, "--open")["rows"] == []
    (before,) = asked(capsys, "report", "service", "--as-of", "2026-04-09")["rows"]
    assert before["closed"] is None


def test_the_pipeline_has_what_is_expected_and_what_comes_next(capsys: Capture) -> None:
    found = asked(capsys, "report", "pipeline", *DAY)
    (row,) = found["rows"]
    assert (row["customer"], row["expected"], row["next_step"], row["days"]) == (
        "L1",
        "500.00",
        "Offer",
        5,
    )
    assert found["sums"] == [
        {"status": "prospect", "count": 1, "expected": "500.00", "currency": "EUR"}
    ]


def test_the_page_of_a_customer_has_what_comes_next_and_what_was(capsys: Capture) -> None:
    main(["activity", "add", "call", "C1", "Hello", "--follow-up", "2026-04-20", *DAY])
    found = asked(capsys, "customer", "show", "C1", *DAY)
    assert [row["kind"] for row in found["agenda"]] == ["follow-up"]
    assert [row["text"] for row in found["activity"]] == ["Hello"]
    assert found["orders"] == []
    assert found["score"] is None
    assert asked(capsys, "customer", "show", "C1", "--score", *DAY)["score"] is not None


def test_open_documents_without_a_file_are_listed_where_asked_for(
    books: Path, capsys: Capture
) -> None:
    assert lines(capsys, *DAY, "--customer", "C1") == []
    (books / "ledgercli.yaml").write_text("agenda: {papers: papers}", encoding="utf-8")
    assert lines(capsys, *DAY, "--customer", "C1") == [("paper", "2026-02-01", -68)]
    (books / "papers" / "2026").mkdir(parents=True)
    (books / "papers" / "2026" / "2026-02-01.inv-10.pdf").write_bytes(b"")
    assert lines(capsys, *DAY, "--customer", "C1") == [("paper", "2026-02-01", -68)]
    (books / "papers" / "2026" / "2026-02-01.inv-1.pdf").write_bytes(b"")
    assert lines(capsys, *DAY, "--customer", "C1") == []
    (books / "ledgercli.yaml").write_text("agenda: {papers: ../out}", encoding="utf-8")
    assert main(["agenda", *DAY]) == 2
    assert "leads out of the books" in capsys.readouterr().err


def test_a_commit_of_the_record_counts_as_a_look(books: Path, capsys: Capture) -> None:
    (books / "ledgercli.yaml").write_text("agenda: {review_after: 12 months}", encoding="utf-8")

    def reviews(day: str) -> list[str]:
        rows = asked(capsys, "agenda", "--as-of", day, "--customer", "C1")["rows"]
        return [row["date"] for row in rows if row["kind"] == "review"]

    assert reviews("2026-04-10") == ["2026-04-10"]  # no contact, no commit
    identity = ["-c", "user.name=u", "-c", "user.email=u@us.example"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run(
            ["git", *identity, *arguments],
            cwd=books,
            check=True,
            env={**os.environ, "GIT_COMMITTER_DATE": "2026-01-15T12:00:00Z"},
        )
    assert reviews("2026-12-14") == []
    assert reviews("2026-12-16") == ["2027-01-15"]
    assert reviews("2026-01-14") == ["2026-01-14"]  # the commit is not known yet


def test_letters_about_contracts_look_thirty_days_ahead_if_nothing_is_said(
    books: Path, capsys: Capture
) -> None:
    (books / "customers" / "gamma.yaml").write_text(
        "- {id: G1, contracts: [{id: CT-1, start: 2026-01-01, end: 2026-12-20}]}\n"
        "- {id: G2, contracts: [{id: CT-2, start: 2026-01-01, end: 2026-12-21}]}\n"
    )
    answer = asked(capsys, "customer", "notices", "--as-of", "2026-11-20", "--dry-run")
    assert [row["contract"] for row in answer["rows"]] == ["CT-1"]
    assert answer["within"] == "30 days"


def test_a_survey_asks_nobody_twice_within_its_time(books: Path, capsys: Capture) -> None:
    def states(day: str) -> list[str]:
        rows = asked(capsys, "activity", "survey", "--as-of", day)["rows"]
        return [row["state"] for row in rows]

    assert states("2026-04-10") == ["sent"]
    assert states("2026-04-10") == ["already-sent"]
    assert states("2026-10-09") == []
    assert states("2026-10-10") == ["sent"]
    (mail, _second) = sorted((books / "out" / "new").iterdir())
    assert "Subject: Us Ltd: how likely are you to recommend us?" in mail.read_text()
    logs = [file.read_text(encoding="utf-8") for file in (books / "activity").glob("*")]
    log = [line for text in logs for line in text.splitlines()]
    survey = next(json.loads(line)["id"] for line in log if '"sent"' in line)
    answered = ["activity", "add", "feedback", "C1", "--score", "9", "--closes", survey[:8]]
    assert main([*answered, "--as-of", "2026-10-11"]) == 0


def test_chinese_books_are_spoken_to_in_chinese(capsys: Capture) -> None:
    assert main(["--lang", "zh", "today", *DAY]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
