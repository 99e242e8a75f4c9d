# SPDX-License-Identifier: GPL-2.0-only
"""The distributions that the kit knows, and their releases, of each of which a virtual machine can be."""

from __future__ import annotations

from collections.abc import Mapping

from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.target import distribution
from lttng_addon_kit.target.distribution.debian import DEBIAN
from lttng_addon_kit.target.distribution.distribution import Distribution, Release

RELEASES: Mapping[str, Release] = {
    each.name: each for module in find_modules(distribution, "RELEASES").values() for each in module.RELEASES
}

# What this host and those that ssh reaches run.
HOST_DISTRIBUTION: Distribution = DEBIAN
