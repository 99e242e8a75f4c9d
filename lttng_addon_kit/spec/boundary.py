"""The parts of addon.toml that are about user space: aggregates, records, commands, /proc files."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from lttng_addon_kit.spec.base import Expression, Hook, Identifier, Table

# LTTNG_ADDONS_IOCTL's numbers from 0x80 on are the built-in commands (lttng-addons-abi.h).
FIRST_BUILT_IN_COMMAND = 0x80
# A command's argument is copied on its way; _IOC_SIZE would take 16383 (include/uapi/asm-generic/ioctl.h).
LARGEST_ARGUMENT = 4096

_TYPE = re.compile(r"(?P<name>[us](8|16|32|64)|bool|char|struct [A-Za-z_]\w*)(\[(?P<length>[1-9]\d{0,3})\])?")


def _abi_type(text: str) -> str:
    found = _TYPE.fullmatch(text)
    if not found or (found["name"] == "char" and not found["length"]):
        raise ValueError(
            f"{text!r} is not a type of the boundary: u8, u16, u32, u64, s8, s16, s32, s64, bool, char[N], "
            "an array of these as u32[N], or 'struct NAME' of a [[struct]] here"
        )
    return text


def _file_name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,30}", text):
        raise ValueError(f"{text!r} is not a name for a file in /proc: lower-case letters, digits, '-' and '_'")
    return text


def _power_of_2(number: int) -> int:
    if number & (number - 1):
        raise ValueError(f"{number} is not a power of 2")
    return number


AbiType = Annotated[str, AfterValidator(_abi_type)]


class Linear(Table):
    """A histogram's equal buckets: [from, from + step) and so on, up to `to`."""

    start: Annotated[int, Field(alias="from", ge=-(2**62), le=2**62)]
    to: Annotated[int, Field(ge=-(2**62), le=2**62)]
    step: Annotated[int, Field(ge=1, le=2**62)]

    @model_validator(mode="after")
    def _some_buckets(self) -> Self:
        if self.to <= self.start:
            raise ValueError(f"'to' ({self.to}) must be above 'from' ({self.start})")
        if not 1 <= self.inner <= 1000:
            raise ValueError(f"{self.inner} buckets: at most 1000; take a larger step")
        return self

    @property
    def inner(self) -> int:
        """How many buckets there are between `from` and `to`."""
        return -((self.start - self.to) // self.step)


class Source(Table):
    """Where values come from: an event's hook with its filter, or a hook and a filter of their own."""

    event: str | None = None
    hook: Hook | None = None
    filter: Expression | None = None
    reads: Literal["direct", "nofault"] | None = None

    @model_validator(mode="after")
    def _event_or_hook(self) -> Self:
        if self.hook is not None and self.event is not None:
            raise ValueError("has an 'event' and a 'hook'; one of them says where the values come from")
        if self.hook is None and (self.filter is not None or self.reads is not None):
            raise ValueError("'filter' and 'reads' go with a 'hook' of its own; an event has its own")
        return self


class Aggregate(Source):
    """`[[aggregate]]`: values added up in the kernel."""

    name: Identifier
    kind: Literal["count", "sum", "min", "max", "mean", "histogram"]
    value: Expression | None = None
    by: Expression | None = None
    keys: Annotated[int, Field(ge=1, le=4096)] = 64
    at: Literal["passed", "seen"] = "passed"
    linear: Linear | None = None

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        if self.kind == "count" and self.value is not None:
            raise ValueError("a count has no 'value'; what it is counted by is 'by'")
        if self.kind != "count" and self.value is None:
            raise ValueError(f"a {self.kind} needs a 'value'")
        if self.kind != "histogram" and self.linear is not None:
            raise ValueError(f"a {self.kind} has no 'linear' buckets; a histogram may")
        return self


class Share(Source):
    """`[share]`: a ring of records for each CPU, in memory that user space maps."""

    records: Annotated[int, Field(ge=2, le=2**20), AfterValidator(_power_of_2)] = 1024
    fields: dict[Identifier, Expression]

    @model_validator(mode="after")
    def _some_fields(self) -> Self:
        if not self.fields:
            raise ValueError("a record has at least one field")
        return self


class Interfaces(Table):
    """`[interfaces]`: what is left out."""

    procfs: bool = True


class Procfs(Table):
    """`[[procfs]]`: a file of the addon's own, of values or written by a function."""

    name: Annotated[str, AfterValidator(_file_name)]
    show: Identifier | None = None
    values: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_ .-]*$")], Expression] = {}

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.show is None) == (not self.values):
            raise ValueError("needs either [procfs.values] or 'show', a function of your own")
        return self


class Struct(Table):
    """`[[struct]]`: an argument of commands with several members."""

    name: Identifier
    members: dict[Identifier, AbiType]

    @model_validator(mode="after")
    def _some_members(self) -> Self:
        if self.name == "record":
            raise ValueError("'record' is what a record of [share] is called in C; choose another name")
        if not self.members:
            raise ValueError("a struct has at least one member")
        return self


class Command(Table):
    """`[[command]]`: an ioctl of the addon's device."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
    number: Annotated[int, Field(ge=0, lt=FIRST_BUILT_IN_COMMAND)]
    direction: Literal["none", "read", "write", "both"]
    argument: AbiType | None = None
    value: Expression | None = None
    function: Identifier | None = None

    @model_validator(mode="after")
    def _served(self) -> Self:
        if (self.argument is None) != (self.direction == "none"):
            raise ValueError(f"direction {self.direction!r} and {'no' if self.argument is None else 'an'} 'argument'")
        if (self.value is None) == (self.function is None):
            raise ValueError("needs either a 'value' that it gives or a 'function' of your own that serves it")
        if self.value is not None and (
            self.direction != "read" or not re.fullmatch(r"[us]\d+|bool", self.argument or "")
        ):
            raise ValueError("a 'value' serves a command of direction 'read' with a number; else write a 'function'")
        return self
