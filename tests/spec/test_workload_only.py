# SPDX-License-Identifier: GPL-2.0-only
"""`--workload-only` puts a condition before every filter of an addon, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import AddonSource, load_addon
from lttng_addon_kit.spec.workload_only import workload_only
from lttng_addon_kit.target.registry import Target

SPEC = """
[addon]
name = "narrow"
[[span]]
name = "wakeup"
begin = { hook = "tracepoint:sched_waking", key = "p->pid", filter = "p->pid > 1 || p->prio == 120" }
end = { hook = "tracepoint:sched_switch", key = "next->pid", filter = "next->pid != 2" }
[[span]]
name = "chain"
begin = { hook = "span:wakeup", key = "next->pid" }
end = { hook = "tracepoint:sched_switch", key = "prev->pid" }
[[event]]
name = "page_exec"
hook = "tracepoint:sched_process_exec"
when = [{ kernel = ">= 6.1", filter = "old_pid > 2 || old_pid == 1" }, { kernel = "< 5", fields = { x = "1" } }]
[[event]]
name = "page_switch"
hook = "tracepoint:sched_switch"
[[event]]
name = "page_woken"
hook = "span:wakeup"
filter = "$duration_ns > 1000"
[[aggregate]]
name = "forks"
kind = "count"
hook = "tracepoint:sched_process_fork"
filter = "parent->pid != 2 || child->pid == 1"
[[aggregate]]
name = "switches"
kind = "count"
event = "page_switch"
[share]
event = "page_switch"
records = 8
[share.fields]
pid = "next->pid"
"""


@pytest.fixture
def source(tmp_path: Path) -> AddonSource:
    (tmp_path / "addon.toml").write_text(SPEC, encoding="utf-8")
    return load_addon(tmp_path)


def test_every_filter_is_narrowed_once(source: AddonSource) -> None:
    addon = workload_only(source).addon
    waking, switch = addon.spans[0].begin[0], addon.spans[0].end[0]
    assert waking.filter == "in_workload() && (p->pid > 1 || p->prio == 120)"
    assert switch.filter == "next->pid != 2"  # whoever ends it
    assert addon.spans[1].begin[0].filter is None  # it begins where a narrowed span ends
    executed, switched, woken = (each.on((6, 1, 0)) for each in addon.events)
    assert executed.filter == "in_workload() && (old_pid > 2 || old_pid == 1)"
    assert addon.events[0].on((5, 10, 0)).filter == "in_workload()"
    assert switched.filter == "in_workload()"
    assert woken.filter == "$duration_ns > 1000"
    assert addon.aggregates[0].filter == "in_workload() && (parent->pid != 2 || child->pid == 1)"
    assert addon.aggregates[1].filter is None  # it is the event's
    assert addon.share is not None
    assert addon.share.filter is None


def test_the_condition_comes_first_in_c(source: AddonSource, kernel: Kernel) -> None:
    sources = generate_sources(workload_only(source), kernel)
    assert sources.asks_workload
    assert not generate_sources(source, kernel).asks_workload
    c = sources.files[0].text
    assert c.count("lttng_addon_in_workload()") == 5  # two events, what hangs on one of them, an aggregate, a begin


def test_without_a_command_there_is_no_workload(source: AddonSource, tmp_path: Path, target: Target) -> None:
    setting = api.setting(target.name)
    how = api.RunOptions(seconds=1, workload_only=True)
    with pytest.raises(UsageError, match="this run has none"):
        api.run([source], setting, tmp_path / "traces", print, how)
