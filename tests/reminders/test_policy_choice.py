"""Which policy a customer is reminded by: the one named, the first that is meant, the default."""

from dataclasses import replace

import pytest
from reminder_books import day, item, position

from ledgercli.books.validation import validated
from ledgercli.model.customer import Address, Customer, CustomerReminders
from ledgercli.model.settings import Settings
from ledgercli.reminders.levels import policy_for
from ledgercli.reminders.plan import plan

LEVELS = [{"name": "one", "after": "5 days", "template": "reminder"}]
SETTINGS = {
    "reminders": {
        "policies": {
            "standard": {"levels": LEVELS},
            "town halls": {"when": {"debtor": "public"}, "levels": LEVELS},
            "swiss": {"when": {"country": "CH", "segment": {"size": "Large"}}, "levels": LEVELS},
            "abroad": {"when": {"country": ["AT", "CH"]}, "levels": LEVELS},
            "good": {"when": {"tier": ["A", "B"], "tag": "Partner"}, "levels": LEVELS},
            "unmeant": {"levels": LEVELS},
        }
    }
}


def books(data: object = SETTINGS) -> Settings:
    settings, problems = validated(Settings, data)
    assert problems == []
    assert settings is not None
    return settings


def at(country: str) -> dict[str, Address]:
    return {"billing": Address(country=country)}


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        (Customer("C1"), "standard"),
        (None, "standard"),
        (Customer("C1", debtor="public"), "town halls"),
        (Customer("C1", debtor="public", addresses=at("CH")), "town halls"),  # the first that fits
        (Customer("C1", addresses=at("CH"), segments={"size": "large"}), "swiss"),
        (Customer("C1", addresses=at("CH"), segments={"size": "small"}), "abroad"),
        (Customer("C1", addresses=at("AT")), "abroad"),
        (Customer("C1", addresses=at("DE")), "standard"),
        (Customer("C1", tier="b", tags=("partner", "eu")), "good"),
        (Customer("C1", tier="B"), "standard"),  # all that is said must fit
        (Customer("C1", tags=("partner",)), "standard"),
        (
            Customer("C1", debtor="public", reminders=CustomerReminders(policy="unmeant")),
            "unmeant",
        ),
        (
            Customer("C1", debtor="public", reminders=CustomerReminders(policy="standard")),
            "standard",
        ),
    ],
)
def test_the_policy_of_a_customer(customer: Customer | None, expected: str) -> None:
    name, found = policy_for(books(), customer)
    assert (name, found) == (expected, books().reminders.policies[expected])


def test_a_policy_that_is_named_and_is_not_there() -> None:
    record = Customer("C1", debtor="public", reminders=CustomerReminders(policy="gone"))
    assert policy_for(books(), record) == ("gone", None)


def test_an_empty_when_is_meant_for_everybody() -> None:
    everybody = {"all": {"when": {}, "levels": LEVELS}, "standard": {"levels": LEVELS}}
    assert policy_for(books({"reminders": {"policies": everybody}}), Customer("C1"))[0] == "all"


def test_letters_follow_the_policy_that_is_meant() -> None:
    record = Customer("C1", debtor="public")
    settings = books()
    slow = [{"name": "one", "after": "20 days", "template": "reminder"}]
    policies = {
        **SETTINGS["reminders"]["policies"],
        "town halls": {"when": {"debtor": "public"}, "levels": slow},
    }
    settings = books({"reminders": {"policies": policies}})
    patient = position(item(), customers=[record])
    assert plan(patient, settings, [], day(19)).letters == ()
    (letter,) = plan(patient, settings, [], day(20)).letters
    assert letter.policy_name == "town halls"
    firm = position(item(), customers=[replace(record, debtor="business")])
    assert [each.policy_name for each in plan(firm, settings, [], day(5)).letters] == ["standard"]
