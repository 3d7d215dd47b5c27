"""Findings about ledger."""

from __future__ import annotations

from ledgercli.model.finding import FindingCode

CODES: tuple[FindingCode, ...] = ()
