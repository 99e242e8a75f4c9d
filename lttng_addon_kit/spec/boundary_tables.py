# SPDX-License-Identifier: GPL-2.0-only
"""The tables of addon.toml that are about user space alone: commands, their structs, /proc files."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.spec_table import Expression, SpecTable

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


AbiTypeName = Annotated[str, AfterValidator(_abi_type)]


class InterfacesTable(SpecTable):
    """`[interfaces]`: which interfaces to user space are left out."""

    procfs: bool = True
    """Whether an addon that collects has the file /proc/lttng-addons/NAME."""


class ProcfsTable(SpecTable):
    """`[[procfs]]`: a file of the addon's own, of values or written by a function."""

    name: Annotated[str, AfterValidator(_file_name)]
    """The FILE in /proc/lttng-addons/NAME.FILE."""
    show: Identifier | None = None
    """In place of values: a function `void SHOW(struct seq_file *file)` in your own C."""
    values: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_ .-]*$")], Expression] = {}
    """Lines of the file: a label and an expression each."""

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.show is None) == (not self.values):
            raise ValueError("needs either [procfs.values] or 'show', a function of your own")
        return self


class StructTable(SpecTable):
    """`[[struct]]`: an argument of commands with several members."""

    name: Identifier
    """A C identifier; arguments name the struct as `struct NAME`."""
    members: dict[Identifier, AbiTypeName]
    """The members in their order: a name and a type each, as `u32` or `char[16]`."""

    @model_validator(mode="after")
    def _some_members(self) -> Self:
        if self.name == "record":
            raise ValueError("'record' is what a record of [share] is called in C; choose another name")
        if not self.members:
            raise ValueError("a struct has at least one member")
        return self


class CommandTable(SpecTable):
    """`[[command]]`: an ioctl of the addon's device."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
    """In capitals; the generated ADDON_abi.h defines ADDON_NAME."""
    number: Annotated[int, Field(ge=0, le=FIRST_BUILT_IN_COMMAND - 1)]
    """The command's number; adding other commands never changes it."""
    direction: Literal["none", "read", "write", "both"]
    """As user space sees it; `none` has no argument."""
    argument: AbiTypeName | None = None
    """The argument's type: `u8` to `u64`, `s8` to `s64`, `bool`, `char[N]`, an array of these, or `struct NAME`."""
    value: Expression | None = None
    """What a `read` command gives: an expression that is a number."""
    function: Identifier | None = None
    """In place of a value: a function `int FUNCTION(TYPE *argument)` in your own C."""

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
