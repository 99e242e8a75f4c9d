"""C declarations of the kernel's types, as a module outside of the kernel can write them."""

from __future__ import annotations

import re

from lttng_addon_kit.kernel.declare import declaration
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Array, Forward, Pointer, Qualified, Struct, Type, Typedef, strip

# In linux/types.h, which every kernel header has.
_EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        """u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __be16 __be32 __be64
        __le16 __le32 __le64 __sum16 __wsum bool size_t ssize_t loff_t pid_t gfp_t dev_t umode_t mode_t sector_t
        uid_t gid_t""",
    )
)
# Headers for other headers to include.
_INNER = ("asm/", "asm-generic/", "linux/atomic/")


class Declarations:
    """Writes declarations, and remembers the headers and forward declarations that they need."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.headers: set[str] = set()
        self.forwards: set[str] = set()

    def declare(self, type_: Type, name: str = "", unnamed: str = "") -> str:
        """`type_ name`, as in "struct net_device *dev" or "char name[16]"; without a name, the type.

        Types that no public header has are written as what is behind them; pointers to unnamed structs as
        `void *`. `unnamed` is the definition, from its `{` on, of the unnamed struct that the type holds, if it does.
        """
        pointed = _at_the_end(type_)
        if isinstance(pointed, Struct | Forward) and pointed.name and pointed.kind != "enum":
            self.forwards.add(f"{pointed.kind} {pointed.name}")
        return declaration(type_, name, self._is_public, unnamed)

    def knows_by_typedef(self, type_: Type) -> bool:
        """Whether it is a typedef that a public header has; that header is remembered."""
        return isinstance(type_, Typedef) and self._is_public("typedef", type_.name)

    def _is_public(self, kind: str, name: str) -> bool:
        if kind == "typedef" and (name in _EVERYWHERE or name.startswith("__kernel_")):
            return True
        header = self._kernel.header_of(kind, name)
        if header is None or (header.startswith(_INNER) and not self._names_a_struct(kind, name)):
            return False
        self.headers.add(header)
        return True

    def _names_a_struct(self, kind: str, name: str) -> bool:
        """Whether nothing but this typedef names a struct: what is behind it could not be written in its place."""
        found = self._kernel.find_typedef(name) if kind == "typedef" else None
        plain = strip(found) if found else None
        return isinstance(plain, Struct) and not plain.name


def is_declarable(type_: Type) -> bool:
    """Whether C outside of the kernel can name what a pointer points to (an unnamed struct it can't)."""
    pointed = _at_the_end(type_)
    return not isinstance(pointed, Struct | Forward) or bool(pointed.name)


def _at_the_end(type_: Type) -> Type:
    """What is behind all pointers, arrays and qualifiers; a typedef of an unnamed struct has that one's name."""
    while True:
        match type_:
            case Pointer() | Qualified():
                type_ = type_.target
            case Array():
                type_ = type_.element
            case Typedef() if not isinstance(strip(type_), Struct | Forward):
                type_ = type_.target
            case _:
                return type_
