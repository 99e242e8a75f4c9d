# SPDX-License-Identifier: GPL-2.0-only
"""Where a function's arguments are when it begins: in registers, or on the stack above the return address.

The rules are those of System V's ABIs ("Parameter Passing") without floating point, which kernels don't use; a
Processor has their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.hooks.arguments import c_names, named_arguments
from lttng_addon_kit.hooks.hook import ProbeVariable
from lttng_addon_kit.hooks.system_calls import function_arguments
from lttng_addon_kit.kernel.kernel import Kernel, KernelFunction
from lttng_addon_kit.kernel.types import Argument, Array, Function, Struct, Type, strip

# What a probe copies of one argument at most; the kernel's stack is small.
_LARGEST = 128


@dataclass(frozen=True)
class PassedArgument:
    """An argument, and the C that reads it at the function's entry, as a ProbeVariable's `reading`."""

    argument: Argument
    reading: str


def passed_arguments(function: KernelFunction, kernel: Kernel) -> tuple[PassedArgument, ...]:
    """The arguments of a function that a probe at its entry can read."""
    arguments = function_arguments(function.name, named_arguments(function.arguments))
    readings = _Places(kernel).readings([each.type for each in arguments])
    return tuple(
        PassedArgument(argument, reading)
        for argument, reading in zip(arguments, readings, strict=False)
        if _can_be_copied(argument.type, kernel)
    )


def argument_variables(function: KernelFunction, kernel: Kernel) -> Mapping[str, ProbeVariable]:
    """The arguments, as variables of a probe at the function's entry, by name."""
    return as_probe_variables(passed_arguments(function, kernel), kernel)


def as_probe_variables(passed: Sequence[PassedArgument], kernel: Kernel) -> Mapping[str, ProbeVariable]:
    """Arguments as variables of the probe that reads them, by name."""
    named = zip(passed, c_names([each.argument for each in passed], kernel), strict=True)
    return {each.argument.name: ProbeVariable(c_name, each.argument.type, each.reading) for each, c_name in named}


@dataclass
class _Places:
    """The next register and word of the stack that an argument may be in."""

    kernel: Kernel
    register: int = 0
    word: int = 0

    def __post_init__(self) -> None:
        self.word = self.kernel.processor.first_stack_word

    def readings(self, types: list[Type]) -> Iterator[str]:
        """The C that reads each argument, up to one whose place is not known."""
        for type_ in types:
            if isinstance(strip(type_), Function):
                return
            yield self._reading(type_)

    def _reading(self, type_: Type) -> str:
        processor = self.kernel.processor
        words = -(-self.kernel.size_of(type_) // processor.register_size)
        in_registers = words <= processor.largest_in_registers and not _is_packed(type_, self.kernel)
        if in_registers and self.register + words <= processor.register_arguments:
            first, self.register = self.register, self.register + words
            return _joined(type_, [f"regs_get_kernel_argument(regs, {first + each})" for each in range(words)])
        if _alignment(type_, self.kernel) > processor.register_size:
            # The first word of the stack's arguments is aligned as the ABI aligns the stack itself.
            self.word += (self.word - processor.first_stack_word) % 2
        first, self.word = self.word, self.word + words
        if words == 1:
            return _joined(type_, [f"regs_get_kernel_stack_nth(regs, {first})"])
        return f"*({{type}} *)(kernel_stack_pointer(regs) + {first * processor.register_size})"


def _joined(type_: Type, words: list[str]) -> str:
    """The C of a value that is in some words."""
    if len(words) == 1 and not isinstance(strip(type_), Struct):
        return f"({{type}}){words[0]}"
    elements = "".join(f"\t\t{word},\n" for word in words)
    return f"*({{type}} *)(unsigned long[]){{{{\n{elements}\t}}}}"


def _can_be_copied(type_: Type, kernel: Kernel) -> bool:
    """Whether C can declare a variable for the argument, and it is small."""
    if not isinstance(strip(type_), Struct):
        return kernel.size_of(type_) <= kernel.processor.register_size
    try:
        Declarations(kernel).declare(type_, "argument")
    except KitError:
        return False
    return 0 < kernel.size_of(type_) <= _LARGEST


def _is_packed(type_: Type, kernel: Kernel) -> bool:
    """Whether a struct has a member that is not aligned; such a struct is in memory, however small."""
    plain = strip(type_)
    if not isinstance(plain, Struct):
        return False
    members = [each for each in kernel.members(plain) if not each.bit_size]
    return any(
        each.bit_offset % (8 * _alignment(each.type, kernel)) or _is_packed(each.type, kernel) for each in members
    )


def _alignment(type_: Type, kernel: Kernel) -> int:
    """How a type is aligned unless an attribute says otherwise, which BTF does not have."""
    plain = strip(type_)
    if isinstance(plain, Array):
        return _alignment(plain.element, kernel)
    if isinstance(plain, Struct):
        return max((_alignment(each.type, kernel) for each in kernel.members(plain)), default=1)
    return max(1, kernel.size_of(type_))
