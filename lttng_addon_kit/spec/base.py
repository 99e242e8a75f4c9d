"""What all parts of addon.toml have in common: tables that take no unknown key, and names that C takes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

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


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


Identifier = Annotated[str, AfterValidator(c_identifier)]
Line = Annotated[str, AfterValidator(_printable)]
Expression = Annotated[str, StringConstraints(min_length=1)]
Hook = Annotated[str, StringConstraints(pattern=r"^(tracepoint|kprobe|kretprobe):[A-Za-z_][A-Za-z0-9_.]*$")]


class Table(BaseModel):
    """A table of addon.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
