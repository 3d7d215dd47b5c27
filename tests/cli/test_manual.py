"""The pages for ``man``: one for the program and one a command, in every language."""

from __future__ import annotations

import re

import pytest

from ledgercli.cli.manual import pages
from ledgercli.cli.tree import COMMANDS
from ledgercli.output import language

#: The requests of man(7) that the pages use; a text never begins one by chance.
REQUESTS = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".br", ".nf", ".fi", ".RS", ".RE"}


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_pages_hold_all_commands_and_no_stray_markup(spoken: str) -> None:
    language.install(spoken)
    made = pages()
    assert made.keys() == {"ledgercli.1", *(f"ledgercli-{name}.1" for name in COMMANDS.commands)}
    for text in made.values():
        lines = text.splitlines()
        assert lines[0].startswith(".TH ")
        assert {line.split()[0] for line in lines if line.startswith((".", "'"))} <= REQUESTS
        # A hyphen that is no minus would not be found by who copies an option.
        assert not re.search(r"(?<!\\)-", text)
        assert not re.search(r"\\(?![-e&(f])", text)


def test_a_page_tells_usage_options_and_examples() -> None:
    page = pages()["ledgercli-limits.1"]
    for part in (
        '.TH "LEDGERCLI\\-LIMITS" 1',
        ".B ledgercli limits\n[OPTIONS]\n",
        '.TP\n.B "\\-\\-with AMOUNT"\nAs if that much more were ordered',
        "ledgercli limits \\-\\-with",
    ):
        assert part in page


def test_a_group_tells_all_its_commands() -> None:
    page = pages()["ledgercli-remind.1"]
    for name in COMMANDS.commands["remind"].commands:  # type: ignore[union-attr]
        assert f'.SS "ledgercli remind {name}"' in page
