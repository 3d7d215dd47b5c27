"""Entries, errors and options of a ledger are those of ``beancount.loader``, whatever is in it."""

from __future__ import annotations

import decimal
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fuzz
import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"
#: What a proof refuses, so that it is Beancount's to read.
BEYOND = r"""
option "title" "Beyond"
option "operating_currency" "EUR"
option "render_commas" "TRUE"
plugin "beancount.plugins.implicit_prices"
2026-01-01 open Assets:Bank EUR, USD
2026-01-01 open Assets:Stock "FIFO"
2026-01-01 open Assets:Receivable:Acme
  customer: "C001"
2026-01-01 open Income:Sales
2026-01-01 open Equity:Opening
2026-01-01 commodity ACME
pushtag #batch
pushmeta location: "Berlin"
2026-01-02 * "Broker" "Buy" ^B-1
  Assets:Stock  10 ACME {2.50 EUR, 2026-01-01, "first"}
    note: "a lot"
    note-2: 4.50
  Assets:Bank  -25.00 EUR
2026-01-03 * "Buy" #b ^C-1
  #c ^C-2
  kind: "kept"
  due: 2026-03-01
  Assets:Stock  4 ACME {{12.00 EUR}}
  ! Assets:Bank  -12.00 EUR
poptag #batch
popmeta location:
2026-01-04 txn "Sell"
  Assets:Stock  -3 ACME {} @ 3.00 EUR
  Assets:Bank  9.00 EUR
  Income:Sales
2026-01-05 ! "Acme" "Invoice" ^INV-1
  Assets:Receivable:Acme  119.00 EUR @ 1.10 USD
  Income:Sales  -130.90 USD
2026-01-06 *
  Assets:Receivable:Acme  1,000.5 EUR @@ 1100.55 USD
  Income:Sales
2026-01-07 * "A third" "of it"
  Assets:Receivable:Acme  10 / 3 EUR
  Income:Sales  -10/3 EUR
2026-01-08 pad Assets:Bank Equity:Opening
2026-01-09 balance Assets:Bank  100.00 ~ 0.05 EUR
2026-01-10 balance Assets  100.00 EUR
2026-01-10 balance Assets:Receivable  1122.8333 EUR
2026-01-11 price EUR 1.1 USD
2026-01-11 note Assets:Bank "called" #d
2026-01-12 custom "budget" Assets:Bank 4 EUR TRUE
2026-01-13 close Equity:Opening
2026-01-14 * "Late" "booking"
  Equity:Opening  0.004 EUR
  Assets:Bank  0.00 EUR
""".lstrip()

PLAIN = """
2026-01-01 open Assets:Bank EUR
2026-01-01 open Assets:Receivable
2026-01-01 open Income:Sales
2026-01-01 open Equity:Opening
""".lstrip()


def loaded_by_us(top: Path) -> tuple[list[Any], list[Any], dict[str, Any], list[Any]]:
    from ledgercli.books.beancount_errors import Sources
    from ledgercli.books.beancount_load import load

    loaded = load(str(top), Sources(top.parent), safe=False, within=None)
    return loaded.entries, loaded.errors, loaded.options, loaded.findings


def loaded_by_beancount(top: Path) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """Return what ``bean-check --no-cache`` loads; raise whatever it dies of."""
    from beancount import loader
    from beancount.ops import validation

    load: Any = loader._load  # noqa: SLF001 - all other ways lead through its cache
    # Beancount crashes, the whole process with it, where a division raises.
    with decimal.localcontext(decimal.Context(traps=[])):
        entries, errors, options = load([(str(top), True)], None, None, None)
    check_types: Any = validation.validate_data_types
    return entries, [*errors, *check_types(entries, options)], options


def shown(error: Any) -> tuple[object, ...]:  # noqa: ANN401 - a class of whatever plugin
    """Return an error; of one about a plugin only what comes before the traceback."""
    message = error.message
    if type(error).__name__ == "LoadError" and message.startswith("Error "):
        message = message.partition('": ')[0]
    return type(error).__name__, error.source, message, without_tolerances([error.entry])


def without_tolerances(entries: list[Any]) -> list[Any]:
    """Return the entries without what only plugins may ask for."""
    for entry in entries:
        if entry is not None:
            entry.meta.pop("__tolerances__", None)
    return entries


def with_contexts_as_text(options: dict[str, Any]) -> dict[str, Any]:
    """Return what can be compared, without what only the loader of Beancount adds."""
    comparable = {key: value for key, value in options.items() if key != "input_hash"}
    histograms = {
        currency: getattr(getattr(context, "fractional_dist", None), "hist", None)
        for currency, context in options["dcontext"].ccontexts.items()
    }
    return {**comparable, "dcontext": (str(options["dcontext"]), histograms)}


