"""Generate books of any size: invoices, payments and expenses, the same on every machine.

Of 100 transactions 54 are invoices with VAT (three postings), 40 payments and 6 expenses (two
each): 100,000 transactions have 254,000 postings, 2,000 customers and 101 files.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from pathlib import Path

FIRST_DAY = dt.date(2023, 1, 1)
DAYS = 3 * 365
TRANSACTIONS_PER_CUSTOMER = 50
TRANSACTIONS_PER_FILE = 1000
_CURRENCY_COLUMN = 61
TERMS = ("net 14", "net 30", "30 days end of month", "2/10 net 30")

Dated = tuple[dt.date, str]


def generate(
    folder: Path, transactions: int, seed: int = 7, *, customer_count: int | None = None
) -> Path:
    """Write books of so many ``transactions`` into ``folder``; return the ledger's top file.

    The same numbers and seed give the same bytes. One file in a thousand transactions, at least
    one, besides the top file; one customer file in fifty, or ``customer_count`` of them.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    count = customer_count or transactions // TRANSACTIONS_PER_CUSTOMER
    customers = [f"C{number:05d}" for number in range(max(1, count))]
    entries = _entries(chance, customers, transactions)
    entries.sort(key=lambda entry: entry[0])
    (folder / "customers").mkdir(parents=True, exist_ok=True)
    (folder / "ledger").mkdir(exist_ok=True)
    _write(folder / "ledgercli.yaml", "company: {name: Bench Trading}\n")
    for number, customer in enumerate(customers):
        _write(folder / "customers" / f"{customer}.yaml", _customer(customer, number))
    includes = []
    for start in range(0, len(entries), TRANSACTIONS_PER_FILE):
        name = f"ledger/{start // TRANSACTIONS_PER_FILE:04d}.beancount"
        part = entries[start : start + TRANSACTIONS_PER_FILE]
        _write(folder / name, "\n".join(text for _, text in part))
        includes.append(f'include "{name}"\n')
    main = folder / "main.beancount"
    _write(main, _head(customers) + "".join(includes))
    _write(folder / "main.ledger", "\n".join(_in_ledger(text) for _, text in entries))
    return main


def _in_ledger(text: str) -> str:
    """Return a transaction as ledger and hledger read it: without quotes, links and metadata."""
    head, *lines = text.splitlines()
    day, flag, rest = head.split(" ", 2)
    payee = rest.rpartition('"')[0].replace('" "', " | ").strip('"')
    postings = [f"    {line.strip()}" for line in lines if not line.lstrip().startswith("due:")]
    return "\n".join([f"{day} {flag} {payee}", *postings, ""])


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _head(customers: list[str]) -> str:
    accounts = ["Assets:Bank EUR", "Income:Sales", "Liabilities:VAT EUR", "Expenses:Office"]
    accounts += [f"Assets:Receivable:{customer} EUR" for customer in customers]
    opens = "".join(f"{FIRST_DAY} open {account}\n" for account in accounts)
    return f'option "title" "Bench"\noption "operating_currency" "EUR"\n{opens}'


def _customer(customer: str, number: int) -> str:
    return (
        f"id: {customer}\n"
        f"name: Customer {number} GmbH\n"
        f"tags: [t{number % 7}]\n"
        f"accounts: [Assets:Receivable:{customer}]\n"
        f"terms: {TERMS[number % len(TERMS)]}\n"
        "credit:\n"
        f"  limit: {1000 * (1 + number % 20)} EUR\n"
    )


def _entries(chance: random.Random, customers: list[str], transactions: int) -> list[Dated]:
    invoices = transactions * 54 // 100
    payments = transactions * 40 // 100
    paid = set(chance.sample(range(invoices), min(payments, invoices)))
    entries: list[Dated] = []
    for number in range(invoices):
        day = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
        customer = customers[number % len(customers)]
        cents = chance.randrange(1_000, 500_000)
        entries.append(_invoice(day, customer, number, cents))
        if number in paid:
            later = day + dt.timedelta(days=chance.randrange(1, 90))
            entries.append(_payment(later, customer, number, cents * 119 // 100, chance))
    for number in range(transactions - len(entries)):
        day = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
        entries.append(_expense(day, number, chance.randrange(100, 50_000)))
    return entries


def _posting(account: str, cents: int) -> str:
    """Return a posting's line with its currency in the column where Fava and editors put it."""
    sign = "-" if cents < 0 else ""
    number = f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
    return f"  {account}{number:>{_CURRENCY_COLUMN - 4 - len(account)}} EUR\n"


def _invoice(day: dt.date, customer: str, number: int, cents: int) -> Dated:
    gross = cents * 119 // 100
    due = f"  due: {day + dt.timedelta(days=30)}\n" if number % 3 == 0 else ""
    return day, (
        f'{day} * "Customer {customer}" "Invoice {number}" ^INV-{number:06d}\n{due}'
        + _posting(f"Assets:Receivable:{customer}", gross)
        + _posting("Income:Sales", -cents)
        + _posting("Liabilities:VAT", cents - gross)
    )


def _payment(day: dt.date, customer: str, number: int, cents: int, chance: random.Random) -> Dated:
    """Return a payment: mostly in full and naming its invoice, some partial, some unnamed."""
    link = f" ^INV-{number:06d}" if chance.random() < 0.9 else ""
    amount = cents if chance.random() < 0.95 else cents // 2
    return day, (
        f'{day} * "Customer {customer}" "Payment"{link}\n'
        + _posting("Assets:Bank", amount)
        + _posting(f"Assets:Receivable:{customer}", -amount)
    )


def _expense(day: dt.date, number: int, cents: int) -> Dated:
    return day, (
        f'{day} * "Shop {number % 40}" "Supplies"\n'
        + _posting("Expenses:Office", cents)
        + _posting("Assets:Bank", -cents)
    )


def main() -> None:
    """Write books into the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--transactions", type=int, default=10_000)
    parser.add_argument("--customers", type=int, help="default: one in fifty transactions")
    arguments = parser.parse_args()
    made = generate(arguments.folder, arguments.transactions, customer_count=arguments.customers)
    print(made)


if __name__ == "__main__":
    main()
