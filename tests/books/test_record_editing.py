"""Records are changed in their files: only what was asked, all of it or nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.books import file_changes
from ledgercli.books.customers import read_customers
from ledgercli.books.data_edit import Delete, Exclude, Include, Put
from ledgercli.books.errors import FileUnwritableError
from ledgercli.books.record_changes import Change, NewRecord, Outcome, RecordChange, Removal
from ledgercli.books.record_editing import RecordExistsError, RecordNotFoundError, apply_changes
from ledgercli.books.record_files import FileNotEditableError, GapError, RecordShelf

ONE = "# first\nid: C1\nname: Acme   # as registered\ntags: [a]\n"
LIST = """\
# several in one file
- id: C2
  name: Beta
  notes: it's here

# between
- id: C3
  name: 'Gamma'
  parent: C2
- {id: C4, name: Delta}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "C1.yaml").write_text(ONE)
    (tmp_path / "customers" / "others.yaml").write_text(LIST)
    return tmp_path


def text(root: Path, name: str = "others.yaml") -> str:
    return (root / "customers" / name).read_bytes().decode()


def put(customer: str, *path: str | int, value: str) -> RecordChange:
    return RecordChange(customer, (Put(path, value),))


def codes(outcome: Outcome) -> list[str]:
    return [f"{one.code} {one.place.file}:{one.place.line}" for one in outcome.findings]


def test_a_record_of_several_in_a_file_is_changed_alone(root: Path) -> None:
    outcome = apply_changes(root, [put("c3", "tier", value="A"), put("C4", "name", value="D")])
    assert outcome.written
    assert outcome.changed == ("c3", "C4")
    assert text(root) == LIST.replace("'Gamma'\n", "'Gamma'\n  tier: A\n").replace("Delta", "D")
    assert text(root, "C1.yaml") == ONE
    assert read_customers(root)[1] == ()


def test_what_is_so_already_changes_nothing(root: Path) -> None:
    before = (root / "customers" / "C1.yaml").stat().st_mtime_ns
    outcome = apply_changes(root, [RecordChange("C1", (Include(("tags",), ("A",)),))])
    assert (outcome.changed, outcome.kept, outcome.files) == ((), ("C1",), ())
    assert (root / "customers" / "C1.yaml").stat().st_mtime_ns == before


def test_marks_line_ends_and_the_missing_last_one_stay(root: Path) -> None:
    content = "\ufeffid: C5\r\nname: E\r\ntags:\r\n  - x"
    (root / "customers" / "C5.yaml").write_bytes(content.encode())
    apply_changes(root, [RecordChange("C5", (Include(("tags",), ("z",)),))])
    assert text(root, "C5.yaml") == content + "\r\n  - z"


def test_json_files_stay_json(root: Path) -> None:
    (root / "customers" / "J.json").write_text('[{"id": "J1"},\n {"id": "J2", "tags": []}]')
    apply_changes(root, [put("J1", "name", value='"x"'), put("J2", "tags", 0, value="t")])
    assert text(root, "J.json") == (
        '[{"id": "J1", "name": "\\"x\\""},\n {"id": "J2", "tags": ["t"]}]'
    )


def test_a_file_without_an_id_is_named_by_its_stem(root: Path) -> None:
    (root / "customers" / "客户.yaml").write_text("name: N\n", encoding="utf-8")
    apply_changes(root, [put("客户", "tier", value="B")])
    assert text(root, "客户.yaml") == "name: N\ntier: B\n"


def test_what_brings_an_error_is_not_written(root: Path) -> None:
    outcome = apply_changes(
        root, [put("C1", "tier", value="A"), put("C3", "credit", "limit", value="-5 EUR")]
    )
    assert not outcome.written
    assert codes(outcome) == ["invalid-value customers/others.yaml:11"]
    assert outcome.refused == outcome.findings
    assert (text(root), text(root, "C1.yaml")) == (LIST, ONE)


def test_a_warning_is_told_and_written(root: Path) -> None:
    outcome = apply_changes(root, [put("C3", "ids", "vat", value="DE1")])
    assert outcome.written
    assert codes(outcome) == ["invalid-identifier customers/others.yaml:11"]
    assert outcome.refused == ()


