# SPDX-License-Identifier: GPL-2.0-only
"""One machine of a target is left running at most: the one that `target shell` enters."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.folders import run_folder
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.registry import find_target
from lttng_addon_kit.target.vm import kept_run
from lttng_addon_kit.target.vm.kept_run import KeptRun, find_kept


def test_a_second_machine_is_not_left_running(tmp_path: Path) -> None:
    target = find_target("bookworm", tmp_path)
    with run_folder(tmp_path / "targets" / "bookworm" / "runs") as (run, _):
        KeptRun(os.getpid(), 22).write(run)
        with pytest.raises(KitError, match="a machine of bookworm was left running already") as caught:
            target.start(Progress(quiet=True), keep=True).__enter__()
    assert "target shell bookworm" in caught.value.hint


def test_one_with_a_shell_open_is_not_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = find_target("bookworm", tmp_path)
    machine = subprocess.Popen(["sleep", "60"])
    with run_folder(tmp_path / "targets" / "bookworm" / "runs") as (run, _):
        kept = KeptRun(machine.pid, 22)
        kept.write(run)
        with kept.entered(run), kept.entered(run):
            with pytest.raises(KitError, match="a shell is open on the machine that was left running"):
                target.remove()
            assert machine.poll() is None
            assert find_kept(run) == kept
        monkeypatch.setattr(kept_run, "_SECONDS_TO_END", 0)  # this process holds the run's lock, not the machine
        kept.end(run)
    assert machine.wait() == -signal.SIGKILL


def test_one_that_ended_does_not_count(tmp_path: Path) -> None:
    run = tmp_path / "run-x"
    run.mkdir()
    (run / "lock").touch()
    KeptRun(os.getpid(), 22).write(run)
    assert find_kept(run) is None
