"""Mutate ledgers and look for one that the proof accepts and should not have.

    python tests/books/proof/fuzz.py --seed 1 --seconds 60 [LEDGER...]

Whatever the proof accepts, Beancount must report nothing for, and the rows must be equal.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from ledgercli.books.ledger import read_ledger
from ledgercli.books.proof.merge import Proven
from ledgercli.books.proof.read import read
from ledgercli.books.proof.view import ledger_of
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.refusal import Refusal

HERE = Path(__file__).parent
SETTINGS = ReceivablesSettings()
#: Settings that the fuzzer chooses from.
CHOICES = [
    *[SETTINGS] * 3,
    ReceivablesSettings(accounts=("Assets:Receivable:Acme", "Assets:Bank")),
    ReceivablesSettings(accounts=("Assets:Nothing",), banks=("Assets:Bank",)),
    ReceivablesSettings(deposits=("Income",), banks=("Assets",)),
    ReceivablesSettings(accounts=("Assets",), deposits=("Liabilities",)),
]

ROOTS = """option "name_assets" "Activos"
option "title" "Beancount"
"""
NASTY = """
plugin "beancount.plugins.auto_accounts"
plugin "ledgercli.plugin"
option "name_assets" "Vermoegen"
option "name_assets" "Activos"
option "name_income" "Ingresos"
option "name_liabilities" "Activos"
option "inferred_tolerance_default" "*:0.5"
option "inferred_tolerance_default" "EUR:0.01"
option "tolerance_multiplier" "1.2"
option "tolerance_multiplier" "0"
option "infer_tolerance_from_cost" "TRUE"
option "use_precise_interpolation" "TRUE"
option "plugin_processing_mode" "raw"
option "documents" "documents"
option "booking_method" "FIFO"
option "render_commas" "TRUE"
option "title" "T"
option "no_such" "thing"
option "operating_currency" "USD"
pushtag #pushed
poptag #pushed
pushmeta invoice: "PUSHED"
popmeta invoice:
include "nothing-*.beancount"
include "main.beancount"
2026-01-01 open Assets:Bank
2026-01-01 open Assets:New EUR,USD
2026-01-01 open Assets:New EUR "FIFO"
2027-01-01 close Assets:Receivable:Acme
2026-02-01 close Assets:Bank
2026-03-01 balance Assets:Bank 0 EUR
2026-03-01 balance Assets:Receivable 10.00 ~ 0.01 EUR
2026-02-10 pad Assets:Bank Equity:Opening
2026-02-10 pad Assets:Receivable:Acme Equity:Opening
2026-02-20 price EUR 1.1 USD
2026-02-20 price EUR -1.1 USD
2026-02-20 commodity EUR
2026-02-20 note Assets:Bank "a note"
2026-02-20 document Assets:Bank "none.pdf"
2026-02-20 event "place" "here"
2026-02-20 query "q" "SELECT 1"
2026-02-20 custom "budget" Assets:Bank "x" 4.00 EUR TRUE 2026-01-01
  customer: "C001"
  customer: 7
  invoice: INV-1
  invoice: 2025-17
  due: 2026-02-30
  due: "2026-02-28"
  due: "soon"
  due:
  lineno: 3
  filename: "x"
  note: "kept"
  Assets:Bank
  Assets:Bank 1.00 EUR
  Assets:Bank  -1.00 EUR
  Assets:Bank  0.00 EUR
  ! Assets:Bank 0 EUR
  Assets:Receivable:Acme 10 EUR @ 1.10 USD
  Assets:Receivable:Acme 10.00 EUR @@ 3.33 USD
  Assets:Receivable:Acme 10 EUR {1.10 USD}
  Assets:Receivable:Acme 10/3 EUR
  Assets:Receivable:Acme 1,000.00 EUR
  Assets:Receivable:Acme 10,00 EUR
  ; an indented comment
  #late ^INV-7
; a comment
* an outline
#+TITLE: x
#tagged line
: drawer :
! what
2026-01-05 * "Payee" "one line"
2026-01-05 txn "Payee" | "piped"
2026-01-05 P "padded" ^INV-1#2
2026-01-05 ! "three" "strings" "here"
2026/01/05 * "slashes"
2026-1-5 * "short"
2026-13-05 * "impossible"
1/0
EUR
"
\\
{
}
\t
\r
\x00
\ufeff
\u3000
""".strip("\n").split("\n")


def ordinary() -> list[dict[str, str]]:
    """Return small ledgers with every plain form, each as texts by file name."""
    return [
        {"main.beancount": (HERE / "plain.beancount").read_text(encoding="utf-8")},
        {
            "pads.beancount": (HERE / "pads.beancount").read_text(encoding="utf-8"),
            "more/beta.beancount": (HERE / "more" / "beta.beancount").read_text(encoding="utf-8"),
        },
        {
            "roots.beancount": ROOTS
            + """include "more.beancount"
