"""A second process makes some of many letters: whatever becomes of it, each is there once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

from ledgercli.desk.reminders import second_process
from ledgercli.desk.reminders.second_process import TASKS_MIN, helped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no helper")
COUNT = TASKS_MIN + 7


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "_possible", lambda count: count >= TASKS_MIN)


def taken(
    prepare: Callable[[int, int], object], count: int = COUNT
) -> tuple[list[int], dict[int, Any]]:
    """Return the tasks as they came, and what the other process made of which."""
    accepted: dict[int, Any] = {}
    return list(helped(range(count), prepare, accepted.__setitem__)), accepted


def test_the_last_tasks_come_prepared() -> None:
    tasks, accepted = taken(lambda place, task: (place, task, os.getpid()))
    assert tasks == list(range(COUNT))
    assert list(accepted) == list(range(COUNT - len(accepted), COUNT))
    assert len(accepted) > COUNT / 2
    assert all(made[:2] == (task, task) for task, made in accepted.items())
    assert {made[2] for made in accepted.values()}.isdisjoint({os.getpid()})


def test_few_tasks_need_no_help() -> None:
    assert taken(lambda _place, task: task, TASKS_MIN - 1) == (list(range(TASKS_MIN - 1)), {})


def test_a_helper_that_ends_early_leaves_the_rest() -> None:
    def prepare(_place: int, task: int) -> int:
        if task == COUNT - 5:
            os._exit(9)
        return task

    tasks, accepted = taken(prepare)
    assert tasks == list(range(COUNT))
    assert accepted
    assert COUNT - 5 not in accepted


def test_a_helper_that_cannot_deliver_is_no_loss() -> None:
    tasks, accepted = taken(lambda _place, _task: lambda: None)  # no pickle takes it
    assert (tasks, accepted) == (list(range(COUNT)), {})


def test_who_stops_early_does_not_hang() -> None:
    tasks = helped(range(COUNT), lambda _place, task: task, lambda _task, _made: None)
    assert next(tasks) == 0
    assert isinstance(tasks, Generator)
    tasks.close()
