"""The generated pages of ``docs/reference``: what the code knows best, written from the code.

``python tools/reference.py`` writes the pages, ``--check`` fails and names those that are stale
(and runs the checks of message catalogues and of man pages as well).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
import io
import json
import os
import runpy
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reference_texts import KEYS

from ledgercli.model import terms
from ledgercli.model.catalogue.everything import CATALOGUE
from ledgercli.model.customer import Customer
from ledgercli.model.own_report import OwnReport
from ledgercli.model.settings import Settings
from ledgercli.model.values import Parsed

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
AS_OF = "2026-11-21"
_NOTE = "<!-- Written by tools/reference.py from the code; changes here are lost. -->\n"
#: Names of keys that differ from the names of fields.
RENAMED = {("Mail", "sender"): "from"}
FILLED = {
    ("Customer", "file"),
    ("Customer", "line"),
    ("OwnReport", "name"),
    ("OwnReport", "file"),
}


def pages() -> dict[str, str]:
    """Return the text of every generated page by its file name."""
    os.environ["COLUMNS"] = "80"
    made = {
        "commands.md": commands(),
        "settings.md": settings(),
        "customer.md": customer(),
        "report.md": own_report(),
        "findings.md": findings(),
        "json.md": json_shapes(),
        "terms.md": terms_page(),
        "profiles.md": profiles_page(),
    }
    return {name: f"{_NOTE}\n{text.rstrip()}\n" for name, text in made.items()}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them; return the exit code."""
    check = "--check" in arguments
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/reference/{name}: {'does not fit the code' if check else 'written'}")
    if check and stale:
        print("python tools/reference.py writes the pages anew")
    others = [_other_tool(name, arguments) for name in ("catalogues.py", "shell_files.py")]
    return max(int(check and bool(stale)), *others)


def _other_tool(name: str, arguments: Sequence[str]) -> int:
    """Bring message catalogues or man pages up to date, or check them, with their own tool."""
    tool = Path(__file__).with_name(name)
    given, sys.argv = sys.argv, [str(tool), *arguments]
    try:
        runpy.run_path(str(tool), run_name="__main__")
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.argv = given
    return 0


# --- commands -----------------------------------------------------------------------------------


def commands() -> str:
    """Return the page of all commands with arguments, options and examples."""
    from ledgercli.cli.build import root_command

    root = root_command()
    context = root.context_class(root, info_name="ledgercli")
    lines = [
        "# Commands",
        "",
        (
            "What `ledgercli COMMAND --help` says, on one page. Exit codes: 0 fine, 1 findings, 2"
            " could not run, 130 interrupted; see [formats and exit codes](formats.md)."
        ),
        "",
        "The options of the program may stand before or after the command:",
        "",
        *_options(root, context),
    ]
    for path, command, inner in _walk(root, context):
        lines += ["", f"## {' '.join(path)}", "", *_help(command)]
        usage = [inner.command_path, *command.collect_usage_pieces(inner)]
        lines += ["", f"Usage: `{' '.join(usage)}`"]
        rows = _parameters(command, inner, "argument")
        lines += ["", *rows] if rows else []
        rows = _parameters(command, inner, "option")
        lines += ["", *rows] if rows else []
        if command.examples:
            lines += ["", "```sh", *command.examples, "```"]
    return "\n".join(lines)


def _walk(group: Any, context: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any, Any]]:  # noqa: ANN401 - Typer's types
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.context_class(command, info_name=name, parent=context)
        if hasattr(command, "list_commands"):
            yield from _walk(command, inner, (*path, name))
        else:
            yield (*path, name), command, inner


def _help(command: Any) -> list[str]:  # noqa: ANN401 - Typer's type
    paragraphs = str(command.help).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs).split("\n")


def _options(command: Any, context: Any) -> list[str]:  # noqa: ANN401 - Typer's types
    return _parameters(command, context, "option")


def _parameters(command: Any, context: Any, kind: str) -> list[str]:  # noqa: ANN401 - Typer's types
    from ledgercli.cli.help import parameter_rows

    rows = parameter_rows(command.get_params(context), context, kind)
    heading = "argument" if kind == "argument" else "option"
    return _table((heading, "meaning"), ((f"`{name}`", text) for name, text in rows))


# --- settings and customers ---------------------------------------------------------------------


def settings() -> str:
    """Return the page of the keys of ``ledgercli.yaml``."""
    lines = [
        "# Settings",
        "",
        (
            "The keys of `ledgercli.yaml`. Every key may be left out; a dash is no value at all."
            " `ledgercli init` writes a commented file, `ledgercli check` tells of keys it does not"
            " know. How values are written is in [values](formats.md#values)."
        ),
    ]
    return "\n".join([*lines, *_records(Settings, "")])


