"""Books for stories: the docstring of a test is the ledger under test."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from stories import CUSTOMERS, SETTINGS, Story, Tell, write_story

from ledgercli.cli import session
from ledgercli.output import language

#: Random tests find the same examples in every run, so that they cannot fail by chance.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")

_numbers = itertools.count()
DAY_OF_EXAMPLES = dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)


def pytest_collection_finish() -> None:
    """Let no collection of garbage look through the tests themselves: they stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the cache of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERCLI_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _state_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep the record of what was sent apart for each test."""
    place = tmp_path_factory.getbasetemp() / f"state-{next(_numbers)}"
    monkeypatch.setenv("LEDGERCLI_STATE_DIR", str(place))


@pytest.fixture(scope="session", autouse=True)
def _not_before_the_examples() -> Iterator[None]:
    """Let commands run on the day of the examples or later: letters are not sent before theirs."""
    clock = session.moment
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "moment", lambda: max(clock(), DAY_OF_EXAMPLES))
        yield


@pytest.fixture(autouse=True)
def _speaks_english() -> None:
    """Begin in English: a test before this one may have run the program in another language."""
    language.install(language.ORIGINAL)


@pytest.fixture
def no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Return what tells that the test made processes, and has waited for each of them."""
    made: list[int] = []
    fork = os.fork

    def noted() -> int:
        child = fork()
        made.append(child)
        return child

    def is_left(child: int) -> bool:
        try:
            os.waitpid(child, os.WNOHANG)
        except ChildProcessError:
            return False
        return True

    monkeypatch.setattr(os, "fork", noted)
    return lambda: bool(made) and not any(map(is_left, made))


@pytest.fixture
def tell(request: pytest.FixtureRequest, tmp_path: Path) -> Tell:
    """Return what opens books with the test's docstring as ledger."""

    def tell_story(
        text: str | None = None,
        *,
        customers: str = CUSTOMERS,
        settings: str = SETTINGS,
        files: dict[str, str] | None = None,
    ) -> Story:
        ledger = request.function.__doc__ or "" if text is None else text
        return write_story(tmp_path, ledger, customers, settings, files)

    return tell_story
