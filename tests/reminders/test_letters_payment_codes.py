"""Codes to pay by: their texts against published examples, and what cannot be said in them."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import needs

from ledgercli.model.customer import Address
from ledgercli.reminders.payment_codes import (
    SwissBill,
    SwissParty,
    creditor_reference,
    epc_code,
    is_qr_iban,
    qr_reference,
    qr_svg,
    swiss_bill,
    swiss_party,
    valid_iban,
)

SCHNEIDER = SwissParty("Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", "CH")
RUTSCHMANN = SwissParty(
    "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH"
)


def test_the_published_example_with_a_qr_reference() -> None:
    """Swiss Implementation Guidelines for the QR-bill, annex A, with structured addresses."""
    bill = SwissBill(
        "CH4431999123000889012",
        SCHNEIDER,
        Decimal("1949.75"),
        "CHF",
        RUTSCHMANN,
        "QRR",
        "210000000003139471430009017",
        "Order of 15 June 2020",
    )
    assert bill.payload == (
        "SPC\n0200\n1\nCH4431999123000889012\n"
        "S\nRobert Schneider AG\nRue du Lac\n1268\n2501\nBiel\nCH\n"
        "\n\n\n\n\n\n\n"
        "1949.75\nCHF\n"
        "S\nPia-Maria Rutschmann-Schnyder\nGrosse Marktgasse\n28\n9400\nRorschach\nCH\n"
        "QRR\n210000000003139471430009017\nOrder of 15 June 2020\nEPD"
    )
    assert bill.shown_reference == "21 00000 00003 13947 14300 09017"
    assert bill.shown_iban == "CH44 3199 9123 0008 8901 2"
    assert bill.shown_amount == "1 949.75"
    assert bill.creditor.lines == ("Robert Schneider AG", "Rue du Lac 1268", "2501 Biel")


def test_the_published_example_with_a_creditor_reference() -> None:
    bill = SwissBill(
        "CH5800791123000889012",
        SCHNEIDER,
        Decimal("199.95"),
        "CHF",
        RUTSCHMANN,
        "SCOR",
        "RF18539007547034",
        "",
    )
    assert bill.payload.endswith("\nCH\nSCOR\nRF18539007547034\n\nEPD")
    assert bill.shown_reference == "RF18 5390 0754 7034"


@pytest.mark.parametrize(
    ("digits", "reference"),
    [
        ("21000000000313947143000901", "210000000003139471430009017"),
        ("21570300007520033455900012", "215703000075200334559000126"),
        ("0", "0" * 27),
    ],
)
def test_check_digits_of_qr_references(digits: str, reference: str) -> None:
    assert qr_reference(digits) == reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("2348231", "RF712348231"),
        ("539007547034", "RF18539007547034"),
        ("inv-2026/001", "RF48INV2026001"),
        ("华联", ""),
        ("---", ""),
        ("A" * 22, ""),
    ],
)
def test_creditor_references(text: str, reference: str) -> None:
    made = creditor_reference(text)
    assert made[:2] == reference[:2]
    assert made[4:] == reference[4:]
    if made and not text.startswith("inv"):
        assert made == reference


@given(st.text(alphabet="ABCXYZ0123456789", min_size=1, max_size=21))
def test_creditor_references_are_valid(text: str) -> None:
    made = creditor_reference(text)
    turned = made[4:] + made[:4]
    assert int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def bill(**changes: object) -> SwissBill | None:
    usual: dict[str, object] = {
        "creditor": SCHNEIDER,
        "debtor": RUTSCHMANN,
        "iban": "CH44 3199 9123 0008 8901 2",
        "amount": Decimal("10.00"),
        "currency": "CHF",
        "quote": "INV-2026-001",
    }
    return swiss_bill(**(usual | changes))  # type: ignore[arg-type]


def test_the_iban_decides_on_the_reference() -> None:
    qrr = bill()
    assert qrr is not None
    assert (qrr.reference_type, qrr.reference[-8:-1]) == ("QRR", "2026001")
    scor = bill(iban="CH58 0079 1123 0008 8901 2")
    assert scor is not None
    assert (scor.reference_type, scor.reference[4:]) == ("SCOR", "INV2026001")
    none = bill(iban="CH58 0079 1123 0008 8901 2", quote="华联")
    assert none is not None
    assert (none.reference_type, none.reference, none.message) == ("NON", "", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"iban": "DE33558073021573681930"},
        {"iban": "CH4431999123000889013"},
        {"amount": Decimal("0.00")},
        {"amount": Decimal("1000000000.00")},
        {"amount": Decimal("1.005")},
        {"creditor": None},
        {"quote": "no digits"},
    ],
)
def test_what_a_qr_bill_cannot_say(changes: dict[str, object]) -> None:
    assert bill(**changes) is None


def test_parties_need_a_whole_latin_address() -> None:
    whole = Address(("Grosse Marktgasse 28",), "9400", "Rorschach", "", "ch")
    assert swiss_party("Pia-Maria Rutschmann-Schnyder", whole) == RUTSCHMANN
    assert swiss_party("Š. Łuczak", whole) is not None
    assert swiss_party("Иван", whole) is None
    assert swiss_party("A", Address(("Street",), "", "Town", "", "CH")) is None
    assert swiss_party("A", Address((), "1", "Town", "", "")) is None
    assert swiss_party("A" * 71, whole) is None
    assert swiss_party("A", None) is None
    # A number that stands first, as in French, stays in the street.
    french = swiss_party("A", Address(("12 rue du Lac",), "1200", "Genève", "", "CH"))
    assert french is not None
    assert (french.street, french.number) == ("12 rue du Lac", "")
    abroad = swiss_party("A", Address(("Street 1",), "10115", "Berlin", "", "DE"))
    assert abroad is not None
    assert abroad.lines[-1] == "DE-10115 Berlin"


@pytest.mark.parametrize(
    ("iban", "valid", "is_qr"),
    [
        ("CH4431999123000889012", True, True),
        ("CH5800791123000889012", True, False),
        ("CH4431999123000889021", False, True),
        ("LI21088100002324013AA", True, False),
    ],
)
def test_ibans(iban: str, *, valid: bool, is_qr: bool) -> None:
    assert valid_iban(iban) is valid
    assert is_qr_iban(iban) is is_qr


def code(**changes: object) -> str:
    usual: dict[str, object] = {
        "name": "Red Cross of Belgium",
        "iban": "BE72 0000 0000 1616",
        "bic": "BPOTBEB1",
        "amount": Decimal("1.00"),
        "currency": "EUR",
        "text": "Urgency fund",
    }
    return epc_code(**(usual | changes))  # type: ignore[arg-type]


def test_epc_codes() -> None:
    assert code() == (
        "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\n\n\nUrgency fund"
    )
    assert code(reference="RF18539007547034").endswith("EUR1.00\n\nRF18539007547034")
    assert code(bic="").split("\n")[4] == ""
    assert code(text="x" * 141).endswith("\n" + "x" * 140)


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"amount": Decimal("0.00")},
        {"amount": Decimal("0.001")},
        {"amount": Decimal(1000000000)},
        {"iban": "BE72000000001617"},
        {"iban": "BR1800360305000010009795493C1"},
        {"iban": "GB29NWBK60161331926819", "bic": ""},
        {"bic": "NOPE"},
        {"name": ""},
        {"name": "x" * 71},
        {"text": "华" * 140},
    ],
)
def test_what_a_sepa_code_cannot_say(changes: dict[str, object]) -> None:
    assert code(**changes) == ""


@needs("zbarimg")
@pytest.mark.parametrize("text", ["a", "Österreich é ñ", "华联商贸有限公司", "x" * 300])
def test_codes_are_read_back(text: str, tmp_path: Path) -> None:
    import typst

    svg = qr_svg(text).replace("\\", "\\\\").replace('"', '\\"')
    page = f'#set page(width: 60mm, height: 60mm, margin: 8mm)\n#image(bytes("{svg}"), width: 44mm)'
    (tmp_path / "code.png").write_bytes(typst.compile(page.encode(), format="png", ppi=300))
    read = ["zbarimg", "-q", "--raw", "--nodbus", "-Sbinary", "code.png"]
    said = subprocess.run(read, cwd=tmp_path, capture_output=True, check=True)
    assert said.stdout.decode() == text
