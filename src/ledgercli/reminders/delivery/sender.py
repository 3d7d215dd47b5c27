"""The addresses of e-mail that stand in the settings."""

from __future__ import annotations

from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.address import Address, AddressError, parse_address
from ledgercli.reminders.delivery.errors import NoSenderError, WrongAddressError
from ledgercli.reminders.delivery.plain import one_line


def sender_of(mail: Mail) -> Address:
    """Return the sender; raise NoSenderError or WrongAddressError, also for the other addresses."""
    if not mail.sender.strip():
        raise NoSenderError
    if mail.reply_to:
        setting("mail.reply_to", mail.reply_to)
    return setting("mail.from", mail.sender)


def setting(key: str, text: str) -> Address:
    """Return the one address that ``text`` is; raise WrongAddressError, which names ``key``."""
    try:
        return parse_address(text)
    except AddressError:
        raise WrongAddressError(key=key, address=one_line(text)[:80]) from None
