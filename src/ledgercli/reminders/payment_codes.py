"""Payment codes for the customer's telephone: the EPC code of SEPA and the Swiss QR-bill.

Sources: EPC069-12, Quick Response Code: Guidelines to Enable Data Capture for the Initiation of a
SEPA Credit Transfer (version 002 of the code); SIX, Swiss Implementation Guidelines for the
QR-bill, version 2.3 (structured addresses alone, the extended Latin character set); ISO 11649 and
ISO 7064 (creditor references); modulo 10 recursive (QR references).
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import Literal

from ledgercli.model.customer import Address
from ledgercli.model.record import dataclass

#: Where SEPA reaches, by the letters an IBAN begins with; from the second list the BIC is needed.
_EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
_BEYOND = "AD AL CH GB GI MC MD ME MK RS SM VA"
_IN_EEA, _IN_BEYOND = frozenset(_EEA.split()), frozenset(_BEYOND.split())
_AMOUNT_MAX = Decimal("999999999.99")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
#: What a QR-bill may be written in: Latin-1, Latin Extended-A, four letters of Romanian, the euro.
_SWISS_TEXT = re.compile("[\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]*")
_STREET_AND_NUMBER = re.compile(r"(.*\D)\s+(\d+\s?[A-Za-z]?)")

_CENT = Decimal("0.01")
_MASK = 3

ReferenceType = Literal["QRR", "SCOR", "NON"]


@dataclass(frozen=True, slots=True)
class SwissParty:
    """The creditor or the debtor of a QR-bill, its address in parts."""

    name: str
    street: str
    number: str
    postcode: str
    city: str
    country: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines to print."""
        street = " ".join(filter(None, [self.street, self.number]))
        place = f"{self.postcode} {self.city}"
        if self.country not in {"CH", "LI"}:
            place = f"{self.country}-{place}"
        return tuple(line for line in (self.name, street, place) if line)

    @property
    def elements(self) -> tuple[str, ...]:
        """Return the seven elements of the code."""
        return ("S", self.name, self.street, self.number, self.postcode, self.city, self.country)


@dataclass(frozen=True, slots=True)
class SwissBill:
    """A payment part: what its code says and what is printed beside it.

    ``debtor`` None leaves a field to fill in by hand. ``amount`` is in ``currency``, CHF or EUR.
    """

    iban: str
    creditor: SwissParty
    amount: Decimal
    currency: str
    debtor: SwissParty | None
    reference_type: ReferenceType
    reference: str
    message: str

    @property
    def payload(self) -> str:
        """Return the text of the Swiss QR code, its elements by line."""
        debtor = self.debtor.elements if self.debtor else ("",) * 7
        lines = (
            *("SPC", "0200", "1", self.iban),
            *self.creditor.elements,
            *("",) * 7,
            *(f"{self.amount:.2f}", self.currency),
            *debtor,
            *(self.reference_type, self.reference, self.message, "EPD"),
        )
        return "\n".join(lines)

    @property
    def shown_reference(self) -> str:
        """Return the reference in the groups that people read it in."""
        if self.reference_type == "QRR":
            return f"{self.reference[:2]} " + _grouped(self.reference[2:], 5)
        return _grouped(self.reference, 4)

    @property
    def shown_iban(self) -> str:
        """Return the IBAN in groups of four."""
        return _grouped(self.iban, 4)

    @property
    def shown_amount(self) -> str:
        """Return the amount with a blank between thousands."""
        return f"{self.amount:,.2f}".replace(",", " ")


def epc_code(
    *,
    name: str,
    iban: str,
    bic: str,
    amount: Decimal,
    currency: str,
    text: str,
    reference: str = "",
) -> str:
    """Return the text of the EPC code, empty where a SEPA transfer cannot say this.

    ``text`` is free (at most 140 characters) and gives way to a creditor ``reference`` (RF…). The
    amount is in euro, with cents; the code has at most 331 bytes.
    """
    iban, bic = _plain(iban), _plain(bic)
    country = iban[:2]
    known = country in _IN_EEA or (country in _IN_BEYOND and bic)
    fits = currency == "EUR" and _CENT <= amount <= _AMOUNT_MAX and _has_cents(amount)
    if not (known and fits and valid_iban(iban) and 0 < len(name) <= 70):
        return ""
    if bic and not _BIC.fullmatch(bic):
        return ""
    remittance = (reference, "") if reference else ("", text[:140])
    lines = ["BCD", "002", "1", "SCT", bic, name, iban, f"EUR{amount:.2f}", "", *remittance]
    code = "\n".join(lines).rstrip("\n")
    return code if len(code.encode()) <= 331 else ""


