# SPDX-License-Identifier: GPL-2.0-only
"""What loading does to the kernel before a session: its probes are registered to see whether they can be, not armed."""

from __future__ import annotations

from pathlib import Path

from lttng_addon_kit import api
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import made_target

SPEC = """
[addon]
name = "tried"
[[event]]
name = "vfs_tried_sync"
hook = "kprobe:vfs_fsync_range"
[[event]]
name = "vfs_tried_synced"
hook = "kretprobe:vfs_fsync_range"
"""
# Disarming a probe may fail for want of memory, and the kernel warns then (kernel/kprobes.c).
SCRIPT = r"""
set -e
cd /sys/kernel/tracing
modprobe lttng-tracer
for each in register_kprobe '*arm_kprobe*'; do echo "$each" >>set_ftrace_filter; done
echo function >current_tracer
insmod "$1"
grep -o '[a-z_]* <-' trace | sort | uniq -c
echo nop >current_tracer
echo >set_ftrace_filter
rmmod "$2"
"""


def test_probes_are_registered_and_not_armed(release: str, tmp_path: Path) -> None:
    (tmp_path / "addon.toml").write_text(SPEC, encoding="utf-8")
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))
    (module,) = api.build([api.load_addon(tmp_path)], setting)
    with setting.target.start(setting.progress) as machine:
        machine.put(module.file, "/root/tried.ko")
        said = machine.run("sh", "-c", SCRIPT, "sh", "/root/tried.ko", module.addon.kernel_module_name).stdout
    assert said.split() == ["2", "register_kprobe", "<-"]
