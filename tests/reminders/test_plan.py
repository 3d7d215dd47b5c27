"""What stands in a letter, what it asks for, and what is held."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from reminder_books import (
    day,
    email_customer,
    event,
    item,
    minimum,
    planned,
    policy,
    position,
    raised,
    reasons,
    sent,
    settings,
    with_fee,
    with_interest,
)

from ledgercli.model.customer import UNKNOWN, Customer, CustomerReminders
from ledgercli.model.rates import RateTable
from ledgercli.model.settings import Level, Settings
from ledgercli.model.values import Duration, Money
from ledgercli.reminders.plan import plan


def test_one_letter_worded_by_the_highest_level_it_raises() -> None:
    books = position(
        item("INV-1", "100.00"),
        item("INV-2", "50.00", due=day(20)),
        item("INV-3", "7.00", due=day(29)),
        item("INV-4", "9.00", due=day(60)),
    )
    (letter,) = planned(books, day(30), [sent(1, day(5))]).letters
    assert (letter.level, letter.definition.template) == (2, "reminder-firm")
    main = [d.item.document.number for d in letter.documents if d.main]
    also = [(d.item.document.number, d.level, d.raised) for d in letter.documents if not d.main]
    assert main == ["INV-1"]
    assert also == [("INV-2", 1, True), ("INV-3", 0, False)]
    assert letter.total == Decimal("157.00")


def test_overdue_documents_of_which_none_is_raised_make_no_letter() -> None:
    books = position(item("INV-1"), item("INV-2"))
    result = planned(books, day(20), [sent(1, day(10)), sent(1, day(10), "INV-2")])
    assert (result.letters, result.held) == ((), ())


def test_letters_by_customer_and_currency() -> None:
    books = position(
        item("A"), item("B", currency="USD"), item("C", customer="C2"), item("D", customer="C2")
    )
    result = planned(books, day(5))
    assert [(each.customer.id, each.currency, str(each.total)) for each in result.letters] == [
        ("C1", "EUR", "100.00"),
        ("C1", "USD", "100.00"),
        ("C2", "EUR", "200.00"),
    ]


@pytest.mark.parametrize(
    ("unallocated", "deposits", "requested"),
    [("99.99", "0", "0.01"), ("100.00", "0", None), ("60.00", "39.99", "0.01"), ("60", "40", None)],
)
def test_requested_is_overdue_less_credit(
    unallocated: str, deposits: str, requested: str | None
) -> None:
    key = ("C1", "EUR")
    books = position(item(), unallocated={key: unallocated}, deposits={key: deposits})
    result = planned(books, day(5))
    assert [str(each.requested) for each in result.letters] == ([requested] if requested else [])
    assert reasons(result) == ([] if requested else [("INV-1", "covered")])


@pytest.mark.parametrize(
    ("amount", "reason"), [("4.99", "minimum"), ("5.00", None), ("5.01", None)]
)
def test_minimum_of_a_document(amount: str, reason: str | None) -> None:
    result = planned(position(item(amount=amount)), day(5), [], policy(minimum=minimum("5 EUR")))
    assert reasons(result) == ([("INV-1", reason)] if reason else [])
    assert len(result.letters) == (0 if reason else 1)


@pytest.mark.parametrize(("credit", "letters"), [("95.01", 0), ("95.00", 1), ("94.99", 1)])
def test_minimum_of_the_letter(credit: str, letters: int) -> None:
    books = position(item(), unallocated={("C1", "EUR"): credit})
    result = planned(books, day(5), [], policy(minimum=minimum("5 EUR")))
    assert len(result.letters) == letters
    assert reasons(result) == ([] if letters else [("INV-1", "minimum")])


def test_a_minimum_is_of_its_own_currency_only() -> None:
    books = position(item(amount="1.00", currency="USD"))
    assert len(planned(books, day(5), [], policy(minimum=minimum("5 EUR"))).letters) == 1


def test_a_document_below_the_minimum_stays_out_of_a_letter_about_others() -> None:
    books = position(item(), item("INV-2", "4.99"))
    result = planned(books, day(5), [], policy(minimum=minimum("5 EUR")))
    assert [each.total for each in result.letters] == [100]
    assert reasons(result) == [("INV-2", "minimum")]


@pytest.mark.parametrize(("offset", "letters"), [(16, 0), (17, 1), (18, 1)])
def test_wait_between_two_letters_to_a_customer(offset: int, letters: int) -> None:
    books = position(item(), item("INV-2", due=day(8), currency="USD"))
    events = [sent(1, day(10))]
    result = planned(books, day(offset), events, policy(wait=Duration(7)))
    assert len(result.letters) == letters
    assert reasons(result) == ([] if letters else [("INV-2", "wait")])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Customer("C1", reminders=CustomerReminders(never=True)), "paused"),
        (Customer("C1", reminders=CustomerReminders(policy="gone")), "unknown-policy"),
    ],
)
def test_held_by_the_customer_record(record: Customer, reason: str) -> None:
    result = planned(position(item(), customers=[record]), day(5))
    assert (result.letters, reasons(result)) == ((), [("INV-1", reason)])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"numbered": False, "number": "main.beancount:7"}, "no-number"),
        ({"flag": "!"}, "unreviewed"),
        ({"kind": "opening"}, "opening"),
        ({"duplicate": True, "number": "INV-1~2"}, "duplicate-number"),
        ({"customer": UNKNOWN}, "unknown-customer"),
    ],
)
def test_held_by_the_ledger(changes: dict[str, object], reason: str) -> None:
    held = item(**changes)  # type: ignore[arg-type]
    result = planned(position(held), day(5))
    assert (result.letters, reasons(result)) == ((), [(held.document.number, reason)])


def test_a_duplicate_number_holds_all_letters_of_that_customer() -> None:
    books = position(
        item("INV-1"), item("INV-1~2", duplicate=True), item("INV-9"), item("X", customer="C2")
    )
    result = planned(books, day(5))
    assert raised(result) == [("X", 1)]
    assert [row.reason for row in result.held] == ["duplicate-number"] * 3
    assert result.held[0].values == {"number": "INV-1"}


def test_a_document_without_reminder_is_held_alone() -> None:
    books = position(item("INV-1"), item("main:7", numbered=False))
    result = planned(books, day(5))
    assert [letter.total for letter in result.letters] == [100]
    assert reasons(result) == [("main:7", "no-number")]


def test_what_is_not_due_for_a_letter_is_not_listed_as_held() -> None:
    paused = Customer("C1", reminders=CustomerReminders(never=True))
    assert planned(position(item(), customers=[paused]), day(4)).held == ()


def test_errors() -> None:
    books = position(item(), item("X", customer="C2"))
    everything = planned(books, day(5), ledger_errors=True)
    assert reasons(everything) == [("INV-1", "ledger-errors"), ("X", "ledger-errors")]
    one = planned(books, day(5), customer_errors={"C1": "duplicate-key"})
    assert raised(one) == [("X", 1)]
    assert reasons(one) == [("INV-1", "errors")]
    assert one.held[0].values == {"what": "duplicate-key"}


@pytest.mark.parametrize(("ago", "letters"), [(2, 1), (3, 1), (4, 0)])
def test_fresh_bank_statements(ago: int, letters: int) -> None:
    fresh = policy(require_fresh=Duration(3))
    days = [day(5 - ago), day(50)]  # the future is not seen
    result = planned(position(item()), day(5), [], fresh, bank_days=days)
    assert len(result.letters) == letters
    assert reasons(result) == ([] if letters else [("INV-1", "not-fresh")])
    assert reasons(planned(position(item()), day(5), [], fresh)) == [("INV-1", "not-fresh")]


def test_accounts_of_a_policy_by_whole_components() -> None:
    books = position(
        item("A", account="Assets:Receivable:Staff:Ute"),
        item("B", account="Assets:Receivable:Staffing"),
    )
    result = planned(books, day(5), [], policy(except_accounts=("Assets:Receivable:Staff",)))
    assert (raised(result), result.held) == ([("B", 1)], ())
    only = planned(books, day(5), [], policy(accounts=("Assets:Receivable:Staff",)))
    assert (raised(only), only.held) == ([("A", 1)], ())


@pytest.mark.parametrize(("until", "letters"), [(4, 1), (5, 0), (6, 0)])
def test_a_promise_holds_until_its_day_is_over(until: int, letters: int) -> None:
    events = [event("promise", day(2), until=day(until).isoformat())]
    result = planned(position(item()), day(5), events)
    assert len(result.letters) == letters
    assert reasons(result) == ([] if letters else [("INV-1", "promised")])


def test_the_latest_promise_counts_also_one_for_the_whole_customer() -> None:
    customer_wide = event("promise", day(2), "", until=day(9).isoformat())
    assert reasons(planned(position(item()), day(5), [customer_wide])) == [("INV-1", "promised")]
    broken = [
        event("promise", day(2), until=day(9).isoformat()),
        event("promise", day(3), until=day(4).isoformat()),
    ]
    assert raised(planned(position(item()), day(5), broken)) == [("INV-1", 1)]


@pytest.mark.parametrize(("until", "letters"), [(4, 1), (5, 0), (None, 0)])
def test_a_hold_with_and_without_end(until: int | None, letters: int) -> None:
    details = {"until": day(until).isoformat()} if until else {}
    for number in ("INV-1", ""):
        result = planned(position(item()), day(5), [event("hold", day(1), number, **details)])
        assert len(result.letters) == letters


def test_only_the_disputed_part_is_held() -> None:
    books = position(item())
    events = [event("dispute", day(2), amount="30.00")]
    result = planned(books, day(5), events)
    assert [letter.total for letter in result.letters] == [70]
    assert result.letters[0].documents[0].disputed == 30
    assert reasons(result) == [("INV-1", "disputed")]
    assert result.held[0].values == {"amount": Money(Decimal("30.00"), "EUR")}


@pytest.mark.parametrize("amount", [None, "100.00", "250.00", "nonsense"])
def test_a_dispute_of_everything(amount: str | None) -> None:
    result = planned(position(item()), day(5), [event("dispute", day(2), amount=amount)])
    assert (result.letters, reasons(result)) == ((), [("INV-1", "disputed")])


def test_the_latest_dispute_counts_and_zero_ends_it() -> None:
    events = [event("dispute", day(2)), event("dispute", day(4), amount="0")]
    assert reasons(planned(position(item()), day(4), events)) == []
    assert [letter.total for letter in planned(position(item()), day(5), events).letters] == [100]


def test_insolvency_and_hand_over() -> None:
    books = position(item(), item("INV-2"))
    insolvent = planned(books, day(5), [event("insolvency", day(3), "")])
    assert reasons(insolvent) == [("INV-1", "insolvency"), ("INV-2", "insolvency")]
    assert reasons(planned(books, day(5), [event("insolvency", day(6), "")])) == []
    one = planned(books, day(5), [event("handed-over", day(3))])
    assert (raised(one), reasons(one)) == ([("INV-2", 1)], [("INV-1", "handed-over")])


@pytest.mark.parametrize(
    ("paid_on", "paid", "held"),
    [(-20, "98.00", True), (-19, "98.00", False), (-20, "97.99", False), (-25, "99.00", True)],
)
def test_a_discount_taken_in_time(paid_on: int, paid: str, *, held: bool) -> None:
    document = item(discount="2%", discount_until=day(-20), paid=[(day(paid_on), paid)])
    result = planned(position(document), day(5))
    assert reasons(result) == ([("INV-1", "discount-taken")] if held else [])
    assert len(result.letters) == (0 if held else 1)


def test_final_documents_are_held_and_still_listed_as_also_overdue() -> None:
    books = position(item(), item("INV-2", "20.00", due=day(80)))
    letters = [sent(1, day(5)), sent(2, day(30)), sent(3, day(50))]
    result = planned(books, day(85), letters)
    assert reasons(result) == [("INV-1", "final")]
    (letter,) = result.letters
    assert [(d.item.document.number, d.level, d.raised) for d in letter.documents] == [
        ("INV-1", 3, False),
        ("INV-2", 1, True),
    ]
    assert letter.level == 1


def test_channel() -> None:
    email = policy(channel="email")
    books = position(item(), customers=[email_customer()])
    assert [(x.channel, x.email) for x in planned(books, day(5), [], email).letters] == [
        ("email", "ap@acme.example")
    ]
    without = planned(position(item()), day(5), [], email).letters
    assert [letter.channel for letter in without] == ["post"]
    level = replace(email, levels=(replace(email.levels[1], channel="post"),))
    assert planned(books, day(5), [], level).letters[0].channel == "post"
    own = position(item(), customers=[email_customer(reminders=CustomerReminders(channel="email"))])
    assert planned(own, day(5), [], policy(channel="post")).letters[0].channel == "email"
    assert planned(own, day(5), [], level).letters[0].channel == "post"


def test_deadline_of_the_level_before_that_of_the_policy() -> None:
    assert planned(position(item()), day(5)).letters[0].deadline == day(15)
    short = policy(levels=(replace(policy().levels[1], deadline=Duration(4)),))
    assert planned(position(item()), day(5), [], short).letters[0].deadline == day(9)
    assert planned(position(item()), day(5), [], policy(deadline=None)).letters[0].deadline is None


FIRM = [sent(1, day(5)), sent(1, day(5), "INV-2")]


def test_fee_per_letter_and_per_document() -> None:
    books = position(item(), item("INV-2"), item("INV-3", due=day(20)))

    def fees(**more: object) -> tuple[str, str]:
        (letter,) = planned(books, day(30), FIRM, with_fee(**more)).letters  # type: ignore[arg-type]
        return str(letter.fee), str(letter.claimed)

    assert fees() == ("40", "340.00")
    assert fees(per="document") == ("80", "380.00")  # two at the letter's level, not the third
    assert fees(per="document", amount="1.005%") == ("2.02", "302.02")
    assert fees(amount="1.005%") == ("2.01", "302.01")
    assert fees(amount=["300 CNY"]) == ("0", "300.00")
    assert fees(debtor="consumer") == ("0", "300.00")
    assert fees(debtor="business") == ("40", "340.00")


def test_fee_once() -> None:
    early = with_fee("10 EUR", level="friendly", per="document")
    both = with_fee("40 EUR", level="firm", per="document", once=True, base=early)
    books = position(item(), item("INV-2"))
    charged = [sent(1, day(5), fee="10.00"), sent(1, day(5), "INV-2", fee="0.00")]
    assert [x.fee for x in planned(books, day(30), charged, both).letters] == [40]
    unrecorded = [sent(1, day(5)), sent(1, day(5), "INV-2", fee="0.00")]
    assert [x.fee for x in planned(books, day(30), unrecorded, both).letters] == [40]
    # A fee for the letter is not claimed again where one of its documents has borne one.
    letter = with_fee("40 EUR", level="firm", once=True, base=early)
    assert [x.fee for x in planned(books, day(30), charged, letter).letters] == [0]


def test_interest_from_a_level_on_by_the_documents_own_level() -> None:
    books = position(item("INV-1", "3650.00"), item("INV-2", "3650.00"))
    standard = with_interest("10%", from_level=2)
    assert planned(books, day(5), [], standard).letters[0].interest == 0
    (letter,) = planned(books, day(30), [sent(1, day(5))], standard).letters
    assert [(d.level, str(d.interest)) for d in letter.documents] == [(2, "30.00"), (1, "0")]
    assert [str(letter.total), str(letter.interest)] == ["7300.00", "30.00"]
    assert letter.claimed == Decimal(7330)


def test_interest_of_one_kind_of_debtor() -> None:
    consumer = Customer("C1", debtor="consumer")
    books = position(item(), customers=[consumer])
    result = planned(books, day(5), [], with_interest(debtor="business"))
    assert result.letters[0].interest == 0


def test_an_unknown_rate_leaves_interest_out_and_says_so() -> None:
    standard = with_interest(above="base")
    (letter,) = planned(position(item()), day(5), [], standard).letters
    assert (str(letter.interest), letter.rate_unknown) == ("0", True)
    table = RateTable(((dt.date(2026, 1, 1), Decimal(2)),))
    books = settings(standard, rates={"base": table})
    (letter,) = plan(position(item("I", "36500.00")), books, [], day(5)).letters
    assert (str(letter.interest), letter.rate_unknown) == ("50.00", False)


def test_books_without_policies_have_one() -> None:
    result = plan(position(item()), Settings(), [], day(5))
    assert [(x.level, x.definition.name) for x in result.letters] == [(1, "friendly")]


def test_levels_are_read_from_the_policy_of_the_customer() -> None:
    slow = policy(levels=(Level("slow", policy().levels[2].after, "reminder"),))
    books = settings()
    policies = {**books.reminders.policies, "slow": slow}
    books = replace(books, reminders=replace(books.reminders, policies=policies))
    record = Customer("C1", reminders=CustomerReminders(policy="slow"))
    patient = position(item(), customers=[record])
    assert plan(patient, books, [], day(29)).letters == ()
    assert [x.policy_name for x in plan(patient, books, [], day(30)).letters] == ["slow"]


def test_nothing_is_charged_on_fees_or_interest() -> None:
    standard = with_fee(per="document", base=with_interest("36.5%"))
    books = position(item(amount="1000.00"), item("INV-2", "1000.00", kind="interest"))
    (letter,) = planned(books, day(30), FIRM, standard).letters
    assert [str(each.fee) for each in letter.documents] == ["40", "0"]
    assert [str(each.interest) for each in letter.documents] == ["30.00", "0"]
    alone = planned(position(item(kind="fee")), day(30), FIRM[:1], with_fee()).letters
    assert [str(each.fee) for each in alone] == ["0"]
