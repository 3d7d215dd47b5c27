"""What templates of letters are compiled to, and where that is kept."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Template, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule


class Compiled(BytecodeCache):
    """Keeps in memory what a template was compiled to, by its name and text.

    Environments are made for each letter; compiling takes a hundred times as long as rendering.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template what it was compiled to, if it was."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template was compiled to."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


#: By ``autoescape`` and whether values are finalized, both part of what a template compiles to.
COMPILED = {(escaped, final): Compiled() for escaped in (False, True) for final in (False, True)}


class Imported(TemplateModule):
    """What an import of a template makes; a name that it does not have is undefined.

    So every name may be taken from it without a call. Many a wording leaves out a macro.
    """

    _undefined: Any

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - Jinja's
        """Return what stands for a name that the template does not have."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self._undefined(obj=self, name=name)


class LetterTemplate(Template):
    """A template that is imported as :class:`Imported`."""

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja's
        shared: bool = False,  # noqa: FBT001, FBT002 - Jinja's
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - Jinja's
    ) -> TemplateModule:
        """Return what the template makes when it is imported."""
        made = Imported(self, self.new_context(vars, shared, locals))
        made._undefined = self.environment.undefined  # noqa: SLF001 - our own
        return made


class LetterCode(CodeGenerator):
    """Lets templates take the fields of records by themselves, once the environment knows them.

    A letter takes some hundred, and a call for each is much of what it costs.
    """

    #: What the types with an attribute are called in the code, by the attribute.
    _owners: Mapping[str, str] = {}

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's
        """Write the code of a template, which looks up the types of owners once."""
        # By numbers: Python takes some names for one that are two in a template.
        names = sorted({each.attr for each in node.find_all(nodes.Getattr)})
        self._owners = {name: f"owners_{number}" for number, name in enumerate(names)}
        for name, owners in self._owners.items():
            self.writeline(f"{owners} = environment.owners_of[{name!r}]")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's
        """Write what gets an attribute."""
        name = node.attr
        if keyword.iskeyword(name) or name not in self._owners:
            super().visit_Getattr(node, frame)
            return
        owner = self.temporary_identifier()
        self.write(f"({owner}.{name} if ({owner} := ")
        self.visit(node.node, frame)
        known = self._owners[name]
        self.write(f").__class__ in {known} else environment.getattr({owner}, {name!r}))")

    def visit_Call(  # noqa: N802 - Jinja's
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - Jinja's
    ) -> None:
        """Write what calls; most calls in letters are of macros, with the letter alone."""
        special = node.kwargs or node.dyn_args or node.dyn_kwargs or forward_caller
        if special or len(node.args) != 1 or frame.loop_frame or frame.block_frame:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.call_with(context, ")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")
