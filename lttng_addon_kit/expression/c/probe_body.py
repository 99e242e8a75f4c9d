# SPDX-License-Identifier: GPL-2.0-only
"""The function that a probe's expressions are written into: its locals, and all that they make it need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C, Identifier
from lttng_addon_kit.expression.c.local_names import Names
from lttng_addon_kit.expression.c.printer import text
from lttng_addon_kit.expression.c.private_structs import PrivateStructs
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.declarations import Declarations, is_declarable
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Qualified, Type, strip


@dataclass(frozen=True)
class Local:
    """A local variable; `of_another`: its type is that of another's value, which must be declared before it."""

    declaration: str
    of_another: bool = False


class ProbeBody:
    """What the statements and values of one probe need in its function and file.

    Attributes:
        scope: the names that the expressions use.
        frame: how many bytes the locals take of the stack.
        headers: what must be included, beside the headers that `declarations` knows of.
        runtime_headers: what must be included of runtime/.
        externs: declarations of the kernel's variables.
        cgroups: the parameters that name a cgroup.
        helpers: which of the C functions of helper_functions.py are called.
        used: the C names of the hook's variables that are read.
        called: the functions that are called.
    """

    def __init__(self, scope: Scope, nodes: Iterable[typed.Node]) -> None:
        self.scope = scope
        self.frame = 0
        self.headers: set[str] = set()
        self.runtime_headers: set[str] = set()
        self.externs: set[str] = set()
        self.cgroups: set[str] = set()
        self.helpers: set[str] = set()
        self.used: set[str] = set()
        self.called: set[str] = set()
        self.declarations = Declarations(scope.kernel)
        self.layouts = PrivateStructs(scope.kernel, self.declarations)
        taken = [variable.c_name for variable in scope.variables.values()]
        nodes = list(nodes)
        taken += [part.name for node in nodes for part in typed.walk(node) if isinstance(part, typed.PerCpuAddress)]
        self.names = Names([*taken, *scope.parameters, *scope.functions], scope.kernel)
        self._locals: dict[str, Local] = {}
        self._count = occurrences(nodes)

    @property
    def locals(self) -> tuple[str, ...]:
        """Declarations without the `;`: the longest first, as network code has them."""
        ordered = sorted(
            self._locals.values(), key=lambda each: (each.of_another, -len(each.declaration), each.declaration)
        )
        return tuple(each.declaration for each in ordered)

    @property
    def includes(self) -> tuple[str, ...]:
        """All headers, sorted."""
        return tuple(sorted(self.headers | self.declarations.headers))

    def repeats(self, node: typed.Node) -> bool:
        """Whether a value is wanted more than once."""
        return self._count[node] > 1

    def local(self, node: typed.Node, value: C, *, is_shared: bool) -> Identifier:
        """Declare a local for a node's value; one that no other place uses, unless `is_shared`."""
        name = self.name(node, is_shared=is_shared)
        type_ = c_types.C_BOOL if node.type == c_types.BOOL else c_types.unqualified(node.type)
        in_memory = typed.Element | typed.MemberRead | typed.Dereference
        is_copied = isinstance(node, in_memory) and isinstance(strip(type_), Array)
        type_ = _array_copy(type_) if is_copied else c_types.decayed(type_)
        size = self.scope.kernel.size_of(type_)
        if is_declarable(type_):
            self.declare(name, type_, size)
        else:
            self._add(name, Local(f"typeof({text(value)}) {name}", of_another=True), size)
        return Identifier(name)

    def name(self, node: typed.Node, *, is_shared: bool) -> str:
        """A name for a local that holds a node's value."""
        return self.names.of(node) if is_shared else self.names.another(node)

    def declare(self, name: str, type_: Type, size: int | None = None) -> None:
        """Declare a local variable, unless it is declared."""
        size = self.scope.kernel.size_of(type_) if size is None else size
        self._add(name, Local(self.declarations.declare(type_, name)), size)

    def has_local(self, name: str) -> bool:
        return name in self._locals

    def declare_percpu(self, node: typed.PerCpuAddress) -> None:
        """Declare a per-CPU variable of the kernel's, which not every header does."""
        pointer = c_types.pointer(node.type)
        assert pointer is not None
        self.layouts.whole(pointer.target)
        # The qualifier stands before the name: since 6.15 it is an address space, of the variable and not of what it
        # points to (__percpu_qual, include/asm-generic/percpu.h).
        self.externs.add(f"extern {self.declarations.declare(pointer.target, f'__percpu {node.name}')};")

    def type_name(self, type_: Type) -> str:
        """A type as C has it in a cast."""
        return self.declarations.declare(type_).strip()

    def _add(self, name: str, local: Local, size: int) -> None:
        if name not in self._locals:
            self._locals[name] = local
            self.frame += size

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is written inside is thrown away: its locals are not declared."""
        locals_, frame = dict(self._locals), self.frame
        yield
        self._locals, self.frame = locals_, frame


def occurrences(nodes: Iterable[typed.Node]) -> Counter[typed.Node]:
    """How often each part is computed, not counting the parts of a repeated part again."""
    count: Counter[typed.Node] = Counter()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        count[node] += 1
        if count[node] == 1:
            waiting.extend(typed.children(node))
    return count


def _array_copy(type_: Type) -> Type:
    """An array's type without the qualifiers of its elements: what can be written to."""
    plain = strip(type_)
    assert isinstance(plain, Array)
    element = plain.element
    while isinstance(element, Qualified):
        element = element.target
    return Array(element, plain.length)
