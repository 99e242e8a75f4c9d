"""The distributions that the kit knows, and their releases, of each of which a virtual machine can be."""

from __future__ import annotations

from collections.abc import Mapping

from lttng_addon_kit.target.distribution.debian import DEBIAN, DEBIAN_RELEASES
from lttng_addon_kit.target.distribution.distribution import Distribution, Release

RELEASES: Mapping[str, Release] = {each.name: each for each in (*DEBIAN_RELEASES,)}

# What this host and those that ssh reaches run.
HOST_DISTRIBUTION: Distribution = DEBIAN
