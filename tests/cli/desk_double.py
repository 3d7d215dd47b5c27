"""A desk that answers at once and remembers what it was asked, for tests of the shell alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.finding import Finding, FindingCode, Place

FUNCTIONS = {
    "opening": ("open_books",),
    "reports": (
        "balances",
        "items",
        "payments",
        "aging",
        "limits",
        "statement",
        "explain",
        "allocate_suggest",
    ),
    "checking": ("check",),
    "customers.customer_list": ("list_",),
    "customers.customers": ("show",),
    "reminders.reminding": ("plan", "write", "send", "run", "approve"),
    "reminders.reminder_log": ("history",),
    "reminders.adopting": ("adopt",),
    "starting": ("init", "init_from_ledger"),
}


def finding(severity: Any) -> Finding:  # noqa: ANN401
    code = FindingCode(f"a-{severity}", severity, "something about {what}", "mend it")
    return Finding(code, {"what": "X"}, Place("main.beancount", 7))


def answer(**fields: Any) -> Answer:  # noqa: ANN401
    table = Table("rows", (Column("status", "status", "code"),), [{"status": "ok"}])
    return Answer(**{"schema": "test/1", "tables": (table,), **fields})


class Desk:
    """``calls`` are (function, arguments, options); ``answer`` is what every function returns."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answer = answer()
        self.raises: BaseException | None = None
        self.language = ""

    def function(self, name: str) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            self.calls.append((name, arguments, options))
            if name == "open_books":
                return SimpleNamespace(language=self.language, root=Path("/books"))
            if self.raises:
                raise self.raises
            return self.answer

        return called

    @property
    def request(self) -> Any:  # noqa: ANN401
        """Return the request that opened the books."""
        return next(call[1][0] for call in self.calls if call[0] == "open_books")

    @property
    def task(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the last call."""
        return self.calls[-1]

    @property
    def query(self) -> Any:  # noqa: ANN401
        """Return the query of the last call."""
        return self.task[1][1]


def install(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    for module_name, names in FUNCTIONS.items():
        module = ModuleType(f"ledgercli.desk.{module_name}")
        for name in names:
            setattr(module, name, desk.function(name))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        package, _, leaf = module.__name__.rpartition(".")
        monkeypatch.setattr(import_module(package), leaf, module, raising=False)
    return desk
