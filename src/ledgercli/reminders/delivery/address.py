"""E-mail addresses: one at a time, with international domains as the network knows them."""

from __future__ import annotations

import re
from dataclasses import replace

from ledgercli.model.record import dataclass
from ledgercli.reminders.delivery.plain import one_line

LOCAL_BYTES_MAX = 64
ADDRESS_BYTES_MAX = 254

# RFC 5321: a dot-string of atoms (beyond ASCII by RFC 6531), or a quoted string.
_ATOM = r"(?:[\w!#$%&'*+/=?^`{|}~-]|[^\x00-\xa0\s])+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*|\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+\"")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f.:]+\]|\[IPv6:[0-9A-Fa-f.:]+\]")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")


class AddressError(ValueError):
    """A text that is not one e-mail address."""


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. ``domain`` is in ASCII; ``local`` need not be, then the server must agree."""

    local: str
    domain: str
    name: str = ""

    @property
    def address(self) -> str:
        """Return ``local@domain``."""
        return f"{self.local}@{self.domain}"

    @property
    def is_international(self) -> bool:
        """Return whether only servers with SMTPUTF8 can take the address."""
        return not self.local.isascii()


def parse_address(text: str) -> Address:
    """Return the one address of ``a@b.example`` or ``Name <a@b.example>``.

    Raise AddressError for none, several, line breaks, and what no server could take.
    """
    text = text.strip()
    found = _NAMED.fullmatch(text)
    if found is None:
        return bare_address(text)
    name = found["name"].strip()
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    if not quoted and ("@" in name or "\n" in name or "\r" in name):
        raise AddressError(text)
    bare = bare_address(found["address"].strip())
    return replace(bare, name=one_line(re.sub(r"\\(.)", r"\1", name[1:-1]) if quoted else name))


def bare_address(text: str) -> Address:
    """Return the address of ``a@b.example``; raise AddressError for anything more or less."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or one_line(text) != text:
        raise AddressError(text)
    known = ascii_domain(domain)
    if len(local.encode()) > LOCAL_BYTES_MAX or len(f"{local}@{known}") > ADDRESS_BYTES_MAX:
        raise AddressError(text)
    return Address(local, known)


def ascii_domain(domain: str) -> str:
    """Return ``domain`` in the letters of DNS: IDNA 2008 after the mapping of UTS 46.

    (The codec of the standard library is IDNA 2003, for which `straße.de` is `strasse.de`, the
    domain of somebody else.) Raise AddressError for what is no domain.
    """
    known = domain.removesuffix(".")
    if not known.isascii():
        import idna

        try:
            known = idna.encode(known, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise AddressError(domain) from None
    if not _DOMAIN.fullmatch(known):
        raise AddressError(domain)
    return known


def domain_of(text: str) -> str:
    """Return the domain of an address, empty where ``text`` is none."""
    try:
        return parse_address(text).domain
    except AddressError:
        return ""
