"""Fees, interest and the law in letters: what is claimed, repeated, booked and waived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from reminder_books import (
    day,
    event,
    item,
    policy,
    position,
    sent,
    settings,
    with_fee,
    with_interest,
)

from ledgercli.books.packaged import law_profiles, shipped_rates
from ledgercli.model.customer import Address, Customer, Debtor
from ledgercli.model.event import Event
from ledgercli.model.rates import Interest, InterestRate, RateTable
from ledgercli.model.settings import Policy
from ledgercli.receivables.booked_claims import booked_claims
from ledgercli.receivables.position import Item, Position
from ledgercli.reminders.plan import plan
from ledgercli.reminders.planned import Letter


def customer(country: str = "DE", debtor: Debtor = "business") -> Customer:
    return Customer("C1", debtor=debtor, addresses={"billing": Address(country=country)})


def letters(
    books: Position, on: dt.date, events: Sequence[Event], standard: Policy, **rates: RateTable
) -> tuple[Letter, ...]:
    chosen = settings(standard, rates=rates)
    return plan(books, chosen, events, on, laws=law_profiles()).letters


def letter(
    books: Position, on: dt.date, events: Sequence[Event], standard: Policy, **rates: RateTable
) -> Letter:
    (found,) = letters(books, on, events, standard, **rates)
    return found


def carried(found: Letter) -> list[str]:
    return [f"{row.kind} {row.number} {row.amount} {row.since}" for row in found.carried]


def booked(kind: str, about: str, amount: str, on: dt.date, *, stated: str = "") -> Item:
    """Return a claim that was booked; ``stated`` is the amount without tax."""
    prefix = {"fee": "FEE", "interest": "INT"}[kind]
    found = item(f"{prefix}-{about}", amount, kind=kind, due=on)  # type: ignore[arg-type]
    metadata = {"claim-for": about, **({"claim-amount": stated} if stated else {})}
    posting = replace(found.document.posting, metadata=metadata)
    return replace(found, document=replace(found.document, posting=posting, date=on))


FIRM = [sent(1, day(5))]


# --- lump sums and caps ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "debtor", "currency", "amount", "expected"),
    [
        ("DE", "business", "EUR", "100.00", "40"),
        ("DE", "public", "EUR", "100.00", "40"),
        ("DE", "consumer", "EUR", "100.00", "0"),
        ("FR", "business", "EUR", "100.00", "40"),
        ("FR", "consumer", "EUR", "100.00", "0"),
        ("GB", "business", "GBP", "999.99", "40"),
        ("GB", "business", "GBP", "1000.00", "70"),
        ("GB", "business", "GBP", "10000.00", "100"),
        ("GB", "business", "EUR", "10000.00", "0"),
        ("CN", "business", "CNY", "10000.00", "0"),
        ("US", "business", "EUR", "10000.00", "0"),
        ("", "business", "EUR", "10000.00", "0"),
    ],
)
def test_the_lump_sum_of_the_law(
    country: str, debtor: Debtor, currency: str, amount: str, expected: str
) -> None:
    books = position(
        item("INV-1", amount, currency=currency), customers=[customer(country, debtor)]
    )
    standard = with_fee("statutory", per="document")
    events = [sent(1, day(5), currency=currency)]
    assert str(letter(books, day(30), events, standard).fee) == expected


@pytest.mark.parametrize(("paid_on", "expected"), [(0, 70), (1, 100)])
def test_the_lump_sum_is_of_what_was_open_when_it_became_late(paid_on: int, expected: int) -> None:
    part = item("INV-1", "10000.00", currency="GBP", paid=[(day(paid_on), "0.01")])
    books = position(part, customers=[customer("GB")])
    standard = with_fee("statutory", per="document")
    events = [sent(1, day(5), currency="GBP")]
    assert letter(books, day(30), events, standard).fee == expected


def test_the_lump_sum_is_for_each_document() -> None:
    books = position(item("INV-1"), item("INV-2"), customers=[customer()])
    events = [sent(1, day(5)), sent(1, day(5), "INV-2")]
    standard = with_fee("statutory", per="document", once=True)
    assert letter(books, day(30), events, standard).fee == 80


@pytest.mark.parametrize(
    ("maximum", "expected"), [("", "10.00"), ("9.99 EUR", "9.99"), ("5 USD", "10.00")]
)
def test_a_fee_within_the_cap_of_the_policy(maximum: str, expected: str) -> None:
    from ledgercli.model.values import MoneyList

    cap = MoneyList.parse(maximum) if maximum else MoneyList()
    standard = with_fee("10%", per="document", maximum=cap)
    books = position(item("INV-1", "100.00"), customers=[customer()])
    assert str(letter(books, day(30), FIRM, standard).fee) == expected


@pytest.mark.parametrize(
    ("country", "debtor", "expected"),
    [("SE", "consumer", "60"), ("SE", "business", "100"), ("DE", "consumer", "100")],
)
def test_a_fee_within_the_cap_of_the_country(country: str, debtor: Debtor, expected: str) -> None:
    books = position(
        item("INV-1", "1000.00", currency="SEK"), customers=[customer(country, debtor)]
    )
    events = [sent(1, day(5), currency="SEK")]
    assert str(letter(books, day(30), events, with_fee("100 SEK")).fee) == expected


# --- claims of earlier letters -----------------------------------------------------------------

FEES = with_fee("10 EUR", level="friendly", per="document")


def test_a_fee_is_repeated_until_it_is_booked() -> None:
    events = [sent(1, day(5), fee="10.00")]
    open_ = position(item("INV-1"), customers=[customer()])
    found = letter(open_, day(30), events, FEES)
    assert carried(found) == ["fee INV-1 10.00 2026-03-06"]
    claimed = (found.fee, found.carried_total, found.claimed)
    assert claimed == (Decimal(0), Decimal("10.00"), Decimal("110.00"))
    in_books = position(item("INV-1"), booked("fee", "INV-1", "10.00", day(20)))
    found = letter(in_books, day(30), events, FEES)
    assert carried(found) == []
    # It is a document like others now, and asked for once.
    assert found.claimed == Decimal("110.00")


def test_part_of_a_fee_booked_and_tax_upon_it() -> None:
    events = [sent(1, day(5), fee="10.00")]
    half = position(item("INV-1"), booked("fee", "INV-1", "4.76", day(20), stated="4.00 EUR"))
    assert carried(letter(half, day(30), events, FEES)) == ["fee INV-1 6.00 2026-03-06"]
    whole = position(item("INV-1"), booked("fee", "INV-1", "11.90", day(20), stated="10.00 EUR"))
    assert carried(letter(whole, day(30), events, FEES)) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"claims": "all"}, []),
        ({"claims": "fees"}, []),
        ({"claims": "interest"}, ["fee INV-1 10.00 2026-03-06"]),
    ],
)
def test_a_waived_fee_is_gone(words: dict[str, str], expected: list[str]) -> None:
    books = position(item("INV-1"), customers=[customer()])
    events = [sent(1, day(5), fee="10.00"), event("waiver", day(6), **words)]
    assert carried(letter(books, day(30), events, FEES)) == expected


def test_a_waiver_is_about_what_came_before_it() -> None:
    books = position(item("INV-1"), customers=[customer()])
    later = [event("waiver", day(4), claims="all"), sent(1, day(5), fee="10.00")]
    assert carried(letter(books, day(30), later, FEES)) == ["fee INV-1 10.00 2026-03-06"]
    for_all = [sent(1, day(5), fee="10.00"), event("waiver", day(6), "", claims="all")]
    assert carried(letter(books, day(30), for_all, FEES)) == []


def test_a_fee_for_a_letter_counts_once_though_noted_with_each_document() -> None:
    standard = with_fee("12 EUR", level="friendly", per="letter")
    books = position(item("INV-1"), item("INV-2"), customers=[customer()])
    events = [sent(1, day(5), number, fee="12.00", letter="a") for number in ("INV-1", "INV-2")]
    assert carried(letter(books, day(30), events, standard)) == ["fee INV-1 12.00 2026-03-06"]


def test_claims_on_a_paid_document_ride_on_the_next_letter() -> None:
    standard = replace(with_interest("36.5%"), levels=FEES.levels)
    paid = item("INV-1", "1000.00", paid=[(day(9), "1000.00")])
    events = [sent(1, day(5), fee="10.00")]
    other = item("INV-2", "50.00", due=day(20))
    found = letter(position(paid, other, customers=[customer()]), day(25), events, standard)
    assert carried(found) == ["fee INV-1 10.00 2026-03-06", "interest INV-1 9.00 2026-03-10"]
    assert [each.item.document.number for each in found.documents] == ["INV-2"]
    assert found.claimed == found.requested + found.fee + found.interest + Decimal("19.00")
    # But they are no reason to write.
    assert letters(position(paid, customers=[customer()]), day(25), events, standard) == ()
    # And a notice repeats none of it.
    notice = item("INV-3", "50.00", due=day(27))
    found = letter(position(paid, notice, customers=[customer()]), day(25), events, standard)
    assert (found.level, found.carried) == (0, ())


def test_nothing_is_claimed_for_an_invoice_that_was_credited_as_a_whole() -> None:
    standard = replace(with_interest("36.5%"), levels=FEES.levels)
    gone = item("INV-1", "1000.00", paid=[(day(9), "1000.00")])
    (row,) = gone.allocations
    posting = replace(row.posting, metadata={"credit-note": "CN-1"})
    credited = replace(gone, allocations=(replace(row, posting=posting),))
    events = [sent(1, day(5), fee="10.00")]
    other = item("INV-2", "50.00", due=day(20))
    for document, expected in ((gone, 2), (credited, 0)):
        found = letter(position(document, other, customers=[customer()]), day(25), events, standard)
        assert len(found.carried) == expected


def test_no_interest_on_what_was_paid_before_any_letter() -> None:
    standard = with_interest("36.5%")
    paid = item("INV-1", "1000.00", paid=[(day(4), "1000.00")])
    other = item("INV-2", "50.00")
    assert carried(letter(position(paid, other), day(5), [], standard)) == []


def test_interest_is_claimed_less_what_was_booked_and_waived() -> None:
    standard = with_interest("36.5%")
    one = item("INV-1", "1000.00")
    assert letter(position(one), day(30), FIRM, standard).interest == Decimal("30.00")
    note = booked("interest", "INV-1", "20.00", day(20))
    assert letter(position(one, note), day(30), FIRM, standard).interest == Decimal("10.00")
    waived = [*FIRM, event("waiver", day(25), claims="interest")]
    assert letter(position(one, note), day(30), waived, standard).interest == Decimal("5.00")
    # What was booked after the waiver counts beside it.
    late = booked("interest", "INV-1", "2.00", day(27))
    assert letter(position(one, late), day(30), waived, standard).interest == Decimal("3.00")
    # More than there is never makes a claim of less than nothing.
    much = booked("interest", "INV-1", "99.00", day(20))
    assert letter(position(one, much), day(30), FIRM, standard).interest == 0


def test_a_claim_in_the_books_is_found_by_link_too() -> None:
    fee = item("FEE-1", "10.00", kind="fee")
    linked = replace(fee, document=replace(fee.document, names=frozenset({"FEE-1", "INV-1"})))
    ((key, (row,)),) = booked_claims((item("INV-1"), linked)).items()
    assert (key, row.kind, row.number) == (("C1", "EUR", "INV-1"), "fee", "FEE-1")
    # Of two documents it could be about either.
    both = replace(fee.document, names=frozenset({"FEE-1", "INV-1", "INV-2"}))
    found = booked_claims((item("INV-1"), item("INV-2"), replace(fee, document=both)))
    assert found == {}


# --- interest of the policy --------------------------------------------------------------------


def with_rate(text: str, from_level: int = 1) -> Policy:
    return policy(interest=Interest(InterestRate.parse(text), from_level=from_level))


def test_a_factor_on_a_table() -> None:
    books = position(
        item("INV-1", "36500.00", currency="CNY", due=dt.date(2026, 1, 20)),
        customers=[customer("CN")],
    )
    found = letter(
        books,
        dt.date(2026, 3, 19),
        [],
        with_rate("lpr-1y × 1.5"),
        **{"lpr-1y": shipped_rates("lpr-1y")},
    )
    assert (found.interest, found.rate_unknown) == (Decimal("261.00"), False)
    # The packaged table ends that day.
    late = letter(
        books,
        dt.date(2026, 3, 20),
        [],
        with_rate("lpr-1y × 1.5"),
        **{"lpr-1y": shipped_rates("lpr-1y")},
    )
    assert (late.interest, late.rate_unknown) == (Decimal(0), True)


def test_an_unknown_rate_of_a_paid_document_is_told() -> None:
    table = shipped_rates("base-rate-bgb")
    paid = item(
        "INV-1", "1000.00", due=dt.date(2026, 6, 1), paid=[(dt.date(2026, 7, 2), "1000.00")]
    )
    other = item("INV-2", "50.00", due=dt.date(2026, 7, 1))
    books = position(paid, other, customers=[customer()])
    events = [sent(1, dt.date(2026, 6, 10))]
    standard = with_rate("9% above base-rate-bgb", from_level=1)
    found = letter(books, dt.date(2026, 7, 10), events, standard, **{"base-rate-bgb": table})
    assert found.rate_unknown
    assert (found.carried_total, found.interest) == (Decimal(0), Decimal(0))


# --- sentences ---------------------------------------------------------------------------------


def sentences(
    country: str, debtor: Debtor, *, standard: Policy | None = None, rate: str = "9% above base"
) -> list[str]:
    chosen = standard or replace(with_fee(per="document"), interest=with_rate(rate).interest)
    books = position(item("INV-1", "1000.00"), customers=[customer(country, debtor)])
    table = {"base": replace(shipped_rates("base-rate-bgb"), ends={})}
    found = letter(books, day(30), FIRM, chosen, **table)
    return [f"{row.law} {row.key}" for row in found.legal]


@pytest.mark.parametrize(
    ("country", "debtor", "expected"),
    [
        ("DE", "business", ["de recovery-costs", "de interest"]),
        ("DE", "public", ["de recovery-costs", "de interest"]),
        ("DE", "consumer", ["de costs-of-default", "de interest"]),
        ("FR", "public", ["eu recovery-costs", "eu interest"]),
        ("FR", "consumer", ["agreed agreed-fee", "agreed agreed-interest"]),
        ("GB", "business", ["uk recovery-costs", "uk interest"]),
        ("CN", "business", ["cn liability", "cn interest", "cn limitation"]),
        ("US", "business", ["agreed agreed-fee", "agreed agreed-interest"]),
    ],
)
def test_sentences_by_country_and_debtor(country: str, debtor: Debtor, expected: list[str]) -> None:
    assert sentences(country, debtor) == expected


def test_the_words_name_the_article_for_the_debtor() -> None:
    def words(debtor: Debtor, country: str, language: str) -> str:
        books = position(item("INV-1"), customers=[customer(country, debtor)])
        table = {"base": replace(shipped_rates("base-rate-bgb"), ends={})}
        found = letter(books, day(30), FIRM, with_rate("9% above base"), **table)
        (row,) = found.legal
        return row.text(language)

    assert "§ 288 Abs. 2 BGB" in words("business", "DE", "de")
    assert "§ 288 Abs. 1 BGB" in words("consumer", "DE", "de-AT")
    assert "Article 3 of" in words("business", "FR", "en")
    assert "l'article 4 de" in words("public", "FR", "fr")
    # A language that has no words of its own gets the English ones.
    assert words("public", "FR", "nl") == words("public", "FR", "en")


def test_each_sentence_is_switched_off_and_on() -> None:
    base = replace(with_fee(per="document"), interest=with_rate("9% above base").interest)
    without = replace(base, legal={"recovery-costs": False})
    assert sentences("DE", "business", standard=without) == ["de interest"]
    more = replace(base, legal={"interest": False, "default-notice": True})
    assert sentences("DE", "consumer", standard=more) == [
        "de costs-of-default",
        "de default-notice",
    ]


def test_an_agreed_rate_cites_no_statutory_one() -> None:
    assert sentences("DE", "business", rate="8%") == ["de recovery-costs", "de agreed-interest"]
    assert sentences("GB", "business", rate="8%") == ["uk recovery-costs"]


def test_nothing_is_cited_where_nothing_is_claimed() -> None:
    books = position(item("INV-1"), customers=[customer("DE")])
    assert letter(books, day(5), [], policy()).legal == ()
    # A notice makes no demand, a dunning letter to China does.
    books = position(item("INV-1", currency="CNY"), customers=[customer("CN")])
    assert letter(books, day(-3), [], policy()).legal == ()
    assert [row.key for row in letter(books, day(5), [], policy()).legal] == ["limitation"]


def test_the_law_is_empty_where_neither_policy_nor_address_says() -> None:
    nobody = position(item("INV-1"), customers=[Customer("C1")])
    assert letter(nobody, day(5), [], policy()).law == ""
    assert letter(nobody, day(5), [], policy(law="de")).law == "de"
    known = position(item("INV-1"), customers=[customer("US")])
    assert letter(known, day(5), [], policy()).law == "agreed"