def customer() -> str:
    """Return the page of the keys of a customer file."""
    lines = [
        "# Customer records",
        "",
        (
            "The keys of a file in `customers/`: one customer, or a list of them. Every key may be"
            " left out. How values are written is in [values](formats.md#values)."
        ),
    ]
    return "\n".join([*lines, *_records(Customer, "")])


def own_report() -> str:
    """Return the page of the keys of a report file, and of the reports that it may be made from."""
    from ledgercli.desk.built_in_reports import BUILT_IN

    lines = [
        "# Own reports",
        "",
        (
            "The keys of a file in `reports/`, see [reports of your own](../how-to/own-reports.md)."
            " A text may be one for all languages, or one for each: `{en: Late payers, zh: …}`."
        ),
        *_records(OwnReport, ""),
        "",
        "## Reports and their options",
        "",
        (
            "What `report:` may name, also in digests, and what `options:` may say of it. The"
            " options are those of the [command](commands.md) of the same name."
        ),
        "",
    ]
    rows = [
        (
            f"`{name}`",
            "; ".join(
                f"`{key}`" + (f": {option.expected}" if option.expected else "")
                for key, option in report.options.items()
            )
            or "–",
        )
        for name, report in sorted(BUILT_IN.items())
    ]
    return "\n".join([*lines, *_table(("report", "options"), rows)])


def _records(record: type, prefix: str) -> list[str]:
    """Return the table of a record's keys, and the tables of the records within it."""
    texts = dict(KEYS[record.__name__])
    hints = get_type_hints(record)
    rows, inner = [], []
    for item in fields(record):
        if (record.__name__, item.name) in FILLED:
            continue
        key = RENAMED.get((record.__name__, item.name), item.name)
        below = _record_within(hints[item.name])
        if below is not None:
            inner.append((below[0], f"{prefix}{key}{below[1]}"))
        kind = _kind(hints[item.name])
        rows.append((f"`{key}`", kind, _default(record, item), texts.pop(item.name)))
    if texts:
        msg = f"{record.__name__} has no {', '.join(texts)}"
        raise KeyError(msg)
    lines = ["", *_table(("key", "value", "default", "meaning"), rows)]
    for other, path in inner:
        lines += ["", f"## `{path}`", *_records(other, f"{path}.")]
    return lines


def _record_within(hint: Any) -> tuple[type, str] | None:  # noqa: ANN401 - a type annotation
    """Return the record that a value is made of, and what its path says of lists and names."""
    if isinstance(hint, type) and is_dataclass(hint):
        return None if issubclass(hint, Parsed) else (hint, "")
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        found = (_record_within(part) for part in inner if part is not type(None))
        return next((row for row in found if row), None)
    if origin is tuple:
        below = _record_within(inner[0])
        return below and (below[0], f"[]{below[1]}")
    if isinstance(origin, type) and issubclass(origin, Mapping):
        below = _record_within(inner[1])
        return below and (below[0], f".NAME{below[1]}")
    return None


_WORDS = {
    str: "text",
    int: "whole number",
    bool: "`true` or `false`",
    dt.date: "date",
    Any: "anything",
}
_PARSED = {
    "Terms": "[terms](terms.md)",
    "AnyOf": "text, or list of texts",
    "Caption": "text, or text by language",
    "Duration": "duration",
    "EnvelopeWindow": "name, or lengths in mm",
    "Margin": "percentage, amount or list of amounts",
    "Percent": "percentage",
    "PriceTable": "percentages or amounts by date",
    "Series": "series of numbers",
    "MoneyList": "amount or list of amounts",
    "CreditLimit": "amount, list, or table by date",
    "After": "timing",
    "FeeAmount": "amount, list, or percentage",
    "InterestRate": "rate",
    "RateTable": "percentages by date",
    "Words": "a program and its arguments",
    "Pace": "pace",
    "Seconds": "time",
}


