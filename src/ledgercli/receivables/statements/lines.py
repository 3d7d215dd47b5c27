"""The lines of a statement: accounts as a tree with their sums, and what stands between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.receivables.statements.balances import ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``amounts`` of the day or period asked about, then those it is compared with.

    ``line`` is the last component of the account, or the code of a line that is none; ``account``
    is empty there. ``depth`` says how far the line is below that of its section.
    """

    currency: str
    section: str
    line: str
    account: str
    depth: int
    amounts: tuple[Decimal, ...]


def tree(
    currency: str,
    section: str,
    columns: Sequence[Mapping[str, Decimal]],
    *,
    depth: int | None,
    sign: int = 1,
    root: bool = False,
) -> Iterator[Line]:
    """Yield the line of a section and those of its accounts, each with all below it summed.

    ``columns`` are amounts by account; ``depth`` the components of account names that are told
    apart, the root included, None for all. With ``root`` the roots are lines of their own, for
    sections with accounts of several kinds. Accounts where everything is zero are left out.
    """
    sums: dict[str, list[Decimal]] = {}
    for place, amounts in enumerate(columns):
        for account, amount in amounts.items():
            parts = account.split(":")
            for length in range(len(parts) + 1):
                name = ":".join(parts[:length])
                sums.setdefault(name, [ZERO] * len(columns))[place] += sign * amount
    whole = sums.pop("", [ZERO] * len(columns))
    yield Line(currency, section, section, "", 0, tuple(whole))
    for account in sorted(sums, key=lambda name: name.split(":")):
        own = sums[account]
        parts = account.split(":")
        # The root is the section itself, unless it is one among others.
        if (root or len(parts) > 1) and (depth is None or len(parts) <= depth) and any(own):
            steps = len(parts) if root else len(parts) - 1
            yield Line(currency, section, parts[-1], account, steps, tuple(own))