def test_errors_that_were_there_before_are_no_obstacle(root: Path) -> None:
    (root / "customers" / "C1.yaml").write_text(ONE + "kind: firm\n")
    outcome = apply_changes(root, [put("C1", "tier", value="A")])
    assert (outcome.written, outcome.findings) == (True, ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put("C1", "parent", value="C9"), "unknown-parent customers/C1.yaml:1"),
        (put("C2", "parent", value="c3"), "parent-cycle customers/others.yaml:2"),
        (put("C1", "parent", value="C1"), "parent-cycle customers/C1.yaml:1"),
        (put("C1", "id", value="c4"), "duplicate-id customers/C1.yaml:1"),
        (put("C1", "tire", value="A"), "unknown-key customers/C1.yaml:5"),
    ],
)
def test_what_would_not_fit_the_other_records_is_refused(
    root: Path, change: Change, code: str
) -> None:
    outcome = apply_changes(root, [change])
    assert code in codes(outcome)
    assert not outcome.written


#: Two customers, of which the second is also known by names in several spellings.
NAMED = """\
- id: C5
- id: C6
  aliases: ["Weiß  & Sohn", 'O''Brien', "caf\\u00e9", 华东]
"""


@pytest.mark.parametrize(
    ("alias", "customers"),
    [
        ("c6", "C5, C6"),
        ("C1", "C1, C5"),
        ("weiss & sohn", "C5, C6"),
        ("O'Brien", "C5, C6"),
        ("Café", "C5, C6"),
        ("华东", "C5, C6"),
        ("华", ""),
        ("C5", ""),
        ("C11", ""),
        ("Acme", ""),
    ],
)
def test_an_alias_that_names_somebody_else_is_refused(
    root: Path, alias: str, customers: str
) -> None:
    (root / "customers" / "named.yaml").write_text(NAMED, encoding="utf-8")
    outcome = apply_changes(root, [RecordChange("C5", (Put(("aliases",), [alias]),))])
    assert [finding.code for finding in outcome.refused] == ["ambiguous-alias"] * bool(customers)
    assert [finding.values["customers"] for finding in outcome.refused] == [customers] * bool(
        customers
    )
    assert outcome.written is not bool(customers)


def test_an_alias_may_move_in_one_change_and_new_ones_may_not_meet(root: Path) -> None:
    (root / "customers" / "named.yaml").write_text(NAMED, encoding="utf-8")
    moved = [
        RecordChange("C6", (Exclude(("aliases",), ("华东",)),)),
        RecordChange("C5", (Include(("aliases",), ("华东",)),)),
    ]
    assert apply_changes(root, moved, dry_run=True).refused == ()
    assert codes(apply_changes(root, moved[1:])) == ["ambiguous-alias customers/named.yaml:1"]
    both = [RecordChange(one, (Put(("aliases",), ["New"]),)) for one in ("C1", "C5")]
    assert codes(apply_changes(root, both)) == [
        "ambiguous-alias customers/C1.yaml:1",
        "ambiguous-alias customers/named.yaml:1",
    ]
    new = [NewRecord({"id": f"N{number}", "aliases": [f"Acme {number}"]}) for number in range(12)]
    assert apply_changes(root, new).written
    more = [NewRecord({"id": f"M{number}", "aliases": [f"ACME  {number}"]}) for number in range(12)]
    assert len(apply_changes(root, more).refused) == 12
    assert codes(apply_changes(root, [NewRecord({"id": "acme 3"})]))[:1] == [
        "ambiguous-alias customers/acme 3.yaml:1"
    ]
    assert apply_changes(
        root, [Removal("N3"), RecordChange("C1", (Put(("aliases",), ["acme 3", "n3"]),))]
    ).written


def test_new_records_get_files_of_their_own(root: Path) -> None:
    data = {"name": "N: n", "id": "C7", "own": "x", "tags": ["no", "7"]}
    outcome = apply_changes(root, [NewRecord(data), put("C7", "tier", value="A")])
    assert not outcome.written, "`own` is no key that is read"
    del data["own"]
    outcome = apply_changes(root, [NewRecord(data), put("C7", "tier", value="A")])
    assert text(root, "C7.yaml") == (
        "# yaml-language-server: $schema=../.ledgercli/customer.schema.json\n"
        'id: C7\nname: "N: n"\ntier: A\ntags: ["no", "7"]\n'
    )
    with pytest.raises(RecordExistsError):
        apply_changes(root, [NewRecord({"id": "c3"})])
    with pytest.raises(RecordNotFoundError):
        apply_changes(root, [put("C8", "tier", value="A")])