def _kind(hint: Any) -> str:  # noqa: ANN401 - a type annotation
    """Return in words what may be written for a type annotation."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _kind(next(part for part in inner if part is not type(None)))
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in inner)
    if origin is tuple:
        many = {"text": "texts", "duration": "durations"}
        kind = _kind(inner[0])
        return f"list of {many.get(kind, kind)}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"{_kind(inner[1])} by name"
    if hint in _WORDS:
        return _WORDS[hint]
    return _PARSED.get(hint.__name__, "keys")


def _default(record: type, item: Field[Any]) -> str:
    value = item.default
    if value is MISSING and item.default_factory is not MISSING:
        value = item.default_factory()
    if value is MISSING:
        return "the file's name" if (record, item.name) == (Customer, "id") else "required"
    is_record = is_dataclass(value) and not isinstance(value, Parsed)
    if value is None or is_record or str(value) in {"", "()", "{}", "MoneyList(amounts=())"}:
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(_plain(entry) for entry in value)}]`"
    return f"`{value}`"


def _plain(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) and "*" in value else str(value)


# --- findings -----------------------------------------------------------------------------------


def findings() -> str:
    """Return the page of all codes of findings, with the files that provoke them."""
    provoking = _provoking()
    lines = [
        "# Findings",
        "",
        (
            "Everything that `ledgercli check` can say, in alphabetical order. `check --list` has"
            " the same codes. Beancount's own errors carry codes that begin with `beancount-`."
        ),
        "",
        (
            "Words in braces stand for what the file at hand says. The links at the end of an entry"
            " lead to tests that provoke the finding, with all that the program says then."
        ),
        "",
        *_table(
            ("code", "severity", "message"),
            (
                (f"[`{code.code}`](#{code.code})", code.severity, _escaped(code.message))
                for code in _codes()
            ),
        ),
    ]
    for code in _codes():
        lines += ["", f"## {code.code}", "", f"*{code.severity}*: {_escaped(code.message)}"]
        lines += ["", f"Hint: {_escaped(code.hint)}"] if code.hint else []
        lines += ["", _escaped(code.explanation)] if code.explanation else []
        if files := provoking.get(code.code):
            links = ", ".join(f"[{name}](../../tests/findings/{name})" for name in files)
            lines += ["", f"Provoked in {links}."]
    return "\n".join(lines)


def _codes() -> list[Any]:
    return [CATALOGUE[code] for code in sorted(CATALOGUE)]


def _provoking() -> dict[str, list[str]]:
    """Return the transcripts of ``tests/findings`` by the code their names begin with."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests" / "findings" / "expected").glob("*.txt")):
        name = path.stem.partition("--")[0]
        if name in CATALOGUE:
            found.setdefault(name, []).append(f"expected/{path.name}")
    return found


def _escaped(text: str) -> str:
    # Doubled braces stand for single ones in messages, which are format strings.
    return text.replace("{{", "{").replace("}}", "}")


# --- JSON ---------------------------------------------------------------------------------------

#: What is run on the example books for the page of JSON documents.
EXAMPLES: tuple[tuple[str, ...], ...] = (
    ("balances",),
    ("items", "--customer", "C1029"),
    ("payments", "--unallocated"),
    ("aging",),
    ("limits", "--customer", "C1002"),
    ("statement", "C1029", "--from", "2026-09-01"),
    ("explain", "INV-2026-0078"),
    ("allocate", "--suggest", "--customer", "C1022"),
    ("remind", "plan", "--customer", "C1028"),
    ("remind", "history", "--customer", "C1026"),
    ("remind", "book", "INV-2026-0078"),
    ("report", "dashboard", "--months", "1"),
    ("report", "limitation", "--customer", "C1012"),
    ("activity", "list", "--customer", "C1032"),
    ("customer", "list", "--customer", "C1002"),
    ("customer", "show", "C1002"),
    ("check", "over-payment"),
)


def json_shapes() -> str:
    """Return the page of the JSON documents, with an example from the example books each."""
    lines = [
        "# JSON",
        "",
        (
            "Every command answers as JSON with `--format json`. `schema` names kind and version."
            " Amounts are strings in plain notation with at least the usual decimals of their"
            " currency; dates are ISO dates; paths are relative to the books. Each key is always"
            " present; `null` means that there is no such thing. Keys may be added."
        ),
        "",
        (
            "The examples come from the [wholesaler's books](../../examples/wholesale/README.md);"
            " of each list one row is shown."
        ),
    ]
    for arguments in EXAMPLES:
        line = ["--books", "examples/wholesale", *arguments]
        document = _document([*line, "--as-of", AS_OF])
        lines += ["", f"## {_name(arguments)}", ""]
        lines += [f"`{' '.join(['ledgercli', *line, '--as-of', AS_OF])} -f json`", ""]
        lines += ["```json", json.dumps(_shortened(document), ensure_ascii=False, indent=2), "```"]
    return "\n".join(lines)


#: Commands that are named by two words.
_GROUPS = frozenset({"remind", "activity", "customer", "report"})


def _name(arguments: Sequence[str]) -> str:
    words = arguments[:2] if arguments[0] in _GROUPS else arguments[:1]
    return " ".join(words)


def _document(arguments: Sequence[str]) -> Any:  # noqa: ANN401 - a JSON document
    """Return what the program answers to ``arguments`` on the example books, in English."""
    from ledgercli.cli import main as run

    output, here = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), Path.cwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()) as said:
            code = run([*arguments, "--lang", "en", "--format", "json"])
            output.flush()
    finally:
        os.chdir(here)
    if code == 2:
        msg = f"{' '.join(arguments)}: {said.getvalue()}"
        raise RuntimeError(msg)
    buffer = output.detach()
    buffer.seek(0)
    return json.loads(buffer.read())


