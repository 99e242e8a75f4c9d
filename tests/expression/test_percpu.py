# SPDX-License-Identifier: GPL-2.0-only
"""Every per-CPU variable that a kernel exports, read by its name, and compiled against that kernel's headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.kernel.btf import RecordKind
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Enum, Integer, Pointer, strip
from tests.conftest import made_target
from tests.expression.cases import Case
from tests.expression.compiled import compiled


@pytest.mark.every_release
def test_every_exported_percpu_variable_compiles(
    tmp_path: Path, release: str, target_kernel: Callable[[str], Kernel]
) -> None:
    kernel = target_kernel(release)
    cases = [Case("netif_receive_skb", fields=_fields(name, kernel)) for name in _exported(kernel)]
    assert len(cases) >= 10
    made = compiled(cases, kernel, made_target(release), tmp_path)
    assert made.status == 0, made.output


def _exported(kernel: Kernel) -> list[str]:
    names = kernel._types.names(RecordKind.VAR, "*")
    return [name for name in names if (found := kernel.percpu_variable(name)) and found.is_exported]


def _fields(name: str, kernel: Kernel) -> tuple[str, ...]:
    """Its address, and its value where that can be a field."""
    variable = kernel.percpu_variable(name)
    assert variable
    return (f"&{name}", name) if isinstance(strip(variable.type), Integer | Enum | Pointer) else (f"&{name}",)
