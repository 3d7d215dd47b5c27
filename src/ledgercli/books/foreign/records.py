"""Customer records as plain data, and whether plain data would be a record."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledgercli.books.customer_checks import PLAIN_ID, checked_customer
from ledgercli.books.customers import record_files
from ledgercli.books.files import read_bytes, shown_path
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import Problem, validated
from ledgercli.model.catalogue import records as codes
from ledgercli.model.customer import Customer, fold


def record_data(root: Path) -> dict[str, dict[str, Any]]:
    """Return the customer records of the books ``root`` by id, as they are typed.

    Of two with one id the first counts, as everywhere.
    """
    files, _findings = record_files(root, "customers")
    records: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for file in files:
        content, _refused = read_bytes(file, root)
        if content is None:
            continue
        data = read_source(content, shown_path(root, file)).data
        for entry in data if isinstance(data, list) else [data]:
            if not isinstance(entry, dict):
                continue
            given = entry.get("id")
            if given is None and not isinstance(data, list):
                given = file.stem
            identifier = unicodedata.normalize("NFC", given) if isinstance(given, str) else ""
            if identifier and fold(identifier) not in taken:
                taken.add(fold(identifier))
                records[identifier] = {**entry, "id": identifier}
    return records


def record_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a record, by the steps that lead to each part."""
    filled = {"file": "", "line": 0}
    customer, problems = validated(Customer, dict(data), (), filled)
    if customer is None:
        return problems
    if not PLAIN_ID.fullmatch(customer.id) or ".." in customer.id:
        return [Problem(codes.INVALID_ID, ("id",), {"id": customer.id[:80]}), *problems]
    _checked, more = checked_customer(customer, ())
    return problems + more


def is_refused(problem: Problem) -> bool:
    """Return whether a record with this problem is not written."""
    return problem.kind.severity == "error" or problem.kind.code == codes.UNKNOWN_KEY.code
