from __future__ import annotations

import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

from ledgercli import model

ROOT = Path(__file__).parent.parent.parent
_RECORDS = [
    record
    for found in iter_modules(model.__path__)
    for module in [import_module(f"{model.__name__}.{found.name}")]
    for record in vars(module).values()
    if isinstance(record, type) and record.__module__ == module.__name__
]


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.setenv("LC_ALL", "C")
    return import_module("reference")


def test_generated_pages_fit_the_code(reference: ModuleType) -> None:
    folder = ROOT / "docs" / "reference"
    stale = [
        name
        for name, text in reference.pages().items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `make docs`"


def test_check_names_the_stale_page_and_fails(
    reference: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.setattr(reference, "pages", lambda: {"one.md": "as it is\n", "two.md": "new\n"})
    monkeypatch.setattr(reference, "_other_tool", lambda _name, _arguments: 0)
    (tmp_path / "one.md").write_text("as it is\n", encoding="utf-8")
    (tmp_path / "two.md").write_text("old\n", encoding="utf-8")
    assert reference.main(["--check"]) == 1
    assert "two.md: does not fit" in capsys.readouterr().out
    assert (tmp_path / "two.md").read_text(encoding="utf-8") == "old\n"
    assert reference.main([]) == 0
    assert (tmp_path / "two.md").read_text(encoding="utf-8") == "new\n"
    assert reference.main(["--check"]) == 0


def test_every_key_of_settings_and_customers_is_explained(reference: ModuleType) -> None:
    pages = reference.settings() + reference.customer() + reference.own_report()
    for name, texts in reference.KEYS.items():
        record = next(row for row in _RECORDS if row.__name__ == name)
        keys = {reference.RENAMED.get((name, item.name), item.name) for item in fields(record)}
        keys -= {key for record, key in reference.FILLED if record == name}
        assert len(keys) == len(texts)
        assert all(f"| `{key}` |" in pages for key in keys)


def test_importing_the_tool_leaves_no_trace_in_the_path() -> None:
    assert str(ROOT / "tools") not in sys.path