def same(top: Path) -> bool:
    """Compare; return False where Beancount died of the ledger, or we left something out."""
    entries, errors, options, findings = loaded_by_us(top)
    if findings:
        return False
    try:
        their_entries, their_errors, their_options = loaded_by_beancount(top)
    except Exception:  # noqa: BLE001 - whatever it is, ours did not
        return False
    assert without_tolerances(entries) == without_tolerances(their_entries)
    # Types matter, too: tuples of different kinds are equal where their parts are.
    assert list(map(repr, entries)) == list(map(repr, their_entries))
    # Our own plugin is not run when we load.
    theirs = [error for error in their_errors if type(error).__name__ != "LedgercliFinding"]
    assert list(map(shown, errors)) == list(map(shown, theirs))
    assert with_contexts_as_text(options) == with_contexts_as_text(their_options)
    return True


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_example_books(name: str) -> None:
    assert same(EXAMPLES / name / "main.beancount")


def test_what_a_proof_refuses(tmp_path: Path) -> None:
    assert same(fuzz.write({"main.beancount": BEYOND}, tmp_path))


@pytest.mark.parametrize(
    "odd",
    [
        '2026-02-01 custom "without values"',  # Beancount's pads stumble over it, if there are any
        '2026-02-01 custom "accounts" Assets:Bank Assets:Nothing',
        "2026-02-01 pad Assets:Stock Equity:Opening\n2026-02-02 balance Assets:Stock 99 ACME",
        (
            "2026-02-01 pad Assets:Receivable Equity:Opening\n"
            "2026-02-02 balance Assets:Receivable 9 EUR\n2026-02-02 balance Assets:Receivable 9 USD"
        ),
        "2026-02-01 balance Assets:Nothing 9 EUR",
        "2026-02-01 balance Assets:Bank 9 EUR\n2026-02-02 balance Assets:Bank 10 EUR",
        "2026-02-01 close Assets:Bank\n2026-02-03 open Assets:Bank",
        "2026-01-10 close Assets:Bank",
        "2025-01-01 open Assets:Bank USD",
        '2026-02-01 * "of no account"',
        '2026-02-01 * "to the cent"\n  Assets:Bank  1.01 EUR\n  Income:Sales  -1.005 EUR',
        '2026-02-01 * "rounded"\n  Assets:Bank  1.0 EUR\n  Income:Sales  -0.96 EUR\n  Equity:Opening',
        '2026-02-01 * "to nothing"\n  Assets:Bank  1 EUR\n  Income:Sales  -1 EUR\n  Equity:Opening',
        (
            '2026-02-01 * "long"\n  Assets:Bank  1234567890123456789012345678.9 EUR\n'
            "  Income:Sales  -1234567890123456789012345679 EUR"
        ),
        '2026-02-01 * "two"\n  Assets:Bank  1 EUR\n  Income:Sales  2 USD\n  Equity:Opening',
        (
            '2026-02-01 * "mixed"\n  Assets:Bank  1 EUR\n  Income:Sales  2 USD\n'
            "  Assets:Bank  -1 EUR\n  Income:Sales  -2 USD"
        ),
        '2026-02-01 * "priced"\n  Assets:Bank  1 EUR @ 2 USD\n  Income:Sales',
        '2026-02-01 * "priced"\n  Assets:Bank  1 EUR @ USD\n  Income:Sales  -3 USD',
    ],
)
def test_odd_entries(odd: str, tmp_path: Path) -> None:
    plain = '2026-01-20 * "plain"\n  Assets:Bank  5.00 EUR\n  Income:Sales  -5.00 EUR\n'
    for number, head in enumerate((PLAIN, BEYOND)):
        files = {"main.beancount": f"{head}\n{plain}\n{odd}\n"}
        assert same(fuzz.write(files, tmp_path / str(number)))


@pytest.mark.parametrize(
    "plugin",
    [
        *("auto", "auto_accounts", "check_closing", "check_commodity", "check_drained"),
        *("close_tree", "coherent_cost", "commodity_attr", "currency_accounts", "leafonly"),
        *("noduplicates", "nounused", "onecommodity", "pedantic", "sellgains", "unique_prices"),
    ],
)
def test_plugins_of_beancount(plugin: str, tmp_path: Path) -> None:
    used = """
2026-02-01 open Assets:Bank:Sub
2026-02-02 * "Sell" "all"
  Assets:Stock  -1 ACME {2.50 EUR}
    closing: TRUE
  Assets:New  2.50 EUR
2026-02-02 * "Sell" "all"
  Assets:Stock  -1 ACME {2.50 EUR}
  Assets:New  2.50 EUR
2026-02-03 close Assets:Bank
"""
    text = f'plugin "beancount.plugins.{plugin}"\n{BEYOND}{used}'
    assert same(fuzz.write({"main.beancount": text}, tmp_path))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("make", [fuzz.generated, None])
def test_mutated_ledgers(
    seed: int, make: Callable[[random.Random], dict[str, str]] | None, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    bases = [*fuzz.ordinary(), {"main.beancount": BEYOND}, {"main.beancount": BEYOND}]
    compared = 0
    for number in range(12):
        files = make(chance) if make else fuzz.mutated(chance.choice(bases), chance)
        compared += same(fuzz.write(files, tmp_path / str(number)))
    assert compared > 6
