"""What templates of letters are compiled to, and where that is kept."""

from __future__ import annotations

import keyword
from types import CodeType

from jinja2 import BytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame


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


class LetterCode(CodeGenerator):
    """Lets templates take the fields of records by themselves, once the environment knows them.

    A letter takes some hundred, and a call for each is much of what it costs.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's
        """Write what gets an attribute."""
        name = node.attr
        if keyword.iskeyword(name):
            super().visit_Getattr(node, frame)
            return
        owner = self.temporary_identifier()
        self.write(f"({owner}.{name} if ({owner} := ")
        self.visit(node.node, frame)
        known = f"environment.owners_of[{name!r}]"
        self.write(f").__class__ in {known} else environment.getattr({owner}, {name!r}))")
