"""The orders of the books: every ``orders/*.yaml``, read with the care of a customer record."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.customer_checks import PLAIN_ID
from ledgercli.books.customers import record_names
from ledgercli.books.data_edit import Delete, Put, changed_data, steps
from ledgercli.books.errors import BooksError
from ledgercli.books.file_changes import FileChange
from ledgercli.books.files import inside, read_all, shown_path
from ledgercli.books.pause import collection_paused
from ledgercli.books.record_files import FileNotEditableError
from ledgercli.books.source import Path, Source
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import Problem, to_findings, validated
from ledgercli.books.yaml_edit import Dialect, edited_text
from ledgercli.books.yaml_text import yaml_lines
from ledgercli.model.catalogue import orders as order_codes
from ledgercli.model.catalogue import records as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.finding import Finding, Place
from ledgercli.model.order import Decision, Delivery, Order, OrderInvoice, OrderLine, Quantity
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import Money, Percent

FOLDER = "orders"
#: The keys of an order in the order in which they are written.
KEYS = tuple(item.name for item in fields(Order) if item.name not in {"file", "line"})


class OrderExistsError(BooksError):
    """A new order would have the number or the file of another."""

    message = N_("there is an order `{order}` already")
    hint = N_("leave out `--number` to get the next one of the series")


def read_orders(root: FilePath) -> tuple[tuple[Order, ...], tuple[Finding, ...]]:
    """Return the orders of the books ``root`` in the order of their files, and all findings.

    Orders that cannot be told from others, without lines, or of several currencies are left out.
    Every price has the order's currency.
    """
    names, findings = record_names(root, FOLDER)
    orders: dict[str, Order] = {}
    with collection_paused():
        for name, content, refused in read_all(root, FOLDER, names):
            findings += refused
            if content is None:
                continue
            source = read_source(content, f"{FOLDER}/{name}")
            findings += source.findings
            for order, found in _read_file(source, name.rpartition(".")[0]):
                findings += found
                if order is None:
                    continue
                other = orders.setdefault(fold(order.id), order)
                if other is not order:
                    values = {"id": order.id, "other": f"{other.file}:{other.line}"}
                    place = Place(order.file, order.line, 1)
                    findings.append(Finding(codes.DUPLICATE_ID, values, place, order.customer))
    ordered = sorted(findings, key=lambda finding: finding.order)
    return tuple(orders.values()), tuple(ordered)


def _read_file(source: Source, stem: str) -> Iterator[tuple[Order | None, list[Finding]]]:
    """Yield the orders of one file with the findings about each; a file may hold a list."""
    for path, line, entry in source.records():
        given = entry
        if isinstance(entry, dict) and not path and entry.get("id") is None:
            given = {**entry, "id": stem}
        order, problems = validated(Order, given, path, {"file": source.shown, "line": line})
        if order is None:
            yield None, to_findings(problems, source)
            continue
        order = replace(order, id=unicodedata.normalize("NFC", order.id))
        checked, more = _checked(order, path)
        yield checked, to_findings(problems + more, source, order.customer)


def _checked(order: Order, path: Path) -> tuple[Order | None, list[Problem]]:
    """Return the order with its currency everywhere, None where it cannot be used."""
    if not PLAIN_ID.fullmatch(order.id) or ".." in order.id:
        return None, [Problem(codes.INVALID_ID, (*path, "id"), {"id": order.id[:80]})]
    if not order.lines:
        values = {"order": order.id}
        return None, [Problem(order_codes.ORDER_WITHOUT_LINES, (*path, "lines"), values)]
    for index, line in enumerate(order.lines):
        if line.price.amount < 0 or (line.tax and line.tax.value < 0):
            where = (*path, "lines", index)
            values = {"line": str(index + 1)}
            return None, [Problem(order_codes.ORDER_NEGATIVE, where, values)]
    named = [order.currency, *(line.price.currency for line in order.lines)]
    currencies = sorted({currency for currency in named if currency})
    if len(currencies) != 1:
        values = {"currencies": ", ".join(currencies) or "-"}
        return None, [Problem(order_codes.ORDER_CURRENCY, (*path, "currency"), values)]
    lines = tuple(
        replace(line, price=Money(line.price.amount, currencies[0])) for line in order.lines
    )
    order = replace(order, currency=currencies[0], lines=lines)
    return order, list(_unknown_lines(order, path))


def _unknown_lines(order: Order, path: Path) -> Iterator[Problem]:
    """Yield the quantities of lines that the order has not."""
    known = {str(place) for place in range(1, len(order.lines) + 1)}
    for key in ("deliveries", "invoices"):
        for index, entry in enumerate(getattr(order, key)):
            for line in entry.quantities:
                if line not in known:
                    where = (*path, key, index, "quantities", line)
                    values = {"line": line[:20], "count": str(len(order.lines))}
                    yield Problem(order_codes.ORDER_LINE_UNKNOWN, where, values, of_key=True)


# --- writing -----------------------------------------------------------------------------------


def new_order(root: FilePath, order: Order) -> FileChange:
    """Return the change that writes a new order; raise OrderExistsError where its file is there."""
    from ledgercli.books.schema import modeline

    path = inside(root, f"{FOLDER}/{order.id}.yaml")
    if path.exists():
        raise OrderExistsError(order=order.id)
    text = "\n".join([modeline("order", FOLDER), *yaml_lines(order_data(order))]) + "\n"
    return FileChange(path, shown_path(root, path), None, text.encode())


def changed_order(root: FilePath, before: Order, after: Order) -> FileChange:
    """Return the change of the file that makes ``before`` as it was read into ``after``.

    Only what differs is written. Raise FileNotEditableError where it cannot be done.
    """
    path = inside(root, before.file)
    content = path.read_bytes()
    source = read_source(content, before.file)
    above, data = _entry(source, before)
    old, new = order_data(before), order_data(after)
    text, whole = source.text, source.data
    newline = "\r\n" if "\r\n" in text else "\n"
    dialect = Dialect(newline, json=path.suffix == ".json", order=KEYS)
    try:
        for edit in _edits(old, new):
            for step in steps(data, edit, above):
                text = edited_text(text, step, dialect)
                whole = changed_data(whole, step)
            _, data = _entry(replace(source, data=whole), before)
        if read_source(text.encode(), before.file).data != whole:
            raise ValueError(before.file)  # noqa: TRY301 - like what the editing raises
    except ValueError as error:
        reason = Sentence(N_("an entry there cannot be changed by itself"))
        raise FileNotEditableError(file=before.file, reason=reason) from error
    mark = "\N{ZERO WIDTH NO-BREAK SPACE}"
    kept = mark if content.decode("utf-8").startswith(mark) and not text.startswith(mark) else ""
    return FileChange(path, before.file, content, (kept + text).encode())


def _entry(source: Source, order: Order) -> tuple[Path, Any]:
    """Return the path and the plain data of an order in its file."""
    if not isinstance(source.data, list):
        return (), source.data
    for index, entry in enumerate(source.data):
        if isinstance(entry, dict) and fold(str(entry.get("id", ""))) == fold(order.id):
            return (index,), entry
    raise FileNotEditableError(file=order.file, reason=Sentence(N_("the order is no longer in it")))


def _edits(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Put | Delete]:
    """Yield what to put and what to take away, entry by entry in lists that only grew."""
    for key, after in new.items():
        before = old.get(key)
        if before == after:
            continue
        if isinstance(before, list) and isinstance(after, list):
            yield from _list_edits((key,), before, after)
        else:
            yield Put((key,), after)
    for key in old:
        if key not in new:
            yield Delete((key,))


def _list_edits(path: Path, before: list[Any], after: list[Any]) -> Iterator[Put | Delete]:
    for index, entry in enumerate(after):
        if index >= len(before):
            yield Put((*path, index), entry)
        elif before[index] != entry:
            if isinstance(entry, dict) and isinstance(before[index], dict):
                yield from (
                    Put((*path, index, key), value)
                    for key, value in entry.items()
                    if before[index].get(key) != value
                )
                yield from (
                    Delete((*path, index, key)) for key in before[index] if key not in entry
                )
            else:
                yield Put((*path, index), entry)
    for index in range(len(before) - 1, len(after) - 1, -1):
        yield Delete((*path, index))


def order_data(order: Order) -> dict[str, Any]:
    """Return the order as plain data, without what is empty."""
    return {
        item.name: _plain(value)
        for item in fields(Order)
        if item.name in KEYS and not _is_empty(value := getattr(order, item.name))
    }


_RECORDS = (OrderLine, Decision, Delivery, OrderInvoice)
#: What is read first stands first; of other records all in the order of the model.
_FIRST = ("text", "product", "quantity", "price")


def _plain(value: Any) -> Any:  # noqa: ANN401 - values of many kinds
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, _RECORDS):
        return {
            item.name: _plain(part)
            for item in sorted(fields(value), key=lambda item: _place(value, item.name))
            if not _is_empty(part := getattr(value, item.name)) and part != item.default
        }
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, Quantity | Percent | date | Decimal):
        return str(value)
    return value if isinstance(value, str | list) else str(value)


def _place(record: object, name: str) -> int:
    first = isinstance(record, OrderLine) and name in _FIRST
    return _FIRST.index(name) if first else len(_FIRST)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", (), {})