def test_removed_records_leave_the_others(root: Path) -> None:
    apply_changes(root, [Removal("C3")])
    assert text(root) == LIST.replace("- id: C3\n  name: 'Gamma'\n  parent: C2\n", "")
    apply_changes(root, [Removal("C1"), Removal("C2")])
    assert not (root / "customers" / "C1.yaml").exists()
    assert text(root) == "# several in one file\n# between\n- {id: C4, name: Delta}\n"
    apply_changes(root, [Removal("C4")])
    assert list((root / "customers").iterdir()) == []


def test_comments_below_a_removed_record_stay(root: Path) -> None:
    commented = (
        "# head\n- id: R1   # first\n  # about R1\n  name: 'one'\n\n# about R2\n\n- id: R2\n"
        "# about R3\n# and more\n- id: R3\n  notes: |\n    a\n    # b\n# tail\n"
    )
    path = root / "customers" / "commented.yaml"
    path.write_text(commented)
    apply_changes(root, [Removal("R2"), put("R1", "tier", value="A")])
    assert text(root, "commented.yaml") == commented.replace("- id: R2\n", "").replace(
        "  name: 'one'\n", "  name: 'one'\n  tier: A\n"
    )
    apply_changes(root, [Removal("R3")])
    assert text(root, "commented.yaml") == (
        "# head\n- id: R1   # first\n  # about R1\n  name: 'one'\n  tier: A\n\n# about R2\n\n"
        "# about R3\n# and more\n# tail\n"
    )
    apply_changes(root, [Removal("R1")])
    assert not path.exists()
    path.write_text(commented)
    apply_changes(root, [Removal("R1")])
    assert text(root, "commented.yaml").startswith("# head\n# about R2\n\n- id: R2\n# about R3\n")
    apply_changes(root, [Removal("R2"), Removal("R3")])
    assert not path.exists()


def test_anchors_that_reach_from_record_to_record_are_left_alone(root: Path) -> None:
    shared = "- id: A1\n  terms: &t net 30\n- id: A2\n  terms: *t\n"
    (root / "customers" / "shared.yaml").write_text(shared)
    apply_changes(root, [put("A2", "tier", value="B")])
    assert text(root, "shared.yaml") == shared.replace("A2\n", "A2\n  tier: B\n")
    outcome = apply_changes(root, [put("A1", "terms", value="net 5")])
    assert [one.code for one in outcome.refused] == ["yaml-syntax"], "A2 would have no terms"
    apply_changes(root, [put("A2", "terms", value="net 5")])
    assert text(root, "shared.yaml") == (
        "- id: A1\n  terms: &t net 30\n- id: A2\n  tier: B\n  terms: net 5\n"
    )


def test_what_an_alias_stands_for_is_not_changed_through_it(root: Path) -> None:
    (root / "customers" / "x.yaml").write_text(
        "- id: A1\n  credit: &c {limit: 5 EUR}\n- id: A2\n  credit: *c\n"
    )
    with pytest.raises(FileNotEditableError):
        apply_changes(root, [put("A2", "credit", "limit", value="6 EUR")])


@pytest.mark.parametrize(
    ("path", "gap", "following"),
    [
        (("contacts", 1, "email"), "contacts.2", "contacts.1"),
        (("contacts", 7, "email"), "contacts.8", "contacts.1"),
        (("tags", 2), "tags.3", "tags.2"),
    ],
)
def test_an_entry_behind_the_next_one_is_refused(
    root: Path, path: tuple[str | int, ...], gap: str, following: str
) -> None:
    with pytest.raises(GapError, match=f"`{gap}` would leave a gap") as refused:
        apply_changes(root, [put("C1", *path, value="b")])
    assert refused.value.values["next"] == following
    assert text(root, "C1.yaml") == ONE
    assert apply_changes(root, [put("C1", "tags", 1, value="b")]).written


def test_a_new_record_with_a_hidden_character_is_told_about_it(root: Path) -> None:
    new = NewRecord({"id": "N1", "name": "\u202eevil"})
    outcome = apply_changes(root, [new], dry_run=True)
    assert codes(outcome) == ["bidi-character customers/N1.yaml:3"]
    assert "\u202e" not in outcome.files[0].diff


def test_a_quoted_text_that_goes_on_at_the_margin_is_no_record(root: Path) -> None:
    tricky = '- id: Q1\n  notes: "one\n- id: Q2\n  two"\n- id: Q3\n'
    (root / "customers" / "tricky.yaml").write_text(tricky)
    assert RecordShelf(root).find("Q2") == []
    apply_changes(root, [put("Q3", "tier", value="A")])
    assert text(root, "tricky.yaml") == tricky + "  tier: A\n"


