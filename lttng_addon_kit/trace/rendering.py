# SPDX-License-Identifier: GPL-2.0-only
"""Values as a person writes them: enumeration labels, addresses, arrays."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lttng_addon_kit.trace.column import Field
from lttng_addon_kit.trace.kept_text import digest, with_digest

_ADDRESS = re.compile(r"addr|(^|[._])(ip|ipv?[46]|v[46]|[sd]ip)($|[._\d])")
_HARDWARE_ADDRESS = re.compile(r"mac|addr|ether|hw")

# Of longer arrays only so many elements are kept; a digest tells them apart.
_KEPT_ELEMENTS = 64


@dataclass(frozen=True)
class LongArray:
    """An array of more elements than are kept: the first ones, and a digest of them all."""

    first: tuple[Any, ...]
    digest: str


def kept_array(elements: tuple[Any, ...]) -> tuple[Any, ...] | LongArray:
    """The elements themselves, or what stands for many."""
    if len(elements) <= _KEPT_ELEMENTS:
        return elements
    return LongArray(elements[:_KEPT_ELEMENTS], digest(elements))


def enum_label(labels: tuple[tuple[str, int, int], ...]) -> Callable[[int], str]:
    """What names an enumeration's value: its labels, several joined by |; the number where there is none."""
    flags = flag_names(labels)

    def label(value: int) -> str:
        return (
            "|".join(name for name, low, high in labels if low <= value <= high) or "|".join(flags(value)) or str(value)
        )

    return label


def flag_names(labels: tuple[tuple[str, int, int], ...]) -> Callable[[int], list[str]]:
    """What names the bits of a value that has no label of its own, where the labels are flags; else nothing does.

    Flags are single bits. A few numbers from 0 on are counted, although 0, 1 and 2 are such. Of bits that have no
    label the number is given.
    """
    bits = {low: name for name, low, high in labels if low == high and low >= 0 and low.bit_count() <= 1}
    if len(bits) < len(labels) or sorted(bits) == list(range(len(bits))):
        return lambda value: []

    def names(value: int) -> list[str]:
        found = [bit for bit in sorted(bits) if value & bit] if value > 0 else []
        rest = value & ~sum(found)
        return [bits[bit] for bit in found] + ([f"{rest:#x}"] if found and rest else [])

    return names


def array_text(field: Field) -> Callable[[tuple[Any, ...] | LongArray], str]:
    """What writes this field's arrays: as addresses, or as a list; of long ones the beginning."""
    label = enum_label(field.labels) if field.labels else None

    def text(values: tuple[Any, ...] | LongArray) -> str:
        if isinstance(values, LongArray):
            return with_digest(text(values.first)[:-1] + ", …]", values.digest)
        listed = (label(value) if label else number(value, field.base) for value in values)
        return address_text(field, values) or f"[{', '.join(listed)}]"

    return text


def address_text(field: Field, values: tuple[Any, ...]) -> str:
    """An array as the address that it is; "" if it is none."""
    if field.labels or not all(isinstance(value, int) and 0 <= value <= 255 for value in values):
        return ""
    address = _address(field, len(values))
    if address == "mac":
        return ":".join(f"{value:02x}" for value in values)
    return str(ipaddress.ip_address(bytes(values))) if address else ""


def _address(field: Field, length: int) -> str:
    """The kind of address that a field's octets are, "" for none; if that isn't known, name and length decide it."""
    kind = {4: "ip4", 6: "mac", 16: "ip6"}.get(length, "")
    if field.address is not None:
        return kind if kind == field.address else ""
    name = field.name.rsplit(".", 1)[-1]
    return kind if kind and (_HARDWARE_ADDRESS if kind == "mac" else _ADDRESS).search(name) else ""


def number(value: Any, base: int) -> str:
    """A number in the base that its field asks for; anything else as it is."""
    if isinstance(value, int) and not isinstance(value, bool) and base != 10:
        prefix = {2: "b", 8: "o", 16: "x"}.get(base)
        return f"{value:#{prefix}}" if prefix else str(value)
    return str(value)
