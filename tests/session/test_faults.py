# SPDX-License-Identifier: GPL-2.0-only
"""Machines that get stuck: each fault is provoked for real, on one machine, and ends within its time with its cause."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.errors import KitError, render
from lttng_addon_kit.machine.ssh import SshMachine
from lttng_addon_kit.machine.watch import Watch
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session import recording
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.target.registry import Target
from lttng_addon_kit.workspace import cache_folder
from tests.busy import allowed
from tests.troubleshooting import shows

pytestmark = pytest.mark.vm

QUIET = Progress(quiet=True)
PATIENCE = 5
# What a machine may take to be found out, beside its patience: what tidies up has its moments, and boots are slow.
ALLOWANCE = 25

SPEC = """\
[addon]
name = "faulty"

[module]
sources = ["own.c"]
init = "begin"
exit = "end"

[[event]]
name = "faulty_receive"
hook = "tracepoint:netif_receive_skb"
filter = 'skb->dev->name == "lo"'
[event.fields]
len = "skb->len"
trouble = "trouble(skb->len)"

[[event]]
name = "faulty_open"
hook = "kprobe:do_sys_openat2"
filter = 'comm() == "tac"'
[event.fields]
file = "user_text(filename, 64)"
mode = "how->mode"
crash = "crash(how->mode)"
"""
OWN_C = """\
#include <linux/delay.h>
#include <linux/module.h>

int begin(void);
void end(void);
u32 trouble(u32 length);
u32 crash(u32 mode);

static int fault;
module_param(fault, int, 0444);

/* Longer than the tests wait for it; not for ever, as the next one uses the same machine. */
static void sleep_long(void)
{
	ssleep(14);
}

static void spin_long(void)
{
	int i;

	preempt_disable();
	for (i = 0; i < 14000; i++)
		mdelay(1);
	preempt_enable();
}

int begin(void)
{
	if (fault == 1)
		sleep_long();
	if (fault == 2)
		spin_long();
	return 0;
}

void end(void)
{
	if (fault == 3)
		sleep_long();
}

u32 trouble(u32 length)
{
	WARN_ON_ONCE(fault == 4);
	return length;
}

u32 crash(u32 mode)
{
	return fault == 5 ? *(volatile u32 *)0x10 : mode;
}
"""
PINGS = ChosenWorkload(("ping", "-c2", "-i0.2", "127.0.0.1"))


def look_anew(machine: SshMachine, say: Callable[[str], None] = print, patience: float = 60) -> None:
    """Give a machine a watch that knows nothing of what happened so far."""
    machine.watch = Watch(machine.name, machine.watch.console, say, patience, machine.watch.read)


class Tried:
    """A run that was tried: its error, what was said meanwhile, how long it took, where its trace is."""

    def __init__(self, run: Callable[[Callable[[str], None]], None], traces: Path) -> None:
        said: list[str] = []
        begun = time.monotonic()
        self.error = ""
        try:
            run(said.append)
        except KitError as error:
            self.error = render(error)
        self.seconds = time.monotonic() - begun
        self.said = "\n".join([*said, self.error])
        self._traces = traces

    @property
    def events(self) -> int:
        """How many events its trace has."""
        return api.summarise(self._traces).count


@pytest.fixture(scope="module")
def module(target: Target, tmp_path_factory: pytest.TempPathFactory) -> BuiltModule:
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "addon.toml").write_text(SPEC)
    (folder / "own.c").write_text(OWN_C)
    (built,) = api.build([load_addon(folder)], api.Setting(target, cache_folder(), QUIET))
    return built


@pytest.fixture(scope="module")
def machine(target: Target) -> Iterator[SshMachine]:
    with target.start(QUIET) as started:
        assert isinstance(started, SshMachine)
        started.run("sh", "-c", "echo 1 > /proc/sys/kernel/watchdog_thresh")
        started.run("sh", "-c", "echo 3 > /proc/sys/kernel/hung_task_timeout_secs")
        yield started


@pytest.fixture
def attempt(machine: SshMachine, module: BuiltModule, tmp_path: Path) -> Callable[..., Tried]:
    """Records on the machine with one of the module's faults, and with little patience."""

    def attempt(
        fault: int = 0, workload: ChosenWorkload = PINGS, on: SshMachine = machine, patience: float = PATIENCE
    ) -> Tried:
        def run(say: Callable[[str], None]) -> None:
            look_anew(on, say, patience)
            stage = Stage(on, QUIET, say)
            folder = record(stage, [replace(module, parameters={"fault": str(fault)})], workload, tmp_path / "traces")
            found = recording.load(folder)
            assert found
            found.refuse_failed()

        return Tried(run, tmp_path / "traces")

    return attempt


