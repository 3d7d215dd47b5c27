"""The command that adds an extra fits the way the program was installed."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from ledgercli.model.errors import MissingExtraError
from ledgercli.output import installation, language
from ledgercli.output.installation import adding_command
from ledgercli.output.wording import error_lines
from ledgercli.reminders.press import PdfMissingError
from ledgercli.reminders.working_days import HolidaysMissingError


def environment(folder: Path, mark: str) -> Path:
    folder.mkdir(parents=True)
    (folder / mark).write_text("{}")
    return folder


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The extra `xlsx` is there, from an index; a test may say that it came from elsewhere."""
    said: dict[str, object] = {}

    class Distribution:
        def read_text(self, _name: str) -> str | None:
            return json.dumps(said) if said else None

    monkeypatch.setattr(metadata, "distribution", lambda _name: Distribution())
    monkeypatch.setattr(installation, "installed_extras", lambda: {"xlsx"})
    return said


def test_pip_adds_to_an_environment_of_ones_own(tmp_path: Path) -> None:
    assert adding_command("pdf", tmp_path) == "pip install 'ledgercli[pdf]'"


def test_pipx_adds_in_place_also_beside_another_program(tmp_path: Path) -> None:
    own = environment(tmp_path / "ledgercli", "pipx_metadata.json")
    assert adding_command("pdf", own) == "pipx runpip ledgercli install 'ledgercli[pdf]'"
    beside = environment(tmp_path / "fava", "pipx_metadata.json")
    assert adding_command("pdf", beside) == "pipx runpip fava install 'ledgercli[pdf]'"


def test_uv_makes_the_environment_anew_with_what_was_there(
    tmp_path: Path, installed: dict[str, object]
) -> None:
    own = environment(tmp_path / "ledgercli", "uv-receipt.toml")
    assert adding_command("pdf", own) == "uv tool install --force 'ledgercli[pdf,xlsx]'"
    beside = environment(tmp_path / "fava", "uv-receipt.toml")
    assert adding_command("pdf", beside) == (
        "uv tool install --force fava --with 'ledgercli[pdf,xlsx]'"
    )
    installed.update(url="file:///home/ute/ledgercli", dir_info={})
    assert adding_command("xlsx", own) == (
        "uv tool install --force 'ledgercli[xlsx] @ file:///home/ute/ledgercli'"
    )
    installed.update(url="https://example.com/ledgercli", vcs_info={"vcs": "git"})
    assert adding_command("xlsx", own) == (
        "uv tool install --force 'ledgercli[xlsx] @ git+https://example.com/ledgercli'"
    )


def test_extras_are_there_when_all_their_libraries_are() -> None:
    # The tests run with all of them.
    assert installation.installed_extras() == {"pdf", "holidays", "contacts", "xlsx", "fava"}


def test_each_language_says_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = environment(tmp_path / "ledgercli", "pipx_metadata.json")
    monkeypatch.setattr("sys.prefix", str(own))
    for name in ("en", "zh"):
        language.install(name)
        for error in (PdfMissingError(), HolidaysMissingError(country="DE")):
            assert isinstance(error, MissingExtraError)
            command = f"pipx runpip ledgercli install 'ledgercli[{error.extra}]'"
            assert command in error_lines(error).splitlines()[1]
