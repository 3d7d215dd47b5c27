"""A second process makes some of many letters: whatever becomes of it, each is there once."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
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
    prepare: Callable[[int, int], object],
    make: Callable[[int, int], object] = lambda _place, _task: None,
    count: int = COUNT,
) -> tuple[list[int], dict[int, Any]]:
    """Return the tasks as they came, and what the other process made of which."""
    accepted: dict[int, Any] = {}
    return list(helped(range(count), make, prepare, accepted.__setitem__)), accepted


def test_each_task_is_made_by_one_of_both() -> None:
    here: list[int] = []

    def make(place: int, task: int) -> None:
        assert place == task
        here.append(task)
        time.sleep(0.001)  # so that both have something to do

    def prepare(place: int, task: int) -> tuple[int, int, int]:
        time.sleep(0.001)
        return place, task, os.getpid()

    tasks, accepted = taken(prepare, make)
    assert tasks == list(range(COUNT))
    assert sorted([*here, *accepted]) == tasks
    assert len(here) >= 32
    assert len(accepted) >= 32
    assert all(made[:2] == (task, task) for task, made in accepted.items())
    assert {made[2] for made in accepted.values()}.isdisjoint({os.getpid()})


def test_who_is_faster_makes_more() -> None:
    _, accepted = taken(lambda _place, task: task, lambda _place, _task: time.sleep(0.002))
    assert len(accepted) > COUNT / 2


def test_more_tasks_than_numbers_fit_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "_CHUNKS_MAX", 3)
    tasks, accepted = taken(lambda _place, task: task)
    assert tasks == list(range(COUNT))
    assert all(task == made for task, made in accepted.items())


def test_few_tasks_need_no_help() -> None:
    assert taken(lambda _place, task: task, count=TASKS_MIN - 1) == (list(range(TASKS_MIN - 1)), {})


@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_a_system_without_room_for_a_helper_makes_none(
    call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, call, no_more)
    before = len(list(Path("/dev/fd").iterdir()))
    assert taken(lambda _place, task: task) == (list(range(COUNT)), {})
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_helper_that_ends_early_leaves_the_rest() -> None:
    done: list[int] = []

    def prepare(_place: int, task: int) -> int:
        done.append(task)
        if len(done) == 70:
            os._exit(9)
        return task

    tasks, accepted = taken(prepare, lambda _place, _task: time.sleep(0.001))
    assert tasks == list(range(COUNT))
    assert len(accepted) == 64  # two chunks; what it had begun of the third is lost


def test_a_helper_that_cannot_deliver_is_no_loss() -> None:
    tasks, accepted = taken(lambda _place, _task: lambda: None)  # no pickle takes it
    assert (tasks, accepted) == (list(range(COUNT)), {})


def test_who_stops_early_does_not_hang() -> None:
    nothing: Callable[[int, object], None] = lambda _place, _task: None  # noqa: E731
    tasks = helped(range(COUNT), nothing, lambda _place, task: task, nothing)
    assert next(tasks) == 0
    assert isinstance(tasks, Generator)
    tasks.close()
