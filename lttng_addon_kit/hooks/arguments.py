# SPDX-License-Identifier: GPL-2.0-only
"""The arguments that a hook's probe is called with: names that C takes, registers that have them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.hooks.hook import ProbeVariable
from lttng_addon_kit.hooks.system_calls import function_arguments
from lttng_addon_kit.kernel.kernel import Kernel, KernelFunction
from lttng_addon_kit.kernel.types import Argument, Function, Struct, strip
from lttng_addon_kit.spec.c_names import PROBE_NAMES, c_identifier


def named_arguments(arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """The arguments, each with a name of its own; where BTF has none that C takes, `arg1`, `arg2`..."""
    names: list[str] = []
    for index, argument in enumerate(arguments, start=1):
        name = argument.name
        try:
            c_identifier(name)
        except ValueError:
            name = f"arg{index}"
        names.append(free_name(name, names))
    return tuple(Argument(name, argument.type) for name, argument in zip(names, arguments, strict=True))


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, with as many underscores behind it as make it unlike those that are taken."""
    while name in taken:
        name += "_"
    return name


def c_names(arguments: Sequence[Argument]) -> tuple[str, ...]:
    """What a probe's C calls the arguments: their names, unless the probe has something of that name itself."""
    taken = PROBE_NAMES | {each.name for each in arguments}
    return tuple(free_name(each.name, taken if each.name in PROBE_NAMES else ()) for each in arguments)


def as_variables(arguments: Sequence[Argument]) -> Mapping[str, ProbeVariable]:
    """The arguments, which are the probe's own parameters, as what expressions may use, by name."""
    named = zip(arguments, c_names(arguments), strict=True)
    return {each.name: ProbeVariable(c_name, each.type) for each, c_name in named}


def as_parameters(arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """The arguments as the probe's prototype has them."""
    named = zip(arguments, c_names(arguments), strict=True)
    return tuple(Argument(c_name, each.type) for each, c_name in named)


def register_arguments(function: KernelFunction, kernel: Kernel) -> tuple[Argument, ...]:
    """The function's arguments that are in registers: a struct passed by value ends what is certain."""
    certain = []
    processor = kernel.processor
    arguments = function_arguments(function.name, named_arguments(function.arguments))
    for argument in arguments[: processor.register_arguments]:
        bare = strip(argument.type)
        if isinstance(bare, Struct | Function) or kernel.size_of(argument.type) > processor.register_size:
            break
        certain.append(argument)
    return tuple(certain)


def register_reading(index: int) -> str:
    """The C that reads an argument from its register, as a ProbeVariable's `reading`."""
    return f"({{type}})regs_get_kernel_argument(regs, {index})"


def probed_function(name: str, kernel: Kernel) -> KernelFunction:
    """A function that takes a kprobe.

    Raises:
        KitError: it does not exist, or the kernel refuses to probe it.
    """
    function = kernel.function(name)
    refusal = kernel.kprobe_refusal(name)
    if refusal:
        raise KitError(
            f"function {name!r} of Linux {kernel.release} {refusal}",
            hint="probe a function that calls it, or one that it calls",
        )
    return function
