# SPDX-License-Identifier: GPL-2.0-only
"""Loads and unloads an addon a thousand times on real kernels, while all that it hooks happens and it is fuzzed.

    python -m tests.stress.cycles [--cycles N] RELEASE...

The addon is `boundary/fuzz`: events, aggregates, a ring of records, commands, a file in /proc. Each cycle patches the
kernel's code while all processors run it. QEMU 7.2 with a thread for each goes on with a breakpoint that is gone from
memory: within a hundred cycles each of the three kernels ends in `int3` or at address 0 (QEMU 10.0 does not: 600). So
an emulated machine's processors run in turns here. No hook is netfilter's, whose static key has the same fault.

Fails where the kernel's log has a problem, where a debugging kernel has stopped checking, or where memory is gone that
was there before.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from lttng_addon_kit import api
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.machine.machine import FOREVER, Machine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.target.releases import RELEASES
from lttng_addon_kit.target.target import Boot
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import PROJECT, made_target

ADDON = PROJECT / "tests/boundary/fuzz"
GUEST = Path(__file__).with_name("guest.py")
ROOM = "/var/tmp/stress"
# What the kernel may keep for itself, whatever the cycles: caches of names, per-CPU lists; and KASAN's quarantine.
KIBIBYTES_KEPT = 6000
KIBIBYTES_KEPT_CHECKING = 60000
# What the kernel says where an allocation failed that was told to.
FAILED_AS_TOLD = re.compile(r"\berr(?:or)? \(?-12\b")


def stressed(release: str, cycles: int) -> tuple[dict[str, Any], list[str]]:
    """What was done on a release's kernel, and what is wrong with it."""
    setting = api.Setting(made_target(release), cache_folder(), Progress())
    (module,) = api.build([api.load_addon(ADDON)], setting)
    with setting.target.start(setting.progress, Boot(in_turns=True)) as machine:
        put(module, machine)
        # A machine that dies can't be asked for its log: its console has it then.
        machine.run(
            "sh", "-c", "dmesg --clear; dmesg --console-level 8; echo 1 >/proc/sys/kernel/softlockup_all_cpu_backtrace"
        )
        words = ["python3", "guest.py", "lttng-addons.ko", module.file.name, str(cycles)]
        script = f"cd {ROOM}; gcc -O1 -o fuzz fuzz.c && exec {' '.join(words)}"
        output = machine.run("sh", "-c", script, check=False, on_output=show, timeout=FOREVER)
        problems = [each for each in find_problems(machine.kernel_log()) if not FAILED_AS_TOLD.search(each)]
        if output.status:
            return {}, [*problems, output.stderr]
        done: dict[str, Any] = json.loads(output.stdout.splitlines()[-1])
        return done, [*problems, *still_checking(machine), *leaked(release, done)]


def show(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def put(module: BuiltModule, machine: Machine) -> None:
    """Brings everything onto the machine, and loads what the addon needs."""
    assert module.runtime is not None
    for file in (module.runtime, module.file, ADDON / "fuzz.c", GUEST):
        machine.put(file, f"{ROOM}/{file.name}")
    machine.run("modprobe", "--all", "lttng-tracer", *module.needs)


def still_checking(machine: Machine) -> list[str]:
    """Lockdep turns itself off when it finds something, or when its tables are full."""
    stats = machine.run("cat", "/proc/lockdep_stats", check=False)
    off = not stats.status and not any(line.split() == ["debug_locks:", "1"] for line in stats.stdout.splitlines())
    return ["lockdep is off"] if off else []


def leaked(release: str, done: dict[str, Any]) -> list[str]:
    """The kinds of memory of which there is less than before."""
    kept = KIBIBYTES_KEPT_CHECKING if RELEASES[release].kernel else KIBIBYTES_KEPT
    before, after = done["memory before"], done["memory after"]
    gone = {name: after[name] - before[name] for name in before}
    return [f"{name}: {kib} KiB more than before" for name, kib in gone.items() if kib > kept]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("releases", nargs="+", metavar="RELEASE")
    parser.add_argument("--cycles", type=int, default=1000)
    options = parser.parse_args()
    failed = 0
    for release in options.releases:
        try:
            done, wrong = stressed(release, options.cycles)
        except KitError as error:
            done, wrong = {}, [str(error)]
        print(f"{release}: {json.dumps(done)}", *wrong, sep="\n", flush=True)
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
