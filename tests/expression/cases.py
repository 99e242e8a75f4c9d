"""What the expression tests share: the names that every case may use, and an event made of a case's texts."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.expression.annotate import read, read_filter
from lttng_addon_kit.expression.lower import EventField, Lowered, lower_event
from lttng_addon_kit.expression.rules import INT, TEXT, U8, U64
from lttng_addon_kit.expression.scope import HookVariable, Parameter, Prototype, Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument, Pointer, Qualified, Void

PARAMETERS = {
    "device": Parameter("text", "READ_ONCE(device)", 63),
    "limit": Parameter("integer", "READ_ONCE(limit)"),
    "all": Parameter("boolean", "READ_ONCE(all)"),
}
PARAMETER_DEFINITIONS = "static const char *device;\nstatic long long limit;\nstatic bool all;\n"
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
    return Scope(kernel, variables, PARAMETERS, functions, nofault, trusted=kind == "")


def arguments_of(kernel: Kernel, hook: str) -> tuple[Argument, ...]:
    """What a hook passes to a probe."""
    kind, _, name = hook.rpartition(":")
    if kind in ("kprobe", "kretprobe"):
        return kernel.function(name).arguments
    return kernel.tracepoint(name).arguments


def lowered(filter_: str, fields: Sequence[str], scope: Scope) -> Lowered:
    """An event with this filter ("" for none) and these expressions as fields f0, f1, ..."""
    values = [EventField(f"f{index}", read(text, scope)) for index, text in enumerate(fields)]
    return lower_event(read_filter(filter_, scope) if filter_ else None, values, scope)
