"""Profiles: the packaged ones are sound, own ones go before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledgercli.books.foreign.errors import ProfileNotFoundError, ProfileUnusableError
from ledgercli.books.foreign.profiles import profile_names, read_profile

NAMES = list(profile_names(None))
#: Those whose columns were compared with the vendor's own documentation, or are ours.
VERIFIED = {
    "csv", "csv-items", "erpnext", "jsonl", "odoo", "quickbooks", "quickbooks-iif", "vcard",
    "zoho-accounts",
}  # fmt: skip


def test_all_systems_have_their_profile() -> None:
    assert {
        "csv", "jsonl", "vcard", "google", "outlook", "quickbooks", "quickbooks-iif", "xero",
        "zoho-accounts", "zoho-contacts", "erpnext", "odoo", "yonyou", "kingdee", "fxiaoke",
        "jiandaoyun", "fanpu", "a3erp", "csv-items", "datev-opos", "yuebiao", "yingshou",
    } == set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_profile_is_sound(name: str) -> None:
    profile, findings = read_profile(None, name)
    assert findings == ()
    assert profile.title
    assert profile.source
    assert profile.verified == (name in VERIFIED)
    # Another heading belongs to a column there is, and to one only.
    assert set(profile.also) <= set(profile.columns)
    headings = [*profile.columns, *(other for others in profile.also.values() for other in others)]
    assert len(headings) == len(set(headings))
    for fields in (profile.values, profile.defaults):
        carried = {field.name for field in profile.columns.values()}
        assert {name.removesuffix(".amount") for name in fields} <= carried
    items = {field.name.startswith("item.") for field in profile.columns.values()}
    assert items == {profile.subject == "items"}
    "".join(profile.columns).encode(profile.encoding)


def test_an_own_profile_goes_before_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "xero.yaml").write_text("columns: {Firma: name, Nr: ids.old}\n")
    (tmp_path / "profiles" / "ours.yml").write_text("title: Ours\ncolumns: {Firma: name}\n")
    (tmp_path / "profiles" / ".hidden.yaml").write_text("x")
    assert profile_names(tmp_path)["xero"] == "profiles/xero.yaml"
    assert profile_names(tmp_path)["ours"] == "profiles/ours.yml"
    profile, findings = read_profile(tmp_path, "xero")
    assert (list(profile.columns), profile.file, findings) == (
        ["Firma", "Nr"],
        "profiles/xero.yaml",
        (),
    )


def test_what_is_wrong_in_an_own_profile_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "a.yaml").write_text(
        "colums: {}\ncolumns:\n  Firma: nam\n  Nr: id\nformat: ods\n"
    )
    profile, findings = read_profile(tmp_path, "a")
    assert list(profile.columns) == ["Nr"]
    assert [(row.code, row.place.file, row.place.line) for row in findings] == [
        ("unknown-key", "profiles/a.yaml", 1),
        ("invalid-value", "profiles/a.yaml", 3),
        ("unknown-value", "profiles/a.yaml", 5),
    ]


@pytest.mark.parametrize("text", ["", "- a\n", "columns: {}\n", "columns: {a: b}\n", "a: [\n"])
def test_a_profile_without_columns_cannot_be_used(text: str, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "a.yaml").write_text(text)
    with pytest.raises(ProfileUnusableError):
        read_profile(tmp_path, "a")


def test_a_name_that_means_nothing_gets_a_suggestion() -> None:
    with pytest.raises(ProfileNotFoundError) as error:
        read_profile(None, "xerro")
    assert error.value.values["suggestion"] == "xero"
