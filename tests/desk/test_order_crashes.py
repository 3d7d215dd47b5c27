"""Two runs at once get numbers one after the other; a run that is killed leaves sound books."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from order_books import DAY, Shop

from ledgercli.books import file_changes, files
from ledgercli.checks.orders import order_invoices
from ledgercli.desk.orders import order_answers
from ledgercli.desk.orders.ledger_appending import document_numbers
from ledgercli.desk.orders.order_errors import InvoiceMissingError
from ledgercli.desk.reminders.booking_errors import NotInLedgerError


class KilledError(BaseException):
    """The process is gone: nothing of it runs any more."""


def invoice(root: Path, number: str) -> None:
    Shop(root).invoice(number)


def test_two_processes_get_consecutive_numbers(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path / "books")
    orders = [shop.add("10") for _ in range(4)]
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=invoice, args=(shop.root, number)) for number in orders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    numbers = sorted(row.number for order in shop.books().orders for row in order.invoices)
    assert numbers == [f"INV-2026-000{count}" for count in range(1, 5)]
    assert document_numbers(shop.books()) == frozenset(numbers)


def killed_at(monkeypatch: pytest.MonkeyPatch, write: int, *, before: bool) -> None:
    """Let the process end before, or just after, its ``write``-th atomic write."""
    real: Callable[..., None] = files.write_atomic
    count = 0

    def dying(path: Path, data: bytes | str, **options: int | None) -> None:
        nonlocal count
        count += 1
        if count > write or (count == write and before):
            raise KilledError
        real(path, data, **options)
        if count == write:
            raise KilledError

    monkeypatch.setattr(files, "write_atomic", dying)
    monkeypatch.setattr(file_changes, "write_atomic", dying)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("write", [1, 2, 3])
def test_a_run_that_is_killed_is_put_in_order_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: int, *, before: bool
) -> None:
    shop = Shop.make(tmp_path / "books")
    first, second = shop.add("100"), shop.add("100")
    with monkeypatch.context() as patch:
        killed_at(patch, write, before=before)
        with pytest.raises(KilledError):
            shop.invoice(first)
    # Whatever was written: what is open is not counted too low.
    assert shop.exposure() >= 200
    shop.work(order_answers.recovered)
    assert shop.exposure() == 200
    books = shop.books()
    assert not list(order_invoices(books.orders, books.position(DAY)))
    rows = {order.id: [row.number for row in order.invoices] for order in books.orders}
    assert document_numbers(books) == frozenset(rows[first])
    if not rows[first]:
        shop.invoice(first)
    shop.invoice(second)
    assert document_numbers(shop.books()) == {"INV-2026-0001", "INV-2026-0002"}


def test_nothing_is_taken_back_while_the_ledger_has_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop.make(tmp_path / "books")
    number = shop.add("100")
    with monkeypatch.context() as patch:
        killed_at(patch, 2, before=True)
        with pytest.raises(KilledError):
            shop.invoice(number)
    path = shop.root / f"orders/{number}.yaml"
    if "writing" not in path.read_text(encoding="utf-8"):
        pytest.fail("the entry should be there, unfinished")
    ledger = shop.root / "main.beancount"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text + "\n2026-01-01 what is this\n", encoding="utf-8")
    with pytest.raises(NotInLedgerError):
        shop.add("1")
    assert "writing" in path.read_text(encoding="utf-8")
    ledger.write_text(text, encoding="utf-8")
    shop.add("1")
    assert "writing" not in path.read_text(encoding="utf-8")


def test_an_invoice_that_vanished_from_the_ledger_is_found(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path / "books")
    number = shop.add("2 x 100")
    before = shop.ledger()
    shop.invoice(number, "1")
    (shop.root / "main.beancount").write_text(before, encoding="utf-8")
    books = shop.books()
    found = list(order_invoices(books.orders, books.position(DAY)))
    assert [finding.code for finding in found] == ["order-invoice-missing"]
    with pytest.raises(InvoiceMissingError):
        shop.invoice(number, "1")
