# SPDX-License-Identifier: GPL-2.0-only
"""Addons across the boundary, on a real kernel: each folder here is one, with its workload.

Daily as the kernel is; where CI is set, with its allocator checking for use after free and overruns (slub_debug).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session import recording
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.target.target import Boot
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import made_target

pytestmark = pytest.mark.vm

HERE = Path(__file__).parent
GALLERY = HERE.parents[1] / "templates" / "gallery"
EXAMPLE_FOLDER = HERE.parents[1] / "examples"
BOOT = Boot(kernel_arguments=("slub_debug=FZPU",)) if os.environ.get("CI") else Boot()


@pytest.fixture(scope="module")
def machine(release: str) -> Iterator[Machine]:
    with made_target(release).start(Progress(quiet=True), BOOT) as machine:
        yield machine


def test_the_four_ways_of_counting_agree(machine: Machine, release: str, tmp_path: Path) -> None:
    trace, output = _recorded(HERE / "agreement", machine, release, tmp_path)
    summary = summarise(trace)
    event = summary.events["netif_receive_agreed"]
    packets, size = (int(word) for word in output[-1].split())
    assert packets >= 1600
    assert event.count == packets
    length = to_json(summary)["events"]["netif_receive_agreed"]["fields"]["len"]
    assert round(length["mean"] * packets) == size


def test_a_text_parameter_is_never_torn(machine: Machine, release: str, tmp_path: Path) -> None:
    _, output = _recorded(HERE / "parameter", machine, release, tmp_path)
    assert output[-1] == "2 texts, torn: 0, packets over 1000: True"


def test_the_kernels_names_of_an_enum_as_keys(machine: Machine, release: str, tmp_path: Path) -> None:
    _, output = _recorded(HERE / "labels", machine, release, tmp_path)
    assert output == ["proc SKB_DROP_REASON_NO_SOCKET 3", "client SKB_DROP_REASON_NO_SOCKET 3"]


def test_the_ends_of_64_bits_and_as_many_keys_as_there_is_room_for(
    machine: Machine, release: str, tmp_path: Path
) -> None:
    _, output = _recorded(HERE / "exact", machine, release, tmp_path)
    assert output[-1] == "exact"


def test_tables_change_while_probes_read_them(machine: Machine, release: str, tmp_path: Path) -> None:
    _, output = _recorded(HERE / "tables", machine, release, tmp_path, with_header=True)
    assert output == [
        "wrong: 0 wrong in interrupts: 0",
        "full: pairs[16]: No space left on device: 16 entries are there (raise entries)",
        "no key: 5",
        "-1 is no u32",
        "'text' is no u32",
        "1 is no char[16]",
        "'more than 16 bytes' does not fit into 16 bytes of text",
        "32768 is no s16",
        "named: 3 -9 negative: 1",
        "names: char[16] to s16, 2 of 4 entries",
    ]


def test_parameters_change_in_memory_while_probes_read_them(machine: Machine, release: str, tmp_path: Path) -> None:
    _, output = _recorded(HERE / "mapped", machine, release, tmp_path, with_header=True)
    assert output == [
        "read-only descriptor: 1 1 1",
        "private: 1 1, executable: 1 1, beyond: 1 1",
        "wrong: 0 on at times: True",
        "{'pair': -3, 'divisor': 10, 'is_on': False} -3 N",
        "True True",
        "9223372036854775808 is no s64",
        "no parameter 'step' is mapped (these are",
        "on: 2",
        "divided: True",
        "seen after the descriptor is closed: 2",
        "unloaded while mapped: False 2",
    ]


def test_nobody_waits_for_a_dead_writer(machine: Machine, release: str, tmp_path: Path) -> None:
    _, output = _recorded(HERE / "dead-writer", machine, release, tmp_path)
    assert output == [
        "a cell is always being written: the memory is damaged soon",
        "signals: Input/output error soon",
        "[2, 2]",
    ]


def test_a_probe_that_hits_its_own_hook_misses_that(machine: Machine, release: str, tmp_path: Path) -> None:
    trace, _ = _recorded(HERE / "own-fault", machine, release, tmp_path)
    made = recording.load(trace)
    assert made is not None
    own, beside = made.addons[0].events
    assert own.seen > 0
    # Each of the two copies faults at least once, which both probes miss.
    assert own.missed == beside.missed >= 2 * own.seen


def test_no_positive_result_of_an_addons_own_functions_passes(machine: Machine, release: str) -> None:
    module = _built(HERE / "positive", release)
    assert module.runtime is not None
    for file in (module.runtime, module.file):
        machine.put(file, f"/var/tmp/{file.name}")
    machine.run("dmesg", "--clear")
    script = """
        cd /var/tmp; insmod lttng-addons.ko
        for result in 5 -5000; do
            insmod lttng-addon-positive.ko begin_result=$result 2>/dev/null && echo "$result: loaded"
            grep positive /proc/modules
        done
        insmod lttng-addon-positive.ko begin_result=0
        python3 -c 'import fcntl; fcntl.ioctl(open("/dev/lttng-addons/positive", "wb"), 0xe801)' 2>&1 | tail -1
        rmmod lttng_addon_positive lttng_addons
        rm lttng-addons.ko lttng-addon-positive.ko
    """
    output = machine.run("bash", "-c", script, timeout=60, check=False)
    assert output.stdout == "OSError: [Errno 22] Invalid argument\n"
    log = machine.kernel_log()
    assert find_problems(log) == []
    assert [log.count(f"positive: {word}") for word in ("begun", "ended")] == [3, 3]


def test_no_command_no_mapping_and_no_pointer_harms(machine: Machine, release: str, tmp_path: Path) -> None:
    _recorded(HERE / "fuzz", machine, release, tmp_path)


@pytest.mark.parametrize("template", sorted(each.name for each in GALLERY.iterdir()))
def test_gallery(template: str, machine: Machine, release: str, tmp_path: Path) -> None:
    _recorded(GALLERY / template, machine, release, tmp_path)


EXAMPLES = {
    "read_aggregates": ("procfs-stats", r"lo [1-9]\d*"),
    "send_commands": ("ioctl-sensors", r"[12]\d\.\d{3} and [12]\d\.\d{3} degrees Celsius"),
    "follow_records": ("mmap-samples", r"[1-9]\d+ records, [1-9]\d+ bytes, 0 overwritten"),
}


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize(("language", "how"), [("python", "exec python3 {0}.py"), ("c", "exec ./{0}")])
def test_examples(example: str, language: str, how: str, machine: Machine, release: str, tmp_path: Path) -> None:
    template, expected = EXAMPLES[example]
    module = _built(GALLERY / template, release)
    compile_ = f"gcc -I. -Wall -Wextra -Werror -o {example} {example}.c" if language == "c" else "true"
    headers = sorted(module.file.parent.glob("*abi.h"))
    (source,) = (EXAMPLE_FOLDER / language).glob(f"{example}.*")
    traffic = "ping -q -i 0.01 -c 150 127.0.0.1 >/dev/null"
    # What follows must be there before the packets end, what reads comes after the first of them.
    command = f"{compile_} && {{ {traffic} & sleep 0.3; ({how.format(example)}); wait; }}"
    workload = ChosenWorkload(("sh", "-c", command), files=(source, *headers))
    _, output = _run(module, workload, machine, tmp_path)
    assert any(re.fullmatch(expected, line) for line in output), output


def test_a_module_whose_device_is_open_stays(machine: Machine, release: str) -> None:
    module = _built(HERE / "fuzz", release)
    assert module.runtime is not None
    machine.run("modprobe", "--all", *module.needs)
    for file in (module.runtime, module.file):
        machine.put(file, f"/var/tmp/{file.name}")
    machine.run("dmesg", "--clear")
    script = """
        cd /var/tmp; insmod lttng-addons.ko; insmod lttng-addon-fuzz.ko
        exec 3</dev/lttng-addons/fuzz
        rmmod lttng_addon_fuzz 2>/dev/null && echo "unloaded while open"
        exec 3<&-
        (while :; do head -c0 /dev/lttng-addons/fuzz; cat /proc/lttng-addons/fuzz; done) >/dev/null 2>&1 &
        for round in $(seq 25); do
            until rmmod lttng_addon_fuzz 2>/dev/null; do :; done
            insmod lttng-addon-fuzz.ko collect=$((round % 2)) || echo "does not load again"
            (while echo $((round % 2)) >/sys/module/lttng_addon_fuzz/parameters/collect; do :; done) 2>/dev/null &
        done
        kill %1; wait 2>/dev/null &
        until rmmod lttng_addon_fuzz 2>/dev/null; do :; done
        rmmod lttng_addons; ls -d /proc/lttng-addons /dev/lttng-addons 2>/dev/null
        rm lttng-addons.ko lttng-addon-fuzz.ko
    """
    output = machine.run("bash", "-c", script, timeout=300, check=False)
    assert output.stdout == ""
    assert find_problems(machine.kernel_log()) == []


def _recorded(
    folder: Path, machine: Machine, release: str, tmp_path: Path, *, with_header: bool = False
) -> tuple[Path, list[str]]:
    """The addon's recording, and what its workload printed; the kernel did not complain."""
    module = _built(folder, release)
    own = module.addon.workload
    assert own is not None
    headers = sorted(module.file.parent.glob("*abi.h")) if with_header else []
    workload = ChosenWorkload(own.words, files=(*(folder / name for name in own.files), *headers))
    return _run(module, workload, machine, tmp_path)


def _run(module: BuiltModule, workload: ChosenWorkload, machine: Machine, tmp_path: Path) -> tuple[Path, list[str]]:
    output: list[str] = []
    machine.run("dmesg", "--clear")
    trace = record(Stage(machine, Progress(quiet=True), output.append), [module], workload, tmp_path)
    made = recording.load(trace)
    assert made is not None
    assert made.kernel_problems == ()
    assert made.workload_status == 0, output
    return trace, output


def _built(folder: Path, release: str) -> BuiltModule:
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))
    (module,) = api.build([load_addon(folder)], setting)
    return module
