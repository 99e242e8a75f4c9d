# SPDX-License-Identifier: GPL-2.0-only
"""Broken input never ends in a traceback; FUZZ_SECONDS says how long that is tried, `make fuzz` tries it for long."""

from __future__ import annotations

import os
import time

from tests.fuzz.fuzz import fuzz


def test_broken_input_is_refused() -> None:
    seed = str(time.time_ns())
    print(f"seed {seed}")
    counts, failures = fuzz(float(os.environ.get("FUZZ_SECONDS", "10")), seed)
    assert counts
    assert not failures, "\n".join(f"{each.round}: {list(each.words)}: {each.said[-1500:]}" for each in failures)
