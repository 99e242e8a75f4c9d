# SPDX-License-Identifier: GPL-2.0-only
"""Virtual machines, for real: what runs on them, what they leave, and that they never outlive us unasked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import TimeUp
from lttng_addon_kit.machine.ssh import SshMachine
from lttng_addon_kit.machine.watch import KernelBroke, Watch
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.host import SshTarget
from lttng_addon_kit.target.registry import Boot, Target, find_target
from lttng_addon_kit.target.virtual import VmTarget
from lttng_addon_kit.workspace import cache_folder

pytestmark = [pytest.mark.vm, pytest.mark.alone]

QUIET = Progress(quiet=True)

# What Python runs in a process of its own: a machine, whose release is said once it is there.
START = """
import time
from lttng_addon_kit.target.registry import find_target
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.workspace import cache_folder
with find_target("bookworm", cache_folder()).start(Progress(quiet=True)) as machine:
    print(machine.kernel_release, flush=True)
    {then}
"""


@pytest.fixture(scope="module")
def machine(target: Target) -> Iterator[Machine]:
    with target.start(QUIET) as started:
        yield started


def runs() -> list[Path]:
    return sorted((cache_folder() / "targets/bookworm/runs").glob("run-*"))


def machines_of(process_id: int) -> list[int]:
    """The process ids of the QEMUs that a process of ours started."""
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [int(each) for each in children if "qemu" in Path(f"/proc/{each}/cmdline").read_text()]


def gone(process_id: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_creating_it_again_takes_no_time(target: Target) -> None:
    begin = time.monotonic()
    target.create(QUIET)
    assert time.monotonic() - begin < 0.01


def test_the_kernel_is_the_targets(machine: Machine, target: Target) -> None:
    assert machine.kernel_release == target.kernel_files().release
    assert machine.run("uname", "-r").stdout.strip() == machine.kernel_release


def test_each_argument_arrives_as_it_is(machine: Machine) -> None:
    arguments = ["a b", "$HOME", "'", '"', "*", "", "\\", "`id`", "-n", "line\nline", "ä"]
    assert machine.run("printf", "%s|", *arguments).stdout == "".join(f"{each}|" for each in arguments)


def test_outputs_status_and_lines(machine: Machine) -> None:
    lines: list[str] = []
    output = machine.run("sh", "-c", "echo a; echo b >&2; exit 3", check=False, on_output=lines.append)
    assert (output.status, output.stdout, output.stderr) == (3, "a\n", "b\n")
    assert sorted(lines) == ["a", "b"]
    with pytest.raises(KitError, match="status 3") as caught:
        machine.run("sh", "-c", "echo why >&2; exit 3")
    assert caught.value.details == "why"


def test_status_255_of_a_command_is_its_own(machine: Machine) -> None:
    assert machine.run("sh", "-c", "exit 255", check=False).status == 255


def test_lines_come_while_it_runs(machine: Machine) -> None:
    times: list[float] = []
    machine.run("sh", "-c", "echo a; sleep 1; echo b", on_output=lambda _: times.append(time.monotonic()))
    assert times[1] - times[0] > 0.7


def test_files_and_folders_go_and_come_back(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "sent/sub").mkdir(parents=True)
    (tmp_path / "sent/sub/with space").write_bytes(bytes(range(256)) * 1000)
    (tmp_path / "sent/run").write_text("#!/bin/sh\necho ran\n")
    (tmp_path / "sent/run").chmod(0o755)
    machine.put(tmp_path / "sent", "/root/new folder/sent")
    machine.put(tmp_path / "sent/run", "/root/new folder/$(run)")
    assert machine.run("/root/new folder/$(run)").stdout == "ran\n"
    machine.get("/root/new folder", tmp_path / "back")
    assert (tmp_path / "back/sent/sub/with space").read_bytes() == bytes(range(256)) * 1000
    machine.get("/root/new folder/$(run)", tmp_path / "one")
    assert (tmp_path / "one").read_text() == (tmp_path / "sent/run").read_text()
    with pytest.raises(KitError, match=r"reading /root/nothing on bookworm failed"):
        machine.get("/root/nothing", tmp_path / "nothing")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["back", "one", "sent"]


def test_a_full_disk_in_the_machine_is_said(machine: Machine, tmp_path: Path) -> None:
    machine.run("mkdir", "/mnt/small")
    machine.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt/small")
    (tmp_path / "big").write_bytes(bytes(1_000_000))
    with pytest.raises(KitError, match="on bookworm failed") as caught:
        machine.put(tmp_path / "big", "/mnt/small/big")
    assert "No space left on device" in caught.value.details
    assert "make room" in caught.value.hint


def test_the_clock_is_right(machine: Machine) -> None:
    assert abs(float(machine.run("date", "+%s.%N").stdout) - time.time()) < 2


def test_recordings_carry_todays_time(machine: Machine, tmp_path: Path) -> None:
    """The tracer's clock went on where the snapshot left it; what it says of the day is read anew."""
    machine.run("lttng", "create", "clock", "--output=/root/clock")
    machine.run("lttng", "enable-event", "--kernel", "--probe=do_nanosleep", "nap")
    machine.run("lttng", "start")
    machine.run("sleep", "0.1")
    now = time.time()
    machine.run("lttng", "destroy")
    machine.get("/root/clock", tmp_path / "trace")
    read = ["babeltrace2", "--clock-seconds", "--names=none", str(tmp_path / "trace")]
    line = subprocess.check_output(read, text=True).splitlines()[-1]
    assert abs(float(line[1:].partition("]")[0]) - now) < 5


