# SPDX-License-Identifier: GPL-2.0-only
"""`[[table]]`: keys with values that user space writes, and expressions read."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.spec_table import SpecTable

# LTTNG_ADDONS_TEXT_KEY_SIZE of runtime/lttng-addons-abi.h.
LONGEST_TEXT_KEY = 64

_NUMBER = re.compile(r"[us](8|16|32|64)")


def _key_type(text: str) -> str:
    characters = re.fullmatch(r"char\[([1-9]\d{0,3})\]", text)
    if characters and int(characters[1]) > LONGEST_TEXT_KEY:
        raise ValueError(f"a text as a key has at most {LONGEST_TEXT_KEY} bytes, not {characters[1]}")
    if not characters and not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a key's type: u8, u16, u32, u64, s8, s16, s32, s64, or char[N] for a text")
    return text


def _value_type(text: str) -> str:
    if not _NUMBER.fullmatch(text) and text != "bool":
        raise ValueError(f"{text!r} is not a value's type: u8, u16, u32, u64, s8, s16, s32, s64, bool")
    return text


class LookupTable(SpecTable):
    """`[[table]]`: keys with values; user space writes them, expressions read `NAME[key]` and `key in NAME`."""

    name: Identifier
    """A C identifier, by which expressions and programs name the table."""
    key: Annotated[str, AfterValidator(_key_type)]
    """The key's type: `u8` to `u64`, `s8` to `s64`, or `char[N]` for a text of at most N bytes (at most 64)."""
    value: Annotated[str, AfterValidator(_value_type)] = "u64"
    """The value's type: `u8` to `u64`, `s8` to `s64`, `bool`."""
    entries: Annotated[int, Field(ge=1, le=65536)] = 1024
    """How many keys there can be; the memory is taken when the module is loaded."""
