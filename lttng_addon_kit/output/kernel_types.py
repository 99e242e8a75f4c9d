# SPDX-License-Identifier: GPL-2.0-only
"""A kernel's hooks and types, as C for people and as data for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.hooks.hook_kinds import find_hook, hook_kinds
from lttng_addon_kit.kernel.kernel import TYPE_KINDS, Kernel, KernelFunction, Tracepoint, TypeKind
from lttng_addon_kit.kernel.types import Argument, Enum, Member, Struct, Type, Typedef
from lttng_addon_kit.output.reach import Reach, below, reach, reach_data, reach_lines, type_text

_INDENT = "        "
_COMMENT_COLUMN = 56


def show_text(kernel: Kernel, what: str, depth: int) -> str:
    """A hook or type of a kernel as C, and what can be reached from it.

    Args:
        what: a hook as addon.toml writes it, or "function:NAME", "struct:NAME", "union:NAME", "enum:NAME" or
            "typedef:NAME".
        depth: how many pointers to structs are followed.

    Raises:
        UsageError: there is no such kind, or no such type.
        KitError: there is no such tracepoint or function.
    """
    return "\n".join(_subject(kernel, what).lines(depth))


def show_data(kernel: Kernel, what: str, depth: int) -> dict[str, Any]:
    """The same as plain data for JSON: kind, name, and what that kind has (offsets and sizes in bytes)."""
    return _subject(kernel, what).data(depth)


def tracepoint_rows(kernel: Kernel, pattern: str) -> list[dict[str, Any]]:
    """One row a tracepoint: its name, module and prototype, which names the arguments."""
    return [_hook_row(kernel.tracepoint(name)) for name in kernel.tracepoints(pattern)]


def function_rows(kernel: Kernel, pattern: str) -> list[dict[str, Any]]:
    """One row a function: its name, module and prototype, which names the arguments."""
    return [_hook_row(kernel.function(name)) for name in kernel.functions(pattern)]


def _hook_row(found: Tracepoint | KernelFunction) -> dict[str, Any]:
    return {"name": found.name, "module": found.module, "prototype": _arguments(found.arguments)}


@dataclass(frozen=True)
class _Hook:
    """A tracepoint or function; `problem` says why it can't be hooked."""

    kernel: Kernel
    kind: str
    name: str
    module: str | None
    arguments: tuple[Argument, ...]
    returns: Type | None = None
    problem: str | None = None

    def lines(self, depth: int) -> Iterator[str]:
        module = f"  /* in module {self.module} */" if self.module else ""
        if self.returns is None:
            yield f"{self.kind}:{self.name}({_arguments(self.arguments)}){module}"
        else:
            yield f"{type_text(self.returns, f'{self.name}({_arguments(self.arguments)})')}{module}"
        if self.problem:
            yield f"  it can't be probed: {self.name} {self.problem}"
        yield from reach_lines(self._reached(depth))

    def data(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": self.kind, "name": self.name, "module": self.module}
        data["arguments"] = [{"name": each.name, "type": type_text(each.type)} for each in self.arguments]
        if self.returns is not None:
            data |= {"returns": type_text(self.returns), "problem": self.problem}
        return data | {"paths": reach_data(self._reached(depth))}

    def _reached(self, depth: int) -> Iterator[Reach]:
        return reach(self.kernel, [(each.name, each.type) for each in self.arguments], depth)


@dataclass(frozen=True)
class _Struct:
    kernel: Kernel
    struct: Struct

    def lines(self, depth: int) -> Iterator[str]:
        header = self.kernel.header_of(self.struct.kind, self.struct.name)
        about = f"{self.struct.size} bytes{f', <{header}>' if header else ''}"
        yield _commented(f"{self.struct.kind} {self.struct.name} {{", about)
        yield from _member_lines(self.kernel, self.struct, 0, _INDENT)
        yield "};"
        yield from reach_lines(self._reached(depth))

    def data(self, depth: int) -> dict[str, Any]:
        kind, name = self.struct.kind, self.struct.name
        header = self.kernel.header_of(kind, name)
        return {
            "kind": kind,
            "name": name,
            "size": self.struct.size,
            "header": header,
            "members": _member_data(self.kernel, self.struct, 0),
            "paths": reach_data(self._reached(depth)),
        }

    def _reached(self, depth: int) -> Iterator[Reach]:
        return below(self.kernel, self.struct, depth)


@dataclass(frozen=True)
class _Enum:
    enum: Enum

    def lines(self, depth: int) -> Iterator[str]:
        yield _commented(f"enum {self.enum.name} {{", f"{self.enum.size} bytes")
        width = max((len(label) for label, _ in self.enum.values), default=0)
        yield from (f"{_INDENT}{label:<{width}} = {value}," for label, value in self.enum.values)
        yield "};"

    def data(self, depth: int) -> dict[str, Any]:
        enum = self.enum
        return {
            "kind": "enum",
            "name": enum.name,
            "size": enum.size,
            "signed": enum.signed,
            "values": [{"label": label, "value": value} for label, value in enum.values],
        }


@dataclass(frozen=True)
class _Typedef:
    kernel: Kernel
    typedef: Typedef

    def lines(self, depth: int) -> Iterator[str]:
        bare = self.typedef.target
        if isinstance(bare, Struct):
            yield _commented(f"typedef {bare.kind} {f'{bare.name} ' if bare.name else ''}{{", f"{bare.size} bytes")
            yield from _member_lines(self.kernel, bare, 0, _INDENT)
            yield f"}} {self.typedef.name};"
        else:
            yield f"typedef {type_text(bare, self.typedef.name)};"
        yield from reach_lines(self._reached(depth))

    def data(self, depth: int) -> dict[str, Any]:
        name = self.typedef.name
        return {
            "kind": "typedef",
            "name": name,
            "type": type_text(self.typedef.target),
            "size": self.kernel.size_of(self.typedef),
            "header": self.kernel.header_of("typedef", name),
            "paths": reach_data(self._reached(depth)),
        }

    def _reached(self, depth: int) -> Iterator[Reach]:
        bare = self.typedef.target
        if isinstance(bare, Struct):
            return below(self.kernel, bare, depth)
        return reach(self.kernel, [("", bare)], depth)


_Subject = _Hook | _Struct | _Enum | _Typedef


def _subject(kernel: Kernel, what: str) -> _Subject:
    kind, _, name = what.partition(":")
    finders = _finders()
    find = finders.get(kind)
    if find is None or not name:
        raise UsageError(
            f"there is no kind {kind!r} to show" if name else f"{what!r} is not KIND:NAME",
            hint=_other_kinds(kernel, name or what) or f"kinds are {', '.join(finders)}",
        )
    return find(kernel, name=name)


def _tracepoint(kernel: Kernel, name: str) -> _Subject:
    found = kernel.tracepoint(name)
    return _Hook(kernel, "tracepoint", name, found.module, found.arguments)


def _function(kernel: Kernel, name: str) -> _Subject:
    found = kernel.function(name)
    problem = kernel.kprobe_refusal(name)
    return _Hook(kernel, "function", name, found.module, found.arguments, found.returns, problem)


def _type(kernel: Kernel, kind: TypeKind, name: str) -> _Subject:
    match kernel.find(kind, name):
        case Struct() as struct:
            return _Struct(kernel, struct)
        case Enum() as enum:
            return _Enum(enum)
        case Typedef() as typedef:
            return _Typedef(kernel, typedef)
    hint = _other_kinds(kernel, name) or nearest(name, kernel.names(kind))
    raise UsageError(f"Linux {kernel.release} has no {kind} {name!r}", hint=hint)


def _other_kinds(kernel: Kernel, name: str) -> str:
    """A hint at the kinds that have a thing of that name."""
    kinds = [kind for kind in TYPE_KINDS if kernel.find(kind, name)]
    hooks = [
        kind
        for kind, names in (("tracepoint", kernel.tracepoints), ("function", kernel.functions))
        if name in names(name)
    ]
    known = [f"{kind}:{name}" for kind in (*kinds, *hooks)]
    return f"there is {' and '.join(known)}" if known else ""


def _hook(kernel: Kernel, kind: str, name: str) -> _Subject:
    found = find_hook(f"{kind}:{name}", kernel)
    arguments = tuple(Argument(name, each.type) for name, each in found.variables.items())
    return _Hook(kernel, kind, name, found.module, arguments)


def _finders() -> Mapping[str, Callable[..., _Subject]]:
    """What finds each kind of thing by name; hooks under the words of their kinds."""
    shown = {"tracepoint": _tracepoint, "function": _function}
    kinds = {word: kind.SHOWN_AS for word, kind in hook_kinds().items() if kind.SHOWN_AS}
    hooks = {word: shown.get(shown_as, partial(_hook, kind=word)) for word, shown_as in kinds.items()}
    return {**shown, **hooks, **{kind: partial(_type, kind=kind) for kind in TYPE_KINDS}}


def _arguments(arguments: tuple[Argument, ...]) -> str:
    return ", ".join(type_text(each.type, each.name) for each in arguments) or "void"


def _member_lines(kernel: Kernel, struct: Struct, begin: int, indent: str) -> Iterator[str]:
    """The members as C, each with its offset from the outermost struct and its size, as pahole shows them."""
    for each in kernel.members(struct):
        at = begin + each.bit_offset
        unnamed = _unnamed_struct(each)
        if unnamed:
            yield f"{indent}{unnamed.kind} {{"
            yield from _member_lines(kernel, unnamed, at, indent + _INDENT)
            yield f"{indent}}}{f' {each.name}' if each.name else ''};"
        else:
            yield _commented(f"{indent}{_member_text(each)};", _place(kernel, each, at))


def _member_text(member: Member) -> str:
    bits = f":{member.bit_size}" if member.bit_size else ""
    return f"{type_text(member.type, member.name)}{bits}"


def _place(kernel: Kernel, member: Member, at: int) -> str:
    if member.bit_size:
        return f"{at // 8}:{at % 8}"
    return f"{at // 8} {kernel.size_of(member.type)}"


def _member_data(kernel: Kernel, struct: Struct, begin: int) -> list[dict[str, Any]]:
    rows = []
    for each in kernel.members(struct):
        at = begin + each.bit_offset
        row: dict[str, Any] = {"name": each.name, "type": type_text(each.type), "offset": at // 8}
        if each.bit_size:
            row |= {"bit": at % 8, "bits": each.bit_size}
        else:
            row["size"] = kernel.size_of(each.type)
        unnamed = _unnamed_struct(each)
        if unnamed:
            row["members"] = _member_data(kernel, unnamed, at)
        rows.append(row)
    return rows


def _unnamed_struct(member: Member) -> Struct | None:
    """The struct that a member is, when it is defined in its place."""
    return member.type if isinstance(member.type, Struct) and not member.type.name else None


def _commented(text: str, comment: str) -> str:
    return f"{text:<{_COMMENT_COLUMN}} /* {comment} */"
