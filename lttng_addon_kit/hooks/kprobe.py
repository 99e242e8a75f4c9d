# SPDX-License-Identifier: GPL-2.0-only
"""`kprobe:FUNCTION`: the entry of a function; and `kprobe:FUNCTION+OFFSET`, `kprobe:ADDRESS`: one instruction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.hooks.arguments import NO_ARGUMENTS, probed_function
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.passed_arguments import argument_variables
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "kprobe:FUNCTION"
NAMES = rf"{SYMBOLS}(\+(0x[0-9a-f]{{1,6}}|0|[1-9][0-9]{{0,6}}))?|0x[0-9a-f]{{1,16}}"
TAKES_ARGUMENTS = False
SHOWN_AS = "function"

_HEADERS = ("linux/kprobes.h", "linux/tracepoint.h")
_MISSED = ("READ_ONCE({probe}_kprobe.nmissed)",)
_WITHIN = "they are known where a function begins, not at an instruction within it"
# Programs have the addresses below.
_LOWEST_ADDRESS = 1 << 63


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.functions(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function's entry, or an instruction; see HookKind."""
    if name.startswith("0x"):
        return _instruction(name, None, {"address": _address(name)})
    symbol, _, offset = name.partition("+")
    function = probed_function(symbol, kernel, kernel.kprobe_refusal(symbol))
    if offset:
        return _instruction(name, function.module, {"function": symbol, "offset": offset})
    return Hook(
        kind="kprobe",
        name=name,
        variables=argument_variables(function, kernel),
        headers=_HEADERS,
        module=function.module,
        no_arguments="" if function.is_described else NO_ARGUMENTS,
        is_attached=True,
        is_tried=True,
        result="0",
        missed=_MISSED,
        details={"function": name},
    )


def _instruction(name: str, module: str | None, details: Mapping[str, str]) -> Hook:
    """A probe on one instruction; the kernel finds out, when it attaches it, whether one begins there."""
    return Hook(
        kind="kprobe",
        name=name,
        variables={},
        headers=_HEADERS,
        module=module,
        no_arguments=_WITHIN,
        is_attached=True,
        is_tried=True,
        result="0",
        missed=_MISSED,
        details={"is_instruction": "yes", **details},
    )


def _address(name: str) -> str:
    if int(name, 16) < _LOWEST_ADDRESS:
        raise KitError(f"{name} is no address of the kernel's", hint="/proc/kallsyms has them; each boot has others")
    return name
