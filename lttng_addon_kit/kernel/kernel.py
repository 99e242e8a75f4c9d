# SPDX-License-Identifier: GPL-2.0-only
"""One kernel: its types, its tracepoints, its functions, and the headers that define them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args

from lttng_addon_kit.errors import KitError, nearest
from lttng_addon_kit.kernel.btf import RecordKind
from lttng_addon_kit.kernel.index import index_kernel, open_index
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.kernel.macros import Macro
from lttng_addon_kit.kernel.probe_lists import ProbeLists
from lttng_addon_kit.kernel.processor import Processor
from lttng_addon_kit.kernel.system_call_table import SystemCallTable
from lttng_addon_kit.kernel.type_store import TypeStore
from lttng_addon_kit.kernel.types import (
    Argument,
    Array,
    Enum,
    Float,
    Forward,
    Integer,
    Member,
    Pointer,
    Struct,
    Type,
    Typedef,
    Void,
    strip,
)
from lttng_addon_kit.kernel.user_marks import as_user_pointer
from lttng_addon_kit.progress import Progress

# The function that runs a tracepoint's probes; its prototype is the tracepoint's, after `void *__data`
# (DEFINE_TRACE_FN in include/linux/tracepoint.h).
_TRACEPOINT = "__traceiter_"

_KINDS = {
    "struct": RecordKind.STRUCT,
    "union": RecordKind.UNION,
    "enum": RecordKind.ENUM,
    "typedef": RecordKind.TYPEDEF,
}
_POINTER_SIZE = 8  # of all 64-bit kernels

TypeKind = Literal["struct", "union", "enum", "typedef"]
TYPE_KINDS: tuple[TypeKind, ...] = get_args(TypeKind)


class UnknownTracepoint(KitError):
    """The kernel has no such tracepoint."""


class UnknownFunction(KitError):
    """The kernel has no such function, or none that can be described."""


@dataclass(frozen=True)
class Tracepoint:
    """A tracepoint by its name in the kernel's source; `module` is None for the kernel itself."""

    name: str
    arguments: tuple[Argument, ...]
    module: str | None


@dataclass(frozen=True)
class KernelFunction:
    """A function with its prototype; `module` is None for the kernel itself.

    Of one that is not `is_described`, by BTF, there is nothing but the name.
    """

    name: str
    arguments: tuple[Argument, ...]
    returns: Type
    module: str | None
    is_described: bool = True


@dataclass(frozen=True)
class PerCpuVariable:
    """A variable of which each CPU has one; `is_exported`: modules may use it."""

    type: Type
    is_exported: bool


@dataclass(frozen=True)
class Resolved:
    """A member found by name, through anonymous ones.

    `bit_offset` is from the start of the outermost struct; `bit_size` is 0 but for a bit field.
    """

    type: Type
    bit_offset: int
    bit_size: int


