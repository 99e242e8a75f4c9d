# SPDX-License-Identifier: GPL-2.0-only
"""Hostile packets, metadata and tables never make the decoder touch what isn't its own; FUZZ_SECONDS says how long."""

from __future__ import annotations

import os
from pathlib import Path

from tests.fuzz.sanitized import build, run


def test_the_sanitizers_find_nothing(tmp_path: Path) -> None:
    done = run(build(tmp_path), os.environ.get("FUZZ_SECONDS", "10"), "1")
    assert done.returncode == 0, done.stderr[-4000:]
    assert "damaged_packet: PAST_END" in done.stdout


def test_the_sanitizers_are_there(tmp_path: Path) -> None:
    """What is built with them finds a read beyond a block."""
    built = build(tmp_path)
    assert b"__asan_report_load8" in built.read_bytes()
