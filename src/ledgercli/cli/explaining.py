"""The option ``--explain`` of the reports under ``report``: how their figures came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from ledgercli.cli.command import Parameter, parameters_of
from ledgercli.cli.options import Asked
from ledgercli.cli.parameters import option
from ledgercli.model.catalogue.mark import N_

Explain = Annotated[
    bool,
    option("--explain", help=N_("How each figure came about: formula, source, and what went in.")),
]
ExplainRow = Annotated[
    list[str] | None,
    option(
        "--explain-row",
        metavar="WORD",
        help=N_("Explain only rows with this word, such as a month or customer; may be repeated."),
    ),
]


class _Explained:
    """A provider of what a report is asked about, with the options that explain its figures."""

    def __init__(self, provider: Callable[..., Asked]) -> None:
        self._provider = provider

    def parameters(self) -> list[Parameter]:
        """Return the options of both; they are worked out when a command is parsed."""
        more = (
            Parameter("explain", Explain, default=False),
            Parameter("explain_row", ExplainRow, None),
        )
        return [*parameters_of(self._provider), *more]

    def __call__(self, *, explain: bool, explain_row: list[str] | None, **given: object) -> Asked:
        """Return what the report is asked about; a row named asks for its explanation."""
        asked = self._provider(**given)
        if not explain and not explain_row:
            return asked
        return replace(asked, query=replace(asked.query, explain=tuple(explain_row or ())))


def explained(provider: Callable[..., Asked]) -> Callable[..., Asked]:
    """Return ``provider`` with ``--explain`` and ``--explain-row``."""
    return _Explained(provider)
