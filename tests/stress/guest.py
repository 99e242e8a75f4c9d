# SPDX-License-Identifier: GPL-2.0-only
"""Runs on the machine under test: loads and unloads the addon `fuzz` again and again, while all that it hooks happens.

    guest.py RUNTIME.ko ADDON.ko CYCLES

On each processor a process sends packets, opens and reads files. Another one fuzzes the addon's device, files and
parameters whenever they are there. In every 25th cycle an LTTng session records the addon's events. Prints, as
JSON, what was done. It needs only Python's standard library.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

EVERY_SESSION = 25
SECONDS_OF_HITS = 0.02
DEVICE = Path("/dev/lttng-addons/fuzz")
FAIL_NTH = Path(f"/proc/self/task/{os.getpid()}/fail-nth")
FAILSLAB = Path("/sys/kernel/debug/failslab")
# More allocations than loading an addon takes.
MOST_ALLOCATIONS = 2000

_LIBC = ctypes.CDLL(None, use_errno=True)
_FINIT_MODULE, _DELETE_MODULE = 313, 176  # x86_64: arch/x86/entry/syscalls/syscall_64.tbl


def load(file: str, parameters: str = "") -> int:
    """Loads a module; 0, or the error's number."""
    with Path(file).open("rb") as module:
        return finit_module(module.fileno(), parameters.encode())


def finit_module(module: int, parameters: bytes) -> int:
    """Loads the module that is open; 0, or the error's number (finit_module(2))."""
    return ctypes.get_errno() if _LIBC.syscall(_FINIT_MODULE, module, parameters, 0) else 0


def unload(name: str) -> int:
    """Unloads a module (delete_module(2)) as soon as nobody holds it; returns how often somebody did."""
    refused = 0
    while _LIBC.syscall(_DELETE_MODULE, name.encode(), os.O_NONBLOCK):
        if ctypes.get_errno() not in (errno.EAGAIN, errno.EBUSY):
            raise OSError(ctypes.get_errno(), f"unloading {name}")
        refused += 1
        time.sleep(0.001)
    return refused


def traffic(processor: int) -> None:
    """Packets over lo, files opened and read, on one processor, for ever."""
    os.sched_setaffinity(0, {processor})
    sending = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        for _ in range(20):
            sending.sendto(b"x" * 100, ("127.0.0.1", 9))
            Path("/proc/self/comm").read_bytes()
        time.sleep(0.005)


@contextmanager
def running(works: list[Callable[[], object]]) -> Iterator[None]:
    """Each in a process of its own while inside."""
    children = []
    try:
        for work in works:
            child = os.fork()
            if not child:
                os.nice(10)  # loading and unloading comes first, on machines that are emulated too
                work()
                os._exit(0)
            children.append(child)
        yield
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


@contextmanager
def recorded() -> Iterator[None]:
    """An LTTng session records all of the addon's events while inside."""

    def lttng(*words: str) -> None:
        subprocess.run(["lttng", *words], check=True, stdout=subprocess.DEVNULL)

    lttng("create", "stress", "--snapshot")
    lttng("enable-event", "--kernel", "*_fuzzed")
    lttng("start")
    try:
        yield
    finally:
        lttng("destroy", "stress")


def hits() -> int:
    """How many hits of its events the loaded addon has seen (parameters hits_EVENT: seen,passed,missed)."""
    files = Path("/sys/module/lttng_addon_fuzz/parameters").glob("hits_*")
    return sum(int(each.read_text().split(",")[0]) for each in files)


def cycles(addon: str, count: int) -> dict[str, int]:
    """Loads, lets hits come, unloads; collecting from the start or when opened, recorded now and then."""
    done = {"cycles": 0, "recorded cycles": 0, "hits recorded": 0, "unloading refused": 0}
    for cycle in range(count):
        if status := load(addon, f"collect={cycle % 2}"):
            raise OSError(status, f"loading in cycle {cycle}: {os.strerror(status)}")
        if cycle % EVERY_SESSION == 0:
            with recorded():
                time.sleep(SECONDS_OF_HITS)
                done["hits recorded"] += hits()
            done["recorded cycles"] += 1
        else:
            time.sleep(SECONDS_OF_HITS)
        done["unloading refused"] += unload("lttng_addon_fuzz")
        done["cycles"] += 1
        if done["cycles"] % 100 == 0:
            print(f"{done['cycles']} cycles", file=sys.stderr, flush=True)
    return done


def failed_allocations(act: Callable[[], object], undo: Callable[[], object] = lambda: None) -> int:
    """Does something with its first allocation failing, then its second, until none is left to fail; returns how many.

    The kernel fails the one whose number is in /proc/self/fail-nth (Documentation/fault-injection), where it is built
    with fault injection. What works although an allocation failed, is undone.

    Args:
        act: does it; an OSError where it does not work.
        undo: is called where it worked.
    """
    with FAIL_NTH.open("r+b", buffering=0) as fail_nth:
        for number in range(1, MOST_ALLOCATIONS):
            fail_nth.write(b"%d" % number)
            try:
                act()
            except OSError:
                worked = False
            else:
                worked = True
            left = int(os.pread(fail_nth.fileno(), 20, 0))
            fail_nth.write(b"0")
            if worked:
                undo()
            if left:
                return number - 1
    raise RuntimeError("allocations without end")


def fail_allocations(addon: str) -> dict[str, int]:
    """Fails each allocation of loading, of opening the device, and of reading what was collected."""

    def loading() -> None:
        if status := finit_module(module.fileno(), b"collect=1"):
            raise OSError(status, "loading")

    def reading(path: bytes) -> None:
        file = os.open(path, os.O_RDONLY)
        try:
            os.read(file, 4096)
        finally:
            os.close(file)

    (FAILSLAB / "ignore-gfp-wait").write_text("N")
    (FAILSLAB / "verbose").write_text("0")
    with Path(addon).open("rb") as module:
        done = {"loading": failed_allocations(loading, lambda: unload("lttng_addon_fuzz"))}
    load(addon)
    for path in (bytes(DEVICE), b"/proc/lttng-addons/fuzz", b"/proc/lttng-addons/fuzz.number"):
        done[path.decode()] = failed_allocations(partial(reading, path))
    unload("lttng_addon_fuzz")
    return done


def memory() -> dict[str, int]:
    """The kernel's memory, in KiB, of the kinds that modules allocate."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return {name: int(lines[name].split()[0]) for name in ("SUnreclaim", "VmallocUsed", "Percpu")}


def main(runtime: str, addon: str, count: int) -> None:
    if status := load(runtime):
        raise OSError(status, f"loading the runtime: {os.strerror(status)}")
    processors = sorted(os.sched_getaffinity(0))
    works: list[Callable[[], object]] = [partial(traffic, each) for each in processors]
    works.append(lambda: os.execv("./fuzz", ["./fuzz", "for-ever"]))
    cycles(addon, min(count, EVERY_SESSION))  # what is allocated once and kept
    before, begin = memory(), time.monotonic()
    with running(works):
        done: dict[str, object] = dict(cycles(addon, count))
    done |= {"seconds": round(time.monotonic() - begin), "processors": len(processors)}
    done |= {"memory before": before, "memory after": memory()}
    if FAIL_NTH.exists():
        done["failed allocations"] = fail_allocations(addon)
    unload("lttng_addons")
    print(json.dumps(done))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
