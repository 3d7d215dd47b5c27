"""Which encoding a file is in."""

from __future__ import annotations

import pytest

from ledgercli.books.foreign.decoding import decoded_foreign
from ledgercli.books.foreign.errors import EncodingUnknownError, ForeignFileError
from ledgercli.model.exchange import FieldName, Profile

PLAIN = Profile({"name": FieldName("name")}, name="plain")
CHINESE = Profile({"name": FieldName("name")}, name="chinese", encoding="gb18030")
GERMAN = Profile({"name": FieldName("name")}, name="german", encoding="cp1252")


@pytest.mark.parametrize(
    ("text", "encoding", "profile", "found"),
    [
        ("name\nMüller", "utf-8", PLAIN, "utf-8"),
        ("name\nMüller", "utf-8-sig", PLAIN, "utf-8"),
        ("name\nMüller & Größe", "cp1252", PLAIN, "cp1252"),
        ("name\nGröße", "cp1252", GERMAN, "cp1252"),
        ("name\n€ 5 – “x”", "cp1252", PLAIN, "cp1252"),
        ("name\n杭州华联商贸有限公司", "gb18030", PLAIN, "gb18030"),
        ("name\n杭州华联商贸有限公司", "gbk", CHINESE, "gb18030"),
        # Rare characters have second bytes that are ASCII; the profile tells.
        ("name\n丂丄丅", "gb18030", CHINESE, "gb18030"),
        ("name\n杭州", "utf-16", PLAIN, "utf-16"),
        ("name,email\nAcme,a@b", "utf-16-le", PLAIN, "utf-16-le"),
        ("name,email\nAcme,a@b", "utf-16-be", PLAIN, "utf-16-be"),
        ("", "utf-8", PLAIN, "utf-8"),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str, profile: Profile, found: str) -> None:
    assert decoded_foreign(text.encode(encoding), profile, "f") == (text, found)


def test_what_is_told_goes_before_everything() -> None:
    content = b"\xc3\xa4"  # a character in both
    assert decoded_foreign(content, CHINESE, "f") == ("ä", "utf-8")
    assert decoded_foreign(content, PLAIN, "f", "gb18030") == ("盲", "gb18030")
    assert decoded_foreign("\ufeffname".encode(), PLAIN, "f", "utf-8") == ("name", "utf-8")


def test_an_encoding_that_does_not_exist_or_does_not_fit() -> None:
    with pytest.raises(EncodingUnknownError):
        decoded_foreign(b"x", PLAIN, "f", "utf-99")
    with pytest.raises(ForeignFileError):
        decoded_foreign(b"\xff\xfe\xff", PLAIN, "f", "ascii")


def test_bytes_that_are_no_text_still_give_some() -> None:
    text, encoding = decoded_foreign(b"name\n\x81\x8d\xff", PLAIN, "f")
    assert (text[:5], encoding) == ("name\n", "latin-1")
