"""The books of the benchmark: of the size they claim, the same each time, without a finding."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ledgercli.books.ledger import read_ledger
from ledgercli.model.receivables_settings import ReceivablesSettings

GENERATOR = Path(__file__).parents[2] / "benchmarks" / "generate.py"


def generated(folder: Path, transactions: int, customer_count: int | None = None) -> Path:
    spec = importlib.util.spec_from_file_location("generate", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    main = module.generate(folder, transactions, customer_count=customer_count)
    assert isinstance(main, Path)
    return main


def test_books_of_two_thousand_transactions(tmp_path: Path) -> None:
    main = generated(tmp_path / "one", 2000)
    view = read_ledger(main, main.parent, ReceivablesSettings()).view()
    assert view.findings == ()
    # 54 of 100 are invoices, 40 are payments.
    assert sum(posting.amount > 0 for posting in view.receivables) == 1080
    assert sum(posting.amount < 0 for posting in view.receivables) == 800
    assert (len(view.files), len(view.opens)) == (3, 40)
    other = generated(tmp_path / "two", 2000).parent
    for path in main.parent.rglob("*.*"):
        assert path.read_bytes() == (other / path.relative_to(main.parent)).read_bytes()


def test_as_many_customers_as_are_asked_for(tmp_path: Path) -> None:
    main = generated(tmp_path, 1000, customer_count=5)
    assert len(list((main.parent / "customers").iterdir())) == 5
    assert len(read_ledger(main, main.parent, ReceivablesSettings()).view().receivables) == 940
