# SPDX-License-Identifier: GPL-2.0-only
"""The workload's cgroup, on machines that do not make it easy: no cgroup2 mounted, and processes that stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import made_target

pytestmark = [pytest.mark.vm, pytest.mark.every_release]

SPEC = """
[addon]
name = "marked"
[[event]]
name = "marked_exec"
hook = "tracepoint:sched_process_exec"
filter = "in_workload()"
"""
# It leaves a process behind, in a cgroup below its own if there is a folder of cgroups.
WORKLOAD = "setsid sleep 1000 >/dev/null 2>&1 & cat /proc/self/cgroup"


@pytest.mark.parametrize("is_mounted", [True, False], ids=["mounted", "not-mounted"])
def test_what_is_left_returns(release: str, tmp_path: Path, is_mounted: bool) -> None:
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))
    (tmp_path / "addon.toml").write_text(SPEC, encoding="utf-8")
    modules = api.build([load_addon(tmp_path)], setting)
    said: list[str] = []
    with setting.target.start(setting.progress) as machine:
        if not is_mounted:
            machine.run("umount", "/sys/fs/cgroup")
        before = _mounts(machine)
        folder = record(
            Stage(machine, setting.progress, said.append),
            modules,
            ChosenWorkload(("sh", "-c", WORKLOAD)),
            tmp_path / "traces",
        )
        assert summarise(folder / "trace").events["marked_exec"].count == 4  # sh, setsid that becomes sleep, cat
        assert said[0].startswith("0::/lttng-addon-kit-")
        assert _mounts(machine) == before
        left = machine.run("pidof", "sleep").stdout.split()
        groups = [machine.run("cat", f"/proc/{each}/cgroup").stdout for each in left]
        assert all("lttng-addon-kit" not in each for each in groups)
        if is_mounted:
            assert "lttng-addon-kit" not in machine.run("ls", "/sys/fs/cgroup").stdout


def _mounts(machine: Machine) -> str:
    return machine.run("cat", "/proc/mounts").stdout
