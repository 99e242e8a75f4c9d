"""The types that cross the boundary, and structs of them: the one source of NAME_abi.h and of the description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.fields.abi_type import SCALARS, AbiType
from lttng_addon_kit.expression.fields.field_kinds import (
    AddressField,
    ArrayField,
    BooleanField,
    EnumField,
    FieldKind,
    IntegerField,
    PointerField,
    SequenceField,
    TextField,
)

_ADDRESS_SIZES = {"ip6": 16, "mac": 6}


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


def field_type(kind: FieldKind) -> AbiType:
    """The type in which a record has an expression's value.

    Raises:
        KitError: it has no fixed size.
    """
    match kind:
        case IntegerField():
            return _scalar(_integer_name(kind))
        case BooleanField():
            return _scalar("bool")
        case PointerField():
            return _scalar("pointer")
        case EnumField():
            scalar = _scalar(_integer_name(IntegerField(kind.size, kind.signed)))
            return AbiType(
                scalar.name, scalar.c_type, scalar.size, scalar.alignment, labels={v: k for k, v in kind.values}
            )
        case TextField():
            return AbiType(f"char[{kind.limit}]", "char", kind.limit, 1, kind.limit)
        case ArrayField():
            element = _scalar(_integer_name(kind.element))
            return AbiType(
                f"{element.name}[{kind.length}]",
                element.c_type,
                element.size * kind.length,
                element.alignment,
                kind.length,
            )
        case AddressField(rendering="ip4"):
            return _scalar("ip4")
        case AddressField():
            size = _ADDRESS_SIZES[kind.rendering]
            return AbiType(kind.rendering, "__u8", size, 1, size)
        case SequenceField():
            raise KitError("a record has a fixed size, and bytes() has none; index or cast an array")
    raise AssertionError(kind)


def _integer_name(kind: IntegerField) -> str:
    if kind.network and kind.size > 1:
        return f"be{8 * kind.size}"
    return f"{'s' if kind.signed else 'u'}{8 * kind.size}"


def _scalar(name: str) -> AbiType:
    c_type, size = SCALARS[name]
    return AbiType(name, c_type, size, size)