@contextmanager
def settled(machine: SshMachine) -> Iterator[None]:
    """Leave the machine as it was, for the next test: what was stuck is not for ever."""
    console = machine.watch.console
    assert console
    try:
        yield
    finally:
        machine.watch = Watch(machine.name)
        wait = "until ! test -e /sys/module/lttng_addon_faulty; do rmmod lttng_addon_faulty; sleep 0.5; done"
        machine.run("sh", "-c", f"{wait}; lttng destroy --all; dmesg --clear", check=False)
        machine.watch = Watch(machine.name, console, read=console.stat().st_size)


def test_a_sound_run(attempt: Callable[..., Tried]) -> None:
    assert attempt().said.count("bytes from") == 2


def test_a_session_daemon_that_is_stopped(machine: SshMachine, attempt: Callable[..., Tried]) -> None:
    with settled(machine):
        machine.run("pkill", "-STOP", "lttng-sessiond")
        try:
            tried = attempt()
        finally:
            look_anew(machine)
            machine.run("pkill", "-CONT", "lttng-sessiond")
    shows("The session daemon does not answer", tried.error)
    assert tried.seconds < allowed(PATIENCE + ALLOWANCE)


def test_an_init_function_that_does_not_return(machine: SshMachine, attempt: Callable[..., Tried]) -> None:
    with settled(machine):
        tried = attempt(fault=1)
        shows("A module's init function does not return", tried.error)
        assert tried.seconds < allowed(PATIENCE + ALLOWANCE)


def test_a_processor_that_spins(machine: SshMachine, attempt: Callable[..., Tried]) -> None:
    with settled(machine):
        tried = attempt(fault=2, patience=30)
        shows("A processor is stuck in the kernel", tried.said)
        assert tried.seconds < allowed(PATIENCE + ALLOWANCE)


def test_an_exit_function_that_does_not_return(machine: SshMachine, attempt: Callable[..., Tried]) -> None:
    with settled(machine):
        tried = attempt(fault=3)
        shows("A module's exit function does not return", tried.said)
        assert tried.seconds < allowed(PATIENCE + ALLOWANCE)


def test_a_warning_is_said_when_it_happens(machine: SshMachine, attempt: Callable[..., Tried]) -> None:
    with settled(machine):
        tried = attempt(fault=4, workload=ChosenWorkload(("sh", "-c", "ping -c1 127.0.0.1; sleep 2; echo later")))
        shows("The kernel complains", tried.said)
        assert tried.said.index("The kernel of bookworm: WARNING") < tried.said.index("later")


def test_an_oops_in_a_probe(target: Target, attempt: Callable[..., Tried]) -> None:
    """Its error says where it comes from; what was recorded before it is kept."""
    workload = ChosenWorkload(("sh", "-c", "ping -c3 -i0.2 127.0.0.1; sleep 3; tac /etc/hostname"))
    with target.start(QUIET) as own:
        assert isinstance(own, SshMachine)
        tried = attempt(5, workload, own)
    shows("The kernel breaks in a probe", tried.said)
    assert "own.c:51: crash(): return fault == 5 ? *(volatile u32 *)0x10 : mode;" in tried.error
    assert "event faulty_open: " in tried.error
    assert 'crash = "crash(how->mode)"' in tried.error
    assert tried.seconds < allowed(ALLOWANCE)
    assert tried.events == 6


def test_a_network_device_that_is_dead(machine: SshMachine, attempt: Callable[..., Tried]) -> None:
    """The last one: the machine is not reached any more."""
    tried = attempt(workload=ChosenWorkload(("sh", "-c", "ping -c1 127.0.0.1; ip link set kit0 down; sleep 300")))
    shows("The machine is not reached any more", tried.said)
    assert tried.seconds < allowed(45 + ALLOWANCE)
