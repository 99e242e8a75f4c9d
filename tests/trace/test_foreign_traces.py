# SPDX-License-Identifier: GPL-2.0-only
"""Traces of other machines and older LTTng, beside the project (not part of it), are read as babeltrace2 reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit.trace.summary import summarise

TRACES = Path(__file__).parents[3] / "shared/cases/traces"


@pytest.mark.skipif(not TRACES.is_dir(), reason="needs the traces of others in ../shared/cases/traces")
@pytest.mark.parametrize(("name", "count"), [("bug446190", 31_556), ("flipping-endianness", 14_310)])
def test_packets_of_another_layout_are_read(name: str, count: int) -> None:
    summary = summarise(TRACES / name)
    assert summary.count == count
    assert not summary.damage
