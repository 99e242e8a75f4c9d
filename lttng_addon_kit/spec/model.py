"""addon.toml as plain, validated data. What the words mean is in docs/addon.toml.md.

Expressions are kept as text here: what they mean depends on a kernel, and is decided by `expression/`.
"""

from __future__ import annotations

import re
import shlex
from typing import Annotated, Any, Literal, Self

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

# MODULE_NAME_LEN is 64 - sizeof(unsigned long) (include/linux/moduleparam.h); the prefix takes 12.
ADDON_NAME_LENGTH = 40
# LTTNG_KERNEL_ABI_SYM_NAME_LEN is 256 (lttng-modules, include/lttng/abi.h); the kernel's own symbols are shorter.
EVENT_NAME_LENGTH = 100
TEXT_PARAMETER_LENGTH = 63

_C_KEYWORDS = frozenset(
    [
        "auto",
        "break",
        "case",
        "char",
        "const",
        "continue",
        "default",
        "do",
        "double",
        "else",
        "enum",
        "extern",
        "float",
        "for",
        "goto",
        "if",
        "inline",
        "int",
        "long",
        "register",
        "restrict",
        "return",
        "short",
        "signed",
        "sizeof",
        "static",
        "struct",
        "switch",
        "typedef",
        "union",
        "unsigned",
        "void",
        "volatile",
        "while",
        "asm",
        "typeof",
        "bool",
        "true",
        "false",
    ]
)
# Macros of the kernel and of gcc that an identifier of ours would expand to.
_MACROS = frozenset(["current", "linux", "unix", "i386", "NULL", "errno", "event"])


def c_identifier(text: str) -> str:
    """`text`, if the kernel's C takes it as a name of ours.

    Raises:
        ValueError: it is no identifier, or a reserved one.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise ValueError(f"{text!r} is not a C identifier (letters, digits and _, no digit first)")
    if text in _C_KEYWORDS or text in _MACROS or text.startswith("__"):
        raise ValueError(f"{text!r} is reserved in the kernel's C; choose another name")
    return text


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


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


def _source_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.c", text):
        raise ValueError(f"{text!r} is not the name of a C file beside addon.toml, as in 'sensors.c'")
    return text


def _parameter_name(text: str) -> str:
    if text == "hits":
        raise ValueError("'hits' is a parameter that every addon's module has; choose another name")
    return c_identifier(text)


AddonName = Annotated[str, AfterValidator(_addon_name)]
Identifier = Annotated[str, AfterValidator(c_identifier)]
EventName = Annotated[str, AfterValidator(_event_name)]
ParameterName = Annotated[str, AfterValidator(_parameter_name)]
Line = Annotated[str, AfterValidator(_printable)]
Expression = Annotated[str, StringConstraints(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AddonTable(_Table):
    """`[addon]`: who the module is."""

    name: AddonName
    description: Line = ""
    # What MODULE_LICENSE takes (include/linux/module.h) and LTTng's GPL-only symbols allow.
    license: Literal["GPL", "GPL v2", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"] = "GPL"


class ModuleTable(_Table):
    """`[module]`: the user's own C files, beside addon.toml, built into the module."""

    sources: list[Annotated[str, AfterValidator(_source_name)]] = []


class Parameter(_Table):
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


class EventField(_Table):
    """One field of an event: an expression, and how to show it."""

    value: Expression
    base: Literal[2, 8, 10, 16] | None = None


class When(_Table):
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


class Event(_Table):
    """`[[event]]`: where to look, when to record, what to record."""

    name: EventName
    hook: Annotated[str, StringConstraints(pattern=r"^(tracepoint|kprobe|kretprobe):[A-Za-z_][A-Za-z0-9_.]*$")]
    filter: Expression | None = None
    reads: Literal["direct", "nofault"] = "direct"
    fields: dict[Identifier, Annotated[EventField, _table_of("value")]] = {}
    when: list[When] = []

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


class Workload(_Table):
    """`[workload]`: the command that `run` uses when none is given; a list of words, or text split as a shell would."""

    command: str | list[str]

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


class Addon(_Table):
    """A whole addon.toml."""

    addon: AddonTable
    module: ModuleTable = ModuleTable()
    parameters: dict[ParameterName, Annotated[Parameter, _table_of("default")]] = {}
    events: Annotated[list[Event], Field(alias="event")] = []
    workload: Workload | None = None

    @property
    def name(self) -> str:
        return self.addon.name

    @property
    def module_name(self) -> str:
        """The module's name as in `modprobe` and the .ko's file name."""
        return f"lttng-addon-{self.name}"

    @property
    def kernel_module_name(self) -> str:
        """The module's name as in /sys/module and /proc/modules."""
        return self.module_name.replace("-", "_")
