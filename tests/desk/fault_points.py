"""Kills runs at every step that leaves a trace, and checks that the next runs make everything good.

A run happens in a forked child. Each opening of a file for writing, renaming, removing, making of a
folder, each flush to the disk (before, after, and with only half of the bytes there), and each
moment of a delivery (before the letter is taken, after, before the answer comes) is a point at
which the child can be killed. The points are counted in a run of which nothing is killed.

``python tests/desk/fault_points.py --customers 200 --sample 60`` tries some of them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import shutil
import signal
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledgercli.books.activity import read_events
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import reminding
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import Channel
from ledgercli.reminders.delivery.message import Message

DAY = dt.date(2026, 3, 6)
SETTINGS = """\
company: {name: Example Ltd}
mail: {from: books@example.com}
reminders:
  policies:
    standard:
      deadline: 10 days
      channel: email
      levels:
        - {name: friendly, after: 5 days, template: reminder}
        - {name: firm, after: 30 days, template: reminder-firm}
"""


def make_books(root: Path, customers: int) -> None:
    """Write books in which each of ``customers`` is due for one letter on :data:`DAY`.

    Every second one has two documents, so that one letter makes several entries in the log.
    """
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    ledger = ["2026-01-01 open Income:Sales\n"]
    records = []
    for number in range(1, customers + 1):
        account = f"Assets:Receivable:C{number}"
        ledger.append(f"2026-01-01 open {account}\n")
        ledger.extend(
            f'2026-02-01 * "C{number}" "Goods" ^INV-{number}-{part}\n  due: 2026-03-01\n'
            f"  {account}  {100 + number}.00 EUR\n  Income:Sales\n"
            for part in range(1, 2 + number % 2)
        )
        records.append(
            f"- {{id: C{number}, name: Customer {number}, accounts: ['{account}'],"
            f" contacts: [{{name: A, email: c{number}@example.org}}]}}\n"
        )
    (root / "main.beancount").write_text("".join(ledger), encoding="utf-8")
    (root / "customers" / "all.yaml").write_text("".join(records), encoding="utf-8")


@dataclass
class Points:
    """Counts the points of a run; at number ``deadly`` the process ends."""

    within: Path
    deadly: int = 0
    count: int = 0
    names: list[str] = field(default_factory=list)

    def reach(self, name: str, before_end: Callable[[], None] | None = None) -> None:
        """Note a point; if it is the deadly one, do ``before_end`` and die."""
        self.count += 1
        if self.deadly == 0:
            self.names.append(name)
        elif self.count == self.deadly:
            if before_end:
                before_end()
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        """Watch this process from now on; there is no way back."""
        sys.addaudithook(self._audit)
        original = os.fsync
        lengths: dict[str, int] = {
            str(path): path.stat().st_size for path in self.within.rglob("*") if path.is_file()
        }

        def fsync(descriptor: int) -> None:
            path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode):
                known = min(lengths.get(path, 0), status.st_size)
                half = (known + status.st_size) // 2
                self.reach(f"torn {path}", lambda: os.truncate(path, half))
                lengths[path] = status.st_size
            self.reach(f"before fsync {path}")
            original(descriptor)
            self.reach(f"after fsync {path}")

        setattr(os, "fsync", fsync)  # noqa: B010 - its type says more than we use

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, str) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self._note(event, path)
        elif event in {"os.rename", "os.remove", "os.mkdir", "os.truncate"}:
            self._note(event, arguments[0])

    def _note(self, event: str, path: object) -> None:
        if isinstance(path, str | os.PathLike) and str(path).startswith(str(self.within)):
            self.reach(f"{event} {path}")


@dataclass
class Desk:
    """Books with their second record, and a channel that writes down what it takes."""

    folder: Path
    points: Points | None = None

    @property
    def root(self) -> Path:
        """Return the folder of the books."""
        return self.folder / "books"

    @contextmanager
    def open(
        self, _spec: str, _mail: Mail, _environment: Mapping[str, str], _root: Path
    ) -> Iterator[Channel]:
        """Yield this desk as a channel."""
        yield self

    def deliver(self, message: Message) -> str:
        """Take a letter; it has gone once its line is written."""
        if self.points:
            self.points.reach("before taking")
        with (self.folder / "taken.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps([message.customer, message.message_id]) + "\n")
        if self.points:
            self.points.reach("after taking")
        return "taken"

    def taken(self) -> list[tuple[str, str]]:
        """Return customer and message id of every letter that was taken, in order."""
        file = self.folder / "taken.jsonl"
        if not file.exists():
            return []
        lines = file.read_text(encoding="utf-8").splitlines()
        return [(customer, message) for customer, message in map(json.loads, lines)]

    def run(self, day: dt.date = DAY) -> Answer:
        """Do all that is due on ``day``."""
        now = dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC)
        books = open_books(Request(start=self.root, now=now, books=self.root), with_events=True)
        options = SendOptions(opener=self.open, state=self.folder / "state")
        return reminding.run(books, Query(as_of=day), types=(), dry_run=False, options=options)

    def run_in_child(self, deadly: int) -> list[str]:
        """Run in a child that dies at point ``deadly``; 0: return the points it passes."""
        report = self.folder.with_suffix(".points")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                self.points = Points(self.folder, deadly)
                self.points.arm()
                self.run()
                names = self.points.names
                report.write_text("\n".join(names), encoding="utf-8")
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if deadly:
            assert os.WIFSIGNALED(status), f"point {deadly} was not reached"
            assert os.WTERMSIG(status) == signal.SIGKILL
            return []
        assert os.waitstatus_to_exitcode(status) == 0
        return report.read_text(encoding="utf-8").splitlines()


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below ``folder`` but the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ledgercli.lock" not in path.name
    }


def check_recovery(desk: Desk, customers: int, day: dt.date, point: str) -> None:
    """Run again on ``day``, and assert that every letter went out once and the log is whole."""
    before = Counter(desk.taken())
    desk.run(day)
    taken = Counter(desk.taken())
    letters = Counter(customer for customer, _ in taken)
    assert letters == {f"C{n}": 1 for n in range(1, customers + 1)}, point
    repeated = {key: count for key, count in taken.items() if count > 1}
    assert len(repeated) <= 1, point
    assert all(count == 2 and before[key] == 1 for key, count in repeated.items()), point
    events, findings = read_events(desk.root)
    assert findings == (), point
    sent = Counter(
        (event.customer, event.number, event.details["level"])
        for event in events
        if event.details.get("status") == "sent"
    )
    documents = {
        (f"C{n}", f"INV-{n}-{part}", 1)
        for n in range(1, customers + 1)
        for part in range(1, 2 + n % 2)
    }
    assert sent == dict.fromkeys(documents, 1), point
    known = {event.details.get("message_id") for event in events}
    assert known == {message for _, message in taken}, point
    after = tree(desk.folder)
    assert [name for name in after if name.endswith(".tmp")] == [], point
    # Nothing is left to do, neither now nor on the next day.
    assert desk.run(day).table("letters").rows == [], point
    assert tree(desk.folder) == after, point
    assert Counter(desk.taken()) == taken, point


def points_of(folder: Path, customers: int) -> list[str]:
    """Return the points of a run over books of ``customers``, and leave the books in ``folder``."""
    make_books(folder / "new" / "books", customers)
    shutil.copytree(folder / "new", folder / "counted")
    return Desk(folder / "counted").run_in_child(0)


def try_point(folder: Path, number: int, customers: int, day: dt.date, name: str) -> None:
    """Kill a run at point ``number``, and check what the next run on ``day`` makes of it."""
    place = folder / f"at-{number}"
    shutil.copytree(folder / "new", place)
    desk = Desk(place)
    desk.run_in_child(number)
    check_recovery(desk, customers, day, f"point {number}: {name}")
    shutil.rmtree(place)


def main() -> None:
    """Try a sample of points and say how many."""
    parser = argparse.ArgumentParser(description="kill runs at sampled points and recover")
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        points = points_of(folder, asked.customers)
        every = range(1, len(points) + 1)
        chosen = random.Random(asked.seed).sample(every, asked.sample)  # noqa: S311 - no secret
        for index, number in enumerate(sorted(chosen)):
            day = DAY + dt.timedelta(days=index % 2)
            try_point(folder, number, asked.customers, day, points[number - 1])
    sys.stdout.write(
        f"killed at {len(chosen)} of {len(points)} points of a run over {asked.customers} customers:"
        " every letter went out once by its message id, and the log is whole\n"
    )


if __name__ == "__main__":
    main()
