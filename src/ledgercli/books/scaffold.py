"""New books: commented settings, an example, or the customers inferred from a ledger."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ledgercli.books.activity import ATTRIBUTES_LINE
from ledgercli.books.discovery import SETTINGS_NAME
from ledgercli.books.errors import BooksExistError, FileUnwritableError, NotAFolderError
from ledgercli.books.files import inside, write_atomic
from ledgercli.books.schema import FOLDER as SCHEMAS
from ledgercli.books.schema import KINDS, modeline, shipped_schema
from ledgercli.books.yaml_text import yaml_lines, yaml_scalar
from ledgercli.model.customer import CreditLimit, Customer
from ledgercli.model.receivables_settings import ReceivablesSettings

_EXAMPLE = "customers/C001.yaml"
_LEDGER = "main.beancount"
#: What a running program leaves in the books for a while.
_IGNORED = ".ledgercli.lock*\n.ledgercli-*.tmp\n"
#: Fields that say where a record was read, and are no keys of its file.
_NOT_WRITTEN = frozenset(["file", "line"])


def scaffold(root: Path, language: str = "en") -> list[Path]:
    """Make books in the folder ``root`` and return the files written, in order.

    ``language`` is that of the comments; one without samples of its own gets the English ones.
    Written are commented settings, a small ledger, an example customer, ``.gitattributes`` and
    ``.gitignore``; a ledger that is there already stays, and then there is no example. Raises
    :class:`BooksExistError` if there are settings, :class:`FileUnwritableError`.
    """
    _prepare(root)
    names = [SETTINGS_NAME]
    if not os.path.lexists(root / _LEDGER):
        names += [_LEDGER, _EXAMPLE]
    wanted = {name: _packaged(name, language) for name in names}
    return _write(root, wanted)


def scaffold_from_ledger(
    root: Path,
    ledger: Path,
    customers: Sequence[Customer],
    receivables: ReceivablesSettings,
    language: str = "en",
) -> list[Path]:
    """Make books in ``root`` for an existing ``ledger`` and return the files written, in order.

    Each of ``customers`` gets a file; one that is there already stays. The settings name the ledger
    relative to ``root`` where they can, and the accounts of ``receivables``. Raises as
    :func:`scaffold`.
    """
    _prepare(root)
    sample = _packaged(SETTINGS_NAME, language)
    settings = _with_value(sample, "ledger", yaml_scalar(_relative(ledger, root)))
    for key, accounts in (("accounts", receivables.accounts), ("deposits", receivables.deposits)):
        # Without names the usual ones are taken as receivables, as they were for the inference.
        value = ", ".join(yaml_scalar(account) for account in accounts)
        settings = _with_value(settings, key, f"[{value}]" if accounts else None)
    wanted = {SETTINGS_NAME: settings}
    first = f"{modeline('customer', 'customers')}\n"
    wanted |= {
        f"customers/{customer.id}.yaml": first + customer_yaml(customer) for customer in customers
    }
    return _write(root, wanted)


def customer_yaml(customer: Customer) -> str:
    """Return a customer as a YAML file, which reads back as the same record."""
    return "".join(f"{line}\n" for line in yaml_lines(_plain(customer)))


def _prepare(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise NotAFolderError(path=root)
    settings = root / SETTINGS_NAME
    if os.path.lexists(settings):
        raise BooksExistError(path=settings)


def _packaged(name: str, language: str) -> str:
    """Return a sample file, in ``language`` where there are samples in it."""
    samples = files("ledgercli.books") / "scaffolding"
    translated = samples / language
    resource = translated if translated.is_dir() else samples
    for part in name.split("/"):
        resource /= part
    return resource.read_text(encoding="utf-8")


def _write(root: Path, wanted: Mapping[str, str]) -> list[Path]:
    """Write what is not there yet; the settings come last, as they make a folder into books."""
    written: list[Path] = []
    order = sorted(wanted, key=lambda name: name == SETTINGS_NAME)
    texts = {name: wanted[name] for name in order}
    texts |= {f"{SCHEMAS}/{name}.schema.json": shipped_schema(name) for name in KINDS}
    texts |= {".gitattributes": f"{ATTRIBUTES_LINE}\n", ".gitignore": _IGNORED}
    for name, text in texts.items():
        path = inside(root, name)
        if os.path.lexists(path):
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileUnwritableError(path=path.parent, reason=error.strerror or error) from error
        write_atomic(path, text)
        written.append(path)
    return written


def _with_value(settings: str, key: str, value: str | None) -> str:
    """Return the settings with another value of ``key``, or with its line as a comment."""
    line = re.compile(rf"^( *){key}: (\S+|\[[^\]]*\])( *)(#.*)?$", re.MULTILINE)

    def changed(found: re.Match[str]) -> str:
        if value is None:
            return f"{found[1]}# {found[0].lstrip()}"
        comment = f"    {found[4]}" if found[4] else ""
        return f"{found[1]}{key}: {value}{comment}"

    return line.sub(changed, settings, count=1)


def _relative(ledger: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(ledger, root)).as_posix()
    except ValueError:  # on another drive
        return ledger.as_posix()


def _plain(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record of the model
    """Return what a record says beyond its defaults, as plain data."""
    data: dict[str, Any] = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if item.name in _NOT_WRITTEN or value is None or value in ("", (), {}):
            continue
        if item.default == value:
            continue
        plain = _plain_value(value)
        if plain not in ({}, []):
            data[item.name] = plain
    return data


def _plain_value(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    if isinstance(value, CreditLimit):
        return _plain_limit(value)
    if isinstance(value, Mapping):
        return {key: _plain_value(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain_value(entry) for entry in value]
    # Values that are written as words print themselves as such; records are keys with values.
    if is_dataclass(value) and not hasattr(value, "parse"):
        return _plain(value)
    return str(value).lower() if isinstance(value, bool) else value and str(value)


def _plain_limit(limit: CreditLimit) -> Any:  # noqa: ANN401 - text, list or mapping
    steps = {
        first.isoformat() if first else None: [str(money) for money in amounts]
        for first, amounts in limit.steps
    }
    plain = {day: texts[0] if len(texts) == 1 else (texts or None) for day, texts in steps.items()}
    return plain.get(None, plain)
