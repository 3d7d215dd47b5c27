"""Completion on the command line: what may stand where the cursor is.

Typer finds out which command and parameter it is, and speaks with the shells. The values come from
here: choices of options, and ids, numbers, tags and so on from the books, as fast as any report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgercli.cli.globals import GlobalOptions
from ledgercli.cli.session import Session, with_options
from ledgercli.model.errors import LedgercliError

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks

#: A candidate and what it stands for.
Candidate = tuple[str, str]

VARIABLE = "_LEDGERCLI_COMPLETE"
SHELLS = ("bash", "zsh", "fish", "powershell")


def script(shell: str) -> str:
    """Return what ``shell`` has to read to complete the program's commands."""
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="ledgercli", complete_var=VARIABLE, shell=shell)


def complete(root: Any, arguments: list[str], session: Session) -> int:  # noqa: ANN401 - Typer's type
    """Print the candidates that the shell asks for by the environment; return the exit code."""
    from typer._completion_classes import completion_init

    completion_init()
    return int(root.main(arguments, prog_name="ledgercli", obj=session))


def attach(command: Any, path: str) -> None:  # noqa: ANN401 - Typer's type
    """Let the parameters of ``command`` complete their values; ``path`` is ``order show``."""
    for parameter in command.params:
        find = _finder(parameter, path)
        if find is not None:
            parameter._custom_shell_complete = _completer(find)  # noqa: SLF001 - set late on purpose


def _completer(find: Callable[[OpenBooks], Iterator[Candidate]] | tuple[str, ...]) -> Any:  # noqa: ANN401 - as Typer calls it
    def candidates(context: Any, _parameter: Any, incomplete: str) -> list[Any]:  # noqa: ANN401
        from typer._click.shell_completion import CompletionItem

        found = (
            [(word, "") for word in find] if isinstance(find, tuple) else _of_books(context, find)
        )
        typed = incomplete.casefold()
        return [
            CompletionItem(word, help=text or None)
            for word, text in found
            if word.casefold().startswith(typed)
        ]

    return candidates


def _of_books(context: Any, find: Callable[[OpenBooks], Iterator[Candidate]]) -> list[Candidate]:  # noqa: ANN401
    """Return the candidates of the books that the line means, none where they cannot be read."""
    session: Session = context.obj
    said = context.find_root().params
    books, ledger = (Path(said[key]) if said.get(key) else None for key in ("books", "ledger"))
    receivable = tuple(said.get("receivable") or ())
    with_options(session, GlobalOptions(books=books, ledger=ledger, receivable=receivable))
    try:
        return list(find(session.open(with_orders=find is _orders)))
    except LedgercliError:
        return []


def _finder(
    parameter: Any,  # noqa: ANN401 - Typer's type
    path: str,
) -> Callable[[OpenBooks], Iterator[Candidate]] | tuple[str, ...] | None:
    """Return the choices of ``parameter``, or what finds its candidates in the books."""
    choices = getattr(getattr(parameter.type, "func", None), "choices", None)
    if choices:
        return tuple(choices)
    if parameter.name in _NOT_OF_THE_BOOKS.get(path, ()):
        return None
    word = str(parameter.metavar or "").strip("[].").partition(".")[0]
    if word == "NUMBER" and path.startswith("order"):
        return _orders
    return _FINDERS.get(word)


def _customers(books: OpenBooks) -> Iterator[Candidate]:
    for record in sorted(books.customers, key=lambda row: row.id):
        yield record.id, record.label


def _subjects(books: OpenBooks) -> Iterator[Candidate]:
    yield from _documents(books)
    yield from _customers(books)


def _documents(books: OpenBooks) -> Iterator[Candidate]:
    for item in books.position(books.today, settled=False).open_items:
        if item.document.numbered:
            yield item.document.number, item.document.customer


def _orders(books: OpenBooks) -> Iterator[Candidate]:
    for order in books.orders:
        yield order.id, order.customer


def _tags(books: OpenBooks) -> Iterator[Candidate]:
    yield from ((tag, "") for tag in sorted({tag for row in books.customers for tag in row.tags}))


def _tiers(books: OpenBooks) -> Iterator[Candidate]:
    yield from ((tier, "") for tier in sorted({row.tier for row in books.customers} - {""}))


def _owners(books: OpenBooks) -> Iterator[Candidate]:
    yield from ((owner, "") for owner in sorted({row.owner for row in books.customers} - {""}))


def _segments(books: OpenBooks) -> Iterator[Candidate]:
    pairs = {f"{key}={value}" for row in books.customers for key, value in row.segments.items()}
    yield from ((pair, "") for pair in sorted(pairs))


def _currencies(books: OpenBooks) -> Iterator[Candidate]:
    yield from ((currency, "") for currency in sorted(books.facts.currencies))


def _revisions(books: OpenBooks) -> Iterator[Candidate]:
    from ledgercli.desk.comparing import revisions

    yield from ((name, "") for name in revisions(books))


_FINDERS: dict[str, Callable[[OpenBooks], Iterator[Candidate]]] = {
    "ID": _customers,
    "CUSTOMER": _customers,
    "NUMBER": _documents,
    "SUBJECT": _subjects,
    "TAG": _tags,
    "TIER": _tiers,
    "OWNER": _owners,
    "KEY=VALUE": _segments,
    "CUR": _currencies,
    "REV": _revisions,
    "REV1": _revisions,
    "REV2": _revisions,
}
#: Parameters with the same word for something that is not in the books yet, or elsewhere.
_NOT_OF_THE_BOOKS = {
    "customer add": ("customer_id",),
    "order add": ("number", "contract"),
    "order split": ("new_number",),
    "activity add": ("closes",),
    "activity delivered": ("tracking",),
    "activity retract": ("identifier",),
}