def _shortened(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Return ``value`` with one entry of each list of objects, and texts of one line."""
    if isinstance(value, dict):
        return {key: _shortened(entry) for key, entry in value.items()}
    if isinstance(value, list):
        objects = bool(value) and isinstance(value[0], dict)
        return [_shortened(value[0])] if objects else value
    if isinstance(value, str) and "\n" in value:
        return f"{value.splitlines()[0]} …"
    return value


# --- exchange profiles --------------------------------------------------------------------------


def profiles_page() -> str:
    """Return the page of the files of other systems: their columns, and what these carry."""
    from ledgercli.books.foreign.profiles import profile_names, read_profile

    lines = [
        "# Exchange profiles",
        "",
        (
            "What `ledgercli customer import`, `customer export`, `opening import` and `opening"
            " compare` know of the files of other systems. *Verified* means that the columns were"
            " compared with the vendor's documentation; the others carry the headings that such"
            " files have in practice, and the program says so. Headings are compared without case"
            " and width; columns may be missing, in any order, and below a title. A profile of your"
            " own is a YAML file with the same keys in `profiles/`, see"
            " [import customers](../how-to/import-customers.md#your-own-profile)."
        ),
    ]
    for name in profile_names(None):
        profile, _ = read_profile(None, name)
        verified = "verified" if profile.verified else "unverified"
        lines += ["", f"## `{name}`", "", f"{profile.title}: {profile.subject}, {verified}."]
        lines += ["", profile.notes] if profile.notes else []
        lines += ["", f"Source: {profile.source}"]
        if profile.format == "jsonl":
            continue
        match = ", ".join(f"`{field}`" for field in profile.match)
        lines += ["", f"Matched by: {match}"] if profile.subject == "customers" else []
        rows = (
            (f"`{column}`", f"`{field}`", ", ".join(f"`{o}`" for o in profile.also.get(column, ())))
            for column, field in profile.columns.items()
        )
        lines += ["", *_table(("column", "carries", "also called"), rows)]
    return "\n".join(lines)


# --- terms --------------------------------------------------------------------------------------

TERMS = (
    "net 30",
    "14 days",
    "30 days end of month",
    "end of month",
    "end of month + 10 days",
    "end of next month",
    "30 days then the 25th",
    "0 days then the 31st",
    "2/10 net 30",
    "30% net 0, 70% net 60",
)
STARTS = (dt.date(2026, 1, 31), dt.date(2026, 11, 21), dt.date(2028, 2, 29))


def terms_page() -> str:
    """Return the page of the terms' grammar, with due dates as the code counts them."""
    grammar = inspect.getdoc(terms) or ""
    body = grammar.partition("::\n\n")[2].partition("\n\n")[0]
    lines = [
        "# Payment terms",
        "",
        (
            "Terms are words, in `terms:` of the settings, a customer, a transaction or a posting."
            " Capital and small letters count as the same."
        ),
        "",
        "```text",
        inspect.cleandoc(body),
        "```",
        "",
        "What they give for a document of these days:",
        "",
        *_table(
            ("terms", *(start.isoformat() for start in STARTS)),
            (
                (f"`{words}`", *(_dues(terms.Terms.parse(words), start) for start in STARTS))
                for words in TERMS
            ),
        ),
        "",
        (
            "- A month without the day named is passed over: `then the 31st` waits for a month that"
            " has one."
        ),
        (
            "- Instalments become documents of their own, `NUMBER/1`, `NUMBER/2`; each share is"
            " rounded half-up and the last takes what is left."
        ),
        (
            "- `2/10 net 30` is a discount of 2 % when paid within 10 days. It is never taken by"
            " the program: the bookkeeper books it with `#discount`."
        ),
        "- Terms count from `invoice-date:` where there is one, else from the transaction's date.",
        (
            "- With `from delivery`, `from acceptance` or `from tax-invoice` they count from the"
            " day of that event; until it is known there is no due date (see [due dates]"
            "(../concepts/due-dates.md))."
        ),
        (
            "- Chinese words say the same: `30天`, `月结30天` (30 days end of month), `月结`,"
            " `现结`, `货到7天` or `货到付款` (from delivery), `票到30天` (from tax-invoice),"
            " `验收后30天` (from acceptance), and `30%货到付款，70%验收后60天`."
        ),
        "- A `due:` in the ledger goes before all terms.",
    ]
    return "\n".join(lines)


def _dues(words: terms.Terms, start: dt.date) -> str:
    return ", ".join(part.due(start).isoformat() for part in words.parts)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rows = list(rows)
    if not rows:
        return []
    cells = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return [
        f"| {' | '.join(heading)} |",
        f"|{'|'.join('---' for _ in heading)}|",
        *(f"| {' | '.join(row)} |" for row in cells),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
