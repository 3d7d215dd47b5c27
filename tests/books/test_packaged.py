"""The packaged data: every rate has a source, and tables that depend on each other agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from ledgercli.books.packaged import LAWS, law_profiles, shipped_rates
from ledgercli.books.settings import read_settings
from ledgercli.model.customer import Address, Customer, Debtor
from ledgercli.model.law import Restart, law_of
from ledgercli.model.rates import SHIPPED_RATES
from ledgercli.model.settings import Law

DATA = files("ledgercli") / "data"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_every_table_and_every_law_is_known_by_name() -> None:
    tables = {entry.name.removesuffix(".yaml") for entry in (DATA / "rates").iterdir()}
    laws = {entry.name.removesuffix(".yaml") for entry in (DATA / "laws").iterdir()}
    assert tables == set(SHIPPED_RATES)
    assert laws == set(LAWS)


@pytest.mark.parametrize("name", SHIPPED_RATES)
def test_every_rate_has_its_source_and_every_table_its_end(name: str) -> None:
    table = shipped_rates(name)
    days = [first for first, _ in table.rates]
    assert days == sorted(set(days))
    assert all(len(table.sources[first]) > 20 for first in days)
    (end,) = table.ends.items()
    assert end[0] == days[-1]
    assert end[1] > end[0]
    assert table.at(end[1]) == table.rates[-1][1]
    assert table.at(end[1] + dt.timedelta(days=1)) is None
    assert table.at(days[0] - dt.timedelta(days=1)) is None


def test_the_base_rate_follows_the_ecb() -> None:
    """§ 247 (1) BGB: it changes by the points by which the rate of the ECB has changed."""
    base, ecb = shipped_rates("base-rate-bgb"), shipped_rates("ecb-refinancing")
    for year in range(2013, 2027):
        for month in (1, 7):
            first = dt.date(year, month, 1)
            ours, theirs = base.at(first), ecb.at(first)
            if ours is not None and theirs is not None:
                # The last operation before the half-year, so a cut of its first days comes later.
                assert theirs - ours == Decimal("0.88"), first


@pytest.mark.parametrize("name", ["ecb-refinancing", "boe-statutory"])
def test_reference_rates_have_a_row_for_each_half_year(name: str) -> None:
    days = [first for first, _ in shipped_rates(name).rates]
    assert days == [dt.date(year, month, 1) for year in range(2013, 2027) for month in (1, 7)][:-1]


def test_the_english_rate_is_that_of_the_day_before_the_half_year() -> None:
    table = shipped_rates("boe-statutory")
    # Bank Rate went from 5.25 to 5.00 on 1 August 2024, from 4.00 to 3.75 on 18 December 2025.
    assert table.at(day("2024-12-31")) == Decimal("5.25")
    assert table.at(day("2025-01-01")) == Decimal("4.75")
    assert table.at(day("2025-12-31")) == Decimal("4.25")
    assert table.at(day("2026-01-01")) == Decimal("3.75")
    assert table.fixed


@pytest.mark.parametrize("name", LAWS)
def test_every_sentence_has_english_words_and_a_source(name: str) -> None:
    profile = law_profiles()[name]
    keys = [entry.key for entry in profile.sentences]
    assert len(keys) == len(set(keys))
    for entry in profile.sentences:
        assert entry.text["en"].endswith(".")
        assert entry.source
        assert entry.debtors
        used = {"{article}" in text for text in entry.text.values()}
        assert used == {bool(entry.articles)}
        assert not entry.articles or set(entry.articles) == set(entry.debtors)
        if entry.standard:
            assert set(entry.text) == {"en", "de", "zh", "fr", "es", "ja"}


def test_rules_have_their_source() -> None:
    for profile in law_profiles().values():
        if profile.recovery:
            assert profile.recovery.source
            assert profile.recovery.bands
        if profile.limitation:
            assert profile.limitation.source
            assert set(profile.limitation.restarts) <= set(get_args(Restart))
        assert all(cap.source and cap.maximum.amounts for cap in profile.caps.values())


@pytest.mark.parametrize(
    ("law", "amount", "currency", "debtor", "expected"),
    [
        ("de", "10.00", "EUR", "business", "40"),
        ("de", "10.00", "EUR", "public", "40"),
        ("de", "10.00", "EUR", "consumer", None),
        ("de", "10.00", "USD", "business", None),
        ("eu", "10.00", "EUR", "business", "40"),
        ("eu", "10.00", "EUR", "consumer", None),
        ("uk", "999.99", "GBP", "business", "40"),
        ("uk", "1000.00", "GBP", "business", "70"),
        ("uk", "9999.99", "GBP", "public", "70"),
        ("uk", "10000.00", "GBP", "business", "100"),
        ("uk", "10000.00", "GBP", "consumer", None),
    ],
)
def test_lump_sums(law: str, amount: str, currency: str, debtor: Debtor, expected: str) -> None:
    recovery = law_profiles()[law].recovery
    assert recovery
    found = recovery.sum_for(Decimal(amount), currency, debtor)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("chosen", "country", "debtor", "expected"),
    [
        (None, "DE", "business", "de"),
        (None, "de", "consumer", "de"),
        (None, "FR", "business", "eu"),
        (None, "FR", "public", "eu"),
        (None, "FR", "consumer", "agreed"),
        (None, "GB", "business", "uk"),
        (None, "GB", "consumer", "agreed"),
        (None, "CN", "consumer", "cn"),
        (None, "US", "business", "agreed"),
        (None, "", "business", "agreed"),
        ("cn", "DE", "business", "cn"),
        ("agreed", "DE", "business", "agreed"),
        ("eu", "US", "consumer", "agreed"),
    ],
)
def test_which_law_applies(chosen: Law | None, country: str, debtor: Debtor, expected: str) -> None:
    customer = Customer("C1", debtor=debtor, addresses={"billing": Address(country=country)})
    assert law_of(chosen, customer, law_profiles()) == expected


def test_the_billing_address_decides_before_any_other() -> None:
    addresses = {"delivery": Address(country="FR"), "billing": Address(country="DE")}
    assert law_of(None, Customer("C1", addresses=addresses), law_profiles()) == "de"
    only = {"delivery": Address(country="FR")}
    assert law_of(None, Customer("C1", addresses=only), law_profiles()) == "eu"


def test_only_tables_that_a_policy_names_are_there(tmp_path: Path) -> None:
    file = tmp_path / "ledgercli.yaml"
    text = "reminders: {policies: {standard: {interest: {rate: 9%, above: base-rate-bgb}}}}\n"
    file.write_text(text + "rates: {own: {2026-01-01: 1%}, base-rate-bgb: {2026-07-01: 1.5%}}\n")
    settings, findings = read_settings(file, "ledgercli.yaml")
    assert findings == ()
    assert sorted(settings.rates) == ["base-rate-bgb", "own"]
    table = settings.rates["base-rate-bgb"]
    assert [table.at(day(text)) for text in ("2026-06-30", "2026-07-01", "2027-01-01")] == [
        Decimal("1.27"),
        Decimal("1.5"),
        Decimal("1.5"),
    ]


@pytest.mark.parametrize(
    ("interest", "codes"),
    [
        ("{rate: lpr-1y × 1.5}", []),
        ("{rate: 9% above ecb-refinancing}", []),
        ("{rate: 9% above nothing}", ["unknown-rate-table"]),
        ("{rate: nothing × 2}", ["unknown-rate-table"]),
        ("{rate: 9}", ["invalid-value"]),
        ("{rate: 9%, day_count: act/360}", ["unknown-value"]),
    ],
)
def test_interest_in_the_settings(tmp_path: Path, interest: str, codes: list[str]) -> None:
    file = tmp_path / "ledgercli.yaml"
    file.write_text(
        f"reminders: {{policies: {{standard: {{interest: {interest}}}}}}}\n", encoding="utf-8"
    )
    _, findings = read_settings(file, "ledgercli.yaml")
    assert sorted(finding.code for finding in findings) == codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("reminders: {policies: {standard: {legal: {interest: no, limitation: yes}}}}", []),
        ("reminders: {policies: {standard: {legal: {intrest: no}}}}", ["unknown-key 1:43"]),
        (
            "reminders: {policies: {standard: {legal: {interest: off-ish}}}}",
            ["expected-yes-or-no 1:53"],
        ),
        ("claims: {tax: 19%, taxed: [fee]}", []),
        ("claims: {tax: -19%}", ["negative-setting 1:15"]),
        ("claims: {taxed: [everything]}", ["unknown-value 1:18"]),
    ],
)
def test_settings_of_claims_and_sentences(tmp_path: Path, text: str, found: list[str]) -> None:
    file = tmp_path / "ledgercli.yaml"
    file.write_text(text + "\n", encoding="utf-8")
    _, findings = read_settings(file, "ledgercli.yaml")
    rows = [f"{row.code} {row.place.line}:{row.place.column}" for row in findings]
    assert rows == found


def test_a_cap_cannot_be_negative(tmp_path: Path) -> None:
    fee = "{amount: 40 EUR, maximum: -1 EUR}"
    level = f"{{name: a, after: 5 days, template: reminder, fee: {fee}}}"
    file = tmp_path / "ledgercli.yaml"
    text = f"reminders: {{policies: {{standard: {{levels: [{level}]}}}}}}\n"
    file.write_text(text, encoding="utf-8")
    settings, findings = read_settings(file, "ledgercli.yaml")
    assert [row.code for row in findings] == ["negative-setting"]
    read = settings.reminders.policies["standard"].levels[0].fee
    assert read
    assert read.maximum.amounts == ()
