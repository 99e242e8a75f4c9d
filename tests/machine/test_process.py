# SPDX-License-Identifier: GPL-2.0-only
"""Programs run to their end or are ended, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import Limits, MissingProgram, Streams, execute, need_program, succeed


def alive(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_both_outputs_and_the_status() -> None:
    lines: list[str] = []
    output = execute(["/bin/sh", "-c", "echo a; echo b >&2; exit 7"], Streams(lines.append))
    assert (output.status, output.stdout, output.stderr) == (7, "a\n", "b\n")
    assert lines == ["a"]


def test_a_signal_is_a_negative_status() -> None:
    assert execute(["/bin/sh", "-c", "kill -TERM $$"]).status == -signal.SIGTERM


def test_bytes_that_are_no_text() -> None:
    assert execute(["/usr/bin/printf", r"\377x\n"]).stdout == "\N{REPLACEMENT CHARACTER}x\n"


def test_it_is_quick() -> None:
    seconds = []
    for _ in range(10):  # the quickest counts: on a busy machine the others say nothing of sh
        begin = time.monotonic()
        execute(["/bin/true"])
        seconds.append(time.monotonic() - begin)
    assert min(seconds) < 0.09, "sh waits 0.1 s where a pipe feeds the program"


def test_time_is_up(tmp_path: Path) -> None:
    record = tmp_path / "pid"
    with pytest.raises(KitError, match=r"sh did not end within 0\.3 s"):
        execute(["/bin/sh", "-c", f"echo $$ > {record}; sleep 60"], limits=Limits(0.3))
    assert not alive(int(record.read_text()))


def test_a_stubborn_program_is_made_to_end(tmp_path: Path) -> None:
    record = tmp_path / "pid"
    with pytest.raises(KitError):
        execute(["/bin/sh", "-c", f"trap '' TERM; echo $$ > {record}; sleep 60; sleep 60"], limits=Limits(0.3))
    assert not alive(int(record.read_text()))


def test_interrupted(tmp_path: Path) -> None:
    record = tmp_path / "pid"
    script = (
        "from lttng_addon_kit.machine.process import execute\n"
        f"execute(['/bin/sh', '-c', 'echo $$ > {record}; sleep 60'])"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE)
    while not (record.exists() and record.read_text().endswith("\n")):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    assert b"KeyboardInterrupt" in process.communicate(timeout=10)[1]
    assert not alive(int(record.read_text()))


def test_a_missing_program_comes_with_what_finds_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lttng_addon_kit.machine.process._MORE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="qemu-system-x86_64 is not installed") as caught:
        need_program("qemu-system-x86_64")
    assert caught.value.hint == "lttng-addon doctor shows how to install it"


def test_a_full_disk_is_recognised() -> None:
    with pytest.raises(KitError) as caught, Path("/dev/full").open("wb") as full:
        succeed(["/bin/echo", "x"], "writing", Streams(stdout=full))
    assert "writing failed" in str(caught.value)
    assert "make room" in caught.value.hint
