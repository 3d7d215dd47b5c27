"""The diff of two texts leads from one to the other, also where only parts are compared."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ledgercli.books.text_diff import text_diff

LINES = st.lists(st.sampled_from(["a", "b", "", "c\r", "\u2028", "@@ -1 +1 @@"]), max_size=12)


def lines_of(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def applied(before: str, diff: str) -> str:
    """Return ``before`` with a unified diff applied, every line of it compared."""
    if not diff:
        return before
    source, result, at = lines_of(before), [], 0
    body = lines_of(diff)[2:]
    for index, line in enumerate(body):
        missing = index + 1 < len(body) and body[index + 1].startswith("\\ No newline")
        text = line[1:-1] if missing else line[1:]
        if found := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@\n", line):
            start = int(found[1]) - (found[2] != "0")
            result += source[at:start]
            at = start
        elif line[0] == "+":
            result.append(text)
        elif line[0] in " -":
            assert source[at] == text
            result += [text] if line[0] == " " else []
            at += 1
    return "".join(result + source[at:])


@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_a_diff_leads_from_one_text_to_the_other(
    pairs: list[tuple[list[str], list[str]]],
    one_ends: bool,  # noqa: FBT001
    other_ends: bool,  # noqa: FBT001
) -> None:
    pieces = [
        ("".join(f"{x}\n" for x in old), "".join(f"{x}\n" for x in new)) for old, new in pairs
    ]
    last_old, last_new = pieces[-1]
    pieces[-1] = (
        last_old if one_ends else last_old.removesuffix("\n"),
        last_new if other_ends else last_new.removesuffix("\n"),
    )
    before = "".join(old for old, _ in pieces)
    after = "".join(new for _, new in pieces)
    for parts in ((), pieces):
        assert applied(before, text_diff("x", before, after, parts)) == after


def test_unchanged_lines_far_away_are_not_shown() -> None:
    before = "".join(f"{number}\n" for number in range(1000))
    after = before.replace("\n500\n", "\nfive hundred\n")
    expected = (
        "--- a/x\n+++ b/x\n@@ -498,7 +498,7 @@\n"
        " 497\n 498\n 499\n-500\n+five hundred\n 501\n 502\n 503\n"
    )
    assert text_diff("x", before, after) == expected
    parts = [(f"{number}\n", f"{number}\n") for number in range(1000)]
    parts[500] = ("500\n", "five hundred\n")
    assert text_diff("x", before, after, parts) == expected
    assert text_diff("x", before, before) == ""
    assert text_diff("x", None, "a\n") == "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"
    assert text_diff("x", "a", None).endswith("@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n")