2025-12-01 open Activos:Receivable:Acme
2025-12-01 open Activos:Bank
2025-12-01 open Income:Sales
""",
            "more.beancount": ROOTS
            + """2025-12-02 * "Acme" "Invoice" ^INV-1
  Activos:Receivable:Acme  10.00 EUR
  Income:Sales  -10.00 EUR

2025-12-03 * "Acme" "Payment" ^INV-1
  Activos:Bank  10.00 EUR
  Activos:Receivable:Acme
""",
        },
    ]


_ACCOUNTS = ["Assets:Receivable:A", "Assets:Receivable:B", "Assets:Bank", "Income:Sales"]
_CURRENCIES = ["EUR", "EUR", "EUR", "USD", "JPY"]
_OPTIONS = [
    'option "inferred_tolerance_default" "*:0.5"',
    'option "inferred_tolerance_default" "EUR:0.01"',
    'option "inferred_tolerance_default" "JPY:0.5"',
    'option "inferred_tolerance_default" "USD:0.00012345"',
    'option "tolerance_multiplier" "1.2"',
    'option "tolerance_multiplier" "0.6"',
    'option "tolerance_multiplier" "0"',
    'option "infer_tolerance_from_cost" "TRUE"',
    'option "use_precise_interpolation" "TRUE"',
]


def generated(chance: random.Random) -> dict[str, str]:
    """Return a ledger of a few transactions that nearly always balance, with odd numbers."""
    lines = chance.sample(_OPTIONS, chance.choice([0, 0, 1, 2]))
    lines += [f"2025-01-01 open {account}" for account in _ACCOUNTS]
    for number in range(chance.randrange(1, 6)):
        lines.append(f'2025-0{chance.randrange(1, 10)}-05 * "Payee" "Entry {number}"')
        lines += _legs(chance)
        lines.append("")
    if chance.random() < 0.3:
        account, source = chance.sample(_ACCOUNTS, 2)
        currency = chance.choice(_CURRENCIES)
        lines.append(f"2025-0{chance.randrange(1, 10)}-05 pad {account} {source}")
        lines.append(
            f"2025-0{chance.randrange(1, 10)}-06 balance {account} {_number(chance)} {currency}"
        )
    return {"main.beancount": "\n".join(lines) + "\n"}


def _number(chance: random.Random) -> str:
    places = chance.choice([0, 1, 2, 2, 2, 3, 4, 6])
    number = chance.choice([0, chance.randrange(10), chance.randrange(10**6)])
    sign = chance.choice(["", "-"])
    return f"{sign}{Decimal(number).scaleb(-places):f}"


def _legs(chance: random.Random) -> list[str]:
    """Return postings; mostly the last one has no amount, or the one that is needed."""
    legs = []
    total: dict[str, Decimal] = {}
    for _ in range(chance.randrange(1, 5)):
        number, currency = _number(chance), chance.choice(_CURRENCIES)
        text = f"  {chance.choice(_ACCOUNTS)}  {number} {currency}"
        weight = Decimal(number)
        if chance.random() < 0.3:
            price, currency = _number(chance).lstrip("-"), chance.choice(_CURRENCIES)
            sign = chance.choice(["@", "@@"])
            text += f" {sign} {price} {currency}"
            weight = weight * Decimal(price) if sign == "@" else Decimal(price).copy_sign(weight)
        total[currency] = total.get(currency, Decimal()) + weight
        legs.append(text)
    if chance.random() < 0.6:
        legs.append(f"  {chance.choice(_ACCOUNTS)}")
    else:
        for currency, weight in total.items():
            left = -weight
            if chance.random() < 0.5:
                left = round(left, chance.choice([0, 1, 2, 3, 4]))
            legs.append(f"  {chance.choice(_ACCOUNTS)}  {left:f} {currency}")
    chance.shuffle(legs)
    return legs


def mutated(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Return the files with one to three changes."""
    result = dict(files)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        name = chance.choice(list(result))
        lines = result[name].split("\n")
        change = chance.choice(CHANGES)
        result[name] = "\n".join(change(lines, chance))
    return result


