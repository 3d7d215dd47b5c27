"""Letters about contracts: the day that matters, and what the texts say in each language."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledgercli.books.templates import packaged_texts
from ledgercli.model.contract_values import PriceTable
from ledgercli.model.customer import Contract, Customer
from ledgercli.model.settings import Settings
from ledgercli.model.values import Duration, Money
from ledgercli.reminders.contract_letter import SUBJECT, contract_context, day_to_write_about
from ledgercli.reminders.letters import TEXT_KINDS, render
from ledgercli.reminders.record_texts import changed

END = dt.date(2026, 12, 31)
MONTH = Duration(30)


def contract(**values: Any) -> Contract:  # noqa: ANN401 - fields of a contract
    begun: dict[str, Any] = {"start": dt.date(2026, 1, 1), "end": END, "value": "95 EUR per month"}
    return Contract("CT-1", "Service", **{**begun, **values})


@pytest.mark.parametrize(
    ("values", "as_of", "day"),
    [
        ({}, "2026-12-31", "2026-12-31"),
        ({}, "2027-01-01", None),
        ({"end": None}, "2026-06-01", None),
        # The last day for notice first, then the end of a contract that is not renewed.
        ({"notice": MONTH}, "2026-12-01", "2026-12-01"),
        ({"notice": MONTH}, "2026-12-02", "2026-12-31"),
        ({"notice": MONTH, "renews": Duration(1, "years")}, "2026-12-01", "2026-12-01"),
        ({"notice": MONTH, "renews": Duration(1, "years")}, "2026-12-02", None),
        # After notice in time it ends, after notice too late it goes on.
        (
            {"notice": MONTH, "renews": Duration(1, "years"), "terminated": dt.date(2026, 11, 1)},
            "2026-12-02",
            "2026-12-31",
        ),
        (
            {"notice": MONTH, "renews": Duration(1, "years"), "terminated": dt.date(2026, 12, 2)},
            "2026-12-02",
            "2027-12-31",
        ),
    ],
)
def test_the_day_that_a_customer_should_know_of(
    values: dict[str, Any], as_of: str, day: str | None
) -> None:
    found = day_to_write_about(contract(**values), dt.date.fromisoformat(as_of))
    assert (found.isoformat() if found else None) == day


def letter(
    values: dict[str, Any], language: str = "en", kind: str = "txt", template: str = "contract"
) -> str:
    customer = Customer("C1", name="Acme *Ltd*", language=language, currency="EUR")
    as_of = dt.date(2026, 11, 2)
    context = contract_context(contract(**values), customer, Settings(), as_of, language=language)
    context = changed(context, template=template)
    text, _, findings = render(context, [language], kind, packaged_texts())  # type: ignore[arg-type]
    assert findings == ()
    return " ".join(str(text).split())


def test_what_ends_what_is_renewed_and_what_it_then_costs() -> None:
    assert (
        "your contract CT-1, Service ends on 31 December 2026. The agreed price is EUR 95.00 per"
        " month. If you would like to go on, please let us know by 1 December 2026."
    ) in letter({"notice": MONTH})
    table = PriceTable(((dt.date(2027, 1, 1), Money.parse("100 EUR")),))
    renewed = letter({"notice": MONTH, "renews": Duration(1, "years"), "index": table})
    assert (
        "It is renewed until 31 December 2027 unless one of us gives notice by 1 December 2026 at"
        " the latest. From 1 January 2027 on the agreed price is EUR 100.00 (until then EUR 95.00)."
    ) in renewed
    given = letter({"notice": MONTH, "terminated": dt.date(2026, 10, 1)})
    assert "following the notice of 1 October 2026" in given
    assert "The agreed price is 5 % of sales." in letter({"value": "5 % of sales"})


@pytest.mark.parametrize("language", ["en", "zh", "de", "fr", "es", "ja"])
@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_every_language_and_kind_has_its_text(language: str, kind: str) -> None:
    for values in ({}, {"notice": MONTH}, {"notice": MONTH, "renews": Duration(2, "months")}):
        text = letter(values, language, kind)
        assert "CT-1" in text
        assert "Acme" in text
        assert "{{" not in text
        assert "None" not in text
    subject = letter({}, language, "txt", SUBJECT)
    assert "CT-1" in subject
    assert subject in letter({}, language, "txt")


def test_markup_in_the_data_is_no_markup() -> None:
    assert "Acme \\*Ltd\\*" in letter({}, kind="md")
    assert "<b>" not in letter({"value": "<b>5</b> EUR"}, kind="html")
