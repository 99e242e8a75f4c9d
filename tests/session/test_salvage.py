# SPDX-License-Identifier: GPL-2.0-only
"""Whatever ends a run in the middle: what was recorded by then is kept, and called what it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.troubleshooting import shows

pytestmark = pytest.mark.vm

# 100 packets out and in again; two seconds later they are on the machine's disk.
PACKETS = "ping -q -i 0.01 -c 100 localhost; sleep 2"
RECORDED = 200

# A run of each is 15 s; where CI is not set, those that differ most are enough.
FAULTS = {
    "sessiond": "kill -9 $(pidof lttng-sessiond)",
    "panic": "echo c > /proc/sysrq-trigger; sleep 60",
    "consumerd": f"kill -9 $(pidof lttng-consumerd); {PACKETS}",
    "reset": "echo b > /proc/sysrq-trigger; sleep 60",
}
TESTED = FAULTS if os.environ.get("CI") else list(FAULTS)[:2]

# All but 300 kB of the disk in one file, the rest in another; 800 pings later there is room again.
FILL = """ping -q -i 0.01 -c 100 localhost
fallocate -l $(($(df --output=avail -B1 /var/tmp | tail -1) - 300000)) /var/tmp/fill
dd if=/dev/zero of=/var/tmp/rest bs=4k 2>/dev/null
ping -q -i 0.002 -c 800 localhost
rm /var/tmp/fill /var/tmp/rest
ping -q -i 0.01 -c 100 localhost"""


def record(lttng_addon: Command, fault: str) -> subprocess.CompletedProcess[str]:
    return lttng_addon("run", "skb-filter", "--json", "--", "sh", "-c", f"{PACKETS}; {fault}")


def salvaged(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """What a run that failed still reported: all packets that came before the fault."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    report: dict[str, object] = json.loads(done.stdout)
    assert report["recording"]["state"] == "salvaged"  # type: ignore[index]
    assert report["events"]["netif_receive_skb_filter"]["count"] == RECORDED  # type: ignore[index]
    return report


@pytest.mark.parametrize("fault", TESTED)
def test_what_was_recorded_is_kept(fault: str, lttng_addon: Command) -> None:
    done = record(lttng_addon, FAULTS[fault])
    salvaged(done)
    match fault:
        case "sessiond":
            shows("LTTng's session daemon ends", done.stderr)
        case "consumerd":
            shows("LTTng's consumer daemon ends", done.stderr)
        case "panic":
            shows("The kernel panics", done.stderr)
        case "reset":
            shows("The machine resets", done.stderr)


def test_qemu_is_killed(workspace: Path) -> None:
    with running(workspace, f"{PACKETS}; echo now; sleep 60") as process:
        (machine,) = machines_of(process.pid)
        os.kill(machine, signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=120)
    salvaged(subprocess.CompletedProcess((), process.returncode, stdout, stderr))
    shows("QEMU is killed", stderr)


def test_the_command_is_killed(lttng_addon: Command, workspace: Path) -> None:
    with running(workspace, "echo now; sleep 60") as process:
        process.kill()
    (listed,) = json.loads(lttng_addon("list", "traces", "--json").stdout)
    assert (listed["state"], listed["addons"]) == ("begun", ["skb-filter"])
    done = lttng_addon("summary")
    assert done.returncode == 1
    shows("The command was killed", done.stdout + done.stderr)


def test_the_machines_disk_is_full_for_a_while(lttng_addon: Command) -> None:
    done = lttng_addon("run", "skb-filter", "--json", "--", "sh", "-c", FILL)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    (event,) = report["recording"]["addons"][0]["events"]
    assert event["passed_at_least"] == 2000
    assert report["events"]["netif_receive_skb_filter"]["count"] < 2000
    shows("The machine's disk is full for a while", done.stderr)


@contextmanager
def running(workspace: Path, workload: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running the workload, from when that says "now"."""
    command = [
        str(Path(sys.executable).with_name("lttng-addon")),
        "run",
        "skb-filter",
        "--json",
        "--",
        "sh",
        "-c",
        workload,
    ]
    with subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any(line == "now\n" for line in process.stderr)
        yield process


def machines_of(process_id: int) -> list[int]:
    """The process ids of the QEMUs that a process started."""
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [int(each) for each in children if "qemu" in Path(f"/proc/{each}/cmdline").read_text()]
