"""What is written by a profile reads back as the same record, for every profile there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgercli.books.foreign.countries import country_codes, country_names
from ledgercli.books.foreign.decoding import writable
from ledgercli.books.foreign.profiles import profile_names, read_profile
from ledgercli.books.foreign.registry import Reading, read_foreign, write_foreign
from ledgercli.customers.exchange.merging import merged
from ledgercli.customers.exchange.paths import SETS, flattened, record_of
from ledgercli.customers.exchange.reading import RowValues, row_values
from ledgercli.customers.exchange.writing import row_cells
from ledgercli.model.customer import fold
from ledgercli.model.exchange import FileKind, Profile

PROFILES = [
    name
    for name in profile_names(None)
    if read_profile(None, name)[0].subject == "customers" and name != "jsonl"
]
SIGNS = "abcXYZ019 äöüßéñ 客户名称有限公司 \"'=+-@(),.;:/&%#<>\\!?_|€"


def one_line(without: str = "") -> st.SearchStrategy[str]:
    signs = "".join(sign for sign in SIGNS if sign not in without)
    texts = st.text(signs, min_size=1, max_size=24)
    return texts.map(lambda text: " ".join(text.split())).filter(bool)


def several_lines() -> st.SearchStrategy[str]:
    return st.lists(one_line(), min_size=1, max_size=3).map("\n".join)


def value_of(name: str, profile: Profile, lines: int) -> st.SearchStrategy[Any]:
    """Return values of the part ``name``; ``lines`` is how many an address has room for."""
    if name in SETS:
        entries = one_line(without=profile.separator.strip() + ",;")
        return st.lists(entries, min_size=1, max_size=3, unique_by=fold)
    if name in profile.values and name != "currency":
        return st.sampled_from(sorted(set(profile.values[name].values())))
    if name.endswith(".lines"):
        return st.lists(one_line(), min_size=1, max_size=lines)
    if name.endswith((".country",)):
        return st.sampled_from(sorted(country_names()))
    words: Mapping[str, st.SearchStrategy[Any]] = {
        "kind": st.sampled_from(["company", "person"]),
        "debtor": st.sampled_from(["business", "consumer", "public"]),
        "status": st.sampled_from(["lead", "prospect", "active", "closed"]),
        "currency": st.sampled_from(["EUR", "CNY", "USD"]),
        "terms": st.sampled_from(["net 30", "2/10 net 30", "30 days end of month"]),
        "credit.limit": st.decimals(1, 99999, places=2).map(str),
        "notes": several_lines(),
    }
    return words.get(name, several_lines() if name.startswith("fields.") else one_line())


def parts_of(profile: Profile) -> dict[str, int]:
    """Return the parts of a record that a file of ``profile`` has, with the lines of addresses."""
    parts: dict[str, int] = {}
    for name in sorted({field.name for field in profile.columns.values()}):
        prefix, _, last = name.rpartition(".")
        if last in {"street", "line1", "line2", "line3", "line4", "line5"}:
            room = 3 if last == "street" else int(last[-1])
            parts[f"{prefix}.lines"] = max(parts.get(f"{prefix}.lines", 0), room)
        elif last in {"given", "family"} and prefix != "person":
            parts[f"{prefix}.name"] = 0
        elif not name.startswith(("person", "organization")):
            parts[name.removesuffix(".amount")] = 0
    return parts


@st.composite
def records(draw: st.DrawFn, profile: Profile) -> dict[str, Any]:
    """Return the values of a record, by path, that a file of ``profile`` has room for."""
    names = {field.name for field in profile.columns.values()}
    values: dict[str, Any] = {"currency": draw(value_of("currency", profile, 0))}
    for path, lines in parts_of(profile).items():
        if draw(st.booleans()):
            values[path] = draw(value_of(path, profile, lines))
    if "currency" not in names:
        del values["currency"]
    if "credit.limit" in values:
        values["credit.limit"] += f" {values.get('currency', 'EUR')}"
    if "organization" in names:
        values.pop("contacts.1.name", None)
        values["name"] = draw(one_line())
        if draw(st.booleans()):
            values["kind"] = "person"
        elif draw(st.booleans()):
            values["contacts.1.name"] = draw(one_line().filter(lambda t: t != values["name"]))
    elif "name" in names:
        values["name"] = draw(one_line())
    # Contacts without a place before them move up.
    return flattened(record_of(values))


def written_and_read(values: Mapping[str, Any], profile: Profile, kind: FileKind) -> RowValues:
    cells = row_cells(record_of(values), profile, country_names())
    if not writable([*profile.columns, *cells.values()], profile.encoding):
        profile = replace(profile, encoding="utf-8-sig")
    content = write_foreign([cells], profile, kind)
    table = read_foreign(content, profile, kind, "file", Reading())
    assert len(table.rows) == 1
    return row_values(table.rows[0], table.columns, profile, country_codes(), "EUR")


def kinds(profile: Profile) -> list[FileKind]:
    return ["csv", "xlsx"] if profile.format in {"csv", "xlsx"} else [profile.format]


CASES = [(name, kind) for name in PROFILES for kind in kinds(read_profile(None, name)[0])]


@pytest.mark.parametrize(("name", "kind"), CASES)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_export_then_import_gives_the_same_record(
    name: str, kind: FileKind, data: st.DataObject
) -> None:
    profile, _ = read_profile(None, name)
    values = data.draw(records(profile))
    said = written_and_read(values, profile, kind)
    assert dict(said.values) == values
    assert said.cleaned == ()


@pytest.mark.parametrize(("name", "kind"), CASES)
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_import_of_an_own_export_changes_nothing(
    name: str, kind: FileKind, data: st.DataObject
) -> None:
    """Also what a profile has no room for stays: more contacts, longer addresses."""
    profile, _ = read_profile(None, name)
    values = data.draw(records(profile))
    ours = record_of({**values, "contacts.7.email": "else@example.com", "segments.own": "x"})
    said = written_and_read(values, profile, kind)
    merge = merged(ours, {}, said, None)
    assert merge.changes == ()
    assert merge.conflicts == ()
    again = merged(ours, merge.remembered, said, None)
    assert (again.changes, again.conflicts) == ((), ())
    assert again.remembered == merge.remembered


def test_a_country_reads_back_as_its_code() -> None:
    codes = country_codes()
    for code, name in country_names().items():
        assert codes[fold(name)] == code
    assert codes[fold("Deutschland")] == codes[fold("德国")] == "DE"


def test_longer_addresses_than_the_file_has_lines_for_lose_nothing() -> None:
    profile, _ = read_profile(None, "outlook")
    ours = {"name": "A", "addresses": {"billing": {"lines": ["1", "2", "3", "4", "5"]}}}
    cells = row_cells(ours, profile, country_names())
    assert cells["Business Street 3"] == "3, 4, 5"
    said = written_and_read(flattened(ours), profile, "csv")
    assert said.values["addresses.billing.lines"] == ["1", "2", "3, 4, 5"]
    merge = merged(ours, {}, said, None)
    assert (merge.changes, merge.conflicts) == ((), ())
