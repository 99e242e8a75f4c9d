# SPDX-License-Identifier: GPL-2.0-only
"""The function that the kernel calls for a system call, and the arguments that a program gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.typing import c_types
from lttng_addon_kit.expression.typing.type_names import parse_type
from lttng_addon_kit.hooks.arguments import named_arguments, probed_function
from lttng_addon_kit.hooks.passed_arguments import PassedArgument
from lttng_addon_kit.hooks.system_calls import from_user
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.system_call_headers import SystemCall
from lttng_addon_kit.kernel.types import Argument, Pointer, Struct, Type, strip

_NO_ARGUMENTS = "no header declares this system call: its hits can be counted, its arguments are not known"
# The header in runtime/ that has what reads the arguments.
CALLER_HEADER = "lttng-addon-caller.h"
_CALLER = "lttng_addon_caller(regs)"
# SYSCALL_DEFINE0() and, of the others, the one that has the arguments (include/linux/syscalls.h).
_BODY = "__do_sys_"
# What the kernel itself calls in place of a system call.
_INNER = "__sys_"
_MARKS = re.compile(r"\b(?:const|__user)\b")
_NAMED = re.compile(r"(.*[\s*])(\w+)")
_TYPE_WORDS = frozenset(("int", "long", "short", "char", "unsigned", "signed"))


@dataclass(frozen=True)
class SystemCallFunction:
    """A system call's function, whose only argument are the caller's registers.

    Attributes:
        name: the function's name, as the kernel's list of symbols has it.
        passed: the program's arguments, as a probe at the function's entry reads them.
        no_arguments: why they are not known, if they are not.
    """

    name: str
    passed: tuple[PassedArgument, ...]
    no_arguments: str


def system_call_function(name: str, kernel: Kernel) -> SystemCallFunction:
    """Find what the kernel calls for a system call.

    Raises:
        KitError: there is no such system call; or the kernel refuses to trace it.
    """
    call = kernel.system_calls.find(name)
    function = _function_name(call, kernel)
    probed_function(function, kernel, kernel.trace_refusal(function))
    arguments = _arguments(call, kernel)
    readings = (f"({{type}}){_CALLER}->{each}" for each in kernel.processor.system_call_registers)
    return SystemCallFunction(
        name=function,
        passed=tuple(map(PassedArgument, from_user(named_arguments(arguments or ())), readings)),
        no_arguments=_NO_ARGUMENTS if arguments is None else "",
    )


def _function_name(call: SystemCall, kernel: Kernel) -> str:
    """Calls without arguments have one function for all kinds of programs, of which other names are aliases."""
    wrapper, body = kernel.processor.system_call_prefix + call.function, _BODY + call.function
    known = _function_arguments(body, kernel)
    is_body = known is not None and _are_registers(known) and not kernel.trace_refusal(body)
    return body if is_body else wrapper


def _arguments(call: SystemCall, kernel: Kernel) -> Sequence[Argument] | None:
    """What BTF knows best, then what a header declares; None: neither does."""
    known = _function_arguments(_BODY + call.function, kernel)
    if known is not None and not _are_registers(known):
        return known
    if call.arguments is None:
        return None
    texts = [] if call.arguments in ("", "void") else call.arguments.split(",")
    declared = [_declared(text, kernel) for text in texts]
    inner = _function_arguments(_INNER + call.function, kernel) or ()
    if len(inner) == len(declared) and not any(each.name for each in declared):
        return [replace(each, name=named.name) for each, named in zip(declared, inner, strict=True)]
    return declared


def _function_arguments(name: str, kernel: Kernel) -> Sequence[Argument] | None:
    return kernel.function(name).arguments if kernel.describes(name) else None


def _are_registers(arguments: Sequence[Argument]) -> bool:
    """Whether a function has no argument but the caller's registers, which it does not use."""
    pointers = (plain for each in arguments if isinstance(plain := strip(each.type), Pointer))
    targets = (strip(each.target) for each in pointers)
    return any(isinstance(each, Struct) and each.name == "pt_regs" for each in targets)


def _declared(text: str, kernel: Kernel) -> Argument:
    """An argument as a header has it, with or without a name; of a type that BTF lacks, a register."""
    plain = " ".join(_MARKS.sub(" ", text).split())
    found = _NAMED.fullmatch(plain)
    is_named = found is not None and found[2] not in _TYPE_WORDS
    type_, name = (found[1], found[2]) if found and is_named else (plain, "")
    return Argument(name, _type(type_, kernel))


def _type(text: str, kernel: Kernel) -> Type:
    try:
        return parse_type(text, kernel)
    except KitError:
        return c_types.UNSIGNED_LONG
