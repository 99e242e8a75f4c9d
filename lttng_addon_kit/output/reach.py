"""What can be reached in a kernel through pointers: the paths that a field can be written as, each with its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lttng_addon_kit.kernel.declare import declaration
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Pointer, Struct, Type, strip


@dataclass(frozen=True)
class Reach:
    """A struct and the paths of its members, such as "skb->dev->name", each with its type."""

    path: str
    struct: Struct
    members: tuple[tuple[str, Type], ...]


def type_text(type_: Type, name: str = "") -> str:
    """A type, or a declaration, as C writes it; structs and enums without a tag as "struct {...}"."""
    return declaration(type_, name, unnamed="{...}")


def reach(kernel: Kernel, roots: list[tuple[str, Type]], depth: int) -> Iterator[Reach]:
    """The structs that can be reached through pointers, the nearest first, each by its shortest path only.

    Args:
        roots: what to start from, each by the name that it is written by; "" for the type asked for itself.
        depth: how many pointers to structs are followed.
    """
    seen: set[Struct] = set()
    for _ in range(depth):
        following: list[tuple[str, Type]] = []
        for path, type_ in roots:
            struct, arrow = _pointed_struct(type_)
            if struct is None or struct in seen:
                continue
            seen.add(struct)
            members = tuple(_paths_in(kernel, struct, f"{path}{arrow}" if path else ""))
            following += members
            yield Reach(path, struct, members)
        roots = following


def below(kernel: Kernel, struct: Struct, depth: int) -> Iterator[Reach]:
    """The structs that the members of a struct point to, without the struct itself."""
    return reach(kernel, list(_paths_in(kernel, struct, "")), depth - 1)


def _pointed_struct(type_: Type) -> tuple[Struct | None, str]:
    bare = strip(type_)
    arrow = "."
    if isinstance(bare, Pointer):
        bare, arrow = strip(bare.target), "->"
    return (bare, arrow) if isinstance(bare, Struct) else (None, "")


def _paths_in(kernel: Kernel, struct: Struct, prefix: str) -> Iterator[tuple[str, Type]]:
    """Each member by its path; those of structs that it holds, named or not, in its place."""
    for each in kernel.members(struct):
        inner = strip(each.type)
        if isinstance(inner, Struct):
            yield from _paths_in(kernel, inner, f"{prefix}{each.name}." if each.name else prefix)
        elif each.name:
            yield f"{prefix}{each.name}", each.type


def reach_lines(reached: Iterator[Reach]) -> Iterator[str]:
    """The structs, each with its paths below it, as lines for a person."""
    for each in reached:
        width = max((len(path) for path, _ in each.members), default=0)
        yield ""
        yield f"{type_text(each.struct)}{f' at {each.path}' if each.path else ''}"
        yield from (f"  {path:<{width}}  {type_text(type_)}" for path, type_ in each.members)


def reach_data(reached: Iterator[Reach]) -> list[dict[str, str]]:
    """The paths as rows for a program."""
    return [{"path": path, "type": type_text(type_)} for each in reached for path, type_ in each.members]
