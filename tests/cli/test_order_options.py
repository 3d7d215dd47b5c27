"""How the lines of an order are typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
import typer

from ledgercli.cli.order_options import parse_line, parse_quantities
from ledgercli.model.order import OrderLine, Quantity
from ledgercli.model.values import Money, Percent


def line(price: str, currency: str = "EUR", **other: object) -> OrderLine:
    return OrderLine(Money(Decimal(price), currency), **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500 EUR", line("500")),
        ("500", line("500", "")),
        ("12.50 EUR M8 bolts", line("12.50", text="M8 bolts")),
        (
            "10 x 12.50 EUR Bolts +19%",
            line("12.50", text="Bolts", quantity=Quantity(Decimal(10)), tax=Percent(Decimal(19))),
        ),
        ("0.5 × 90 EUR Hour", line("90", text="Hour", quantity=Quantity(Decimal("0.5")))),
        (
            "2*7 CNY 安全帽 +13 %",
            line(
                "7", "CNY", text="安全帽", quantity=Quantity(Decimal(2)), tax=Percent(Decimal(13))
            ),
        ),
        (
            "60 × 310 安全帽 @Income:6001主营业务收入:内销 +13%",
            line(
                "310",
                "",
                text="安全帽",
                quantity=Quantity(Decimal(60)),
                account="Income:6001主营业务收入:内销",
                tax=Percent(Decimal(13)),
            ),
        ),
        ("20 EUR Cable 3 x 2.5", line("20", text="Cable 3 x 2.5")),
    ],
)
def test_a_line(text: str, expected: OrderLine) -> None:
    assert parse_line(text) == expected


@pytest.mark.parametrize(
    "text", ["", "x", "EUR 5", "0 EUR", "-5 EUR", "0 x 5 EUR", "1,5 EUR", "+19%", "1e3 EUR"]
)
def test_what_is_no_line(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_line(text)


def test_quantities_of_lines() -> None:
    assert parse_quantities(["1=3", "12=0.5"]) == {1: Decimal(3), 12: Decimal("0.5")}
    assert parse_quantities(None) == {}


@pytest.mark.parametrize(
    "given", [["1"], ["=3"], ["a=3"], ["1=0"], ["1=x"], ["1=1", "1=2"], ["-1=2"]]
)
def test_what_are_no_quantities(given: list[str]) -> None:
    with pytest.raises(typer.BadParameter):
        parse_quantities(given)
