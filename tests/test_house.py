"""Who may import whom, read from the imports themselves."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "ledgercli"
SHELLS = {"cli", "plugin", "query", "fava"}
MAY_IMPORT = {
    "": set(),
    "model": set(),
    "books": {"model"},
    "receivables": {"model"},
    "output": {"model"},
    "reports": {"receivables", "model"},
    "reminders": {"receivables", "model"},
    "checks": {"receivables", "model"},
    "customers": {"receivables", "model"},
    "desk": {"books", "reports", "reminders", "checks", "customers", "receivables", "model"},
    **{shell: {"desk", "output", "model"} for shell in SHELLS},
    # One shell may stand on another: the query of the command line is that of programs.
    "cli": {"desk", "output", "model", "query"},
}
#: Other people's packages by the rooms that may know them.
HOSTS = {
    "": set(),
    "model": {"pydantic_core"},
    "books": {
        "babel",
        "beancount",
        "dateutil",
        "filelock",
        "openpyxl",
        "platformdirs",
        "pydantic",
        "pydantic_core",
        "stdnum",
        "vobject",
        "xlsxwriter",
        "yaml",
    },
    "receivables": set(),
    "checks": set(),
    "reports": set(),
    "customers": {"rapidfuzz"},
    "reminders": {"babel", "holidays", "idna", "jinja2", "markupsafe", "pypdf", "segno", "typst"},
    "output": {"babel", "icalendar", "jinja2", "rich", "xlsxwriter"},
    "desk": set(),
    "cli": {"platformdirs", "rich", "typer"},
    "plugin": {"beancount"},
    "query": {"beanquery", "tatsu"},
    "fava": {"beancount", "fava", "flask", "flask_babel", "werkzeug"},
}
FILES = sorted(SOURCE.rglob("*.py"))


def room_of(file: Path) -> str:
    first = file.relative_to(SOURCE).parts[0].removesuffix(".py")
    return "" if first in {"__init__", "__main__"} else first


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            if node.module == "ledgercli":
                yield from (f"ledgercli.{alias.name}" for alias in node.names)
            else:
                yield node.module


def wrong_imports(room: str, tree: ast.AST) -> list[str]:
    wrong = []
    for name in imported(tree):
        first, _, rest = name.partition(".")
        if first == "ledgercli":
            target = rest.partition(".")[0]
            # The package itself knows its version, which everybody may ask for.
            allowed = target in {"", room, "__version__"} or target in MAY_IMPORT[room]
            # It begins with a shell, and has nothing else in it.
            allowed = allowed or (room == "" and target == "cli")
        else:
            allowed = first in sys.stdlib_module_names or first in HOSTS[room]
        if not allowed:
            wrong.append(name)
    return wrong


@cache
def nodes_of(file: Path) -> ast.Module:
    """Return what the questions of these tests are about, of a file that is parsed once.

    Other nodes, nine of ten, would only be walked past again and again.
    """
    asked = ast.Import | ast.ImportFrom | ast.Attribute
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found: list[Any] = [node for node in ast.walk(tree) if isinstance(node, asked)]
    return ast.Module(body=found, type_ignores=[])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_imports_go_one_way(file: Path) -> None:
    assert wrong_imports(room_of(file), nodes_of(file)) == []


def test_every_room_is_known() -> None:
    assert {room_of(file) for file in FILES} <= set(MAY_IMPORT)
    assert {"model", "books", "receivables", "checks", "reports", "desk", "cli"} <= {
        room_of(file) for file in FILES
    }


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("receivables", "from ledgercli.books.ledger import read_ledger"),
        ("books", "from ledgercli.receivables.aging import aging"),
        ("output", "import ledgercli.receivables.position"),
        ("cli", "from ledgercli.receivables.aging import aging"),
        ("cli", "from ledgercli import books"),
        ("model", "from ledgercli.books import text"),
        ("reports", "from ledgercli.output.table import Table"),
        ("checks", "def late():\n    from ledgercli.desk import opening"),
        ("receivables", "import beancount"),
        ("desk", "import yaml"),
        ("books", "import typer"),
    ],
)
def test_a_wrong_import_would_be_seen(room: str, line: str) -> None:
    assert len(wrong_imports(room, ast.parse(line))) == 1


PAGE = Path(__file__).parent.parent / "docs" / "architecture.md"


def test_the_architecture_page_says_who_may_import_whom() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| .* \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {room: set(re.findall(r"`(\w+)`", others)) for room, others in rows}
    assert told == {room: others for room, others in MAY_IMPORT.items() if room}


def test_the_architecture_page_names_what_is_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/.]+/[\w/.]+)`", page))
    root = SOURCE.parent.parent
    assert [
        name for name in named if not ((SOURCE / name).exists() or (root / name).exists())
    ] == []
    parts = {
        folder.parent.relative_to(SOURCE).as_posix() for folder in SOURCE.glob("*/*/__init__.py")
    }
    assert parts <= named


#: What tells the day, the environment or the working directory.
_OUTSIDE = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("os", "environ"),
    ("os", "getenv"),
    ("os", "getcwd"),
    ("Path", "cwd"),
}


def outside(tree: ast.AST) -> list[str]:
    return [
        f"{node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute | ast.Name)
        and (
            node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id,
            node.attr,
        )
        in _OUTSIDE
    ]


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if room_of(file) not in SHELLS],
    ids=lambda file: str(file.relative_to(SOURCE)),
)
def test_nobody_below_the_shells_asks_for_the_day_or_the_environment(file: Path) -> None:
    found = outside(nodes_of(file))
    # Git is a program of its own and needs the environment it was installed for.
    if file.name == "revision.py":
        found = [name for name in found if name != "os.environ"]
    assert found == []


def test_asking_would_be_seen() -> None:
    code = "import datetime as dt\ndt.date.today()\nos.environ['A']\nPath.cwd()\ndatetime.now(UTC)"
    assert outside(ast.parse(code)) == ["date.today", "os.environ", "Path.cwd", "datetime.now"]


#: The module that makes it, and records with a ``__dict__`` for values computed when asked for.
_STANDARD_DATACLASS = {
    "books/source.py",
    "desk/reminders/carrying_out.py",
    "model/record.py",
}


def standard_dataclasses(tree: ast.AST) -> list[str]:
    """Return imports of what makes a class with six methods compiled, wanted or not."""
    return [
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "dataclasses"
        and any(name.name in {"dataclass", "make_dataclass"} for name in node.names)
    ]


def test_records_are_made_by_our_own_dataclass() -> None:
    using = {
        file.relative_to(SOURCE).as_posix()
        for file in FILES
        if standard_dataclasses(nodes_of(file))
    }
    assert using == _STANDARD_DATACLASS


def test_the_standard_dataclass_would_be_seen() -> None:
    assert standard_dataclasses(ast.parse("from dataclasses import dataclass, field"))
    assert not standard_dataclasses(ast.parse("from dataclasses import field, replace"))
