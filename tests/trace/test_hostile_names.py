# SPDX-License-Identifier: GPL-2.0-only
"""Names in a trace's metadata that would like to be lines of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.trace.real_traces import copied

EVENT = "netif_receive_skb_filter"
PROGRAM = """
import pathlib, sys
from lttng_addon_kit.output.events_text import view
view(pathlib.Path(sys.argv[1]), sys.stdout)
"""


def viewed(folder: Path, old: str, new: str) -> list[str]:
    """What `view` prints of a trace in whose metadata something is replaced."""
    printed = ["babeltrace2", "--output-format=ctf-metadata", str(folder)]
    text = subprocess.run(printed, capture_output=True, text=True, check=True).stdout
    assert f'"{old}"' in text
    (folder / "metadata").write_text("/* CTF 1.8 */\n" + text.replace(f'"{old}"', f'"{new}"'))
    done = subprocess.run([sys.executable, "-c", PROGRAM, folder], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (r"a\nb", r"a\nb"),
        (r"a\n[12:00:00.000000000] (+0.1) here fake: { }", r"a\n[12:00:00.000000000] (+0.1) here fake: { }"),
        (r"a\x0ab\012c\rd", r"a\x0ab\012c\rd"),
        (r"a\\nb", r"a\nb"),  # a backslash and an n
        (r"a\"b", 'a"b'),
        (r"a\x1b[31m", r"a\x1b[31m"),
    ],
)
def test_an_event_is_one_line_whatever_it_is_called(tmp_path: Path, name: str, shown: str) -> None:
    lines = viewed(copied("bookworm-skb-filter", tmp_path), EVENT, name)
    assert len(lines) == 4
    assert all(f" {shown}: {{ " in line and 'name = "lo"' in line for line in lines)


def test_so_is_one_of_a_host_whatever_that_is_called(tmp_path: Path) -> None:
    folder = copied("bookworm-skb-filter", tmp_path)
    lines = viewed(folder, "guest", r"book\nworm")
    assert len(lines) == 4
    assert all(r" book\nworm " in line for line in lines)
