# SPDX-License-Identifier: GPL-2.0-only
"""Names for the local variables of a probe: after what they hold, and never taken twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import singledispatch

from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Struct, Type, strip
from lttng_addon_kit.spec.c_names import PROBE_NAMES, RESERVED_WORDS

# What generated C itself uses.
_GENERATED = frozenset(
    re.findall(
        r"\w+",
        """jiffies u8 u16 u32 u64 s8 s16 s32 s64
        strcmp strncmp strstarts strnlen memset min_t clamp_t ntohs ntohl htons htonl
        be64_to_cpu container_of sign_extend64 stack_trace_save
        nofault_read nofault_user_read nofault_text nofault_user_text is_kernel_pointer bounded_starts zeros hits""",
    )
)
# The local of LTTng's probes that any macro of theirs may use (lttng/tracepoint-event-impl.h).
_LTTNG_LOCAL = "tp_locvar"
_RESULTS = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "%": "remainder"}


class Names:
    """Gives each value one name, free in the probe's function and no macro of the kernel's headers."""

    def __init__(self, taken: Iterable[str], kernel: Kernel) -> None:
        self._taken = {*taken, *RESERVED_WORDS, *_GENERATED, *PROBE_NAMES}
        self._kernel = kernel
        self._given: dict[typed.Node, str] = {}

    def of(self, node: typed.Node) -> str:
        """The name for what `node` computes; the same node always has the same name."""
        if node not in self._given:
            self._given[node] = self.fresh(*wishes(node))
        return self._given[node]

    def another(self, node: typed.Node) -> str:
        """One more name for what `node` computes, shared with nothing."""
        return self.fresh(*wishes(node))

    def argument(self, name: str) -> str:
        """What an argument that is called with a field's value may be called; it is no local of this function.

        LTTng's macros use types and functions where the argument is visible, and would get it instead.
        """
        hides = name == _LTTNG_LOCAL or self._kernel.is_macro(name) or self._kernel.is_declared(name)
        return self.fresh(f"{name}_value") if hides else name

    def fresh(self, *wanted: str) -> str:
        """The first wish that is free, or the last one with a number behind it."""
        numbered = (f"{wanted[-1]}{number}" for number in range(2, 1000))
        name = next(
            each for each in (*wanted, *numbered) if each not in self._taken and not self._kernel.is_macro(each)
        )
        self._taken.add(name)
        return name


@singledispatch
def wishes(node: typed.Node) -> tuple[str, ...]:
    """Names for what a node computes, the best first; a built-in's own file says them for what it gives."""
    match node:
        case typed.MemberRead():
            return node.name, f"{wishes(node.base)[0]}_{node.name}"
        case typed.Variable():
            return (node.c_name,)
        case typed.Element():
            return (f"{wishes(node.base)[0]}_element",)
        case typed.Dereference(pointer=typed.PerCpuAddress(name=name)):
            return (f"this_{name}",)
        case typed.Dereference():
            return (f"{wishes(node.pointer)[0]}_value",)
        case typed.Conversion() if (struct := _pointed_struct(node.type)) and c_types.pointer(node.operand.type):
            return (struct,)
        case typed.AddressOf() | typed.Conversion():
            return wishes(node.operand)
        case typed.PerCpuAddress():
            return (f"this_{node.name}",)
        case typed.UserAddress():
            return wishes(node.pointer)
        case typed.Arithmetic() if node.operator in _RESULTS:
            return (_RESULTS[node.operator],)
        case typed.FunctionResult():
            return (f"{node.function.removeprefix('lttng_addon_')}_result",)
        case typed.ParameterValue():
            return (f"{node.name}_{'text' if node.length else 'value'}",)
        case typed.BoundedText():
            return tuple(f"{wish}_text" for wish in wishes(node.pointer))
    return ("value",)


def _pointed_struct(type_: Type) -> str:
    """The name of the struct that a pointer points to, or ""."""
    found = c_types.pointer(type_)
    target = strip(found.target) if found else None
    return target.name if isinstance(target, Struct) else ""
