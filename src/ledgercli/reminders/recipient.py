"""Where a letter goes: the channel, the contact, the address."""

from __future__ import annotations

from ledgercli.model.customer import Address, Contact, Customer
from ledgercli.model.settings import Level, Policy


def channel_of(customer: Customer, level: Level, policy: Policy) -> tuple[str, str]:
    """Return the channel and the e-mail address: the level's, the customer's, the policy's.

    A level goes first, since a final notice by post is meant so whatever the customer likes.
    E-mail without an address goes by post. Of several addresses the first of a contact with the
    role ``billing`` counts, else the first at all.
    """
    channel = level.channel or customer.reminders.channel or policy.channel
    email = email_of(customer)
    if channel == "email" and not email:
        return "post", ""
    return channel, email


def email_of(customer: Customer) -> str:
    """Return the address that letters go to, empty where the record has none."""
    contact = billing_contact(customer, with_email=True)
    return contact.email if contact else ""


def billing_contact(customer: Customer, *, with_email: bool = False) -> Contact | None:
    """Return the contact for bills: the first with that role, else the first with an e-mail."""
    known = [contact for contact in customer.contacts if contact.email or not with_email]
    billing = (contact for contact in known if contact.role == "billing")
    return next(billing, known[0] if known and with_email else None)


#: The country that letters of a language are at home in; its name is left out of addresses.
_HOME = {"de": "DE", "zh": "CN"}


def address_lines(address: Address, language: str) -> tuple[str, ...]:
    """Return the address as the post of its country wants it, with the country's name abroad.

    Known orders: Chinese (postcode, region and city, then street), British and American; all others
    have the postcode before the city.
    """
    country = address.country.upper()
    home = _HOME.get(language.partition("-")[0]) == country
    if country == "CN" and home:
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


def _country_name(code: str) -> str:
    """Return the English name in capitals, which every post office reads, or the code."""
    from babel import Locale

    return str(Locale("en").territories.get(code, code)).upper()