def swiss_bill(
    *,
    creditor: SwissParty | None,
    debtor: SwissParty | None,
    iban: str,
    amount: Decimal,
    currency: str,
    quote: str,
    message: str = "",
) -> SwissBill | None:
    """Return the payment part, None where a QR-bill cannot say this.

    ``quote`` is what the customer should name: with a QR-IBAN its digits become the QR reference,
    otherwise its letters and digits a creditor reference; where neither can be, it is the message.
    """
    iban = _plain(iban)
    if not is_swiss(iban) or not valid_iban(iban) or currency not in {"CHF", "EUR"}:
        return None
    if not (_CENT <= amount <= _AMOUNT_MAX and _has_cents(amount)) or creditor is None:
        return None
    kind: ReferenceType
    if is_qr_iban(iban):
        digits = "".join(c for c in quote if c in "0123456789")[-26:]
        if not digits.strip("0"):
            return None
        kind, reference = "QRR", qr_reference(digits)
    else:
        reference = creditor_reference(quote)
        kind = "SCOR" if reference else "NON"
    said = message or quote
    return SwissBill(
        iban=iban,
        creditor=creditor,
        amount=amount,
        currency=currency,
        debtor=debtor,
        reference_type=kind,
        reference=reference,
        message=said[:140] if _SWISS_TEXT.fullmatch(said) else "",
    )


def swiss_party(name: str, address: Address | None) -> SwissParty | None:
    """Return the party, None where a part of the address is missing, too long, or not Latin.

    The number of the house is taken from the end of the first line, where it ends in one.
    """
    if address is None:
        return None
    street, number = (address.lines[0] if address.lines else ""), ""
    if found := _STREET_AND_NUMBER.fullmatch(street):
        street, number = found[1].rstrip(" ,"), found[2]
    party = SwissParty(
        name, street, number, address.postcode, address.city, address.country.upper()
    )
    lengths = zip(party.elements[1:], (70, 70, 16, 16, 35, 2), strict=True)
    fits = all(len(text) <= most and _SWISS_TEXT.fullmatch(text) for text, most in lengths)
    whole = party.name and party.postcode and party.city and len(party.country) == 2
    return party if fits and whole else None


def is_swiss(iban: str) -> bool:
    """Return whether it is the number of an account that a QR-bill may be paid to."""
    return _plain(iban)[:2] in {"CH", "LI"}


@functools.lru_cache(maxsize=256)
def valid_iban(iban: str) -> bool:
    """Return whether the check digits are right (ISO 7064, modulo 97-10)."""
    if not _IBAN.fullmatch(iban):
        return False
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def is_qr_iban(iban: str) -> bool:
    """Return whether the institution's number is one of QR-IBANs: 30000 to 31999."""
    return iban[:2] in {"CH", "LI"} and 30_000 <= int(iban[4:9]) <= 31_999


def qr_reference(digits: str) -> str:
    """Return the QR reference: 27 digits, the last a check digit (modulo 10 recursive)."""
    table = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
    body = digits.rjust(26, "0")
    carry = 0
    for digit in body:
        carry = table[(carry + int(digit)) % 10]
    return f"{body}{(10 - carry) % 10}"


def creditor_reference(text: str) -> str:
    """Return the creditor reference RF…, made of the letters and digits of ``text``.

    Empty where there are none, more than 21, or such as are not Latin (ISO 11649).
    """
    body = "".join(c for c in text.upper() if c.isalnum())
    if not body or len(body) > 21 or not body.isascii():
        return ""
    number = int("".join(str(int(character, 36)) for character in f"{body}RF00"))
    return f"RF{98 - number % 97:02d}{body}"


def qr_svg(payload: str, *, cross: bool = False) -> str:
    """Return the QR code as SVG, error correction M, without a margin.

    ``cross`` puts the Swiss cross in its middle: 7 of 46 mm, as the guidelines have it.
    """
    import io

    import segno

    # Readers take any mask; to weigh all eight takes five times as long as all the rest.
    code = segno.make(
        payload,
        error="m",
        mask=_MASK,
        encoding="utf-8",
        mode="byte",
        micro=False,
        boost_error=False,
    )
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, nl=False)
    svg = out.getvalue().decode()
    if not cross:
        return svg
    size = code.symbol_size(border=0)[0]
    unit = size / 46
    edge = (size - 7 * unit) / 2
    # The measures of the cross follow the flag: arms one sixth longer than wide, on a square.
    inner = (
        f'<g transform="translate({edge:.4f} {edge:.4f}) scale({7 * unit / 70:.6f})">'
        '<path fill="#fff" d="M0 0h70v70h-70z"/><path d="M3 3h64v64h-64z"/>'
        '<path fill="#fff" d="M29 14h12v15h15v12h-15v15h-12v-15h-15v-12h15z"/></g>'
    )
    return svg.replace("</svg>", f"{inner}</svg>")


def _plain(text: str) -> str:
    return "".join(text.split()).upper()


def _has_cents(amount: Decimal) -> bool:
    return amount == amount.quantize(_CENT)


def _grouped(text: str, size: int) -> str:
    return " ".join(text[start : start + size] for start in range(0, len(text), size))