class Kernel:
    """One kernel, its modules and its headers.

    Attributes:
        release: its `uname -r`.
        version: its real version, which the release may hide: "6.1.0-56" is of 6.1.192.
        processor: what it runs on.
        system_calls: those for programs of its own word size.
    """

    def __init__(self, release: str, types: TypeStore, probe_lists: ProbeLists, processor: Processor) -> None:
        self.release = release
        self.processor = processor
        major, minor, patch = types.fact("version").split(".")
        self.version = (int(major), int(minor), int(patch))
        self.system_calls = SystemCallTable(release, types)
        self._types = types
        self._probe_lists = probe_lists

    def members(self, struct: Struct) -> tuple[Member, ...]:
        """The members of a struct or union, bit fields and anonymous ones too."""
        return self._types.members(struct)

    def member(self, struct: Struct, name: str) -> Resolved | None:
        """A member by name, in anonymous members too; None: there is none."""
        found = self._find_member(struct, name)
        if found and struct.name and self._types.is_marked_user(struct.name, name):
            return replace(found, type=as_user_pointer(found.type))
        return found

    def _find_member(self, struct: Struct, name: str) -> Resolved | None:
        for each in self.members(struct):
            if each.name == name:
                return Resolved(each.type, each.bit_offset, each.bit_size)
            inner = strip(each.type)
            if not each.name and isinstance(inner, Struct):
                found = self._find_member(inner, name)
                if found:
                    return Resolved(found.type, each.bit_offset + found.bit_offset, found.bit_size)
        return None

    def find_struct(self, kind: Literal["struct", "union"], name: str) -> Struct | None:
        """A struct or union by its tag; the kernel's own before a module's."""
        found = self.find(kind, name)
        return found if isinstance(found, Struct) else None

    def find_enum(self, name: str) -> Enum | None:
        """An enum by its tag."""
        found = self.find("enum", name)
        return found if isinstance(found, Enum) else None

    def find_typedef(self, name: str) -> Typedef | None:
        """A typedef by its name."""
        found = self.find("typedef", name)
        return found if isinstance(found, Typedef) else None

    def enum_constant(self, label: str) -> tuple[Enum, int] | None:
        """The enum that has a label, and the label's value; the kernel's own enums before the modules'."""
        for type_id in self._types.enum_ids(label):
            enum = self._types.type(type_id)
            if isinstance(enum, Enum):
                return enum, dict(enum.values)[label]
        return None

    def percpu_variable(self, name: str) -> PerCpuVariable | None:
        """A per-CPU variable by name, the kernel's own before a module's; None: there is none."""
        ids = self._types.ids(RecordKind.VAR, name)
        return PerCpuVariable(self._types.variable(ids[0]), self._types.is_exported(name)) if ids else None

    def macro(self, name: str) -> Macro | None:
        """A macro without arguments that stands for an integer or a member, or None."""
        return self._types.macro(name)

    @property
    def knows_macros(self) -> bool:
        """Whether the kernel's compiler could be asked for its macros."""
        return self.macro("PAGE_SIZE") is not None

    def macro_names(self, pattern: str = "*") -> list[str]:
        """The names of such macros, sorted; `pattern` as for `tracepoints`."""
        return self._types.macro_names(_glob(pattern))

    def names(self, kind: TypeKind | Literal["constant"], pattern: str = "*") -> list[str]:
        """The names of that kind, sorted (constants: the labels of enums); `pattern` as for `tracepoints`."""
        if kind == "constant":
            return self._types.labels(_glob(pattern))
        return self._types.names(_KINDS[kind], _glob(pattern))

    def tracepoint(self, name: str) -> Tracepoint:
        """A tracepoint by the name that the kernel's source gives it.

        Raises:
            UnknownTracepoint: there is none; with the nearest names.
        """
        ids = self._types.ids(RecordKind.FUNC, _TRACEPOINT + name)
        if not ids:
            raise UnknownTracepoint(
                f"Linux {self.release} has no tracepoint {name!r}",
                hint=nearest(name, self.tracepoints()) or "lttng-addon list tracepoints shows them",
            )
        prototype = self._types.function(ids[0])
        return Tracepoint(name, prototype.parameters[1:], self._types.module(ids[0]))

    def function(self, name: str) -> KernelFunction:
        """A function by name, the kernel's own before a module's.

        Raises:
            UnknownFunction: there is none, or no prototype of it; with the reason as far as it is known.
        """
        ids = self._types.ids(RecordKind.FUNC, name)
        if not ids:
            raise self._unknown_function(name)
        prototype = self._types.function(ids[0])
        arguments = tuple(
            replace(each, type=as_user_pointer(each.type)) if self._types.is_marked_user(name, str(number)) else each
            for number, each in enumerate(prototype.parameters)
        )
        return KernelFunction(name, arguments, prototype.returns, self._types.module(ids[0]))

    def describes(self, name: str) -> bool:
        """Whether BTF has a function of that name."""
        return bool(self._types.ids(RecordKind.FUNC, name))

    def undescribed_function(self, name: str) -> KernelFunction | None:
        """A function that only the kernel's list of symbols has, as the compiler's variants (name.isra.0)."""
        symbols = () if self._types.ids(RecordKind.FUNC, name) else self._probe_lists.functions(name)
        if not symbols:
            return None
        return KernelFunction(name, (), Void(), symbols[0].module or None, is_described=False)

    def kprobe_refusal(self, name: str) -> str | None:
        """Why the kernel takes no kprobe on a function, as the end of a sentence on it.

        None: it does, or its lists do not exist.
        """
        return self._only_clones(name) or self._probe_lists.kprobe_refusal(name)

    def trace_refusal(self, name: str) -> str | None:
        """Why the kernel's function tracer does not take a function; as `kprobe_refusal`."""
        return self._only_clones(name) or self._probe_lists.trace_refusal(name)

    def _only_clones(self, name: str) -> str | None:
        clones = self._probe_lists.clones(name)
        is_only = clones and not self._probe_lists.functions(name)
        return f"was optimised by the compiler to {', '.join(clones)}, with other arguments" if is_only else None

    def tracepoints(self, pattern: str = "*") -> list[str]:
        """The names of tracepoints, sorted.

        Args:
            pattern: a part of the name, or a pattern with `*`, `?` or `[...]` for the whole name.
        """
        names = self._types.names(RecordKind.FUNC, _TRACEPOINT + _glob(pattern))
        return [name.removeprefix(_TRACEPOINT) for name in names]

    def functions(self, pattern: str = "*") -> list[str]:
        """The names of functions whose prototype is known, sorted; `pattern` as for `tracepoints`."""
        return self._types.names(RecordKind.FUNC, _glob(pattern))

    def header_of(self, kind: str, name: str) -> str | None:
        """The header to include for the definition of a struct, union, enum or typedef ("linux/skbuff.h").

        None: no public header has it, or the kernel has types of that name with different sizes, of which a
        header could only have one.
        """
        if len(self._types.sizes(_KINDS[kind], name)) > 1:
            return None
        return self._types.header(kind, name)

    def is_macro(self, name: str) -> bool:
        """Whether a header, or the compiler, has an object-like macro of that name: C replaces it everywhere."""
        return self._types.has_object_macro(name)

    def is_declared(self, name: str) -> bool:
        """Whether the kernel has a typedef or a function of that name, which a local of the same name hides."""
        if self._types.header("inline", name):
            return True
        return any(self._types.ids(kind, name) for kind in (RecordKind.TYPEDEF, RecordKind.FUNC))

    def headers(self) -> list[str]:
        """All headers that `header_of` may name, sorted."""
        return self._types.headers()

    def size_of(self, type_: Type) -> int:
        """The size in bytes, as `sizeof` has it in the kernel (1 for void and functions: GNU C)."""
        bare = strip(type_)
        if isinstance(bare, Pointer):
            return _POINTER_SIZE
        if isinstance(bare, Array):
            return bare.length * self.size_of(bare.element)
        if isinstance(bare, Integer | Float | Enum | Struct):
            return bare.size
        if isinstance(bare, Forward):
            raise KitError(f"{bare.kind} {bare.name} has no known size: Linux {self.release} only declares it")
        return 1

    def find(self, kind: TypeKind, name: str) -> Type | None:
        """A struct, union, enum or typedef by name; the kernel's own before a module's."""
        ids = self._types.ids(_KINDS[kind], name)
        return self._types.type(ids[0]) if ids else None

    def _unknown_function(self, name: str) -> UnknownFunction:
        problem, hint = f"Linux {self.release} has no function {name!r}", ""
        subject = f"function {name!r} of Linux {self.release}"
        inline, macro = self._types.header("inline", name), self._types.header("macro", name)
        clones = self._probe_lists.clones(name)
        if self._probe_lists.functions(name):
            problem = f"{subject} has no type information, so its arguments are not known"
        elif clones:
            problem = f"{subject} was optimised by the compiler to {', '.join(clones)}"
            hint = f"kprobe:{clones[0]} can be counted, without arguments; or probe a function that calls it"
        elif inline:
            problem = f"{subject} is inlined into its callers, so there is nothing to probe"
            hint = f"<{inline}> defines it; probe a function that calls it"
        elif macro:
            problem = f"{name!r} is a macro in Linux {self.release}, not a function"
            hint = f"<{macro}> defines it; probe a function that it calls"
        return UnknownFunction(problem, hint=hint or self._nearest_function(name))

    def _nearest_function(self, name: str) -> str:
        # Comparing with all of a kernel's 50,000 names takes seconds: those that hold the name, as __x64_sys_read
        # does, or begin alike come first.
        holders: Sequence[str] = self._types.names(RecordKind.FUNC, f"*{name}*")
        if holders:
            return nearest(name, holders, cutoff=0)
        for beginning in (name[:6], name[:3]):
            names: Sequence[str] = self._types.names(RecordKind.FUNC, f"{beginning}*")
            if get_close_matches(name, names, n=1):
                return nearest(name, names)
        return "lttng-addon list functions PATTERN looks for others"


def open_kernel(files: KernelFiles, cache: Path, progress: Progress | None = None) -> Kernel:
    """Open a kernel from its files; what takes time is done once, and kept in the cache.

    Raises:
        KitError: the files can't be read, or the kernel has no BTF.
    """
    path = index_kernel(files, cache, progress or Progress(quiet=True))
    lists = ProbeLists(files.symbols, files.kprobe_blacklist, files.traceable)
    return Kernel(files.release, open_index(path), lists, files.processor)


def _glob(pattern: str) -> str:
    return pattern if any(each in pattern for each in "*?[") else f"*{pattern}*"
