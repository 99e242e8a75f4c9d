# SPDX-License-Identifier: GPL-2.0-only
"""Many cases compiled at once: one module with a function for each, with all of gcc's usual warnings as errors."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from lttng_addon_kit.expression.c.private_structs import merged
from lttng_addon_kit.expression.lower import Lowered
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.target.registry import Made, Target
from tests.conftest import PROJECT
from tests.expression.cases import (
    FUNCTION_DECLARATIONS,
    LOOKUP_HEADERS,
    PARAMETER_DEFINITIONS,
    PARAMETER_HEADER,
    TABLE_DEFINITIONS,
    Case,
    arguments_of,
    lowered,
)


def compiled(cases: Sequence[Case], kernel: Kernel, target: Target, folder: Path) -> Made:
    """What make says of a module with all of these cases."""
    (folder / "expressions.c").write_text(_module(cases, kernel))
    for header in (PROJECT / "runtime").glob("*.h"):
        shutil.copy(header, folder)
    (folder / "Kbuild").write_text("obj-m := expressions.o\nccflags-y := -Wall -Werror\n")
    build = f"/lib/modules/{target.kernel_files().release}/build"
    return target.make(folder, "-C", build, "M=$(FOLDER)", "KBUILD_MODPOST_WARN=1")


def body(event: Lowered) -> str:
    """The probe's lines, its locals first."""
    lines = [f"\t{local};" for local in event.locals]
    return "\n".join([*lines, *event.filter_lines, *event.value_lines]) + "\n"


def _module(cases: Sequence[Case], kernel: Kernel) -> str:
    events = [lowered(case, kernel) for case in cases]
    declarations = Declarations(kernel)
    for case in cases:
        _parameters(case, kernel, declarations)
    headers = {header for event in events for header in event.includes} | declarations.headers
    forwards = sorted({forward for event in events for forward in event.forwards} | declarations.forwards)
    parts = [f"#include <{header}>" for header in ("linux/module.h", *sorted(headers))]
    own = {PARAMETER_HEADER, LOOKUP_HEADERS[0], *(each for event in events for each in event.runtime_headers)}
    parts += [f'#include "{header}"' for header in sorted(own)]
    parts += [f"{forward};" for forward in forwards]
    for layout in merged(layout for event in events for layout in event.layouts):
        parts.append(f"{layout.kind} {layout.name} {{\n" + "\n".join(layout.lines) + "\n} __packed;")
        parts.append(f"static_assert(sizeof({layout.kind} {layout.name}) == {layout.size});")
    parts += [f"static const u8 zeros[{max(event.zeros for event in events)}] __aligned(8);"]
    parts += [PARAMETER_DEFINITIONS, TABLE_DEFINITIONS, FUNCTION_DECLARATIONS]
    parts += sorted({function for event in events for function in event.functions})
    parts += [_probe(index, case, event, kernel) for index, (case, event) in enumerate(zip(cases, events, strict=True))]
    return "\n\n".join([*parts, 'MODULE_LICENSE("GPL");'])


def _parameters(case: Case, kernel: Kernel, declarations: Declarations) -> list[str]:
    """The hook's variables as a function's parameters."""
    hook = [declarations.declare(each.type, each.name) for each in arguments_of(kernel, case.hook)]
    if case.hook.startswith("kretprobe:"):
        name = case.hook.partition(":")[2]
        hook += [declarations.declare(kernel.function(name).returns, "ret"), "u64 duration_ns"]
    return hook


def _probe(index: int, case: Case, event: Lowered, kernel: Kernel) -> str:
    """A C function with an event's code, and one that takes its values."""
    values = [argument for value in event.values for argument in value.arguments]
    takes = ", ".join(argument.declaration for argument in values) or "void"
    hook = _parameters(case, kernel, Declarations(kernel))
    given = ", ".join(argument.text for argument in values)
    return (
        f"void take_{index}({takes});\nvoid case_{index}({', '.join(hook)});\n"
        f"void case_{index}({', '.join(hook)})\n{{\n{body(event)}\ttake_{index}({given});\n}}\n"
    )
