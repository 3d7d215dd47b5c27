"""Accounts with thousands of entries that take back: the time must not grow with their square."""

from __future__ import annotations

import datetime as dt
import time

from stories import Tell, credit, opened

DAYS = 1500


def day(index: int) -> dt.date:
    return dt.date(2016, 1, 1) + dt.timedelta(days=index)


def test_bounces_beside_over_payments(tell: Tell) -> None:
    story = tell(
        "".join(
            f'{day(index)} * "Goods" ^INV-{index}\n'
            "  Assets:Receivable:C1  10 EUR\n  Income:Sales\n"
            f'{day(index)} * "Paid" ^INV-{index}\n'
            "  Assets:Receivable:C1  -15 EUR\n  Assets:Bank\n"
            f'{day(index + 1)} * "Returned" ^INV-{index}\n'
            "  Assets:Receivable:C1  10 EUR\n  Assets:Bank\n"
            for index in range(DAYS)
        )
    )
    started = time.process_time()
    position = story.at()
    assert time.process_time() - started < 5
    # What had been paid too much pays the first 5 of what is open again.
    assert opened(position) == {f"INV-{index}": "5" for index in range(DAYS)}
    assert credit(position) == {}


def test_refunds_of_payments(tell: Tell) -> None:
    story = tell(
        "".join(
            f'{day(index)} * "Paid"\n  Assets:Receivable:C1  -10 EUR\n  Assets:Bank\n'
            f'{day(index)} * "Back" #refund\n  Assets:Receivable:C1  10 EUR\n  Assets:Bank\n'
            for index in range(3 * DAYS)
        )
    )
    started = time.process_time()
    position = story.at()
    assert time.process_time() - started < 5
    assert (opened(position), credit(position)) == ({}, {})