def _delete(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def _double(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    to = chance.choice([at, chance.randrange(len(lines))])
    return [*lines[:to], lines[at], *lines[to:]]


def _swap(lines: list[str], chance: random.Random) -> list[str]:
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return lines


def _insert(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines) + 1)
    return [*lines[:at], chance.choice(NASTY), *lines[at:]]


def _redate(lines: list[str], chance: random.Random) -> list[str]:
    dated = [at for at, line in enumerate(lines) if re.match(r"\d{4}-", line)]
    if dated:
        at = chance.choice(dated)
        other = lines[chance.choice(dated)][:10]
        day = f"20{chance.randrange(20, 30)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 32):02}"
        lines[at] = chance.choice([other, other, day]) + lines[at][10:]
    return lines


def _digit(lines: list[str], chance: random.Random) -> list[str]:
    places = [
        (at, spot.start()) for at, line in enumerate(lines) for spot in re.finditer(r"\d", line)
    ]
    if places:
        at, spot = chance.choice(places)
        new = chance.choice([*"0123456789", "", "00", ".", ",", "-", " "])
        lines[at] = lines[at][:spot] + new + lines[at][spot + 1 :]
    return lines


def _character(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    spot = chance.randrange(len(lines[at]) + 1)
    strange = chance.choice('";#^*!:@~{}()|,.-+/\\ \tAaé应\u3000\u2028\xa0\x85\x00\x0c\r\ufeff²٣ǅ0')
    keep = chance.choice([0, 0, 1])
    lines[at] = lines[at][:spot] + strange + lines[at][spot + keep :]
    return lines


def _cut(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
    return lines


def _indent(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(["", " ", "  ", "\t"]) + lines[at].strip()
    return lines


def _block(lines: list[str], chance: random.Random) -> list[str]:
    """Move, double or drop a whole entry."""
    starts = [at for at, line in enumerate(lines) if re.match(r"\d{4}-", line)]
    if not starts:
        return lines
    start = chance.choice(starts)
    end = next(
        (at for at in range(start + 1, len(lines)) if not lines[at][:1].isspace()), len(lines)
    )
    part = lines[start:end]
    rest = lines[:start] + lines[end:] if chance.random() < 0.6 else lines
    if chance.random() < 0.3:
        return rest
    to = chance.choice([*starts, 0, len(rest)])
    return rest[:to] + part + rest[to:]


def _word(lines: list[str], chance: random.Random) -> list[str]:
    """Put a word of one line in the place of a word of another."""
    texts = [at for at, line in enumerate(lines) if line.split()]
    if texts:
        at, source = chance.choice(texts), chance.choice(texts)
        words = re.split(r"(\s+)", lines[at])
        words[chance.randrange(len(words))] = chance.choice(lines[source].split())
        lines[at] = "".join(words)
    return lines


CHANGES = [
    _delete,
    _double,
    _swap,
    _insert,
    _insert,
    _redate,
    _digit,
    _character,
    _cut,
    _indent,
    _block,
    _word,
]


def write(files: dict[str, str], folder: Path) -> Path:
    """Write the files; return the first of them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder / next(iter(files))


def difference(top: Path, settings: ReceivablesSettings = SETTINGS) -> tuple[str, Proven | Refusal]:
    """Return what is wrong with the proof of a ledger, "" where nothing, and the proof."""
    proof = read(top, top.parent, settings)
    if isinstance(proof, Refusal):
        return "", proof
    ledger = ledger_of(proof)
    loaded = read_ledger(top, top.parent, settings)
    if loaded.facts.findings:
        return f"accepted in spite of {loaded.facts.findings[0]}", proof
    if ledger.facts != loaded.facts:
        return f"facts differ:\n{ledger.facts}\n{loaded.facts}", proof
    if list(ledger.rows) != list(loaded.rows):
        pairs = zip(ledger.rows, loaded.rows, strict=False)
        differ = next(((a, b) for a, b in pairs if a != b), (len(ledger.rows), len(loaded.rows)))
        return f"rows differ:\n{differ[0]}\n{differ[1]}", proof
    return "", proof


def ledgers(paths: list[Path]) -> Iterator[dict[str, str]]:
    """Yield ledgers as texts by file name, the top file first."""
    if not paths:
        yield from ordinary()
    for given in paths:
        path = given.absolute()
        proof = read(path, path.parent, SETTINGS)
        names = [path]
        if isinstance(proof, Proven):
            names = [Path(part.file) for part in proof.parts]
        yield {
            str(name.relative_to(path.parent)): name.read_bytes().decode("utf-8", "surrogateescape")
            for name in names
        }


def main() -> None:
    """Run until time is over; keep the folder of what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("ledgers", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generated", type=float, default=0.3)
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - repeatable on purpose
    bases = list(ledgers(arguments.ledgers))
    end = time.monotonic() + arguments.seconds
    count: Counter[str] = Counter()
    while time.monotonic() < end:
        folder = Path(tempfile.mkdtemp(prefix="proof-fuzz-"))
        texts = (
            generated(chance)
            if chance.random() < arguments.generated
            else mutated(chance.choice(bases), chance)
        )
        top = write(texts, folder)
        wrong, proof = difference(top, chance.choice(CHOICES))
        count["all"] += 1
        count["accepted" if isinstance(proof, Proven) else f"refused: {proof.reason}"] += 1
        if wrong:
            count["WRONG"] += 1
            print(folder, wrong, sep="\n")  # noqa: T201
        else:
            shutil.rmtree(folder)
    for what, times in count.most_common():
        print(f"{times:7} {what}")  # noqa: T201


if __name__ == "__main__":
    main()