def test_the_tracer_is_up_and_nobody_else(machine: Machine) -> None:
    modules = machine.run("lsmod").stdout
    assert "lttng_tracer" in modules
    assert "<sessions/>" in machine.run("lttng", "--mi", "xml", "list").stdout
    processes = machine.run("ps", "-e", "-o", "comm=").stdout.split("\n")
    assert not {"systemd", "cron", "dbus-daemon", "systemd-journal"} & {each.strip() for each in processes}
    assert machine.run("ping", "-c1", "localhost").status == 0


def test_the_kernel_log_holds_only_what_came_since(target: Target) -> None:
    with target.start(QUIET) as fresh:
        assert fresh.kernel_log() == ""
        fresh.run("sh", "-c", "echo hello from here > /dev/kmsg")
        assert "hello from here" in fresh.kernel_log()


def test_no_network_but_ssh(machine: Machine) -> None:
    for address in ("10.0.2.2", "10.0.2.3", "192.0.2.1"):
        reached = machine.run("timeout", "2", "bash", "-c", f"echo > /dev/tcp/{address}/22", check=False)
        assert reached.status != 0


def test_two_at_once_start_alike_and_share_nothing(target: Target, machine: Machine) -> None:
    machine.run("touch", "/root/mine")
    with target.start(QUIET) as other:
        assert other.run("ls", "/root").stdout == ""
        assert machine.run("ls", "/root/mine").status == 0


def test_time_is_up(machine: Machine) -> None:
    with pytest.raises(KitError, match="did not end within 1 s"):
        machine.run("sleep", "4711", timeout=1)
    assert machine.run("pgrep", "-f", "sleep 4711", check=False).status == 1


def test_time_is_up_for_one_of_several(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "watch", Watch(machine.name, patience=2))
    commands = [Command(("sh", "-c", f"sleep 1.2; echo {each}; false"), may_fail=True) for each in "ab"]
    assert [each.stdout for each in machine.run_all(commands)] == ["a\n", "b\n"]
    with pytest.raises(TimeUp, match=r"`sleep 4713` on bookworm did not end within 2 s"):
        machine.run_all([Command(("true",)), Command(("sleep", "4713"))])
    assert machine.run("pgrep", "-f", "sleep 4713", check=False).status == 1


