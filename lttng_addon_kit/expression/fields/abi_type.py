# SPDX-License-Identifier: GPL-2.0-only
"""The types that cross the boundary to user space: what each is called, and the C of include/uapi that it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Name -> C type, size in bytes.
SCALARS = {
    **{f"u{8 * size}": (f"__u{8 * size}", size) for size in (1, 2, 4)},
    **{f"s{8 * size}": (f"__s{8 * size}", size) for size in (1, 2, 4)},
    **{f"be{8 * size}": (f"__be{8 * size}", size) for size in (2, 4)},
    "u64": ("__aligned_u64", 8),
    "s64": ("__s64", 8),
    "be64": ("__aligned_be64", 8),
    "bool": ("__u8", 1),
    "char": ("char", 1),
    "pointer": ("__aligned_u64", 8),
    "ip4": ("__be32", 4),
    "stack": ("__aligned_u64", 8),
}


@dataclass(frozen=True)
class AbiType:
    """A type of the boundary.

    Attributes:
        name: as docs/boundary.md has it: "u32", "char[16]", "struct alarm".
        c_type: its element's C type.
        length: how many elements, for an array.
        size, alignment: in bytes.
        labels: an enum's, by value.
    """

    name: str
    c_type: str
    size: int
    alignment: int
    length: int | None = None
    labels: Mapping[int, str] = field(default_factory=dict)

    def declare(self, name: str) -> str:
        """The C declaration of a member with this type."""
        return f"{self.c_type} {name}" + (f"[{self.length}]" if self.length else "")


def scalar(name: str, labels: Mapping[int, str] | None = None) -> AbiType:
    """One of SCALARS."""
    c_type, size = SCALARS[name]
    return AbiType(name, c_type, size, size, labels=labels or {})


def stack_type(depth: int) -> AbiType:
    """Addresses of code, with 0 behind the last."""
    return AbiType(f"stack[{depth}]", "__aligned_u64", 8 * depth, 8, depth)
