# ruff: noqa: ANN401 - helpers take whatever field a test changes
"""Facts recorded by command: what stands in the log, what is refused, what a past day sees."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledgercli.books.activity import append_events, read_events
from ledgercli.desk.activity import recording as desk
from ledgercli.desk.activity.activity_errors import (
    AlreadyRetractedError,
    AmbiguousDocumentError,
    AmbiguousEntryError,
    AmountAboveOpenError,
    AmountNotPositiveError,
    AmountTooFineError,
    ConfirmedBeforeBalanceError,
    CurrencyMissingError,
    CustomerForDocumentError,
    DayBeforeFactError,
    DocumentNotFoundError,
    EntryNotFoundError,
    FactInFutureError,
    InstalmentsError,
    LetterNotFoundError,
    NothingOpenError,
    NothingSaidError,
    NothingToCloseError,
    OtherCurrencyError,
    OtherOwnerError,
    RetractBeforeEntryError,
)
from ledgercli.desk.errors import CustomerNotFoundError, SubjectNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.request import DocumentChoice, Query, Recording, Request
from ledgercli.model.answer import Answer
from ledgercli.model.errors import LedgercliError
from ledgercli.model.event import Event
from ledgercli.model.values import Money
from ledgercli.output.json_format import render

DAY = dt.date(2026, 4, 10)
NOW = dt.datetime(2026, 4, 10, 6, tzinfo=dt.UTC)
SAID = Recording(as_of=DAY, environment={"LOGNAME": "ute"})
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Beta
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales

2026-02-01 * "Acme" "Goods" ^INV-1
  due: 2026-03-01
  Assets:Receivable:Acme   100.00 EUR
  Income:Sales

2026-02-01 * "Acme" "Plan" ^INV-2
  Assets:Receivable:Acme   60.00 EUR
    due: 2026-03-01
  Assets:Receivable:Acme   40.00 EUR
    due: 2026-04-01
  Income:Sales

2026-02-01 * "Acme" "Both have one" ^INV-3
  due: 2026-03-01
  Assets:Receivable:Acme   10.00 EUR
  Income:Sales

2026-02-01 * "Beta" "Both have one" ^INV-3
  due: 2026-03-01
  Assets:Receivable:Beta   20.00 USD
  Income:Sales

2026-02-02 * "Beta" "Paid" ^INV-4
  due: 2026-03-01
  Assets:Receivable:Beta   30.00 USD
  Income:Sales

2026-03-20 * "Beta" "Payment" ^INV-4
  Assets:Bank              30.00 USD
  Assets:Receivable:Beta  -30.00 USD
"""
CUSTOMERS = """\
- {id: C1, name: Acme, accounts: ['Assets:Receivable:Acme'], currency: EUR, aliases: [ACME Ltd]}
- id: C2
  name: Beta
  accounts: ['Assets:Receivable:Beta']
  contacts: [{name: B, email: b@beta.example}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ledgercli.yaml").write_text("company: {name: Example}\n")
    (tmp_path / "main.beancount").write_text(LEDGER)
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "all.yaml").write_text(CUSTOMERS)
    return tmp_path


def books(root: Path, now: dt.datetime = NOW) -> OpenBooks:
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def rows(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(answer))["rows"]
    return found


def logged(root: Path) -> list[dict[str, Any]]:
    """Return the lines of the log without what is the same in all of them."""
    found = []
    for path in sorted((root / "activity").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            for key in ("v", "id", "at", "by"):
                del entry[key]
            found.append(entry)
    return found


def test_a_promise_of_all_and_of_a_part(root: Path) -> None:
    until = dt.date(2026, 4, 30)
    choice = DocumentChoice("INV-1")
    desk.promise(books(root), SAID, choice, until=until, amount=None)
    answer = desk.promise(books(root), SAID, choice, until=until, amount=Money.parse("99.5"))
    document = {"number": "INV-1", "currency": "EUR"}
    common = {"date": "2026-04-10", "kind": "promise", "customer": "C1", "document": document}
    assert logged(root) == [
        {**common, "until": "2026-04-30"},
        {**common, "until": "2026-04-30", "amount": "99.50"},
    ]
    (row,) = rows(answer)
    assert (row["amount"], row["until"], row["what"]) == (
        "99.50",
        "2026-04-30",
        "99.50 EUR, until 2026-04-30",
    )


def test_who_and_when_stand_in_the_entry(root: Path) -> None:
    said = Recording(as_of=DAY, day=dt.date(2026, 4, 8), text=" After \u202e the\nfair ")
    desk.hold(books(root), said, DocumentChoice("C1"), until=None)
    (event,) = read_events(root)[0]
    assert (event.at, event.date.isoformat()) == ("2026-04-10T06:00:00.000000Z", "2026-04-08")
    assert event.details == {"text": "After \ufffd the fair"}
    assert read_events(root)[1] == ()


def test_git_says_who_records_before_the_login(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = root / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    def writer(text: str) -> str:
        config.write_text(text)
        answer = desk.insolvency(
            books(root), Recording(as_of=DAY, dry_run=True, environment=environment), customer="C1"
        )
        return str(rows(answer)[0]["by"])

    environment = {"LOGNAME": "ute"}
    assert writer("[user]\nname = Ute Maier\nemail = ute@example.com\n") == (
        "Ute Maier <ute@example.com>"
    )
    assert writer("[user]\nemail = ute@example.com\n") == "<ute@example.com>"
    assert writer("[user]\nname = Ute Maier\n") == "Ute Maier"
    assert writer("[user]\nname = Ute\nname = 王\n") == "王"
    assert writer("") == "ute"
    assert writer("[user\n") == "ute"


Attempt = Callable[[OpenBooks], Answer]


def promise(number: str, until: str = "2026-04-30", amount: str = "", **other: str) -> Attempt:
    return lambda opened: desk.promise(
        opened,
        SAID,
        DocumentChoice(number, **other),
        until=dt.date.fromisoformat(until),
        amount=Money.parse(amount) if amount else None,
    )


def dispute(number: str, amount: str = "") -> Attempt:
    return lambda opened: desk.dispute(
        opened, SAID, DocumentChoice(number), amount=Money.parse(amount) if amount else None
    )


def confirm(customer: str, amount: str, day: str = "2026-03-31", **other: Any) -> Attempt:
    values: dict[str, Any] = {"agreed": True, "theirs": None, **other}
    return lambda opened: desk.confirm(
        opened,
        SAID,
        customer=customer,
        balance_date=dt.date.fromisoformat(day),
        amount=Money.parse(amount),
        **values,
    )


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (promise("INV-9"), DocumentNotFoundError, "no document `INV-9` as of 2026-04-10"),
        (promise("c1"), CustomerForDocumentError, "`c1` is a customer, not a document"),
        (promise("inv-1"), DocumentNotFoundError, "no document `inv-1`"),
        (promise("INV-3"), AmbiguousDocumentError, "of C1 (EUR), C2 (USD)"),
        (promise("INV-4"), NothingOpenError, "nothing is open on `INV-4`"),
        (dispute("INV-4"), NothingOpenError, "nothing is open on `INV-4`"),
        (promise("INV-1", "2026-04-09"), DayBeforeFactError, "2026-04-09 is before 2026-04-10"),
        (promise("INV-1", amount="100.01"), AmountAboveOpenError, "100.01 EUR is more than"),
        (promise("INV-1", amount="5 USD"), OtherCurrencyError, "`INV-1` is in EUR"),
        (promise("INV-1", amount="0"), AmountNotPositiveError, "`0` is no amount"),
        (dispute("INV-1", "-1"), AmountNotPositiveError, "`-1` is no amount"),
        (dispute("INV-1", "100.01"), AmountAboveOpenError, "`INV-1`, 100.00 EUR"),
        (promise("INV-2", amount="50"), InstalmentsError, "INV-2/1, INV-2/2"),
        (promise("INV-1", customer="C9"), CustomerNotFoundError, "no customer `C9`"),
        (promise("INV-1", customer="C2"), OtherOwnerError, "`INV-1` is a document of C1 (EUR)"),
        (promise("INV-3", customer="C2", currency="EUR"), OtherOwnerError, "C1 (EUR), C2 (USD)"),
        (dispute("INV-1", "99.995"), AmountTooFineError, "`99.995` has more decimals than EUR"),
        (confirm("C2", "20"), CurrencyMissingError, "in which currency is `20`"),
        (confirm("C1", "20", "2026-04-11"), ConfirmedBeforeBalanceError, "of 2026-04-10, before"),
        (confirm("C1", "20", theirs=Money.parse("1 USD")), OtherCurrencyError, "in USD"),
        (
            lambda opened: desk.hold(opened, SAID, DocumentChoice("C7"), until=None),
            SubjectNotFoundError,
            "no document and no customer `C7`",
        ),
        (
            lambda opened: desk.hold(opened, SAID, DocumentChoice("C1"), until=dt.date(2026, 4, 9)),
            DayBeforeFactError,
            "2026-04-09",
        ),
        (
            lambda opened: desk.insolvency(
                opened, Recording(as_of=DAY, day=DAY + dt.timedelta(1)), customer="C1"
            ),
            FactInFutureError,
            "2026-04-11 is after 2026-04-10",
        ),
        (
            lambda opened: desk.bounced(opened, SAID, letter="nothing"),
            LetterNotFoundError,
            "no letter `nothing`",
        ),
        (
            lambda opened: desk.retract(opened, SAID, identifier="abcd"),
            EntryNotFoundError,
            "no entry `abcd`",
        ),
        (
            lambda opened: desk.add(opened, SAID, kind="feedback", customer="C1"),
            NothingSaidError,
            "what shall the entry say",
        ),
    ],
)
def test_what_is_refused_leaves_no_trace(
    root: Path, attempt: Attempt, error: type[LedgercliError], words: str
) -> None:
    with pytest.raises(error) as refused:
        attempt(books(root))
    assert words in str(refused.value)
    refused.value.hint.format(**refused.value.values)
    assert not (root / "activity").exists()


def test_the_nearest_number_is_suggested(root: Path) -> None:
    with pytest.raises(DocumentNotFoundError) as refused:
        promise("inv-1")(books(root))
    assert refused.value.values["suggestion"] == "INV-1"


def test_an_amount_is_as_fine_as_the_document(root: Path) -> None:
    path = root / "main.beancount"
    path.write_text(LEDGER.replace("100.00 EUR", "100.125 EUR"))
    promise("INV-1", amount="100.125")(books(root))
    assert logged(root)[0]["amount"] == "100.125"
    with pytest.raises(AmountTooFineError) as refused:
        promise("INV-1", amount="9.0005 EUR")(books(root))
    assert str(refused.value.values["rounded"]) == "9.001"


@pytest.mark.parametrize("amount", ["99.99", "100.00"])
def test_an_amount_up_to_what_is_open_is_taken(root: Path, amount: str) -> None:
    promise("INV-1", "2026-04-10", amount)(books(root))  # promised for today
    assert logged(root)[0]["amount"] == amount


def test_customer_or_currency_tell_equal_numbers_apart(root: Path) -> None:
    promise("INV-3", customer="acme")(books(root))
    promise("INV-3", currency="USD")(books(root))
    assert [entry["customer"] for entry in logged(root)] == ["C1", "C2"]


def test_a_dispute_may_be_settled_after_the_document_was_paid(root: Path) -> None:
    dispute("INV-4", "0")(books(root))
    (event,) = read_events(root)[0]
    assert (event.kind, event.number, event.details["amount"]) == ("dispute", "INV-4", "0.00")


def test_instalments_are_promised_together_and_disputed_one_by_one(root: Path) -> None:
    promise("INV-2")(books(root))
    dispute("INV-2/2", "15")(books(root))
    dispute("INV-2/2", "0")(books(root))
    assert [(entry["kind"], entry["document"]["number"]) for entry in logged(root)] == [
        ("promise", "INV-2/1"),
        ("promise", "INV-2/2"),
        ("dispute", "INV-2/2"),
        ("dispute", "INV-2/2"),
    ]
    assert [entry.get("amount") for entry in logged(root)] == [None, None, "15.00", "0.00"]


def test_a_fact_of_a_past_day_is_held_against_what_was_open_then(root: Path) -> None:
    past = Recording(as_of=DAY, day=dt.date(2026, 3, 19))  # paid on the 20th
    choice, until = DocumentChoice("INV-4"), dt.date(2026, 3, 31)
    desk.promise(books(root), past, choice, until=until, amount=Money.parse("30"))
    assert logged(root)[0]["date"] == "2026-03-19"
    too_early = Recording(as_of=DAY, day=dt.date(2026, 2, 1))
    with pytest.raises(DocumentNotFoundError):
        desk.promise(books(root), too_early, choice, until=until, amount=None)


def test_subjects_are_documents_before_customers(root: Path) -> None:
    desk.hold(books(root), SAID, DocumentChoice("INV-1"), until=dt.date(2026, 4, 10))
    desk.hold(books(root), SAID, DocumentChoice("ACME Ltd"), until=None)
    desk.handed_over(books(root), SAID, DocumentChoice("INV-4"))
    desk.handed_over(books(root), SAID, DocumentChoice("C2"))
    assert [
        (entry["customer"], entry.get("document", {}).get("number")) for entry in logged(root)
    ] == [
        ("C1", "INV-1"),
        ("C1", None),
        ("C2", "INV-4"),
        ("C2", None),
    ]


def test_claims_of_a_paid_document_can_be_waived(root: Path) -> None:
    desk.waive(books(root), SAID, DocumentChoice("INV-4"), claims="interest")
    (entry,) = logged(root)
    assert (entry["kind"], entry["claims"]) == ("waiver", "interest")


def test_a_reply_slip(root: Path) -> None:
    confirm("C1", "210")(books(root))
    confirm("C1", "210", theirs=Money.parse("200"))(books(root))
    confirm("C1", "210 EUR", agreed=False)(books(root))
    common = {
        "date": "2026-04-10",
        "kind": "confirmation",
        "customer": "C1",
        "document": {"number": "", "currency": "EUR"},
        "balance_date": "2026-03-31",
        "amount": "210.00",
    }
    assert logged(root) == [
        {**common, "agreed": True},
        {**common, "agreed": False, "theirs": "200.00"},
        {**common, "agreed": False},
    ]


def test_contacts_complaints_and_scores(root: Path) -> None:
    call = Recording(as_of=DAY, text="Pays on Friday")
    desk.add(books(root), call, kind="call", customer="Acme", number="INV-1")
    desk.add(books(root), SAID, kind="feedback", customer="C1", score=9)
    opened = rows(desk.add(books(root), call, kind="complaint", customer="C1"))[0]["id"]
    with pytest.raises(NothingToCloseError):
        desk.add(books(root), SAID, kind="complaint", customer="C2", closes=opened)
    desk.add(books(root), SAID, kind="complaint", customer="C1", closes=opened[:6])
    with pytest.raises(NothingToCloseError):
        desk.add(books(root), SAID, kind="complaint", customer="C1", closes=opened)
    entries = logged(root)
    assert entries[0]["document"] == {"number": "INV-1", "currency": "EUR"}
    assert entries[1]["score"] == 9
    assert [entry["status"] for entry in entries[2:]] == ["open", "closed"]
    assert entries[3]["closes"] == opened


def test_a_retraction_counts_from_its_day_on(root: Path) -> None:
    early = Recording(as_of=DAY, day=dt.date(2026, 4, 5))
    (row,) = rows(desk.hold(books(root), early, DocumentChoice("C1"), until=None))
    with pytest.raises(RetractBeforeEntryError):
        desk.retract(
            books(root), Recording(as_of=DAY, day=dt.date(2026, 4, 4)), identifier=row["id"]
        )
    at = Recording(as_of=DAY, day=dt.date(2026, 4, 8), text="back from hospital")
    desk.retract(books(root), at, identifier=row["id"][:4])
    with pytest.raises(AlreadyRetractedError):
        desk.retract(books(root), SAID, identifier=row["id"])

    def kinds(day: int, *, everything: bool = False) -> list[tuple[str, str | None]]:
        query = Query(as_of=dt.date(2026, 4, day))
        answer = desk.list_(books(root), query, kinds=(), first=None, everything=everything)
        return [(each["kind"], each["retracted"]) for each in rows(answer)]

    assert kinds(4) == []
    assert kinds(7) == kinds(7, everything=True) == [("hold", None)]  # nothing looks ahead
    assert kinds(8) == [("retract", None)]
    assert kinds(8, everything=True) == [("hold", "2026-04-08"), ("retract", None)]


def test_a_retraction_that_is_retracted_brings_the_entry_back(root: Path) -> None:
    (held,) = rows(desk.hold(books(root), SAID, DocumentChoice("C1"), until=None))
    later = NOW + dt.timedelta(seconds=1)
    (back,) = rows(desk.retract(books(root, later), SAID, identifier=held["id"]))
    desk.retract(books(root, later), SAID, identifier=back["id"])
    answer = desk.list_(books(root), Query(as_of=DAY), kinds=(), first=None, everything=False)
    assert [row["kind"] for row in rows(answer)] == ["hold", "retract"]


def test_ids_that_begin_alike_must_be_told_apart(root: Path) -> None:
    note = Event("", "2026-04-10T06:00:00Z", DAY, "", "note", "C1")
    append_events(root, [note])
    log = next((root / "activity").glob("*.jsonl"))
    line = json.loads(log.read_text())
    log.write_text("".join(json.dumps({**line, "id": f"abcd{n}"}) + "\n" for n in range(2)))
    with pytest.raises(AmbiguousEntryError, match="abcd0, abcd1"):
        desk.retract(books(root), SAID, identifier="abcd")
    with pytest.raises(EntryNotFoundError):
        desk.retract(books(root), SAID, identifier="abc")
    assert rows(desk.retract(books(root), SAID, identifier="abcd1"))[0]["details"] == [
        "retracts=abcd1"
    ]


def letter(number: str, **details: Any) -> Event:
    usual = {
        "status": "sent",
        "policy": "standard",
        "level": 1,
        "level_name": "friendly",
        "channel": "email",
        "letter": "letters/2026-04-05/C2-USD-friendly.en.txt",
        "message_id": "<1@example.com>",
    }
    return Event(
        "",
        "2026-04-05T06:00:00Z",
        dt.date(2026, 4, 5),
        "ledgercli",
        "reminder",
        "C2",
        number,
        "USD",
        {**usual, **details},
    )


@pytest.mark.parametrize(
    "name",
    [
        "letters/2026-04-05/C2-USD-friendly.en.txt",
        "letters/2026-04-05/C2-USD-friendly",
        "C2-USD-friendly.en.txt",
        "C2-USD-friendly",
        "<1@example.com>",
        "1@example.com",
    ],
)
def test_a_bounce_takes_all_documents_of_the_letter_back_once(root: Path, name: str) -> None:
    append_events(
        root, [letter("INV-3"), letter("INV-4"), letter("INV-5", message_id="2@x", letter="x")]
    )
    answer = desk.bounced(books(root), SAID, letter=name)
    assert [(row["number"], row["status"]) for row in rows(answer)] == [
        ("INV-3", "bounced"),
        ("INV-4", "bounced"),
    ]
    (first, _) = [entry for entry in logged(root) if entry.get("status") == "bounced"]
    assert first["to"] == "b@beta.example"
    assert (first["level"], first["message_id"]) == (1, "<1@example.com>")
    assert rows(desk.bounced(books(root), SAID, letter=name)) == []


def test_a_letter_is_named_by_an_entry_too(root: Path) -> None:
    (event, _) = append_events(root, [letter("INV-3", letter="", message_id=""), letter("INV-4")])
    answer = desk.bounced(books(root), SAID, letter=event.id[:4])
    assert [row["number"] for row in rows(answer)] == ["INV-3"]
    with pytest.raises(LetterNotFoundError):
        desk.bounced(books(root), SAID, letter=event.id[:3])
    with pytest.raises(LetterNotFoundError):
        desk.bounced(books(root), SAID, letter=" ")


def test_a_letter_of_later_is_not_known_yet(root: Path) -> None:
    append_events(root, [letter("INV-3")])
    early = Recording(as_of=dt.date(2026, 4, 4))
    with pytest.raises(LetterNotFoundError):
        desk.bounced(books(root), early, letter="C2-USD-friendly")


def test_a_dry_run_and_a_bare_ledger_write_nothing(root: Path) -> None:
    dry = Recording(as_of=DAY, dry_run=True)
    assert len(rows(desk.insolvency(books(root), dry, customer="C1"))) == 1
    assert not (root / "activity").exists()
    bare = open_books(Request(start=root, now=NOW, ledger=root / "main.beancount"))
    with pytest.raises(NoBooksError):
        desk.insolvency(bare, SAID, customer="C1")


def test_the_list_is_filtered(root: Path) -> None:
    for day, kind, customer in ((1, "call", "C1"), (2, "mail", "C2"), (3, "call", "C2")):
        said = Recording(as_of=DAY, day=dt.date(2026, 4, day), text=str(day))
        desk.add(books(root), said, kind=kind, customer=customer)

    def found(query: Query, *kinds: str, first: int | None = None) -> list[str]:
        start = dt.date(2026, 4, first) if first else None
        answer = desk.list_(books(root), query, kinds=kinds, first=start, everything=False)
        return [row["text"] for row in rows(answer)]

    assert found(Query(as_of=DAY)) == ["1", "2", "3"]
    assert found(Query(as_of=dt.date(2026, 4, 2))) == ["1", "2"]
    assert found(Query(as_of=DAY), first=2) == ["2", "3"]
    assert found(Query(as_of=DAY), "call") == ["1", "3"]
    assert found(Query(as_of=DAY), "call", "mail", first=3) == ["3"]
    assert found(Query(as_of=DAY, customers=("Beta",))) == ["2", "3"]
