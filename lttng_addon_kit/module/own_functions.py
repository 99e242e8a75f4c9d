# SPDX-License-Identifier: GPL-2.0-only
"""The functions of the user's own C files that expressions may call: found where they are defined.

A kernel source can't be parsed whole without all its headers; the head of a function at the start of a line can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pycparser import c_ast, c_generator, c_parser
from pycparser.c_parser import ParseError

from lttng_addon_kit.errors import KitError, Location
from lttng_addon_kit.expression.typing.scope import Prototype
from lttng_addon_kit.expression.typing.type_names import parse_type
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Pointer, Qualified, Type, Void
from lttng_addon_kit.spec.load import AddonSource

# What is in a module's generated C, and no header has, begins with it.
GENERATED_PREFIX = "addon_"

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
# `unsigned long f(struct sk_buff *skb, u32 x)` and a brace: no statement begins at a line's first column.
_HEAD = re.compile(r"^(?P<head>[A-Za-z_][\w\s*]*?\b(?P<name>[A-Za-z_]\w*)\s*\([^;{}()]*\))\s*\{", re.MULTILINE)


@dataclass(frozen=True)
class OwnFunction:
    """A function: its head as the user wrote it (on one line), and where."""

    name: str
    head: str
    place: Location


@dataclass(frozen=True)
class OwnFunctions:
    """All of an addon's; those whose types the kernel has may be called."""

    prototypes: dict[str, Prototype]
    heads: dict[str, str]

    def declarations(self, called: Iterable[str]) -> list[str]:
        """C declarations of the functions that are called."""
        return [self.heads[name] for name in sorted(set(called) & set(self.heads))]


def read_own_functions(source: AddonSource, kernel: Kernel) -> OwnFunctions:
    """The functions that are defined, not static, in the addon's [module] sources.

    Raises:
        KitError: two files define the same function, or a type in a head is not one of the kernel's.
    """
    found: dict[str, OwnFunction] = {}
    for name in source.addon.module.sources:
        for function in _defined(source.folder / name):
            if function.name.startswith(GENERATED_PREFIX):
                raise KitError(
                    f"{function.name!r} begins with {GENERATED_PREFIX}, as names in the generated C do",
                    location=function.place,
                    hint="choose another name",
                )
            if function.name in found:
                raise KitError(f"function {function.name!r} is defined twice", location=function.place)
            found[function.name] = function
    own_types = [f"struct {source.addon.c_name}_{each.name}" for each in source.addon.structs]
    # What serves commands has the types of NAME_abi.h, which no expression has.
    callable_ = {
        name: function for name, function in found.items() if not any(each in function.head for each in own_types)
    }
    prototypes = {name: _prototype(function, kernel) for name, function in callable_.items()}
    return OwnFunctions(prototypes, {name: function.head for name, function in found.items()})


def _defined(path: Path) -> Iterable[OwnFunction]:
    text = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), path.read_text(encoding="utf-8"))
    for found in _HEAD.finditer(text):
        head = re.sub(r"\s+", " ", found["head"]).strip()
        if not head.startswith("static ") and " static " not in head:
            line = text.count("\n", 0, found.start()) + 1
            yield OwnFunction(found["name"], head, Location(path, line))


def _prototype(function: OwnFunction, kernel: Kernel) -> Prototype:
    declaration = _parsed(function, kernel)
    parameters = declaration.args.params if declaration.args else []
    types = [_type(each, function, kernel) for each in parameters]
    if len(types) == 1 and isinstance(types[0], Void):
        types = []
    return Prototype(_returned(declaration, function, kernel), tuple(types))


def _returned(declaration: c_ast.FuncDecl, function: OwnFunction, kernel: Kernel) -> Type:
    """What a function returns; a pointer to const stays one, as a local takes it."""
    pointer = declaration.type
    is_const = isinstance(pointer, c_ast.PtrDecl) and "const" in getattr(pointer.type, "quals", ())
    found = _type(declaration, function, kernel)
    return Pointer(Qualified("const", found.target)) if is_const and isinstance(found, Pointer) else found


def _parsed(function: OwnFunction, kernel: Kernel) -> c_ast.FuncDecl:
    words = set(re.findall(r"[A-Za-z_]\w*", function.head))
    typedefs = "".join(f"typedef int {word};" for word in sorted(words) if kernel.find_typedef(word))
    try:
        return c_parser.CParser().parse(f"{typedefs}{function.head};").ext[-1].type
    except ParseError:
        raise KitError(
            f"can't read the head of {function.name!r}: types must be the kernel's own", location=function.place
        ) from None


def _type(node: c_ast.Node, function: OwnFunction, kernel: Kernel) -> Type:
    """The type of a parameter, or of what a function returns."""
    bare = node.type
    words = c_generator.CGenerator().visit(c_ast.Typename(None, [], None, _unnamed(bare)))
    try:
        return parse_type(words, kernel)
    except KitError as error:
        error.location = function.place
        raise


def _unnamed(node: c_ast.Node) -> c_ast.Node:
    """A declarator's type without the declared name."""
    inner = node
    while not isinstance(inner, c_ast.TypeDecl):
        inner = inner.type
    inner.declname = None
    return node
