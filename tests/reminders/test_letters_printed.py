"""Letters as PDF: what stands on them and where, what may not get into them, and codes to pay by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printed import codes, codes_as_printed, needs, pages, places
from reminder_books import email_customer
from test_letters import HOSTILE, OFFSETS, PACKAGED, context

from ledgercli.model.customer import Address
from ledgercli.model.finding import Finding
from ledgercli.model.letter_values import WINDOWS, EnvelopeWindow, Paper
from ledgercli.model.settings import LetterSettings
from ledgercli.model.template import TemplateText
from ledgercli.reminders.letter_context import LetterContext
from ledgercli.reminders.letter_page import Slip, page_of
from ledgercli.reminders.letters import render
from ledgercli.reminders.press import Press, UnshownCharactersError, logo_svg
from ledgercli.reminders.typst_source import literal, quoted

PRESS = Press()
HAS_CJK = any(name.startswith(("Noto Serif CJK", "Source Han")) for name in PRESS._known)  # noqa: SLF001
needs_cjk = pytest.mark.skipif(not HAS_CJK, reason="needs a font such as fonts-noto-cjk")


def printed(
    letter: LetterContext,
    texts: Mapping[str, TemplateText] = PACKAGED,
    press: Press = PRESS,
) -> bytes:
    content, _, findings = render(letter, [letter.language], "pdf", texts, press)
    assert findings == ()
    assert isinstance(content, bytes)
    return content


def refused(letter: LetterContext, texts: Mapping[str, TemplateText], press: Press) -> Finding:
    content, _, (finding,) = render(letter, [letter.language], "pdf", texts, press)
    assert not content
    return finding


@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", *(pytest.param(x, marks=needs_cjk) for x in ("zh", "ja"))]
)
@pytest.mark.parametrize("template", list(OFFSETS))
def test_every_packaged_letter(template: str, language: str) -> None:
    letter = context(template, language=language, currency="CNY" if language == "zh" else "EUR")
    (page,) = pages(printed(letter))
    for expected in ("INV-2026-001", "Example Trading Ltd", "Acme GmbH", "abc1234", "1 / 1"):
        assert expected in page
    assert "GB29 NWBK 6016 1331 9268 19" in page


def test_the_same_letter_is_the_same_bytes() -> None:
    letter = context()
    assert printed(letter) == printed(letter, press=Press())
    assert printed(letter) != printed(replace(letter, date=date(2026, 4, 1)))


def test_a_long_table_goes_over_pages_with_its_head_repeated() -> None:
    letter = context()
    lines = tuple(
        replace(letter.documents[0], number=f"INV-{number:04}") for number in range(1, 101)
    )
    made = pages(printed(replace(letter, documents=lines)))
    assert len(made) == 3
    assert [f"{number} / 3" in page for number, page in enumerate(made, 1)] == [True] * 3
    assert all("Document Date Due Days Open EUR Interest" in page for page in made)
    assert [number for number in range(1, 101) if f"INV-{number:04}" not in " ".join(made)] == []
    # From the second page on the head names sender and letter.
    assert "Our reference: 2026-012 / C1" in made[1][:120]


@pytest.mark.parametrize("name", list(WINDOWS))
def test_the_address_stands_in_the_window(name: str) -> None:
    window = EnvelopeWindow.parse(name)
    paper: Paper = "us-letter" if name == "us-10" else "a4"
    letter = replace(context(), page=page_of(LetterSettings(paper=paper, envelope_window=window)))
    found = places(printed(letter))
    for line in ("Acme GmbH", "Ute Maier", "Hauptstr. 1", "10115 Berlin", "GERMANY"):
        x, y = next(place for text, place in found.items() if line in text)
        assert float(window.left) - 0.01 <= x <= float(window.left + window.width)
        top = float(window.top + window.inset)
        assert top < y <= top + float(window.height - window.inset), line


def test_a_window_of_ones_own_and_what_is_none() -> None:
    own = {"left": "118 mm", "top": "50 mm", "width": "80 mm", "height": "30.5 mm"}
    window = EnvelopeWindow.parse(own)
    assert (window.left, window.height) == (Decimal(118), Decimal("30.5"))
    for wrong in ("din-5008-c", {"left": "1 mm"}, {**own, "top": "50"}, {**own, "top": "5 cm"}):
        with pytest.raises(ValueError, match=r"none of|has `left`|not a length"):
            EnvelopeWindow.parse(wrong)


NASTY = (
    '#eval("1")', "*bold* _it_ $x$", '[#image("/etc/passwd")]', '"); #panic("x") //', "\\", "\\u{41}",
    "@ref <label>", '#import "@preview/x:1.0.0": *', "{{ 7 * 7 }}", "= Heading", "/* comment", "`raw`",
    "a\u2028b", "~-~", "include include", "// gone",
)  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_data_never_becomes_markup_or_code(name: str) -> None:
    customer = email_customer(name=name, contacts=())
    page = " ".join(pages(printed(context(customer=customer, number=f"INV {name}"))))
    shown = " ".join(name.replace("\u2028", " ").split())
    # The reader of the test sets blanks of its own between pieces.
    assert shown.replace(" ", "") in page.replace(" ", "")


def test_a_hostile_name_is_text() -> None:
    letter = context(customer=email_customer(name=HOSTILE, contacts=()))
    page = " ".join(pages(printed(letter)))
    assert "{{ 7*7 }}<script>alert(1)</script>" in page


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=60))
def test_any_latin_text_is_printed_or_refused_by_name(text: str) -> None:
    source = f"#set text(font: {literal(PRESS.serif('en'))})\n#{quoted(text)}"
    unshown = ""
    try:
        made = PRESS.pdf(source, date(2026, 1, 1))
    except UnshownCharactersError as error:
        made, unshown = b"", error.characters
    assert made.startswith(b"%PDF") or unshown
    assert set(unshown) <= set(text)


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), st.lists))
def test_literals_hold_no_code(value: object) -> None:
    source = literal(value)
    assert "import" not in source
    assert "include" not in source
    assert "\n" not in source


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/letter:1.0.0": *',
        '#include "/etc/passwd"',
        "#eval({{ letter.customer }})",
        "{% set a %}im{% endset %}{% set b %}port{% endset %}#import x",
        '#read("/etc/passwd")',
        '#image("../../secret.png")',
        '#read("METADATA")',
        "#let",
        "#nothing",
        "{{ letter }}",
        "{{ letter.documents }}",
        "#panic({{ letter.customer }})",
        "{% for a in range(1000000) %}{% for b in range(1000000) %}x{% endfor %}{% endfor %}",
    ],
)
def test_what_an_own_frame_may_not_do(source: str) -> None:
    texts = {**PACKAGED, "reminder-firm.pdf.j2": TemplateText(source, "templates/mine.pdf.j2")}
    found = refused(context(), texts, PRESS)
    assert found.code == "template-error"
    assert found.place.file == "templates/mine.pdf.j2"


def test_an_own_frame_puts_in_values() -> None:
    source = (
        "#let name = {{ letter.recipient.name }}\n"
        "#for line in {{ letter.recipient.lines }} [#line \\ ]\n"
        "#name #{ {{ letter.level }} + 40 } #{{ letter.claimed|money }} #{{ 'included' }}"
    )
    texts = {**PACKAGED, "reminder-firm.pdf.j2": TemplateText(source, "mine")}
    customer = email_customer(name="A*B", addresses={"billing": Address(("S 1",), "1", "B")})
    (page,) = pages(printed(context(customer=customer), texts=texts))
    assert page == "S 1 1 B A*B 42 EUR 1,333.69 included"


def test_characters_without_a_font_are_named_not_boxed() -> None:
    without = Press(system_fonts=False)
    letter = context(customer=email_customer(name="华联商贸", contacts=()))
    found = refused(letter, PACKAGED, without)
    assert found.code == "characters-unshown"
    assert set(found.values["characters"]) == set("华联商贸")
    assert found.values["package"] == "fonts-noto-cjk"
    cuneiform = context(customer=email_customer(name="\U00012000", contacts=()))
    assert refused(cuneiform, PACKAGED, without).values["package"] == "fonts-noto-core"
    # All the other letters of the run are printed as ever.
    assert printed(context(), press=without)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def test_a_logo_is_printed() -> None:
    plain = printed(context())
    for content in (
        PIXEL,
        b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>',
    ):
        made = printed(context(), press=Press(logo=logo_svg(content)))
        assert len(made) != len(plain)
        assert "Acme GmbH" in pages(made)[0]
    for wrong in (b"GIF89a", b"", b"\xff<svg"):
        with pytest.raises(ValueError, match="no PNG"):
            logo_svg(wrong)


@needs("pdftoppm", "zbarimg")
def test_the_code_on_a_letter_is_read_back(tmp_path: Path) -> None:
    letter = context()
    assert codes(printed(letter), tmp_path) == letter.epc_code
    assert letter.epc_code.split("\n") == [
        *("BCD", "002", "1", "SCT", "NWBKGB2L", "Example Trading Ltd", "GB29NWBK60161331926819"),
        *("EUR1333.69", "", "", "C1"),
    ]


SLIP = Slip(
    iban="CH44 3199 9123 0008 8901 2",
    creditor=("Robert Schneider AG", "Rue du Lac 1268", "2501 Biel"),
    debtor=(),
    reference="21 00000 00003 13947 14300 09017",
    message="Order of 15 June 2020",
    currency="CHF",
    amount="1 949.75",
    payload="SPC\n0200\n1\nCH4431999123000889012\nS\nRobert Schneider AG\nRue du Lac\n1268\n2501\nBiel",
)


@needs("pdftoppm", "zbarimg")
@pytest.mark.parametrize(
    ("language", "part"),
    [
        ("de", "Zahlteil"),
        ("fr", "Section paiement"),
        ("en", "Payment part"),
        ("es", "Payment part"),
    ],
)
def test_a_payment_slip_is_read_back(language: str, part: str, tmp_path: Path) -> None:
    letter = replace(context("reminder", language=language), slip=SLIP, epc_code="")
    made = printed(letter)
    (page,) = pages(made)
    for expected in (part, "CH44 3199 9123 0008 8901 2", "1 949.75", SLIP.reference, SLIP.message):
        assert expected in page
    # The code is 46 mm wide and begins 67 mm from the left, 17 mm below the slip's upper edge, and
    # bears the Swiss cross of 7 mm in its middle; without that much of it, it is read all the same.
    middle = (67 + 19.5, 297 - 105 + 17 + 19.5, 7, 7)
    assert codes(made, tmp_path, cover=middle) == SLIP.payload
    assert codes_as_printed(made, tmp_path) == [SLIP.payload]


def test_a_slip_has_a_page_of_its_own_where_there_is_no_room() -> None:
    letter = context()
    lines = tuple(replace(letter.documents[0], number=f"INV-{n:04}") for n in range(25))
    made = pages(printed(replace(letter, documents=lines, slip=SLIP, epc_code="")))
    assert len(made) == 2
    assert "Payment part" not in made[0]
    assert "Payment part" in made[1]
    assert "1 / 2" in made[0]
