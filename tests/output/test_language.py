"""Which language is spoken, and that the catalogues are complete."""

from __future__ import annotations

import gettext
import importlib.util
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ledgercli.model.catalogue.mark import NC_
from ledgercli.output import language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--lang", "zh", "aging"], "zh"),
        (["aging", "--lang=zh"], "zh"),
        (["aging", "--lang", "en", "--lang", "zh"], "zh"),
        (["aging", "--", "--lang", "zh"], None),
        (["aging", "--lang"], None),
        ([], None),
    ],
)
def test_option(arguments: list[str], wanted: str | None) -> None:
    assert language.from_arguments(arguments) == wanted


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({}, None),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN.UTF-8"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, None),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en_GB.UTF-8"),
        ({"LANG": "POSIX"}, None),
        ({"LC_ALL": "", "LANG": "de_DE"}, "de_DE"),
    ],
)
def test_locale(environment: dict[str, str], locale: str | None) -> None:
    assert language.from_environment(environment) == locale


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("zh_CN.UTF-8", "zh"),
        ("zh-Hans", "zh"),
        ("ZH", "zh"),
        ("en_US", "en"),
        ("de", None),
        ("", None),
        ("../zh", None),
        ("C", None),
    ],
)
def test_match(wanted: str, code: str | None) -> None:
    assert language.match(wanted) == code


def test_a_context_tells_words_apart_and_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = NC_("unit", "days")
    assert (language._(unit), language._("days")) == ("days", "days")

    class Texts(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"unit\x04days": "\u5929", "days": "\u5929\u6570"}.get(message, message)

    monkeypatch.setattr("gettext.translation", lambda *_asked: Texts())
    language.install("zh")
    assert (language._(unit), language._("days")) == ("\u5929", "\u5929\u6570")
    assert language._(NC_("unit", "weeks")) == "weeks"


def test_what_is_not_translated_stays_english() -> None:
    assert language.install("de") == "en"
    assert language.install("zh") == "zh"
    assert language._("no such text in any catalogue") == "no such text in any catalogue"
    assert language._("") == ""
    assert language.available() == ("en", "zh")


def _tool() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "catalogues.py"
    spec = importlib.util.spec_from_file_location("catalogues", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogues"] = module
    spec.loader.exec_module(module)
    return module


def test_catalogues_fit_the_sources_and_lack_no_translation() -> None:
    assert list(_tool().problems()) == []


def test_a_server_speaks_to_each_in_their_language() -> None:
    said: list[str] = []

    def ask() -> None:
        said.append(language.language())

    with language.speaking("zh_CN") as spoken:
        other = threading.Thread(target=ask)
        other.start()
        other.join()
        assert (spoken, language._("yes")) == ("zh", "是")
        with language.speaking("en"):
            assert language._("yes") == "yes"
        assert language.language() == "zh"
    assert said == ["en"]
    assert language.language() == "en"
