# SPDX-License-Identifier: GPL-2.0-only
"""A disk of this host that is full or read-only: said by its name, before the run where that can be known."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lttng_addon_kit.workspace import CACHE_VARIABLE, cache_folder
from tests.conftest import DEFAULT, PROJECT
from tests.troubleshooting import shows

MountedCommand = Callable[..., subprocess.Popen[str]]
FULL = "mount -t tmpfs -o size=64k full {0}; dd if=/dev/zero of={0}/fill 2>/dev/null"
READ_ONLY = "mount --bind {0} {0} && mount -o remount,ro,bind {0}"


@pytest.fixture
def mounted(workspace: Path) -> Iterator[MountedCommand]:
    """Starts the command where a line of the shell's has mounted something, for it alone."""
    started: list[subprocess.Popen[str]] = []

    def start(mounting: str, *words: str, **environment: str) -> subprocess.Popen[str]:
        command = shlex.join([str(Path(sys.executable).with_name("lttng-addon")), *words])
        as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
        process = subprocess.Popen(
            ["unshare", "--mount", *as_root, "--", "sh", "-c", f"{mounting}; exec {command}"],
            cwd=workspace,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    stdout, stderr = process.communicate(timeout=180)
    assert "Traceback" not in stderr
    return process.returncode, stdout, stderr


def test_recordings_that_can_not_be_written_are_known_before(mounted: MountedCommand, workspace: Path) -> None:
    (workspace / "traces").mkdir()
    status, _, said = ended(mounted(READ_ONLY.format("traces"), "run", "skb-filter"))
    assert status == 1
    shows("No recording can be written", said)
    assert said.count("\n") == 2


def test_recordings_that_have_no_room_are_known_before(mounted: MountedCommand, workspace: Path) -> None:
    (workspace / "traces").mkdir()
    status, _, said = ended(mounted(FULL.format("traces"), "run", "skb-filter"))
    assert status == 1
    shows("No recording has room", said)


@pytest.mark.parametrize("mounting", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_no_room_for_what_is_temporary(mounting: str, mounted: MountedCommand, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    trace = PROJECT / "tests/trace/data/bookworm-skb-filter"
    words = ("summary", str(trace), "--json")
    status, out, said = ended(
        mounted(mounting.format(tmp_path / "temporary"), *words, TMPDIR=str(tmp_path / "temporary"))
    )
    assert (status, said) == (0, "")
    assert json.loads(out)["events"]


@pytest.mark.parametrize("mounting", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_a_cache_that_can_not_be_written(mounting: str, mounted: MountedCommand, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    words = ("list", "tracepoints")
    status, _, said = ended(
        mounted(mounting.format(tmp_path / "cache"), *words, **{CACHE_VARIABLE: str(tmp_path / "cache")})
    )
    assert status == 1
    assert f"{tmp_path / 'cache'}" in said
    assert "Read-only file system" in said or "No space left on device" in said


@pytest.mark.vm
def test_a_read_only_cache_is_enough_to_check(mounted: MountedCommand, target: object) -> None:
    ended(mounted("true", "check", "skb-filter"))
    status, out, said = ended(mounted(READ_ONLY.format(shlex.quote(str(cache_folder()))), "check", "skb-filter"))
    assert status == 0, said
    assert "skbaddr" in out


@pytest.mark.vm
def test_recordings_that_have_no_room_in_the_end_are_kept_elsewhere(
    mounted: MountedCommand, workspace: Path, borrowed: Path
) -> None:
    (workspace / "traces").mkdir()
    workload = ("--", "sh", "-c", "ping -c2 localhost; echo now; sleep 4")
    mounting = "mount -t tmpfs -o size=6m small traces"
    process = mounted(mounting, "run", "skb-filter", "--json", *workload, **{CACHE_VARIABLE: str(borrowed)})
    wait_for_now(process)
    subprocess.run(["dd", "if=/dev/zero", f"of=/proc/{process.pid}/cwd/traces/fill"], capture_output=True)
    status, out, said = ended(process)
    assert status == 0, said
    shows("A recording has no room in the end", said)
    (folder,) = (borrowed / "recordings").iterdir()
    assert json.loads((folder / "recording.json").read_text())["state"] == "complete"
    assert json.loads(out)["events"]["netif_receive_skb_filter"]["count"] == 4


@pytest.mark.vm
@pytest.mark.skipif(
    not os.environ.get("CI"), reason="runs where CI is set: half a minute of silence until it is noticed"
)
def test_a_machine_whose_disk_has_no_room_here(mounted: MountedCommand, borrowed: Path) -> None:
    runs = borrowed / "targets" / DEFAULT / "runs"
    runs.mkdir()
    mounting = f"mount -t tmpfs -o size=100m small {shlex.quote(str(runs))}"
    workload = ("--", "sh", "-c", "echo now; sleep 2; dd if=/dev/urandom of=/var/tmp/x bs=1M count=50; sync; sleep 60")
    process = mounted(mounting, "run", "skb-filter", *workload, **{CACHE_VARIABLE: str(borrowed)})
    wait_for_now(process)
    subprocess.run(["dd", "if=/dev/zero", f"of=/proc/{process.pid}/root{runs}/fill", "bs=1M"], capture_output=True)
    status, _, said = ended(process)
    assert status == 1
    shows("A machine's disk has no room here", said)


def wait_for_now(process: subprocess.Popen[str]) -> None:
    assert process.stderr
    assert any(line == "now\n" for line in process.stderr)
