"""Letters that came back: the same level again, by post; and what comes back by post is held."""

from dataclasses import replace

import pytest
from reminder_books import (
    day,
    email_customer,
    item,
    planned,
    policy,
    position,
    raised,
    reasons,
    sent,
)

from ledgercli.model.customer import Address, Contact, Customer, CustomerReminders
from ledgercli.model.event import Event
from ledgercli.model.settings import Policy
from ledgercli.output.values import sentence
from ledgercli.reminders.planned import Plan
from ledgercli.reminders.recipient import address_remedy, destination

EMAIL = policy(channel="email")
AT_HOME = {"billing": Address(lines=("Hauptstr. 1",), postcode="10115", city="Berlin")}


def letter(on: int, level: int = 1, **details: str) -> Event:
    return sent(level, day(on), **{"channel": "email", "message_id": f"m{on}", **details})


def back(on: int, of: int, level: int = 1, **details: str) -> Event:
    return sent(
        level,
        day(on),
        **{"channel": "email", "status": "bounced", "message_id": f"m{of}", **details},
    )


def plan(*events: Event, on: int = 10, customer: Customer | None = None) -> Plan:
    books = position(item(), customers=[customer or email_customer(addresses=AT_HOME)])
    return planned(books, day(on), events, EMAIL)


def channels(result: Plan) -> list[tuple[str, int]]:
    return [(each.channel, each.level) for each in result.letters]


def test_a_bounce_brings_the_same_level_by_post() -> None:
    assert channels(plan()) == [("email", 1)]
    assert channels(plan(letter(5), back(6, 5))) == [("post", 1)]
    # The day before the bounce the letter had arrived, as far as anybody knew.
    assert channels(plan(letter(5), back(6, 5), on=5)) == []


def test_after_the_letter_by_post_the_next_level_goes_by_email_again() -> None:
    by_post = sent(1, day(7), channel="post")
    events = [letter(5), back(6, 5), by_post]
    assert channels(plan(*events, on=29)) == []
    assert channels(plan(*events, on=30)) == [("email", 2)]


def test_a_new_address_is_tried() -> None:
    events = [letter(5, to="old@acme.example"), back(6, 5)]
    assert channels(plan(*events)) == [("email", 1)]
    events = [letter(5), back(6, 5, to="old@acme.example")]
    assert channels(plan(*events)) == [("email", 1)]
    same = [letter(5, to="ap@acme.example"), back(6, 5)]
    assert channels(plan(*same)) == [("post", 1)]


def test_only_the_last_letter_of_the_level_counts() -> None:
    again = [letter(5), back(6, 5), letter(7), back(8, 7)]
    assert channels(plan(*again)) == [("post", 1)]
    first_only = [letter(5), letter(7), back(8, 5)]
    assert channels(plan(*first_only)) == []  # the other one arrived
    other_level = [letter(5), letter(35, 2), back(36, 35, 2)]
    assert channels(plan(*other_level, on=40)) == [("post", 2)]
    failed = [letter(5), sent(1, day(6), status="failed", message_id="m5")]
    assert channels(plan(*failed)) == [("email", 1)]


def test_a_notice_that_bounced() -> None:
    notice = [letter(-3, 0), back(-2, -3, 0)]
    assert channels(plan(*notice, on=-1)) == [("post", 0)]


def test_a_retracted_bounce_leaves_the_letter_sent() -> None:
    bounce = back(6, 5)
    retract = Event("r", f"{day(8)}T06:00:00Z", day(8), "ute", "retract", "C1")
    taken_back = replace(bounce, retracted_by=(retract,))
    assert channels(plan(letter(5), taken_back, on=7)) == [("post", 1)]
    assert channels(plan(letter(5), taken_back, on=8)) == []


def test_a_channel_of_another_kind_falls_back_as_well() -> None:
    courier = email_customer(reminders=CustomerReminders(channel="command:courier"))
    events = [letter(5, channel="command:courier"), back(6, 5, channel="command:courier")]
    assert channels(plan(*events, customer=courier)) == [("post", 1)]


