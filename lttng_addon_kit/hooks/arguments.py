# SPDX-License-Identifier: GPL-2.0-only
"""The arguments of a hook: names that C takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.hooks.hook import ProbeVariable
from lttng_addon_kit.kernel.kernel import Kernel, KernelFunction
from lttng_addon_kit.kernel.types import Argument
from lttng_addon_kit.spec.c_names import PROBE_NAMES, c_identifier

NO_ARGUMENTS = "the kernel's BTF does not describe this function: its hits can be counted, its arguments are not known"


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


def c_names(arguments: Sequence[Argument], kernel: Kernel) -> tuple[str, ...]:
    """What a probe's C calls the arguments: their names, unless the probe or a header has something of that name."""
    given = {each.name for each in arguments}
    hidden = {name for name in given if name in PROBE_NAMES or kernel.is_macro(name)}
    return tuple(free_name(each.name, hidden | given if each.name in hidden else ()) for each in arguments)


def as_variables(arguments: Sequence[Argument], kernel: Kernel) -> Mapping[str, ProbeVariable]:
    """The arguments, which are the probe's own parameters, as what expressions may use, by name."""
    named = zip(arguments, c_names(arguments, kernel), strict=True)
    return {each.name: ProbeVariable(c_name, each.type) for each, c_name in named}


def as_parameters(arguments: Sequence[Argument], kernel: Kernel) -> tuple[Argument, ...]:
    """The arguments as the probe's prototype has them."""
    named = zip(arguments, c_names(arguments, kernel), strict=True)
    return tuple(Argument(c_name, each.type) for each, c_name in named)


def probed_function(name: str, kernel: Kernel, refusal: str | None) -> KernelFunction:
    """A function that can be probed; one that BTF lacks has no arguments.

    Args:
        refusal: why the kernel refuses, as the end of a sentence on the function; None: it does not.

    Raises:
        KitError: it does not exist, or the kernel refuses.
    """
    function = kernel.undescribed_function(name) or kernel.function(name)
    if refusal:
        raise KitError(
            f"function {name!r} of Linux {kernel.release} {refusal}",
            hint="probe a function that calls it, or one that it calls",
        )
    return function
