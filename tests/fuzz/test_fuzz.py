# SPDX-License-Identifier: GPL-2.0-only
"""Broken input never ends in a traceback; FUZZ_SECONDS says how long that is tried.

The rounds are always the same, so that a change is judged by what it changes; `make fuzz` tries others, for long.
"""

from __future__ import annotations

import os

from tests.fuzz.fuzz import fuzz


def test_broken_input_is_refused() -> None:
    counts, failures = fuzz(float(os.environ.get("FUZZ_SECONDS", "10")), seed="1")
    assert counts
    assert not failures, "\n".join(f"{each.round}: {list(each.words)}: {each.said[-1500:]}" for each in failures)
