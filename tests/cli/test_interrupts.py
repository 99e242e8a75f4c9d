# SPDX-License-Identifier: GPL-2.0-only
"""One Ctrl-C at any stage ends the command within seconds, with status 130, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lttng_addon_kit.machine.folders import in_use
from lttng_addon_kit.workspace import cache_folder
from tests.busy import allowed
from tests.conftest import DEFAULT

pytestmark = [pytest.mark.vm, pytest.mark.alone]

SECONDS = 5
RUN = ("run", "skb-filter", "--", "ping", "-c3", "localhost")

# What the command says when a stage begins; Ctrl-C comes a moment later.
STAGES_THAT_KEEP_NOTHING = (
    "Building lttng-addon-skb-filter",
    f"restoring {DEFAULT} ...",
    "Loading lttng-addon-skb-filter ...",
    "Recording netif_receive_skb_filter ...",
    "Stopping the session ...",
)
STAGES_THAT_KEEP = ("Running ping", "Fetching the trace: ")


@dataclass(frozen=True)
class Interrupted:
    """How a command ended that was interrupted: its status, what it said, and how long it took to end."""

    status: int
    said: str
    seconds: float


def interrupt(words: tuple[str, ...], stage: str, workspace: Path, environment: dict[str, str]) -> Interrupted:
    """Runs a command until it says that a stage begins, presses Ctrl-C, and sees to it that nothing is left."""
    with tempfile.TemporaryDirectory(prefix="t") as temporary:  # a socket in it has room for 107 bytes in all
        interrupted = _interrupt(words, stage, workspace, environment | {"TMPDIR": temporary})
        assert processes_with(f"TMPDIR={temporary}") == []
        assert list(Path(temporary).iterdir()) == []
    assert "Traceback" not in interrupted.said
    return interrupted


def _interrupt(words: tuple[str, ...], stage: str, workspace: Path, environment: dict[str, str]) -> Interrupted:
    with subprocess.Popen(
        [Path(sys.executable).with_name("lttng-addon"), *words],
        cwd=workspace,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        assert process.stderr
        said = ""
        while stage not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        begun = time.monotonic()
        said += process.communicate(timeout=120)[1]
        seconds = time.monotonic() - begun
    return Interrupted(process.returncode, said, seconds)


def processes_with(setting: str) -> list[str]:
    """The command lines of the processes that have a setting in their environment."""
    return [" ".join(each) for each in _processes(setting)]


def _processes(setting: str) -> Iterator[list[str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if setting.encode() in (folder / "environ").read_bytes().split(b"\0"):
                yield (folder / "cmdline").read_text(errors="replace").split("\0")
        except OSError:  # another user's, or it has just ended
            continue


@contextmanager
def no_run_left() -> Iterator[None]:
    """No folder of a run is left in the cache that was not there before."""
    runs = cache_folder() / "targets" / DEFAULT / "runs"
    before = set(runs.glob("run-*"))
    yield
    left = set(runs.glob("run-*")) - before
    time.sleep(1 if left else 0)  # others' runs begin and end, and their folders have no lock at first
    assert [each for each in left if each.exists() and not in_use(each)] == []


@pytest.mark.parametrize("stage", STAGES_THAT_KEEP_NOTHING)
def test_a_stage_that_keeps_nothing(workspace: Path, target: object, stage: str) -> None:
    with no_run_left():
        interrupted = interrupt(RUN, stage, workspace, {})
    assert interrupted.status == 130, interrupted.said
    assert interrupted.seconds < allowed(SECONDS)
    assert list((workspace / "traces").glob("*")) == []


@pytest.mark.parametrize("stage", STAGES_THAT_KEEP)
def test_a_stage_that_keeps_the_recording(workspace: Path, target: object, stage: str) -> None:
    with no_run_left():
        interrupted = interrupt(RUN, stage, workspace, {})
    assert interrupted.status == 130, interrupted.said
    assert interrupted.seconds < allowed(SECONDS)
    (folder,) = (workspace / "traces").iterdir()
    assert (folder / "recording.json").exists()
    assert list(folder.glob("trace/kernel/*"))


def test_while_a_target_is_created(workspace: Path) -> None:
    cache = workspace / "cache"
    words = ("target", "create", DEFAULT)
    interrupted = interrupt(words, f"Debian {DEFAULT}", workspace, {"LTTNG_ADDON_KIT_CACHE": str(cache)})
    assert interrupted.status == 130, interrupted.said
    assert interrupted.seconds < allowed(SECONDS)
    assert [each.name for each in (cache / "targets").iterdir() if each.is_dir()] == []
