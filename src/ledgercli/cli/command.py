"""How a function becomes a command: option groups are handed to it as one value each.

``@command(N_("…"), query=filters, output=printing)`` gives the function the parameters of the
providers ``filters`` and ``printing`` on the command line, and calls it with what they return.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import typer

from ledgercli.cli.session import Session

Provider = Callable[..., Any]


def command(
    help_text: str, *, examples: Sequence[str] = (), **providers: Provider
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return a decorator for a function ``(session, *, own options, one value a provider)``.

    ``help_text`` is a message id: a first sentence, then what users rely on. ``examples`` are
    command lines shown below the options. An option of the function's own goes before one of a
    provider that has the same name.
    """

    def decorated(function: Callable[..., int]) -> Callable[..., int]:
        shared: dict[str, list[inspect.Parameter]] = {}

        def run(context: typer.Context, **given: Any) -> int:  # noqa: ANN401 - parsed options
            values = {
                name: providers[name](**{p.name: given.pop(p.name) for p in parameters})
                for name, parameters in shared.items()
            }
            session: Session = context.obj
            return function(session, **given, **values)

        def parse() -> Callable[..., int]:
            own = _parameters(function, skip={"session", *providers})
            taken = {parameter.name for parameter in own}
            for name, provider in providers.items():
                shared[name] = _parameters(provider, taken)
            parameters = [_CONTEXT, *own, *(p for group in shared.values() for p in group)]
            run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
            return run

        run.__name__ = function.__name__
        run.__doc__ = None
        run.__annotations__ = {}
        run.help_text = help_text  # type: ignore[attr-defined]
        run.examples = tuple(examples)  # type: ignore[attr-defined]
        run.parse = parse  # type: ignore[attr-defined]
        return run

    return decorated


_CONTEXT = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)


def with_parameters(function: Callable[..., int]) -> Callable[..., int]:
    """Return a decorated function with its parameters, as Typer reads them.

    They are worked out here, so that one command does not pay for those beside it.
    """
    found: Callable[..., int] = function.parse()  # type: ignore[attr-defined]
    return found


def _parameters(
    function: Callable[..., Any], skip: set[str] | frozenset[str] = frozenset()
) -> list[inspect.Parameter]:
    signature = inspect.signature(function, eval_str=True)
    return [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in signature.parameters.values()
        if parameter.name not in skip
    ]
