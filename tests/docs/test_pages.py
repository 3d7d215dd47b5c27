from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import ROOT, Command, fits, follow, name_of, pages, plain, steps

from ledgercli.cli.tree import COMMANDS, Branch

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_NAMES = [pytest.param(page, id=name_of(page)) for page in pages()]


@pytest.mark.parametrize("page", _NAMES)
def test_examples_run_and_print_what_the_page_shows(page: Path) -> None:
    faults = []
    for command, code, printed in follow(page):
        place = f"{command.page}:{command.line}: {command.text}"
        if code not in {0, 1}:
            faults.append(f"{place}: exit code {code}: {printed}")
        elif command.shown and not fits(plain("\n".join(command.shown)), printed):
            faults.append("\n".join([f"{place}: prints", *printed]))
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize("page", _NAMES)
def test_relative_links_lead_to_files_and_headings(page: Path) -> None:
    missing = []
    for target in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(target)
    assert not missing


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a Markdown page, as forges make them."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in _HEADING.findall(text)
    }


def test_pages_are_plain_text_that_stands_alone() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\w)/(?:home|root|Users)/|TODO", text), name_of(page)


def leaves(branch: Branch, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of all commands below ``branch``."""
    found: list[tuple[str, ...]] = []
    for name, entry in branch.commands.items():
        below = (*path, name)
        found += leaves(entry, below) if isinstance(entry, Branch) else [below]
    return found


@pytest.mark.parametrize("path", leaves(COMMANDS), ids=" ".join)
def test_every_command_has_a_page_and_an_example_that_runs(path: tuple[str, ...]) -> None:
    reference = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert f"\n## {' '.join(path)}\n" in reference
    words = re.compile(rf"ledgercli (?:--\S+ \S+ )*{' '.join(path)}\b")
    examples = (step.text for page in pages() for step in steps(page) if isinstance(step, Command))
    assert any(words.search(text) for text in examples)


@pytest.mark.parametrize("path", leaves(COMMANDS), ids=" ".join)
def test_every_command_has_help_with_an_example(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledgercli.cli import main

    monkeypatch.setenv("LC_ALL", "C")
    assert main([*path, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: ledgercli {' '.join(path)}")
    assert f"\n  ledgercli {' '.join(path)}" in text.partition("Examples:")[2]


def test_every_page_can_be_reached_from_the_readme() -> None:
    waiting, reached = [ROOT / "README.md"], set[Path]()
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = _LINK.findall(page.read_text(encoding="utf-8"))
        paths = ((page.parent / target.partition("#")[0]).resolve() for target in targets)
        waiting += [path for path in paths if path.is_file()]
    assert [name_of(page) for page in pages() if page not in reached] == []
