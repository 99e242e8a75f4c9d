# SPDX-License-Identifier: GPL-2.0-only
"""What the expression tests share: the names that every case may use, and an event made of a case's texts."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.fields.field_kind import WantedField
from lttng_addon_kit.expression.lower import Lowered, lower_event
from lttng_addon_kit.expression.read import read, read_filter
from lttng_addon_kit.expression.typing.c_types import BOOL, CHAR, INT, TEXT, U8, U32, U64
from lttng_addon_kit.expression.typing.scope import HookVariable, Lookup, Parameter, Prototype, Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument, Array, Integer, Pointer, Qualified, Typedef, Void


@dataclass(frozen=True)
class Case:
    """One event; `c` is the C that is wanted of it, "" if any will do."""

    hook: str
    filter: str = ""
    fields: tuple[str, ...] = ()
    nofault: bool = False
    c: str = ""
    name: str = ""


PARAMETERS = {
    "device": Parameter("text", "lttng_addon_text(param_device)", 63),
    "group": Parameter("text", "lttng_addon_text(param_group)", 63),
    "limit": Parameter("integer", "READ_ONCE(param_limit)"),
    "all": Parameter("boolean", "READ_ONCE(param_all)"),
}
S16 = Typedef("s16", Integer("short", 2, True))
PARAMETER_HEADER = "lttng-addon-cgroup-parameter.h"
PARAMETER_DEFINITIONS = """\
LTTNG_ADDON_TEXT_PARAMETER(device, "lo", 63, "");
LTTNG_ADDON_CGROUP_PARAMETER(group, "/", 63, "");
static long param_limit __maybe_unused;
static bool param_all __maybe_unused;
"""
TABLES = {
    "watched": Lookup("addon_watched_table", U32, U64),
    "names": Lookup("addon_names_table", Array(CHAR, 16), S16),
    "signs": Lookup("addon_signs_table", S16, BOOL),
}
LOOKUP_HEADERS = ("lttng-addons-lookup.h", "lttng-addons-tags.h", "lttng-addons.h", "lttng-addons-abi.h")
TABLE_DEFINITIONS = "".join(
    f"static struct lttng_addons_lookup {each.c_name} __attribute__((unused));\n" for each in TABLES.values()
)
FUNCTION_DECLARATIONS = """\
int grade(const u8 *data, int length);
u64 temperature(void);
const char *label_of(const void *object);
"""


def scope_of(kernel: Kernel, hook: str, nofault: bool = False) -> Scope:
    """The scope of an event on `tracepoint:NAME`, `kprobe:NAME` or `kretprobe:NAME`."""
    kind, _, name = hook.rpartition(":")
    variables = {each.name: HookVariable(each.name, each.type) for each in arguments_of(kernel, hook)}
    if kind == "kretprobe":
        variables["$ret"] = HookVariable("ret", kernel.function(name).returns)
        variables["$duration_ns"] = HookVariable("duration_ns", U64)
    functions = {
        "grade": Prototype(INT, (Pointer(Qualified("const", U8)), INT)),
        "temperature": Prototype(U64, ()),
        "label_of": Prototype(TEXT, (Pointer(Void()),)),
    }
    return Scope(kernel, variables, PARAMETERS, functions, nofault, trusted=kind == "", tables=TABLES)


def arguments_of(kernel: Kernel, hook: str) -> tuple[Argument, ...]:
    """What a hook passes to a probe."""
    kind, _, name = hook.rpartition(":")
    if kind in ("kprobe", "kretprobe"):
        return kernel.function(name).arguments
    return kernel.tracepoint(name).arguments


def lowered(case: Case, kernel: Kernel) -> Lowered:
    """The case's event, its expressions being the fields f0, f1, ..."""
    scope = scope_of(kernel, case.hook, case.nofault)
    values = [WantedField(f"f{index}", read(text, scope)) for index, text in enumerate(case.fields)]
    return lower_event(read_filter(case.filter, scope) if case.filter else None, values, scope)
