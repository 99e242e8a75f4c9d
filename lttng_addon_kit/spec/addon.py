"""addon.toml as plain, validated data. What the words mean is in docs/addon.toml.md.

Expressions are kept as text here: what they mean depends on a kernel, and is decided by `expression/`.
"""

from __future__ import annotations

import re
import shlex
from typing import Annotated, Any, Literal, Self

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from lttng_addon_kit.spec.base import Expression, Identifier, Line, Table, c_identifier
from lttng_addon_kit.spec.boundary import Aggregate, Command, Interfaces, Procfs, Share, Struct

# MODULE_NAME_LEN is 64 - sizeof(unsigned long) (include/linux/moduleparam.h); the prefix takes 12.
ADDON_NAME_LENGTH = 40
# LTTNG_KERNEL_ABI_SYM_NAME_LEN is 256 (lttng-modules, include/lttng/abi.h); the kernel's own symbols are shorter.
EVENT_NAME_LENGTH = 100
TEXT_PARAMETER_LENGTH = 63


def _addon_name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", text) or len(text) > ADDON_NAME_LENGTH:
        raise ValueError(
            f"{text!r} is not an addon name: lower-case letters, digits and single dashes, "
            f"a letter first, at most {ADDON_NAME_LENGTH} characters"
        )
    return text


def _event_name(text: str) -> str:
    c_identifier(text)
    if len(text) > EVENT_NAME_LENGTH:
        raise ValueError(f"an event's name has at most {EVENT_NAME_LENGTH} characters, this one {len(text)}")
    if not re.fullmatch(r"[A-Za-z0-9]\w*_[A-Za-z0-9]\w*", text):
        raise ValueError(
            f"{text!r}: LTTng wants an event's name to be its provider's name, '_' and at least one letter, "
            "as in 'sched_wakeup'"
        )
    return text


def _source_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.c", text):
        raise ValueError(f"{text!r} is not the name of a C file beside addon.toml, as in 'sensors.c'")
    return text


def _parameter_name(text: str) -> str:
    if text in ("hits", "collect"):
        raise ValueError(f"{text!r} is a parameter that the kit gives modules; choose another name")
    return c_identifier(text)


AddonName = Annotated[str, AfterValidator(_addon_name)]
EventName = Annotated[str, AfterValidator(_event_name)]
ParameterName = Annotated[str, AfterValidator(_parameter_name)]


