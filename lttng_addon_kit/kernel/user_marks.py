# SPDX-License-Identifier: GPL-2.0-only
"""What a kernel's headers mark as a pointer to user space (`__user`): gcc leaves this out of a kernel's types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lttng_addon_kit.kernel.types import USER_SPACE, Pointer, Type, strip, tagged

# A function and an argument's number, counted from "0", or a struct and a member: ("vfs_read", "1").
UserMark = tuple[str, str]

_PROTOTYPE = re.compile(r"\b(\w+)\s*\(([^(){};]*\b__user\b[^(){};]*)\)\s*(?:__\w+\s*)*;")
_MEMBER = re.compile(r"\b__user\b[\w\s]*\*[\s\w*]*?\b(\w+)\s*(?:\[[^\]]*\]\s*)?;")


def marked_arguments(code: str) -> Iterator[UserMark]:
    """The arguments of functions that a header declares."""
    for function, arguments in _PROTOTYPE.findall(code):
        for number, argument in enumerate(arguments.split(",")):
            if "__user" in argument:
                yield function, str(number)


def marked_members(struct: str, braced: str) -> Iterator[UserMark]:
    """The members of a struct, from the text between its braces."""
    for member in _MEMBER.findall(braced):
        yield struct, member


def as_user_pointer(type_: Type) -> Type:
    """A pointer's type as one to user space; another type stays what it is."""
    plain = strip(type_)
    return Pointer(tagged(plain.target, USER_SPACE)) if isinstance(plain, Pointer) else type_
