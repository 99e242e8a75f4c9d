# SPDX-License-Identifier: GPL-2.0-only
"""What `check` reports of an addon that only aggregates."""

from __future__ import annotations

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.output.checked import field_rows
from lttng_addon_kit.spec.load import load_addon
from tests.conftest import PROJECT


def test_an_addon_that_only_aggregates_has_rows(kernel: Kernel) -> None:
    source = load_addon(PROJECT / "templates" / "gallery" / "procfs-stats")
    assert source.addon.events == []
    rows = list(field_rows(source.addon, generate_sources(source, kernel)))
    assert [row["aggregate"] for row in rows] == [each.name for each in source.addon.aggregates] != []
