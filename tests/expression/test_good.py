"""Every case of good.toml: read, lowered, and compiled against the real kernel's headers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from cases import FUNCTION_DECLARATIONS, PARAMETER_DEFINITIONS, arguments_of, lowered, scope_of

from lttng_addon_kit.expression.declare import Declarations
from lttng_addon_kit.expression.layout import merged
from lttng_addon_kit.expression.lower import Lowered
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.machine.target import Target

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("good.toml").read_text())["case"]


def lower(case: dict[str, Any], kernel: Kernel) -> Lowered:
    scope = scope_of(kernel, case["hook"], case.get("nofault", False))
    return lowered(case.get("filter", ""), case.get("fields", []), scope)


def body(event: Lowered) -> str:
    """The probe's lines, its locals first."""
    lines = [f"\t{local};" for local in event.locals]
    return "\n".join([*lines, *event.filter_lines, *event.value_lines]) + "\n"


def parameters(case: dict[str, Any], kernel: Kernel, declarations: Declarations) -> list[str]:
    """The hook's variables as a function's parameters."""
    hook = [declarations.declare(each.type, each.name) for each in arguments_of(kernel, case["hook"])]
    if case["hook"].startswith("kretprobe:"):
        name = case["hook"].partition(":")[2]
        hook += [declarations.declare(kernel.function(name).returns, "ret"), "u64 duration_ns"]
    return hook


def probe(index: int, case: dict[str, Any], event: Lowered, kernel: Kernel) -> str:
    """A C function with an event's code, and one that takes its values."""
    values = [argument for value in event.values for argument in value.arguments]
    takes = ", ".join(argument.declaration for argument in values) or "void"
    hook = parameters(case, kernel, Declarations(kernel))
    given = ", ".join(argument.text for argument in values)
    return (
        f"void take_{index}({takes});\nvoid case_{index}({', '.join(hook)});\n"
        f"void case_{index}({', '.join(hook)})\n{{\n{body(event)}\ttake_{index}({given});\n}}\n"
    )


@pytest.mark.parametrize("index", range(len(CASES)))
def test_wanted_c(index: int, kernel: Kernel) -> None:
    event = lower(CASES[index], kernel)
    if "c" in CASES[index]:
        values = [
            f"\t{argument.declaration} = {argument.text}" for value in event.values for argument in value.arguments
        ]
        assert body(event) + "\n".join(values) + "\n" == CASES[index]["c"]


def test_all_compile(tmp_path: Path, kernel: Kernel, target: Target) -> None:
    events = [lower(case, kernel) for case in CASES]
    declarations = Declarations(kernel)
    for case in CASES:
        parameters(case, kernel, declarations)
    headers = {header for event in events for header in event.includes} | declarations.headers
    includes = ["linux/module.h", *sorted(headers)]
    forwards = sorted({forward for event in events for forward in event.forwards} | declarations.forwards)
    functions = sorted({function for event in events for function in event.functions})
    parts = [f"#include <{header}>" for header in includes]
    parts += [f"{forward};" for forward in forwards]
    for layout in merged(layout for event in events for layout in event.layouts):
        parts.append(f"{layout.kind} {layout.name} {{\n" + "\n".join(layout.lines) + "\n} __packed;")
        parts.append(f"static_assert(sizeof({layout.kind} {layout.name}) == {layout.size});")
    parts += [f"static const u8 zeros[{max(event.zeros for event in events)}] __aligned(8);"]
    parts += [PARAMETER_DEFINITIONS, FUNCTION_DECLARATIONS, *functions]
    parts += [probe(index, case, event, kernel) for index, (case, event) in enumerate(zip(CASES, events, strict=True))]
    parts += ['MODULE_LICENSE("GPL");']
    (tmp_path / "expressions.c").write_text("\n\n".join(parts))
    (tmp_path / "Kbuild").write_text("obj-m := expressions.o\nccflags-y := -Wall -Werror\n")
    build = f"/lib/modules/{target.kernel_files().release}/build"
    made = target.make(tmp_path, "-C", build, "M=$(FOLDER)", "KBUILD_MODPOST_WARN=1")
    assert made.status == 0, made.output
