# SPDX-License-Identifier: GPL-2.0-only
"""A probe's function has parameters and locals of its own; a hook's arguments of the same names make way."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import load_addon

ADDON = """
[addon]
name = "clash"

[[event]]
name = "call_clash"
hook = "{hook}"
filter = "{filter}"
[event.fields]
value = "{value}"

[[aggregate]]
name = "clashes"
kind = "count"
by = "{value}"
"""


@pytest.mark.parametrize(
    ("hook", "filter_", "value", "lines"),
    [
        (
            "tracepoint:cpuhp_enter",
            "cpu > 1",
            "cpu",
            ("void *lttng_event, unsigned int cpu_,", "void *__data, unsigned int cpu_,", "clashes_key.key = cpu_;"),
        ),
        (
            "kprobe:show_regs",
            "regs",
            "regs->sp",
            ("struct pt_regs *regs_ = (void *)regs_get_kernel_argument(regs, 0);", "trace_lttng_addon_call_clash(reg"),
        ),
        (
            "kretprobe:show_regs",
            "regs",
            "regs->sp",
            ("entry->regs_ = (void *)regs_get_kernel_argument(regs, 0);", "struct pt_regs *regs_ = entry->regs_;"),
        ),
    ],
)
def test_an_argument_makes_way_for_the_probes_own(
    kernel: Kernel, tmp_path: Path, hook: str, filter_: str, value: str, lines: tuple[str, ...]
) -> None:
    folder = tmp_path / "clash"
    folder.mkdir()
    (folder / "addon.toml").write_text(ADDON.format(hook=hook, filter=filter_, value=value), encoding="utf-8")
    text = generate_sources(load_addon(folder), kernel).files[0].text
    assert [line for line in lines if line not in text] == []
