# SPDX-License-Identifier: GPL-2.0-only
"""`lttng-addon run`, from addon.toml to the summary, on real kernels."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lttng_addon_kit.workspace import cache_folder
from tests.conftest import RUN_RELEASES, Command
from tests.troubleshooting import shows

pytestmark = pytest.mark.vm

EVENT = "netif_receive_skb_filter"


def add_to_spec(workspace: Path, text: str, name: str = "skb-filter") -> None:
    path = workspace / "addons" / name / "addon.toml"
    path.write_text(path.read_text() + text)


def virtual_machines() -> set[str]:
    """The process ids of what runs on targets of this cache; other users' machines are none of ours."""
    found = subprocess.run(["pgrep", "-af", f"qemu-system.*{cache_folder()}"], capture_output=True, text=True)
    return {line.split()[0] for line in found.stdout.splitlines()}


@pytest.mark.parametrize("name", RUN_RELEASES)
def test_records_four_packets_on_every_release(lttng_addon: Command, name: str) -> None:
    done = lttng_addon("run", "skb-filter", "--target", name, "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    event = data["events"][EVENT]
    assert event["count"] == 4
    assert event["fields"]["len"]["min"] == event["fields"]["len"]["max"] == 84
    assert event["fields"]["name"]["top"] == [["lo", 4]]
    assert event["fields"]["skbaddr"]["type"] == "pointer"
    assert data["discarded_events"] == 0
    assert data["recording"]["kernel_problems"] == []
    assert data["recording"]["workload_status"] == 0
    assert "2 packets transmitted, 2 received" in done.stderr


def test_summary_for_a_person_names_what_was_recorded(lttng_addon: Command, workspace: Path) -> None:
    done = lttng_addon("run", "skb-filter")
    assert done.returncode == 0, done.stderr
    for words in (EVENT, "84", '"lo"', "bookworm", "4 of which passed the filter"):
        assert words in done.stdout
    again = lttng_addon("summary")
    assert again.stdout == done.stdout
    lines = lttng_addon("view").stdout.splitlines()
    assert len(lines) == 4
    assert all("len = 84" in line and 'name = "lo"' in line for line in lines)
    listed = json.loads(lttng_addon("list", "traces", "--json").stdout)
    assert [row["events"] for row in listed] == [4]
    assert [path.name for path in (workspace / "traces").iterdir()] == [listed[0]["trace"]]


def test_filter_that_rejects_all_says_what_it_filtered(lttng_addon: Command) -> None:
    done = lttng_addon("run", "skb-filter", "--set", "device=eth0")
    assert done.returncode == 0, done.stderr
    assert "0 of which passed the filter skb->dev->name == $device (device = 'eth0')" in done.stdout
    assert "hits of tracepoint:netif_receive_skb" in done.stdout


def test_a_text_that_no_device_can_have_is_refused(lttng_addon: Command, workspace: Path) -> None:
    done = lttng_addon("run", "skb-filter", "--set", "device=wlan0-of-the-garden")
    assert done.returncode == 1
    assert "can never equal $device, which is one of 19" in done.stderr
    assert "addon.toml:" in done.stderr
    assert not (workspace / "traces").exists()


def test_a_new_addon_of_another_device(lttng_addon: Command) -> None:
    assert lttng_addon("new", "skb-filter", "--name", "eth", "--set", "device=eth0").returncode == 0
    done = lttng_addon("run", "eth", "--json")
    assert done.returncode == 0, done.stderr
    assert [event["count"] for event in json.loads(done.stdout)["events"].values()] == [0]


def test_workload_that_fails(lttng_addon: Command) -> None:
    done = lttng_addon("run", "skb-filter", "--", "sh", "-c", "ping -c1 localhost; exit 3")
    assert done.returncode == 1
    shows("The workload fails", done.stderr)
    assert EVENT in done.stdout


def test_workload_that_is_not_there(lttng_addon: Command) -> None:
    done = lttng_addon("run", "skb-filter", "--", "no-such-command")
    assert done.returncode == 1
    assert "no-such-command" in done.stderr


def test_time_that_bounds_a_workload(lttng_addon: Command) -> None:
    done = lttng_addon("run", "skb-filter", "--for", "3s", "--json", "--", "ping", "localhost")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["events"][EVENT]["count"] >= 4


def test_mistake_in_a_c_file_is_shown_with_its_line(lttng_addon: Command, workspace: Path) -> None:
    (workspace / "addons/skb-filter/extra.c").write_text("int extra(void)\n{\n\treturn missing_thing;\n}\n")
    add_to_spec(workspace, '\n[module]\nsources = ["extra.c"]\n')
    done = lttng_addon("run", "skb-filter")
    assert done.returncode == 1
    assert "addons/skb-filter/extra.c:3:9: error: 'missing_thing' undeclared" in done.stderr
    assert not (workspace / "traces").exists()


def test_function_that_the_kernel_does_not_export(lttng_addon: Command, workspace: Path) -> None:
    (workspace / "addons/skb-filter/extra.c").write_text(
        "int no_such_function(void);\nint extra(void)\n{\n\treturn no_such_function();\n}\n"
    )
    add_to_spec(workspace, '\n[module]\nsources = ["extra.c"]\n')
    done = lttng_addon("run", "skb-filter")
    assert done.returncode == 1
    assert "no_such_function" in done.stderr
    assert "not export" in done.stderr


def test_unknown_tracepoint(lttng_addon: Command, workspace: Path) -> None:
    path = workspace / "addons/skb-filter/addon.toml"
    path.write_text(path.read_text().replace('netif_receive_skb"', 'netif_recieve_skb"'))
    done = lttng_addon("run", "skb-filter")
    assert done.returncode == 1
    assert "addon.toml:12:8: error:" in done.stderr
    assert "netif_receive_skb" in done.stderr


def test_full_disk_in_the_guest(lttng_addon: Command) -> None:
    fill = "fallocate -l 100G /var/tmp/fill; dd if=/dev/zero of=/var/tmp/fill2 bs=64k 2>/dev/null; ping -c2 localhost"
    done = lttng_addon("run", "skb-filter", "--", "sh", "-c", fill)
    assert done.returncode == 1
    shows("The machine's disk is full", done.stderr)


def test_control_c_during_the_workload_keeps_what_was_recorded(workspace: Path) -> None:
    command = Path(sys.executable).with_name("lttng-addon")
    before = virtual_machines()
    words = [str(command), "run", "skb-filter", "--json", "--", "ping", "localhost"]
    with subprocess.Popen(
        words, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "icmp_seq=3" in line:
                break
        # As a terminal does: the whole group of processes gets it.
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr
    shows("Ctrl-C during the workload", stderr)
    data = json.loads(stdout)
    assert data["recording"]["interrupted"]
    assert data["events"][EVENT]["count"] >= 6
    assert virtual_machines() <= before


def test_top_shows_what_is_collected_until_control_c(lttng_addon: Command, workspace: Path) -> None:
    lttng_addon("new", "procfs-stats")
    command = Path(sys.executable).with_name("lttng-addon")
    before = virtual_machines()
    seen: list[int] = []
    with subprocess.Popen(
        [command, "top", "procfs-stats", "--", "ping", "-i", "0.2", "127.0.0.1"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if words := re.match(r"netif_receive_skb +(\d+)", line):
                seen.append(int(words[1]))
            if len(seen) >= 3:
                break
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert "Traceback" not in stderr
    assert seen[0] < seen[1] < seen[2]
    assert virtual_machines() <= before


def test_no_qemu(lttng_addon: Command, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("ssh", "bwrap", "make", "tar", "bpftool", "env", "sh"):
        found = subprocess.run(["which", name], capture_output=True, text=True).stdout.strip()
        if found:
            (programs / name).symlink_to(found)
    done = lttng_addon("run", "skb-filter", env={**os.environ, "PATH": str(programs)})
    assert done.returncode == 1
    shows("QEMU is missing", done.stderr)


def test_module_that_does_not_load(lttng_addon: Command, workspace: Path) -> None:
    too_large = "#include <linux/percpu.h>\nDEFINE_PER_CPU(char[4 << 20], too_large);\n"
    (workspace / "addons/skb-filter/extra.c").write_text(too_large)
    add_to_spec(workspace, '\n[module]\nsources = ["extra.c"]\n')
    done = lttng_addon("run", "skb-filter")
    assert done.returncode == 1
    shows("A module does not load", done.stderr)
    assert not (workspace / "traces").exists()


def test_corrupt_trace(lttng_addon: Command, workspace: Path) -> None:
    assert lttng_addon("run", "skb-filter").returncode == 0
    (metadata,) = (workspace / "traces").glob("*/trace/kernel/metadata")
    metadata.write_bytes(metadata.read_bytes()[:1000])
    done = lttng_addon("summary")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "kernel" in done.stderr


def test_no_such_trace(lttng_addon: Command) -> None:
    assert lttng_addon("summary").returncode == 2
    assert "no recording" in lttng_addon("summary").stderr
    done = lttng_addon("summary", "/no/such/trace")
    assert done.returncode == 2
    shows("No trace of that name", done.stderr)


_DEVICES = """
[[table]]
name = "devices"
key = "char[16]"

[[event]]
name = "netif_receive_chosen"
hook = "tracepoint:netif_receive_skb"
filter = "skb->dev->name in devices"
[event.fields]
value = "devices[skb->dev->name]"
"""


def test_tables_have_entries_before_anything_is_recorded(lttng_addon: Command, workspace: Path) -> None:
    add_to_spec(workspace, _DEVICES)
    refused = lttng_addon("run", "skb-filter", "--table", "device:lo=7")
    assert (refused.returncode, "did you mean 'devices'?" in refused.stderr) == (2, True)
    done = lttng_addon("run", "skb-filter", "--table", "devices:lo=7", "--table", "devices:a b=8", "--json")
    assert done.returncode == 0, done.stderr
    chosen = json.loads(done.stdout)["events"]["netif_receive_chosen"]
    assert (chosen["count"], chosen["fields"]["value"]["min"], chosen["fields"]["value"]["max"]) == (4, 7, 7)
