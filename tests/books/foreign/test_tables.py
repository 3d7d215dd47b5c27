"""Files of every kind as rows of text."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.books.errors import (
    BooksError,
    FileUnreadableError,
    FolderForFileError,
    NotAFileError,
)
from ledgercli.books.foreign.errors import (
    EmptyForeignFileError,
    ForeignFileError,
    NoHeadingsError,
    UnclosedQuoteError,
)
from ledgercli.books.foreign.profiles import read_profile
from ledgercli.books.foreign.registry import (
    SIZE_MAX_MIB,
    Reading,
    kind_of,
    read_file,
    read_foreign,
    write_foreign,
)
from ledgercli.model.exchange import FieldName, FileKind, ForeignTable, Profile

PROFILE = Profile(
    {"name": FieldName("name"), "E-Mail": FieldName("contacts.1.email"), "no": FieldName("id")},
    name="own",
    also={"name": ("客户名称", "Firma")},
)


def read(
    content: bytes | str, kind: FileKind = "csv", profile: Profile = PROFILE, **how: str
) -> ForeignTable:
    data = content.encode() if isinstance(content, str) else content
    return read_foreign(data, profile, kind, "file", Reading(**how))


def cells(table: ForeignTable) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in table.rows]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_yields_most_columns(sign: str) -> None:
    table = read(f"name{sign}e-mail{sign}Else\nA, B; C{sign}a@b{sign}x\n".replace("A, B; C", "A"))
    assert cells(table) == [(2, {"name": "A", "E-Mail": "a@b"})]
    assert (table.delimiter, table.columns, table.ignored) == (sign, ("name", "E-Mail"), ("Else",))


@pytest.mark.parametrize(
    ("name", "headings", "columns"),
    [
        ("csv", "客户编码,客户名称,付款条件,信用额度", ["id", "name", "terms", "limit"]),
        ("csv", "Customer No,Company,E-Mail,Zip Code", ["id", "name", "email", "postcode"]),
        ("csv-items", "客户,单据号,到期日,未收金额", ["name", "number", "due", "open"]),
    ],
)
def test_plain_tables_have_the_headings_that_people_give_them(
    name: str, headings: str, columns: list[str]
) -> None:
    table = read(f"{headings}\n1,2,3,4\n", profile=read_profile(None, name)[0])
    assert cells(table) == [(2, dict(zip(columns, "1234", strict=True)))]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_quotation_mark_that_is_never_closed_swallows_nothing(end: str) -> None:
    """It would make one cell of all lines behind it, and their customers would be lost."""
    assert cells(read(f'name,no\n"A\nB",1\n5" pipe,2{end}'))[-1] == (
        3,
        {"name": '5" pipe', "no": "2"},
    )
    with pytest.raises(UnclosedQuoteError) as caught:
        read(f'name,no\n"A\nB",1\n"C,2\nD,3{end}')
    assert caught.value.values == {"file": "file", "line": "4"}


def test_a_delimiter_that_is_told_counts() -> None:
    with pytest.raises(NoHeadingsError):
        read("name;no\nA;1\n", delimiter=",")
    assert cells(read("name^no\nA^1\n", delimiter="^")) == [(2, {"name": "A", "no": "1"})]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    """A cell of several lines is one row, empty rows count, as do those above the headings."""
    text = 'List of 2026\n\nFirma,no\n"A\nB",1\n,\nC,2\n'
    assert cells(read(text)) == [(4, {"name": "A\nB", "no": "1"}), (6, {"name": "C", "no": "2"})]


def test_headings_are_compared_without_case_width_and_marks_of_mandatory_columns() -> None:
    assert cells(read("*NAME,\uff25-mail\nA,x\n")) == [(2, {"name": "A", "E-Mail": "x"})]


def test_a_column_twice_counts_the_first_filled() -> None:
    assert cells(read("name,Firma\n,B\nA,B\n")) == [(2, {"name": "B"}), (3, {"name": "A"})]


def test_a_file_without_the_headings_is_told() -> None:
    with pytest.raises(NoHeadingsError) as error:
        read("foo,bar\n1,2\n")
    assert "`name`" in str(error.value)


@pytest.mark.parametrize("text", ["", "\n\n", " , ,\n"])
def test_an_empty_file_is_told(text: str) -> None:
    with pytest.raises(EmptyForeignFileError) as error:
        read(text)
    assert "`name`" in error.value.values["expected"]


def test_bytes_that_are_no_text_are_told() -> None:
    with pytest.raises(ForeignFileError, match="neither text nor a workbook"):
        read("\x00\x01")


def workbook(*lines: list[object], form: str = "General", title: str = "S") -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    first.append(["only", "a", "cover"])
    sheet = book.create_sheet(title)
    for line in lines:
        sheet.append(line)
    sheet["A3"].number_format = form
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_cells_of_a_workbook_are_what_a_person_sees() -> None:
    content = workbook(
        ["no", "name", "e-mail"],
        ["007", dt.datetime(2026, 11, 21), 12.5],
        [42, dt.datetime(2026, 11, 21, 8, 30), True],
        [1e15, dt.date(2026, 1, 2), 0.1],
        [None, "=1+1", None],
        form="00000",
    )
    assert cells(read(content, "xlsx")) == [
        (2, {"no": "007", "name": "2026-11-21", "E-Mail": "12.5"}),
        (3, {"no": "00042", "name": "2026-11-21 08:30:00", "E-Mail": "true"}),
        (4, {"no": "1000000000000000", "name": "2026-01-02", "E-Mail": "0.1"}),
    ]
    # Whatever its name says, a workbook is one.
    assert len(read(content, "csv").rows) == 3


def test_a_formula_gives_the_value_it_was_saved_with_and_ours_writes_none() -> None:
    content = write_foreign([{"name": "=cmd()", "no": "007"}], PROFILE, "xlsx")
    assert cells(read(content, "xlsx")) == [(2, {"name": "=cmd()", "no": "007"})]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "s"]
    assert write_foreign([{"name": "A"}], PROFILE, "xlsx") == write_foreign(
        [{"name": "A"}], PROFILE, "xlsx"
    )


def test_text_with_the_suffix_of_a_workbook_is_read_as_text() -> None:
    assert cells(read("name\tno\nA\t1\n", "xlsx")) == [(2, {"name": "A", "no": "1"})]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04broken", bytes.fromhex("d0cf11e0a1b11ae1") + b"old"]
)
def test_what_is_no_workbook_is_told(content: bytes) -> None:
    with pytest.raises(ForeignFileError):
        read(content, "xlsx")


def test_control_characters_cannot_break_a_workbook() -> None:
    content = write_foreign([{"name": "a\x1bb"}], PROFILE, "xlsx")
    assert cells(read(content, "xlsx")) == [(2, {"name": "a b"})]


def test_csv_is_written_with_formulas_made_harmless() -> None:
    content = write_foreign(
        [{"name": '=HYPERLINK("x")', "E-Mail": "a\nb", "no": "+49"}], PROFILE, "csv"
    )
    assert content == b'name,E-Mail,no\r\n"\'=HYPERLINK(""x"")","a\nb",+49\r\n'


def test_iif_takes_the_blocks_of_customers_only() -> None:
    profile, _ = read_profile(None, "quickbooks-iif")
    text = (
        "!HDR\tPROD\tVER\r\nHDR\tQuickBooks\t1\r\n"
        "!TERMS\tNAME\r\nTERMS\tNet 30\r\n"
        "!CUST\tNAME\tREFNUM\tBADDR1\tTERMS\tLIMIT\tUNKNOWN\r\n"
        'CUST\tAbercrombie, Kristy\t7\t"5647 ""Cypress"" Rd"\tNet 30\t5000\tx\r\n'
        "!VEND\tNAME\r\nVEND\tNobody\r\n"
        "CUST\tCourtney\t8\t\t\t\t\r\n"
    )
    table = read(text, "iif", profile)
    assert cells(table) == [
        (
            6,
            {
                "NAME": "Abercrombie, Kristy",
                "REFNUM": "7",
                "BADDR1": '5647 "Cypress" Rd',
                "TERMS": "Net 30",
                "LIMIT": "5000",
            },
        ),
        (9, {"NAME": "Courtney", "REFNUM": "8"}),
    ]
    assert table.ignored == ("UNKNOWN",)


CARDS = """BEGIN:VCARD
VERSION:3.0
UID:u-1
N:Maier;Ute;;;
FN:Ute Maier
ORG:Acme GmbH;Einkauf
EMAIL;TYPE=home:ute@home.example
EMAIL;TYPE=work,pref:ap@acme.example
TEL;TYPE=cell:+49 30 1234
ADR;TYPE=work:;;Hauptstr. 1;Berlin;;10115;Germany
NOTE:first\\nsecond\\, third
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:王建国
N:王;建国;;;
TEL;VALUE=uri;PREF=1:tel:+86-571-1234
CATEGORIES:重点,retail
END:VCARD
"""


def test_cards_of_both_versions() -> None:
    profile, _ = read_profile(None, "vcard")
    table = read(CARDS, "vcard", profile)
    assert cells(table) == [
        (
            1,
            {
                "UID": "u-1",
                "FN": "Ute Maier",
                "FAMILY": "Maier",
                "GIVEN": "Ute",
                "ORG": "Acme GmbH",
                "EMAIL": "ap@acme.example",
                "TEL": "+49 30 1234",
                "STREET": "Hauptstr. 1",
                "CITY": "Berlin",
                "CODE": "10115",
                "COUNTRY": "Germany",
                "NOTE": "first\nsecond, third",
            },
        ),
        (
            2,
            {
                "FN": "王建国",
                "FAMILY": "王",
                "GIVEN": "建国",
                "TEL": "+86-571-1234",
                "CATEGORIES": "重点; retail",
            },
        ),
    ]


@pytest.mark.parametrize("text", ["name,no\n", "BEGIN:VCARD\nnonsense\n"])
def test_what_is_no_card_is_told(text: str) -> None:
    profile, _ = read_profile(None, "vcard")
    with pytest.raises(ForeignFileError):
        read(text, "vcard", profile)


def test_json_lines_keep_texts_and_tell_lines_that_are_none() -> None:
    profile, _ = read_profile(None, "jsonl")
    text = (
        '{"schema":"x/1","id":"C1","name":"A","fields":{"n":1.10,"yes":true,"no":null}}\n\n'
        "not json\n[1]\n" + '{"id":"C2","deleted":true}\n' + "[" * 5000 + "\n"
    )
    table = read_foreign(text.encode(), profile, "jsonl", "-", Reading())
    taken = [(row.number, row.data, row.removed) for row in table.rows if not row.fault]
    assert taken == [
        (1, {"id": "C1", "name": "A", "fields": {"n": "1.10", "yes": "true", "no": None}}, False),
        (5, {"id": "C2"}, True),
    ]
    assert [row.number for row in table.rows if row.fault] == [3, 4, 6]


def test_a_row_that_goes_on_beyond_the_headings_has_a_fault_unless_nothing_is_there() -> None:
    table = read("name,no\nA,1\nB,2,,\nAcme, Ltd,3\n")
    assert [(row.number, bool(row.fault)) for row in table.rows] == [
        (2, False),
        (3, False),
        (4, True),
    ]
    assert table.rows[-1].fault == (
        "it has 3 cells below 2 headings; is a sign in a cell not quoted?"
    )


def test_the_suffix_chooses_between_forms_of_one_table() -> None:
    xero, _ = read_profile(None, "xero")
    card, _ = read_profile(None, "vcard")
    assert kind_of(xero, Path("a.XLSX")) == "xlsx"
    assert kind_of(xero, Path("a.jsonl")) == "jsonl"
    assert kind_of(xero, None) == kind_of(xero, Path("a")) == "csv"
    assert kind_of(card, Path("a.csv")) == "vcard"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotAFileError):
        read_file(tmp_path / "none")
    with pytest.raises(FolderForFileError):
        read_file(tmp_path)
    with pytest.raises(NotAFileError):
        read_file(tmp_path / "a\0b")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(SIZE_MAX_MIB * 1024 * 1024 + 1)
    with pytest.raises(FileUnreadableError):
        read_file(large)


SAMPLES: dict[FileKind, bytes] = {
    "csv": b'name,no\n"A\nB",1\n',
    "iif": b"!CUST\tNAME\tREFNUM\nCUST\tA\t1\n",
    "vcard": CARDS.encode(),
    "jsonl": b'{"id":"C1","name":"A"}\n',
    "xlsx": write_foreign([{"name": "A", "no": "1"}], PROFILE, "xlsx"),
}
PROFILES: dict[FileKind, Profile] = {
    "csv": PROFILE,
    "xlsx": PROFILE,
    "iif": read_profile(None, "quickbooks-iif")[0],
    "vcard": read_profile(None, "vcard")[0],
    "jsonl": read_profile(None, "jsonl")[0],
}


@pytest.mark.parametrize("kind", list(SAMPLES))
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_the_bytes_there_are_rows_or_an_error_of_ours(
    kind: FileKind, data: st.DataObject
) -> None:
    sample = SAMPLES[kind]
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, len(sample)))
    content = sample[:start] + data.draw(st.binary(max_size=12)) + sample[end:]
    try:
        table = read_foreign(content, PROFILES[kind], kind, "file", Reading())
    except BooksError:
        return
    assert all(row.number >= 1 for row in table.rows)
