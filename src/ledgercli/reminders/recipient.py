"""Where a letter goes: the channel, the contact, the address."""

from __future__ import annotations

import functools
from collections.abc import Collection

from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Address, Contact, Customer
from ledgercli.model.settings import Level, Policy
from ledgercli.reminders.history import Sent


def channel_of(
    customer: Customer, level: Level, policy: Policy, returned: Collection[Sent] = ()
) -> tuple[str, str]:
    """Return the channel and the e-mail address: the level's, the customer's, the policy's.

    A level goes first, since a final notice by post is meant so whatever the customer likes.
    ``returned`` are letters of this level that came back last: what reached nobody where the
    customer still is goes by post. So does e-mail without an address. Of several addresses the
    first of a contact with the role ``billing`` counts, else the first at all.
    """
    channel = level.channel or customer.reminders.channel or policy.channel
    email = email_of(customer)
    if channel == "email" and not email:
        return "post", ""
    if channel != "post" and unreachable(customer, channel, returned):
        return "post", email
    return channel, email


def unreachable(customer: Customer, channel: str, returned: Collection[Sent]) -> Sent | None:
    """Return the letter by ``channel`` that came back from where the customer still is, if any.

    A letter whose destination was not recorded is taken to have gone where the record says today.
    """
    there = destination(customer, channel)
    return next(
        (sent for sent in returned if sent.channel == channel and sent.to in {"", there}), None
    )


def destination(customer: Customer, channel: str) -> str:
    """Return where letters of a channel go, in one line: the e-mail or the postal address.

    Empty where the record does not say, and for channels of other kinds.
    """
    if channel == "email":
        return email_of(customer)
    address = customer.addresses.get("billing") or next(iter(customer.addresses.values()), None)
    if channel != "post" or address is None:
        return ""
    place = (address.postcode, address.city, address.region, address.country)
    return ", ".join(filter(None, (*address.lines, *place)))


def has_postal_address(customer: Customer) -> bool:
    """Return whether the post could find the customer: a country alone is no address."""
    address = customer.addresses.get("billing") or next(iter(customer.addresses.values()), None)
    return address is not None and bool(address.lines or address.city)


def email_of(customer: Customer) -> str:
    """Return the address that letters go to, empty where the record has none."""
    contact = billing_contact(customer, with_email=True)
    return contact.email if contact else ""


def address_remedy(customer: Customer, level: Level, policy: Policy) -> Text:
    """Return what to write into the record of a customer whom the post cannot find.

    An e-mail address helps only where e-mail is wanted: by the level, the record or the policy.
    """
    if level.channel and level.channel != "email":
        return Text(N_("add a postal one under `addresses:`, this level goes by post"))
    if (level.channel or customer.reminders.channel or policy.channel) == "email":
        return Text(
            N_("add a postal one under `addresses:`, or an e-mail address under `contacts:`")
        )
    email = email_of(customer)
    if email:
        words = N_(
            "add a postal one under `addresses:`, or write `reminders: {{channel: email}}` for"
            " {email}"
        )
        return Text(words, {"email": email})
    return Text(
        N_(
            "add a postal one under `addresses:`, or an e-mail address under `contacts:` and"
            " `reminders: {{channel: email}}`"
        )
    )


def billing_contact(customer: Customer, *, with_email: bool = False) -> Contact | None:
    """Return the contact for bills: the first with that role, else the first with an e-mail."""
    known = [contact for contact in customer.contacts if contact.email or not with_email]
    billing = (contact for contact in known if contact.role == "billing")
    return next(billing, known[0] if known and with_email else None)


#: The country that letters of a language are at home in; its name is left out of addresses.
_HOME = {"de": "DE", "zh": "CN", "ja": "JP"}


def address_lines(address: Address, language: str, sent_from: str = "") -> tuple[str, ...]:
    """Return the address as the post of its country wants it, with the country's name abroad.

    Abroad is seen from ``sent_from``, the sender's country; empty: from where ``language`` is at
    home.

    Known orders: Chinese (postcode, region and city, then street), British and American; all others
    have the postcode before the city.
    """
    country = address.country.upper()
    home = (sent_from.upper() or _HOME.get(language.partition("-")[0])) == country
    if country in {"CN", "JP"} and home and language.partition("-")[0] in {"zh", "ja"}:
        place = "".join(dict.fromkeys([address.region, address.city]))
        return tuple(line for line in (address.postcode, place + "".join(address.lines)) if line)
    if country == "GB":
        places = [address.city, address.region, address.postcode]
    elif country in {"US", "CA", "AU"}:
        places = [" ".join(filter(None, [address.city, address.region, address.postcode]))]
    else:
        places = [" ".join(filter(None, [address.postcode, address.city])), address.region]
    name = "" if home or not country else _country_name(country)
    return tuple(line for line in (*address.lines, *places, name) if line)


@functools.lru_cache(maxsize=256)
def _country_name(code: str) -> str:
    """Return the English name in capitals, which every post office reads, or the code."""
    from babel import Locale

    return str(Locale("en").territories.get(code, code)).upper()