def test_what_comes_back_by_post_waits_for_another_address() -> None:
    by_post = email_customer(addresses=AT_HOME, reminders=CustomerReminders(channel="post"))
    there = destination(by_post, "post")
    assert there == "Hauptstr. 1, 10115, Berlin"
    events = [
        letter(5, channel="post", message_id=""),
        back(9, 5, channel="post", message_id="", to=there),
    ]
    result = plan(*events, customer=by_post)
    assert (result.letters, reasons(result)) == ((), [("INV-1", "returned")])
    assert result.held[0].values == {"back": day(9).isoformat()}
    moved = replace(by_post, addresses={"billing": replace(AT_HOME["billing"], city="Potsdam")})
    assert channels(plan(*events, customer=moved)) == [("post", 1)]
    not_known = [events[0], back(9, 5, channel="post", message_id="")]
    assert reasons(plan(*not_known, customer=by_post)) == [("INV-1", "returned")]
    # By e-mail the letter may still arrive.
    assert channels(plan(*events, customer=email_customer(addresses=AT_HOME))) == [("email", 1)]


def test_an_entry_names_what_it_takes_back() -> None:
    first, second = letter(5, message_id=""), letter(7, message_id="")
    bounce = back(8, 7, message_id="", returns=first.id)
    assert channels(plan(first, bounce)) == [("post", 1)]
    assert channels(plan(first, second, bounce)) == []
    other = back(8, 7, message_id="", letter="letters/a.txt")
    assert channels(plan(letter(5, message_id="", letter="letters/b.txt"), other)) == []
    assert channels(plan(letter(5, message_id="", letter="letters/a.txt"), other)) == [("post", 1)]


@pytest.mark.parametrize("back_of", ["INV-1", "INV-2"])
def test_a_letter_about_several_documents_goes_by_post_for_one_of_them(back_of: str) -> None:
    books = position(item(), item("INV-2"), customers=[email_customer()])
    events = [
        replace(letter(5), number=back_of),
        replace(back(6, 5), number=back_of),
    ]
    result = planned(books, day(10), events, EMAIL)
    assert [each.channel for each in result.letters] == ["post"]
    assert raised(result) == [("INV-1", 1), ("INV-2", 1)]


@pytest.mark.parametrize(
    ("email", "record", "level", "remedy"),
    [
        ("a@b.example", "", None, "write `reminders: {channel: email}` for a@b.example"),
        ("", "", None, "under `contacts:` and `reminders: {channel: email}`"),
        ("", "email", None, "or an e-mail address under `contacts:`"),
        ("a@b.example", "email", "post", "this level goes by post"),
    ],
)
def test_the_remedy_for_a_missing_address_would_help(
    email: str, record: str, level: str | None, remedy: str
) -> None:
    contacts = (Contact(email=email),) if email else ()
    customer = email_customer(contacts=contacts, addresses={})
    customer = replace(customer, reminders=replace(customer.reminders, channel=record or None))
    text = address_remedy(customer, replace(EMAIL.levels[0], channel=level), Policy())
    assert sentence(text).endswith(remedy)


def test_without_an_address_email_is_post() -> None:
    nobody = Customer("C1", contacts=(Contact(name="Ute"),))
    assert channels(plan(customer=nobody)) == [("post", 1)]  # the books know where C1 lives
    assert destination(nobody, "email") == destination(nobody, "post") == ""
    assert destination(nobody, "command:courier") == ""


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (None, [("INV-1", "no-address")]),
        (Address(country="DE"), [("INV-1", "no-address")]),
        (Address(postcode="10115", country="DE"), [("INV-1", "no-address")]),
        (Address(city="Berlin"), []),
        (Address(("Hauptstr. 1",)), []),
    ],
)
def test_post_without_an_address_is_held(
    address: Address | None, found: list[tuple[str, str]]
) -> None:
    """No e-mail, or one that came back, goes by post; where that has no address, a person looks."""
    addresses = {"billing": address} if address else {}
    letterless = email_customer(contacts=(), addresses=addresses)
    books = replace(position(item()), customers={"C1": letterless})
    assert reasons(planned(books, day(5), (), EMAIL)) == found
    # E-mail has its own address.
    by_email = replace(books, customers={"C1": email_customer(addresses=addresses)})
    assert reasons(planned(by_email, day(5), [], EMAIL)) == []
    back_from_there = [letter(5), back(6, 5)]
    assert reasons(planned(by_email, day(10), back_from_there, EMAIL)) == found
    # A bare ledger has no records: nobody knows who could be written to.
    bare = planned(books, day(5), (), EMAIL, addresses_known=False)
    assert reasons(bare) == []
