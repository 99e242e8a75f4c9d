# SPDX-License-Identifier: GPL-2.0-only
"""`[parameters]`: a module's parameters."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from lttng_addon_kit.spec.c_names import c_identifier
from lttng_addon_kit.spec.spec_table import Line, SpecTable

TEXT_PARAMETER_LENGTH = 63
# Of an integer that is refused; Python writes none of over 4,300 digits.
_SHOWN_BITS = 128


def _parameter_name(text: str) -> str:
    if text in ("collect", "faults", "workload_cgroup") or text.startswith(("hits_", "span_")):
        raise ValueError(f"{text!r} is a parameter that the kit gives modules; choose another name")
    return c_identifier(text)


ParameterName = Annotated[str, AfterValidator(_parameter_name)]


class ParameterTable(SpecTable):
    """A module parameter: text, a 64-bit signed integer or a boolean, by the type of its default."""

    default: bool | int | str
    """The value when none is given; a bare value in place of the table is short for it."""
    description: Line = ""
    """One line, which `modinfo` shows."""
    length: Annotated[int, Field(ge=1, le=1023)] = TEXT_PARAMETER_LENGTH
    """Of a text: the largest number of bytes."""
    mapped: bool = False
    """Of a number or a boolean: programs may map it, and change it without a system call."""

    @property
    def kind(self) -> Literal["text", "integer", "boolean"]:
        if isinstance(self.default, bool):
            return "boolean"
        return "integer" if isinstance(self.default, int) else "text"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind == "text":
            check_text_value(str(self.default), self.length)
            if self.mapped:
                raise ValueError(
                    "a text can't be mapped: it is no single word, so that a probe could read a part of each of two"
                )
        else:
            check_integer_value(int(self.default))
        return self


def check_integer_value(value: int) -> None:
    """Refuse what an integer parameter can't hold.

    Raises:
        ValueError: not a signed integer of 64 bits.
    """
    if not -(2**63) <= value < 2**63:
        shown = str(value) if value.bit_length() <= _SHOWN_BITS else "an integer of many digits"
        raise ValueError(f"{shown} does not fit a 64-bit signed integer")


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
