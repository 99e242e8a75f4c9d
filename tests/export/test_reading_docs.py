# SPDX-License-Identifier: GPL-2.0-only
"""What docs/reading.md shows works: its commands and its Python, one after the other, on a recording of its name."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lttng_addon_kit.output.export.export_form import export_forms
from tests.conftest import PROJECT, Command
from tests.export.written_spans import write_spans
from tests.test_docs import blocks

READING = (PROJECT / "docs/reading.md").read_text(encoding="utf-8")


@pytest.fixture
def recorded(workspace: Path) -> Path:
    (workspace / "traces").mkdir(exist_ok=True)
    write_spans(workspace / "traces/block-latency")
    return workspace


def test_the_commands(recorded: Path, lttng_addon: Command) -> None:
    lines = [line for block in blocks(READING, "sh") for line in block.splitlines()]
    assert len(lines) == 4
    for line in lines:
        done = lttng_addon(*shlex.split(line)[1:])
        assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 5  # a heading, and the events over 100 us
    assert (recorded / "latencies/block_request_latency.parquet").exists()
    assert (recorded / "latencies.perfetto-trace").exists()


def test_the_python(recorded: Path) -> None:
    script = "\n".join(blocks(READING, "python"))
    done = subprocess.run([sys.executable, "-c", script], cwd=recorded, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "6.1.0-56-cloud-amd64\n6\n6 ['time', 'cpu', 'took', 'tid', 'comm', 'stack']\n" in done.stdout


def test_every_form_is_explained() -> None:
    for name in export_forms():
        assert f"| `{name}` |" in READING
