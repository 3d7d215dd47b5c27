"""What the financial statements have to know of accounts: ``statements:`` in the settings."""

from __future__ import annotations

from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class StatementSettings:
    """Which accounts mean what in financial statements, and where products are named.

    ``products`` are the metadata keys of a posting or transaction that name a product; the first
    that is there counts.
    """

    products: tuple[str, ...] = ("product", "item", "sku")