def test_interrupted_command_ends_on_the_machine_too(machine: Machine) -> None:
    def interrupt(line: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        machine.run("sh", "-c", "echo begun; sleep 4712", on_output=interrupt)
    assert machine.run("pgrep", "-f", "sleep 4712", check=False).status == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_it_never_outlives_us(target: Target, how: signal.Signals) -> None:
    script = START.format(then="time.sleep(60)")
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout and process.stdout.readline().strip() == target.kernel_files().release
    (qemu,) = machines_of(process.pid)
    process.send_signal(how)
    process.wait(timeout=10)
    assert gone(qemu)


def test_interrupted_while_it_starts(target: Target) -> None:
    for seconds in (0.6, 1.0, 1.6):
        process = subprocess.Popen(
            [sys.executable, "-c", START.format(then="pass")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        time.sleep(seconds)
        started = machines_of(process.pid)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=15)
        assert all(gone(each) for each in started)


def test_runs_leave_nothing(target: Target) -> None:
    before = runs()
    with target.start(QUIET):
        assert len(runs()) == len(before) + 1
    assert runs() == before


def test_a_cache_with_any_name(tmp_path: Path) -> None:
    """ssh's options give `%`, `"`, a blank and a backslash a meaning of their own."""
    cache = tmp_path / 'a "b" 100% c\\d %h'
    cache.mkdir()
    for part in ("targets", "kvm.json", "kernels"):
        (cache / part).symlink_to(cache_folder() / part)
    with find_target("bookworm", cache).start(QUIET) as machine:
        assert machine.run("echo", "hello").stdout == "hello\n"


def test_kept_it_goes_on_until_stopped(target: Target) -> None:
    assert isinstance(target, VmTarget)
    with target.start(QUIET, keep=True) as machine:
        machine.run("touch", "/root/kept")
    shell = subprocess.run(
        [sys.executable, "-c", "from tests.target.test_vm import *; raise SystemExit(open_shell())"],
        input="ls /root; exit 5\n",
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    target.stop()
    assert "kept" in shell.stdout
    assert shell.returncode == 5
    assert not any((each / "kept.json").exists() for each in runs())


def open_shell() -> int:
    return find_target("bookworm", cache_folder()).shell(QUIET)


def test_a_boot_with_arguments_of_its_own(target: Target) -> None:
    with target.start(QUIET, Boot(kernel_arguments=("slub_debug=FZPU",), cpus=1)) as machine:
        assert "slub_debug=FZPU" in machine.run("cat", "/proc/cmdline").stdout
        assert machine.run("nproc").stdout.strip() == "1"


def test_a_processor_that_counts_instructions(target: Target) -> None:
    """With -icount the time stamp counter advances by one an instruction: what benchmarks measure by."""
    boot = Boot(qemu_options=("-icount", "shift=0,sleep=off"), cpus=1)
    with target.start(QUIET, boot) as machine:
        assert machine.run("nproc").stdout.strip() == "1"


@pytest.mark.skipif(not os.environ.get("CI"), reason="an emulated machine takes long to send all its headers")
def test_a_host_that_ssh_reaches(target: Target, machine: Machine, tmp_path: Path) -> None:
    """The virtual machine again, this time as any host: its own kernel, headers, LTTng, make."""
    assert isinstance(machine, SshMachine)
    host = SshTarget("root@127.0.0.1", tmp_path, machine.options)
    host.create(QUIET)
    assert host.lttng_version == target.lttng_version
    files = host.kernel_files()
    assert files.release == target.kernel_files().release
    assert files.vmlinuz.stat().st_size > 1_000_000
    assert len(files.headers) == len(target.kernel_files().headers)
    (tmp_path / "built").mkdir()
    (tmp_path / "built/Makefile").write_text("all:\n\techo $(LTTNG_MODULES) > out; pwd\n")
    made = host.make(tmp_path / "built")
    assert made.status == 0
    assert str(tmp_path / "built") in made.output
    assert (tmp_path / "built/out").read_text().strip() == target.lttng_modules


def test_a_kernel_that_panics_is_said(target: Target) -> None:
    with (
        target.start(QUIET) as machine,
        pytest.raises(KernelBroke, match="the kernel of bookworm broke: Kernel panic") as caught,
    ):
        machine.run("sh", "-c", "echo c > /proc/sysrq-trigger; sleep 60")
    assert "Kernel panic" in caught.value.details


def test_options_that_qemu_refuses(target: Target) -> None:
    with pytest.raises(KitError, match="QEMU did not start") as caught:
        target.start(QUIET, Boot(qemu_options=("-no-such-option",))).__enter__()
    assert "no-such-option" in caught.value.details


def test_building_in_the_targets_root(target: Target, tmp_path: Path) -> None:
    (tmp_path / "hello.c").write_text('#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n')
    made = target.compile(tmp_path, "gcc", "-static", "-o", "hello", "hello.c")
    assert made.status == 0, made.output
    assert subprocess.check_output([tmp_path / "hello"], text=True) == "hello\n"
    (tmp_path / "Makefile").write_text("all:\n\t@echo $(FOLDER) $(LTTNG_MODULES); touch /etc/x\n")
    made = target.make(tmp_path)
    assert f"/mnt {target.lttng_modules}" in made.output
    assert "Read-only file system" in made.output
    assert made.status == 2
