"""Partial definitions of structs that no public header has: the members that are read, where BTF says they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Array, Member, Qualified, Struct, Type, Typedef, strip


@dataclass(frozen=True)
class PlacedMember:
    """A member that is read; offset and size in bits, `bits` being the width of a bit field (else 0).

    The declaration has several lines where the member's struct has no name of its own.
    """

    declaration: str
    bit_offset: int
    bit_size: int
    bits: int


@dataclass(frozen=True)
class PrivateStruct:
    """One struct or union, to be declared packed; `size` in bytes."""

    kind: str
    name: str
    size: int
    members: tuple[PlacedMember, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands between the braces, a line each."""
        ordered = sorted(self.members, key=lambda member: member.bit_offset)
        ends = [member.bit_offset + member.bit_size for member in ordered]
        overlap = any(end > after.bit_offset for end, after in zip(ends, ordered[1:], strict=False))
        if self.kind == "union" or overlap:
            return self._overlapping(ordered)
        return tuple(_placed(ordered, 8 * self.size))

    def _overlapping(self, ordered: Sequence[PlacedMember]) -> tuple[str, ...]:
        inner = [f"unsigned char whole[{self.size}];"]
        for index, member in enumerate(ordered):
            placed = _placed([member], 0, f"_{index}_")
            inner += ["struct {", *(f"\t{line}" for line in placed), "} __packed;"]
        if self.kind == "union":
            return tuple(inner)
        return "union {", *(f"\t{line}" for line in inner), "};"


def merged(layouts: Iterable[PrivateStruct]) -> tuple[PrivateStruct, ...]:
    """One layout for each struct, with all members that any of these has: for the events of one module."""
    members: dict[tuple[str, str, int], dict[PlacedMember, None]] = {}
    for layout in layouts:
        members.setdefault((layout.kind, layout.name, layout.size), {}).update(dict.fromkeys(layout.members))
    return _ordered(PrivateStruct(*key, tuple(used)) for key, used in members.items())


def _ordered(layouts: Iterable[PrivateStruct]) -> tuple[PrivateStruct, ...]:
    """Each after those that it contains, which are no larger."""
    return tuple(sorted(layouts, key=lambda layout: (layout.size, layout.name)))


def _placed(members: Sequence[PlacedMember], end: int, infix: str = "") -> list[str]:
    """Members, with padding before each so that it is where it belongs, and up to `end`."""
    lines: list[str] = []
    at = 0
    for member in members:
        at = _pad(lines, at, member.bit_offset, infix)
        width = f":{member.bits}" if member.bits else ""
        lines.extend(f"{member.declaration}{width};".split("\n"))
        at += member.bit_size
    _pad(lines, at, end, infix)
    return lines


def _pad(lines: list[str], at: int, to: int, infix: str) -> int:
    if at % 8 and to > at:
        step = min(8 - at % 8, to - at)
        lines.append(f"unsigned char :{step};")
        at += step
    if (to - at) // 8 > 0:
        lines.append(f"unsigned char pad{infix}{len(lines)}[{(to - at) // 8}];")
        at += (to - at) // 8 * 8
    if to > at:
        lines.append(f"unsigned char :{to - at};")
    return max(at, to)


class PrivateStructs:
    """Collects which members of which private structs are read."""

    def __init__(self, kernel: Kernel, declarations: Declarations) -> None:
        self._kernel = kernel
        self._declarations = declarations
        self._used: dict[Struct, dict[str, Member]] = {}

    def read(self, node: typed.MemberRead) -> None:
        """Note that a member is read. A struct that a header has only gets that header included."""
        if self._is_public(node):
            return
        self._used.setdefault(node.owner, {})[node.name] = Member(node.name, node.type, node.bit_offset, node.bit_size)
        self.whole(node.type)

    def contains(self, owner: Struct, path: Sequence[str], span: Span) -> None:
        """Note that a struct is found from where its member is."""
        base: typed.Node = typed.Variable(owner, span, "")
        for name in path:
            found = self._kernel.member(owner, name)
            assert found is not None
            base = typed.MemberRead(found.type, span, base, owner, name, False, found.bit_offset, 0)
            self.read(base)
            plain = strip(found.type)
            owner = plain if isinstance(plain, Struct) else owner

    def whole(self, type_: Type) -> None:
        """Note that a value of this type stands in memory: a struct must be declared with its size."""
        plain = _element(type_)
        if isinstance(plain, Struct) and plain.name and not self._has_header(plain):
            self._used.setdefault(plain, {})

    def _is_public(self, node: typed.MemberRead) -> bool:
        if node.owner.name and self._has_header(node.owner):
            return True
        # What no header names may be known by a typedef, or from a public struct that it is a part of.
        if self._declarations.knows_by_typedef(node.base.type):
            return True
        if not isinstance(node.base, typed.MemberRead) or node.through_pointer:
            return not node.owner.name
        return self._is_public(node.base)

    def _has_header(self, struct: Struct) -> bool:
        header = self._kernel.header_of(struct.kind, struct.name)
        if header is not None:
            self._declarations.headers.add(header)
        return header is not None

    def all(self) -> tuple[PrivateStruct, ...]:
        """The layouts of all named structs, each after those that it contains (which are no larger)."""
        return _ordered(self._layout(struct) for struct in list(self._used) if struct.name)

    def _layout(self, struct: Struct) -> PrivateStruct:
        members = self._used.get(struct, {}).values()
        return PrivateStruct(struct.kind, struct.name, struct.size, tuple(self._member(each) for each in members))

    def _member(self, member: Member) -> PlacedMember:
        size = member.bit_size or 8 * self._kernel.size_of(member.type)
        declaration = self._declaration(member.type, member.name)
        return PlacedMember(declaration, member.bit_offset, size, member.bit_size)

    def _declaration(self, type_: Type, name: str) -> str:
        unnamed = self._unnamed(type_)
        if unnamed is None:
            return self._declarations.declare(type_, name)
        inner = "".join(f"\t{line}\n" for line in self._layout(unnamed).lines)
        return self._declarations.declare(type_, name, f"{{\n{inner}}} __packed")

    def _unnamed(self, type_: Type) -> Struct | None:
        """The struct without a name that a member is, or is an array of; None where a public typedef names it."""
        while isinstance(type_, Typedef | Qualified | Array) and not self._declarations.knows_by_typedef(type_):
            type_ = type_.element if isinstance(type_, Array) else type_.target
        return type_ if isinstance(type_, Struct) and not type_.name else None


def _element(type_: Type) -> Type:
    plain = strip(type_)
    while isinstance(plain, Array):
        plain = strip(plain.element)
    return plain


# The former names, until all callers have followed.
Layout = PrivateStruct
Layouts = PrivateStructs
