"""A hook of a spec -> what this kernel has there: arguments with their types, or why it can't be hooked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.declarations import Declarations
from lttng_addon_kit.expression.typing.annotate import read
from lttng_addon_kit.expression.typing.scope import HookVariable, Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument, Function, Integer, Struct, Type, Typedef, Void, strip
from lttng_addon_kit.spec.addon import Event
from lttng_addon_kit.spec.base import c_identifier

# regs_get_kernel_argument() (arch/x86/include/asm/ptrace.h): the first six are in registers.
_REGISTER_ARGUMENTS = 6
_REGISTER_SIZE = 8

_U64 = Typedef("u64", Integer("unsigned long long", 8, signed=False))


@dataclass(frozen=True)
class Hook:
    """One place in one kernel.

    Attributes:
        kind: tracepoint, kprobe, kretprobe, or call: a function that the addon's own C calls.
        name: the tracepoint's or function's.
        module: the kernel module that has it, to be loaded first; None for the kernel itself.
        arguments: what the tracepoint gives, or the function is called with; each with a name that C takes.
        returns: what the function returns, for a kretprobe that returns something.
    """

    kind: str
    name: str
    module: str | None
    arguments: tuple[Argument, ...]
    returns: Type | None = None

    @property
    def variables(self) -> Mapping[str, HookVariable]:
        """What expressions may speak of, by the name that a user writes."""
        variables = {each.name: HookVariable(each.name, each.type) for each in self.arguments}
        if self.kind == "kretprobe":
            taken = set(variables)
            if self.returns is not None:
                variables["$ret"] = HookVariable(_free("ret", taken), self.returns)
            variables["$duration_ns"] = HookVariable(_free("duration_ns", taken), _U64)
        return variables


def find_hook(event: Event, kernel: Kernel) -> Hook:
    """What the kernel has at an event's hook.

    Raises:
        KitError: it is not there or can't be hooked; with the reason and the nearest names.
    """
    if event.hook_kind == "tracepoint":
        tracepoint = kernel.tracepoint(event.hook_name)
        arguments = _named(tracepoint.arguments)
        _refuse_undeclarable(event.hook_name, arguments, kernel)
        return Hook("tracepoint", tracepoint.name, tracepoint.module, arguments)
    if event.hook_kind == "call":
        return Hook("call", event.hook_name, None, tuple(_called_with(event, kernel)))
    function = kernel.function(event.hook_name)
    refusal = kernel.kprobe_refusal(event.hook_name)
    if refusal:
        raise KitError(
            f"function {event.hook_name!r} of Linux {kernel.release} {refusal}",
            hint="probe a function that calls it, or one that it calls",
        )
    returns = None
    if event.hook_kind == "kretprobe" and not isinstance(strip(function.returns), Void):
        returns = function.returns
    return Hook(
        event.hook_kind, function.name, function.module, _in_registers(_named(function.arguments), kernel), returns
    )


def _refuse_undeclarable(tracepoint: str, arguments: tuple[Argument, ...], kernel: Kernel) -> None:
    """The probe's prototype has all arguments, also those that no expression uses."""
    for argument in arguments:
        try:
            Declarations(kernel).declare(argument.type, argument.name)
        except KitError as error:
            raise KitError(
                f"tracepoint {tracepoint!r} gives {argument.name!r} by value, but C can't declare it: {error.message}"
            ) from None


def _called_with(event: Event, kernel: Kernel) -> Iterator[Argument]:
    """The arguments with which the addon's own C calls a function of ours, as [event.arguments] has them."""
    for name, c_type in event.arguments.items():
        yield Argument(name, read(f"({c_type})0", Scope(kernel, {})).type)


def _named(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments, each with a name of its own; where BTF has none that C takes, `arg1`, `arg2`..."""
    names: list[str] = []
    for index, argument in enumerate(arguments, start=1):
        name = argument.name
        try:
            c_identifier(name)
        except ValueError:
            name = f"arg{index}"
        names.append(_free(name, names))
    return tuple(Argument(name, argument.type) for name, argument in zip(names, arguments, strict=True))


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _in_registers(arguments: tuple[Argument, ...], kernel: Kernel) -> tuple[Argument, ...]:
    """The arguments that are read from registers: a struct passed by value ends what is certain."""
    certain = []
    for argument in arguments[:_REGISTER_ARGUMENTS]:
        bare = strip(argument.type)
        if isinstance(bare, Struct | Function) or kernel.size_of(argument.type) > _REGISTER_SIZE:
            break
        certain.append(argument)
    return tuple(certain)
