"""A Jinja2 environment for the books' own templates that can neither reach out nor run away.

Jinja's sandbox keeps templates from Python's insides. On top of that, everything that repeats or
grows is counted: loops, calls, includes, and the length of what an operation makes. A template
sees other templates only among the given texts, and a name that is not there is an error.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ledgercli.reminders.template_code import COMPILED, Imported, LetterCode, LetterTemplate

#: Steps of loops, calls and includes in one letter; a letter of 2,000 documents needs some 50,000.
STEPS_MAX = 1_000_000
#: Characters or entries of one value, and of a whole letter.
LENGTH_MAX = 4_000_000
#: A width to pad to, or the exponent of a number's digits.
WIDTH_MAX = 1_000

_FILTERS = (
    "abs attr batch capitalize count d default dictsort e escape first groupby int items join last"
    " length list lower map max min reject rejectattr replace reverse round select selectattr slice"
    " sort string sum title trim truncate unique upper urlencode wordcount"
)
_GROWING = "center expandtabs format format_map ljust rjust zfill translate to_bytes encode"
#: So many answers on attributes are kept; templates may make up names without end.
_SAFE_MAX = 2_000
#: What can be longer than :data:`LENGTH_MAX`.
_LONG = (str, list, tuple, dict, bytes)
#: What a mapping has besides its entries.
_OF_MAPPINGS = frozenset(dir(dict))
_JOINED = (str, list, tuple)


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """An environment for one rendering at a time, with its budget of steps.

    What templates make for themselves is made anew for each, so that nothing of one letter is left
    for the next. Wordings that consist of macros and constants make nothing, and are kept.
    """

    code_generator_class = LetterCode
    template_class = LetterTemplate
    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(
        self,
        source: Callable[[str], str | None],
        *,
        autoescape: bool,
        finalize: Callable[[object], str] | None = None,
    ) -> None:
        """Take the templates from ``source``, by name.

        ``autoescape`` is for HTML; ``finalize`` makes text of every value that is put in.
        """
        super().__init__(
            # The name stands for the file in tracebacks: findings look for it there.
            loader=FunctionLoader(lambda name: _found(name, source)),
            undefined=StrictUndefined,
            autoescape=autoescape,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            optimized=False,
            cache_size=0,
            bytecode_cache=COMPILED[autoescape, finalize is not None],
        )
        self.steps = 0
        self._source = source
        self._templates: dict[str, Template] = {}
        #: Whether what an import of a template makes is the same for every letter.
        self._lasting: dict[str, bool] = {}
        #: Whether an attribute is safe: it is a matter of its name and its owner's type alone.
        self._safe: dict[tuple[type, str], bool] = {}
        #: The same answers in another order: by their owners' type the attributes that are safe.
        self._safe_of: dict[type, set[str]] = {}
        #: By name the types of records that have a field of it.
        self.owners_of: defaultdict[str, set[type]] = defaultdict(set)
        self.filters = {name: self._filter(self.filters[name]) for name in _FILTERS.split()}
        self.filters |= {"counted_": self._counted, "bounded_": self.bounded}
        self.globals = {"range": self._range, "dict": dict, "namespace": self.globals["namespace"]}

    def begin(self) -> None:
        """Give the next rendering its whole budget, and templates as if nothing had used them."""
        self.steps = 0
        self._forget(name for name in self._templates if not self._lasts(name))

    def lend(self, functions: Mapping[str, object]) -> None:
        """Let templates call ``functions`` until others of the same names are lent."""
        self.globals |= functions
        self._forget(self._templates)

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            # What an import of it has made: its variables and macros.
            self._templates[name]._module = None  # noqa: SLF001 - Jinja has no other way but to load it again

    def _lasts(self, name: str) -> bool:
        """Return whether an import of the template makes nothing that a letter could change."""
        known = self._lasting.get(name)
        if known is None:
            self._lasting[name] = False  # as long as a circle of imports leads back here
            imports = _imports_of_constant(self._source(name) or "")
            known = imports is not None and all(map(self._lasts, imports))
            self._lasting[name] = known
        return known

    def step(self, count: int = 1) -> None:
        """Count steps; raise ``SecurityError`` when the letter takes too many."""
        self.steps += count
        if self.steps > STEPS_MAX:
            msg = f"the template takes more than {STEPS_MAX:,} steps"
            raise SecurityError(msg)

    def bounded(self, value: object) -> object:
        """Return ``value``; raise ``SecurityError`` when it is too long or too large a number."""
        if isinstance(value, _LONG) and len(value) > LENGTH_MAX:
            msg = f"the template makes a value of more than {LENGTH_MAX:,} characters or entries"
            raise SecurityError(msg)
        if isinstance(value, int) and value.bit_length() > WIDTH_MAX:
            msg = "the template makes a number with too many digits"
            raise SecurityError(msg)
        return value

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Refuse what could make a huge value: powers, text times number, ``%`` formats."""
        if operator == "**":
            msg = "powers are not for letters"
            raise SecurityError(msg)
        if operator in "*%" and not (_is_number(left) and _is_number(right)):
            msg = f"`{operator}` is for numbers only"
            raise SecurityError(msg)
        return self.bounded(super().call_binop(context, operator, left, right))

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's
        """Return the attribute; a letter asks for a hundred, so what is safe is known by type."""
        kind = type(obj)
        if attribute in self._safe_of.get(kind, ()):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return super().getattr(obj, attribute)  # an entry of that name, or nothing
        if kind is dict and attribute not in _OF_MAPPINGS:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if kind is Imported and self.is_safe_attribute(obj, attribute, None):
            self.owners_of[attribute].add(kind)
            return getattr(obj, attribute)
        if attribute in getattr(kind, "__dataclass_fields__", ()):
            self._safe_of.setdefault(kind, set()).add(attribute)
            self.owners_of[attribute].add(kind)
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def wrap_str_format(self, value: object) -> None:
        """Give no sandboxed ``str.format``: it pads to any width. The method itself is refused."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Refuse methods that pad or format to any width, and all that Jinja refuses."""
        key = (type(obj), attr)
        known = self._safe.get(key)
        if known is None:
            known = attr not in _GROWING.split() and super().is_safe_attribute(obj, attr, value)
            if len(self._safe) < _SAFE_MAX:
                self._safe[key] = known
                if known:
                    self._safe_of.setdefault(type(obj), set()).add(attr)
        return known

    def call_with(self, context: Context, obj: Any, argument: Any, /) -> Any:  # noqa: ANN401 - Jinja's
        """Return what :meth:`call` does with one argument: of a macro without more ado."""
        if obj.__class__ is not Macro or obj._argument_count != 1 or _is_special(obj):  # noqa: SLF001 - see below
            return self.call(context, obj, argument)
        self.steps += 1
        if self.steps > STEPS_MAX:
            self.step(0)
        made: str = obj._func(argument)  # noqa: SLF001 - all that Jinja would do then
        if len(made) > LENGTH_MAX:
            self.bounded(made)
        return Markup(made) if context.eval_ctx.autoescape else made  # noqa: S704 - what it is made of is escaped

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Jinja's
        """Count the call and bound what goes in and comes out."""
        self.step()
        kind = type(obj)
        if kwargs and (kind is Macro or kind is functools.partial):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
        if kind is Macro:
            made = self._made(context, obj, args, kwargs)
            return made if len(made) <= LENGTH_MAX else self.bounded(made)
        if kind is functools.partial:
            return self.bounded(obj(*args, **kwargs))  # one of our own functions
        self._bound_growth(getattr(obj, "__self__", ""), args)
        return self.bounded(super().call(context, obj, *args, **kwargs))

    @staticmethod
    def _made(
        context: Context, macro: Macro, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> str:
        """Return what Jinja makes of a macro, without looking what else it might be."""
        if kwargs or _is_special(macro) or len(args) != len(macro.arguments):
            return macro(context.eval_ctx, *args, **kwargs)
        made: str = macro._func(*args)  # noqa: SLF001 - all that Jinja would do then
        return Markup(made) if context.eval_ctx.autoescape else made  # noqa: S704 - what it is made of is escaped

    def _bound_growth(self, subject: object, arguments: Iterable[object]) -> None:
        """Refuse a replacement or join whose result could be too long, before it is made."""
        size = len(subject) + 1 if isinstance(subject, str) else 1
        longest = max((len(a) for a in arguments if isinstance(a, _JOINED)), default=0)
        if size * (longest + 1) > LENGTH_MAX:
            msg = "the template makes a value that is too long"
            raise SecurityError(msg)

    def _filter(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the filter with its arguments and its result bounded."""

        def bounded(*args: object, **kwargs: object) -> object:
            self.step()
            if len(args) == 1 and not kwargs:
                return self.bounded(function(*args))
            values = [
                value for value in (*args, *kwargs.values()) if not isinstance(value, Context)
            ]
            if any(isinstance(v, int) and abs(v) > WIDTH_MAX for v in values[1:]):
                msg = "an argument of a filter is too large"
                raise SecurityError(msg)
            texts = [value for value in values if isinstance(value, str)]
            if len(texts) > 1:
                self._bound_growth(texts[0], texts[1:])
            return self.bounded(function(*args, **kwargs))

        # Jinja marks the filters that want the context or the environment on the function.
        bounded.__dict__.update(getattr(function, "__dict__", {}))
        return bounded

    def _counted(self, values: Iterable[object]) -> Iterator[object]:
        for value in values:
            self.steps += 1
            if self.steps > STEPS_MAX:
                self.step()
            yield value

    def _range(self, *args: int) -> range:
        values = range(*args)
        self.step(len(values))
        return values

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template knows: the environment's, which it cannot change."""
        return self.globals if d is None else super().make_globals(d)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, and let every loop be counted and every concatenation be bounded."""
        tree = super()._parse(source, name, filename)
        _IMPORTS[source] = _imports_of(tree)
        for loop in tree.find_all(nodes.For):
            loop.iter = _filtered(cast("nodes.Expr", loop.iter), "counted_")
        for output in list(tree.find_all(nodes.Concat)):
            output.nodes = [_filtered(node, "bounded_") for node in output.nodes]
        return tree

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002, ANN401 - Jinja's
        """Count every include, import and extends."""
        self.step(100)
        found = self._templates.get(name)
        if found is None:
            found = self._templates[name] = super()._load_template(name, globals)
        return found


_PARSER = Environment(trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - it renders nothing


#: What :func:`_imports_of` says of templates, by their text.
_IMPORTS: dict[str, tuple[str, ...] | None] = {}


def _imports_of_constant(text: str) -> tuple[str, ...] | None:
    """Return what a template imports that is macros, constants and imports by name; else None."""
    if text not in _IMPORTS:
        try:
            _IMPORTS[text] = _imports_of(_PARSER.parse(text))
        except TemplateSyntaxError:
            _IMPORTS[text] = None
    return _IMPORTS[text]


def _imports_of(tree: nodes.Template) -> tuple[str, ...] | None:
    imports: list[str] = []
    for node in tree.body:
        match node:
            case nodes.Macro() if not list(node.find_all((nodes.Import, nodes.FromImport))):
                pass
            case nodes.Import(template=nodes.Const(value=str(name)), with_context=False):
                imports.append(name)
            case nodes.Output() if all(isinstance(e, nodes.TemplateData) for e in node.nodes):
                pass
            case nodes.Assign(target=nodes.Name()) if _is_constant(node.node):
                pass
            case _:
                return None
    return tuple(imports)


def _is_constant(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Const):
        return True
    parts = (nodes.Dict, nodes.Pair, nodes.List, nodes.Tuple)
    return isinstance(node, parts) and all(map(_is_constant, node.iter_child_nodes()))


def _filtered(node: nodes.Expr, name: str) -> nodes.Expr:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _is_special(macro: Macro) -> bool:
    return bool(macro.caller or macro.catch_kwargs or macro.catch_varargs)


def _is_number(value: object) -> bool:
    from decimal import Decimal

    return isinstance(value, int | float | Decimal)


def _found(name: str, source: Callable[[str], str | None]) -> tuple[str, str, None] | None:
    text = source(name)
    return None if text is None else (text, name, None)