class AddonTable(Table):
    """`[addon]`: who the module is."""

    name: AddonName
    description: Line = ""
    # What MODULE_LICENSE takes (include/linux/module.h) and LTTng's GPL-only symbols allow.
    license: Literal["GPL", "GPL v2", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"] = "GPL"


class ModuleTable(Table):
    """`[module]`: the user's own C files, beside addon.toml, built into the module.

    `init` and `exit` are functions of theirs, called when the module is loaded and unloaded.
    """

    sources: list[Annotated[str, AfterValidator(_source_name)]] = []
    init: Identifier | None = None
    exit: Identifier | None = None

    @model_validator(mode="after")
    def _init_and_exit(self) -> Self:
        if (self.init is None) != (self.exit is None):
            raise ValueError("'init' and 'exit' go together: what one begins, the other ends")
        return self


class Parameter(Table):
    """A module parameter: text, a 64-bit signed integer or a boolean, by the type of its default."""

    default: bool | int | str
    description: Line = ""
    length: Annotated[int, Field(ge=1, le=1023)] = TEXT_PARAMETER_LENGTH

    @property
    def kind(self) -> Literal["text", "integer", "boolean"]:
        if isinstance(self.default, bool):
            return "boolean"
        return "integer" if isinstance(self.default, int) else "text"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        text = parameter_text(self.default)
        if self.kind == "text":
            check_text_value(text, self.length)
        elif not -(2**63) <= int(self.default) < 2**63:
            raise ValueError(f"{text} does not fit a 64-bit signed integer")
        return self


def check_text_value(text: str, length: int) -> None:
    """Refuse what a text parameter can't hold.

    Raises:
        ValueError: longer than `length` bytes, or not on one printable line.
    """
    if len(text.encode()) > length:
        raise ValueError(f"{text!r} is {len(text.encode())} bytes long, the parameter takes {length}")
    if not text.isprintable():
        raise ValueError(f"{text!r} is not one line of printable text")


def parameter_text(value: bool | int | str) -> str:
    """A parameter's value as modprobe and /sys/module/*/parameters take it."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _table_of(key: str) -> BeforeValidator:
    """Lets a bare value stand for a table with that value under `key`."""
    return BeforeValidator(lambda value: value if isinstance(value, dict | BaseModel) else {key: value})


class EventField(Table):
    """One field of an event: an expression, and how to show it."""

    value: Expression
    base: Literal[2, 8, 10, 16] | None = None


class When(Table):
    """What differs on some kernels: a version range, and the keys that it replaces."""

    kernel: Line
    hook: Line | None = None
    filter: Expression | None = None
    fields: dict[Identifier, Annotated[EventField, _table_of("value")]] = {}

    @model_validator(mode="after")
    def _range(self) -> Self:
        try:
            SpecifierSet(self.kernel)
        except InvalidSpecifier:
            raise ValueError(
                f"{self.kernel!r} is not a range of kernel versions, as in '>= 6.12' or '>= 6.1, < 6.8'"
            ) from None
        return self

    def covers(self, version: tuple[int, int, int]) -> bool:
        """Whether a kernel of this version is in the range."""
        return SpecifierSet(self.kernel).contains(".".join(map(str, version)))


class Event(Table):
    """`[[event]]`: where to look, when to record, what to record."""

    name: EventName
    hook: Annotated[str, StringConstraints(pattern=r"^(tracepoint|kprobe|kretprobe|call):[A-Za-z_][A-Za-z0-9_.]*$")]
    # Of a `call:` hook: the arguments that the addon's own C gives, with their C types.
    arguments: dict[Identifier, Line] = {}
    filter: Expression | None = None
    reads: Literal["direct", "nofault"] = "direct"
    fields: dict[Identifier, Annotated[EventField, _table_of("value")]] = {}
    when: list[When] = []

    @model_validator(mode="after")
    def _arguments_of_a_call(self) -> Self:
        if self.arguments and self.hook_kind != "call":
            raise ValueError("the kernel says what a hook's arguments are; [event.arguments] is for 'call:'")
        return self

    @property
    def hook_kind(self) -> str:
        return self.hook.partition(":")[0]

    @property
    def hook_name(self) -> str:
        return self.hook.partition(":")[2]

    def on(self, version: tuple[int, int, int]) -> Event:
        """This event as it is on a kernel of that version: its `when` tables applied, in their order."""
        changed: dict[str, Any] = {"fields": dict(self.fields), "when": []}
        for range_ in self.when:
            if not range_.covers(version):
                continue
            changed["fields"] |= range_.fields
            changed |= {key: value for key in ("hook", "filter") if (value := getattr(range_, key)) is not None}
        return self.model_copy(update=changed)


class Workload(Table):
    """`[workload]`: the command that `run` uses when none is given; a list of words, or text split as a shell would.

    It runs in a folder of its own on the machine, with copies of `files` in it.
    """

    command: str | list[str]
    files: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")]] = []

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(shlex.split(self.command) if isinstance(self.command, str) else self.command)

    @model_validator(mode="after")
    def _a_command(self) -> Self:
        try:
            words = self.words
        except ValueError as problem:
            raise ValueError(f"not a command: {problem}") from None
        if not words:
            raise ValueError("an empty command")
        return self


class Addon(Table):
    """A whole addon.toml."""

    addon: AddonTable
    module: ModuleTable = ModuleTable()
    parameters: dict[ParameterName, Annotated[Parameter, _table_of("default")]] = {}
    events: Annotated[list[Event], Field(alias="event")] = []
    aggregates: Annotated[list[Aggregate], Field(alias="aggregate")] = []
    share: Share | None = None
    interfaces: Interfaces = Interfaces()
    procfs: list[Procfs] = []
    structs: Annotated[list[Struct], Field(alias="struct")] = []
    commands: Annotated[list[Command], Field(alias="command")] = []
    workload: Workload | None = None

    @property
    def name(self) -> str:
        return self.addon.name

    @property
    def c_name(self) -> str:
        """The name as part of C names."""
        return self.name.replace("-", "_")

    def on(self, version: tuple[int, int, int]) -> Addon:
        """This addon as it is on a kernel of that version; see `Event.on`."""
        return self.model_copy(update={"events": [event.on(version) for event in self.events]})

    @property
    def has_interfaces(self) -> bool:
        """Whether it has a side in user space, beside its events."""
        return bool(self.aggregates or self.share or self.procfs or self.commands)

    @property
    def collects(self) -> bool:
        """Whether it has a parameter `collect`: aggregates or records."""
        return bool(self.aggregates or self.share)

    @property
    def module_name(self) -> str:
        """The module's name as in `modprobe` and the .ko's file name."""
        return f"lttng-addon-{self.name}"

    @property
    def kernel_module_name(self) -> str:
        """The module's name as in /sys/module and /proc/modules."""
        return self.module_name.replace("-", "_")
