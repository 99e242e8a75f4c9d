# SPDX-License-Identifier: GPL-2.0-only
"""The types that cross the boundary, and structs of them: the one source of NAME_abi.h and of the description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.fields.abi_type import SCALARS, AbiType


@dataclass(frozen=True)
class AbiMember:
    """A member at its place in a struct; `offset` in bytes."""

    name: str
    type: AbiType
    offset: int


@dataclass(frozen=True)
class AbiStruct:
    """A struct without a hole: padding is spelled out. `lines` are its C members."""

    name: str
    c_name: str
    members: tuple[AbiMember, ...]
    lines: tuple[str, ...]
    size: int
    alignment: int


def lay_out(name: str, c_name: str, members: Iterable[tuple[str, AbiType]]) -> AbiStruct:
    """Place members one after the other, each at a multiple of its alignment."""
    placed: list[AbiMember] = []
    lines: list[str] = []
    end, alignment = 0, 1
    for member, type_ in members:
        end = _padded(end, type_.alignment, lines)
        placed.append(AbiMember(member, type_, end))
        lines.append(type_.declare(member))
        end += type_.size
        alignment = max(alignment, type_.alignment)
    end = _padded(end, alignment, lines)
    return AbiStruct(name, c_name, tuple(placed), tuple(lines), end, alignment)


def _padded(end: int, alignment: int, lines: list[str]) -> int:
    missing = -end % alignment
    if missing:
        lines.append(f"__u8 padding{end}[{missing}]")
    return end + missing


def named_type(name: str, structs: Mapping[str, AbiStruct]) -> AbiType:
    """The type of a text in addon.toml, as "s64" or "struct alarm".

    Raises:
        KitError: it names a struct that is not declared before.
    """
    found = re.fullmatch(r"(?:struct (\w+)|(\w+))(?:\[(\d+)\])?", name)
    assert found is not None
    length = int(found[3]) if found[3] else None
    if found[1]:
        if found[1] not in structs:
            raise KitError(f"no [[struct]] above is named {found[1]!r}")
        struct = structs[found[1]]
        c_type, size, alignment = f"struct {struct.c_name}", struct.size, struct.alignment
    else:
        c_type, size = SCALARS[found[2]]
        alignment = size
    return AbiType(name, c_type, size * (length or 1), alignment, length)
