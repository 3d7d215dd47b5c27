"""The intervals of the calendar that figures over time are told for the ends of."""

from __future__ import annotations

from typing import Literal

Interval = Literal["day", "week", "month", "quarter", "year"]
INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "quarter", "year")
