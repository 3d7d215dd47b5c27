"""Run the validations of Beancount over the entries of a ledger."""

from __future__ import annotations

from typing import Any

from beancount.ops import validation

from ledgercli.books.beancount_book import unbalanced
from ledgercli.books.beancount_errors import Sources
from ledgercli.books.beancount_loaded import Loaded, add_failures, failed
from ledgercli.model.finding import Place


def validate(loaded: Loaded, sources: Sources) -> None:
    """Run the validations of ``bean-check``, each once.

    ``validation.validate`` is not called: it appends the extra validations to a list of its
    module, so that each further load in a process would run, and report, them again.
    """
    steps: dict[Any, None] = dict.fromkeys(
        [*validation.BASIC_VALIDATIONS, *validation.HARDCORE_VALIDATIONS]
    )
    for step in steps:
        try:
            if step is validation.validate_check_transaction_balances:
                errors, failures = unbalanced(loaded.entries, loaded.options)
                add_failures(loaded, sources, "balance", failures)
            else:
                errors = step(loaded.entries, loaded.options)
            loaded.errors.extend(errors)
        except Exception as error:  # noqa: BLE001 - entries that a plugin made can be anything
            loaded.findings.append(failed(step.__name__, error, Place()))