def test_files_that_are_no_utf8_are_left_alone(root: Path) -> None:
    (root / "customers" / "L.yaml").write_bytes(b"id: L1\nname: Caf\xe9\n")
    with pytest.raises(FileNotEditableError, match="not UTF-8"):
        apply_changes(root, [put("L1", "tier", value="A")])


def test_all_files_are_written_or_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        if path.name == "others.yaml" and data != LIST.encode():
            raise FileUnwritableError(path=path, reason="the disk is full")
        path.write_bytes(data)

    monkeypatch.setattr(file_changes, "write_atomic", full)
    changes: list[Change] = [
        put("C1", "tier", value="A"),
        NewRecord({"id": "C6"}),
        put("C2", "tier", value="A"),
    ]
    with pytest.raises(FileUnwritableError):
        apply_changes(root, changes)
    assert (text(root), text(root, "C1.yaml")) == (LIST, ONE)
    assert not (root / "customers" / "C6.yaml").exists()


def test_a_dry_run_writes_nothing_and_its_diff_can_be_applied(root: Path) -> None:
    changes: list[Change] = [
        RecordChange("C1", (Delete(("tags",)), Put(("tier",), "A"))),
        put("C2", "tier", value="A"),
        RecordChange("C4", (Exclude(("tags",), ("x",)), Put(("contacts", 0, "name"), "U"))),
        NewRecord({"id": "C6", "name": "N"}),
        Removal("C3"),
    ]
    outcome = apply_changes(root, changes, dry_run=True)
    assert not outcome.written
    assert (text(root), text(root, "C1.yaml")) == (LIST, ONE)
    applied = root / "copy"
    subprocess.run(["cp", "-r", root / "customers", root / "before"], check=True)
    (root / "changes.patch").write_text(outcome.diff)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "apply", "changes.patch"], cwd=root, check=True)
    (root / "customers").rename(applied)
    (root / "before").rename(root / "customers")
    apply_changes(root, changes)
    for file in applied.iterdir():
        assert file.read_bytes() == (root / "customers" / file.name).read_bytes()


def test_two_processes_lose_nothing(root: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from ledgercli.books.data_edit import Include\n"
        "from ledgercli.books.record_changes import RecordChange\n"
        "from ledgercli.books.record_editing import apply_changes\n"
        "for number in range(8):\n"
        "    tag = f'{sys.argv[2]}{number}'\n"
        "    edit = Include(('tags',), (tag,))\n"
        "    apply_changes(pathlib.Path(sys.argv[1]), [RecordChange('C3', (edit,))])\n"
    )
    words = [sys.executable, "-c", code, str(root)]
    processes = [subprocess.Popen([*words, name]) for name in "xy"]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    (record,) = (one for one in read_customers(root)[0] if one.id == "C3")
    assert sorted(record.tags) == sorted(f"{name}{number}" for name in "xy" for number in range(8))


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]))


@settings(max_examples=40)
@given(
    values=st.lists(
        st.tuples(st.sampled_from(["name", "tier", "owner"]), st.integers(0, 11), NAMES),
        max_size=6,
    ),
    together=st.booleans(),
)
def test_records_say_what_was_put_and_nothing_else_changes(
    values: list[tuple[str, int, str]],
    together: bool,  # noqa: FBT001 - a choice of the test
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("books")
    (root / "customers").mkdir()
    texts = [f"id: K{number}   # {number}\nnotes: n{number}\n" for number in range(12)]
    if together:
        entries = ["- " + one.replace("\n", "\n  ").rstrip(" ") for one in texts]
        (root / "customers" / "all.yaml").write_text("".join(entries))
    else:
        for number, one in enumerate(texts):
            (root / "customers" / f"f{number}.yaml").write_text(one)
    changes = [put(f"K{number}", key, value=value) for key, number, value in values]
    apply_changes(root, changes)
    wanted = {(number, key): value for key, number, value in values}
    records = {one.id: one for one in read_customers(root)[0]}
    for number in range(12):
        record = records[f"K{number}"]
        assert record.notes == f"n{number}"
        for key in ("name", "tier", "owner"):
            assert getattr(record, key) == wanted.get((number, key), "")
    written = "".join(path.read_text() for path in sorted((root / "customers").iterdir()))
    assert all(f"# {number}\n" in written for number in range(12))
