# SPDX-License-Identifier: GPL-2.0-only
"""Nothing is waited for for ever, and what a kernel prints is heard when it prints it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import FOREVER
from lttng_addon_kit.machine.process import Limits, Streams, TimeUp, execute
from lttng_addon_kit.machine.watch import KernelBroke, Watch

WARNING = "[ 1.0] WARNING: CPU: 0 PID: 442 at own.c:44 trouble+0x30/0x37\n[ 1.0] CPU: 0 PID: 442\n"
OOPS = (
    "[ 2.0] BUG: kernel NULL pointer dereference, address: 10\n[ 2.0] Oops: 0000 [#1]\n[ 2.0] RIP: 0010:crash+0x1/0x2\n"
)
STALL = "[ 3.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"
LOCKUP = "[ 4.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [insmod:9]\n"


@pytest.fixture
def console(tmp_path: Path) -> Path:
    (tmp_path / "console.log").write_text("[ 0.0] booted\n")
    return tmp_path / "console.log"


def add(console: Path, text: str) -> None:
    with console.open("a") as file:
        file.write(text)


def watched(watch: Watch, command: str, limits: Limits = Limits()) -> str:  # noqa: B008 -- frozen
    with watch.over(f"`{command}`", limits) as its:
        return execute(["/bin/sh", "-c", command], limits=its).stdout


def test_a_command_has_the_machines_patience() -> None:
    watch = Watch("rack7", patience=0.5)
    with pytest.raises(TimeUp, match=r"`sleep 60` on rack7 did not end within 0\.5 s"):
        watched(watch, "sleep 60")


def test_a_workload_takes_as_long_as_it_takes() -> None:
    assert watched(Watch("rack7", patience=0.2), "sleep 1; echo done", Limits(FOREVER)) == "done\n"


def test_once_a_command_took_too_long_the_others_have_a_moment_and_then_none_is_sent() -> None:
    watch = Watch("rack7", patience=0.5)
    begun = time.monotonic()
    with pytest.raises(TimeUp):
        watched(watch, "sleep 60")
    assert watched(watch, "echo tidy") == "tidy\n"
    with pytest.raises(TimeUp, match=r"within 0\.5 s"):
        watched(watch, "sleep 60")
    with pytest.raises(KitError, match="rack7 no longer answers"):
        watched(watch, "echo tidy")
    assert time.monotonic() - begun < 5


def test_a_copy_may_go_on_as_long_as_it_gets_further(tmp_path: Path) -> None:
    watch = Watch("rack7", patience=1)
    with (tmp_path / "copy").open("w+b") as copy:
        streams = Streams(stdout=copy)
        with watch.over("copying", copied=streams.bytes_copied) as limits:
            execute(["/bin/sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.6; done"], streams, limits)
        copy.seek(0)
        assert copy.read() == b"1\n2\n3\n4\n5\n"


def test_what_is_waited_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lttng_addon_kit.machine.watch._SECONDS_UNTIL_SAID", 1)
    said: list[str] = []
    watched(Watch("rack7", say=said.append), "sleep 1.6")
    assert said == ["Waiting for `sleep 1.6` on rack7, for at most 60 s ..."]


def test_a_slow_machine_is_given_more() -> None:
    watch = Watch("rack7")
    patience = []
    for seconds in (0.01, 0.4, 100):
        watch.answered(seconds)
        patience.append(watch.patience)
    assert patience == [60, 120, 180]


def test_a_warning_is_said_and_the_run_goes_on(console: Path) -> None:
    said: list[str] = []
    watch = Watch("rack7", console, said.append)
    add(console, WARNING)
    assert watched(watch, "echo on") == "on\n"
    assert said == ["The kernel of rack7: WARNING: CPU: 0 PID: 442 at own.c:44 trouble+0x30/0x37"]
    assert watched(watch, "echo on") == "on\n"
    assert len(said) == 1


def test_an_oops_ends_what_runs_once(console: Path) -> None:
    watch = Watch("rack7", console)
    add(console, OOPS)
    with pytest.raises(KernelBroke, match="the kernel of rack7 broke: BUG: kernel NULL pointer") as caught:
        watched(watch, "sleep 60")
    assert "RIP: 0010:crash+0x1/0x2" in caught.value.report
    assert watched(watch, "echo tidy") == "tidy\n"


def test_a_kernel_that_reports_without_end_is_not_listened_to_for_ever(console: Path) -> None:
    said: list[str] = []
    watch = Watch("rack7", console, said.append)
    add(console, OOPS * 1000)
    with pytest.raises(KernelBroke):
        watched(watch, "sleep 60")
    assert len(said) == 10


def test_a_stall_ends_the_run_when_the_kernel_says_it_again(console: Path) -> None:
    watch = Watch("rack7", console)
    add(console, STALL + LOCKUP)
    watched(watch, "true")
    add(console, LOCKUP)
    with pytest.raises(KernelBroke, match="soft lockup"):
        watched(watch, "sleep 60")


def test_output_is_whole_however_often_a_program_runs_with_a_limit() -> None:
    """The wait is for the end of the reading, not for the process alone."""
    for number in range(400):
        assert (
            execute(["/bin/sh", "-c", f"echo {number}; echo {number} >&2"], limits=Limits(30)).stdout == f"{number}\n"
        )


@pytest.mark.parametrize("ends_with_run", [True, False])
def test_after_ctrl_c_only_a_machine_that_stays_is_tidied(ends_with_run: bool) -> None:
    watch = Watch("rack7", ends_with_run=ends_with_run)
    assert watch.tidies
    watch.hurry()
    assert watch.tidies
    with pytest.raises(KeyboardInterrupt), watch.over("`sleep 60`"):
        raise KeyboardInterrupt
    assert watch.tidies is not ends_with_run
