"""How a function becomes a command: option groups are handed to it as one value each.

``@command(N_("…"), query=filters, output=printing)`` gives the function the parameters of the
providers ``filters`` and ``printing`` on the command line, and calls it with what they return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, get_origin

from ledgercli.cli.parameters import Declared
from ledgercli.cli.session import Session
from ledgercli.model.record import dataclass

if TYPE_CHECKING:
    import inspect

Provider = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a command: its annotation, evaluated, and what it is where nothing is typed.

    ``provider`` is the name of the option group that it belongs to, empty for the command's own.
    """

    name: str
    annotation: Any
    default: Any
    provider: str = ""


def command(
    help_text: str, *, examples: Sequence[str] = (), **providers: Provider
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return a decorator for a function ``(session, *, own options, one value a provider)``.

    ``help_text`` is a message id: a first sentence, then what users rely on. ``examples`` are
    command lines shown below the options. An option of the function's own goes before one of a
    provider that has the same name.
    """

    def decorated(function: Callable[..., int]) -> Callable[..., int]:
        found: list[Parameter] = []

        def parameters() -> list[Parameter]:
            if not found:
                mine = {"session", *providers}
                found.extend(one for one in parameters_of(function) if one.name not in mine)
                taken = {parameter.name for parameter in found}
                for name, provider in providers.items():
                    found.extend(
                        replace(one, provider=name)
                        for one in parameters_of(provider)
                        if one.name not in taken
                    )
            return found

        def call(session: Session, given: Mapping[str, Any]) -> int:
            left = dict(given)
            shared: dict[str, dict[str, Any]] = {name: {} for name in providers}
            for parameter in parameters():
                if parameter.provider:
                    shared[parameter.provider][parameter.name] = left.pop(parameter.name)
            values = {name: provider(**shared[name]) for name, provider in providers.items()}
            return function(session, **left, **values)

        def run(context: Any, **given: Any) -> int:  # noqa: ANN401 - Typer's, and parsed options
            return call(context.obj, given)

        run.__name__ = function.__name__
        run.__doc__ = None
        run.__annotations__ = {}
        run.help_text = help_text  # type: ignore[attr-defined]
        run.examples = tuple(examples)  # type: ignore[attr-defined]
        run.parameters = parameters  # type: ignore[attr-defined]
        run.call = call  # type: ignore[attr-defined]
        return run

    return decorated


def with_parameters(function: Callable[..., int]) -> Callable[..., int]:
    """Return a decorated function with its parameters, as Typer reads them.

    They are worked out here, so that one command does not pay for those beside it.
    """
    import inspect

    import typer

    def shown(name: str, annotation: Any, default: Any) -> inspect.Parameter:  # noqa: ANN401
        kind = inspect.Parameter.KEYWORD_ONLY
        return inspect.Parameter(name, kind, annotation=annotation, default=default)

    listed = [shown("context", typer.Context, inspect.Parameter.empty)]
    for parameter in function.parameters():  # type: ignore[attr-defined]
        missing = parameter.default is ...
        default = inspect.Parameter.empty if missing else parameter.default
        listed.append(shown(parameter.name, _for_typer(parameter.annotation), default))
    function.__signature__ = inspect.Signature(listed)  # type: ignore[attr-defined]
    return function


def _for_typer(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """Return an annotation with what Typer knows in place of what we declare."""
    if get_origin(annotation) is not Annotated:
        return annotation
    declared = (
        one.for_typer() if isinstance(one, Declared) else one for one in annotation.__metadata__
    )
    return Annotated[annotation.__origin__, *declared]


def parameters_of(function: Callable[..., Any]) -> list[Parameter]:
    """Return the parameters of a function; ``...`` is the default of one that has none.

    What is called like a function says them itself, by ``parameters``.
    """
    said = getattr(function, "parameters", None)
    if said is not None:
        return list(said())
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    ordinary = function.__defaults__ or ()
    defaults = dict(
        zip(names[code.co_argcount - len(ordinary) : code.co_argcount], ordinary, strict=True)
    )
    defaults |= function.__kwdefaults__ or {}
    return [Parameter(name, _evaluated(function, name), defaults.get(name, ...)) for name in names]


def _evaluated(function: Callable[..., Any], name: str) -> Any:  # noqa: ANN401 - any annotation
    """Return the annotation of a parameter; most are names of the module."""
    written = function.__annotations__.get(name, "str")
    known = function.__globals__
    if not isinstance(written, str):
        return written
    if written in known:
        return known[written]
    return eval(written, known)  # noqa: S307 - our own source, as `inspect` does it
