# SPDX-License-Identifier: GPL-2.0-only
"""All tables of addon.toml whose values the runtime's probes take, found by the files of their sinks."""

from __future__ import annotations

from lttng_addon_kit import sinks
from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.sinks.sink import Feed
from lttng_addon_kit.spec.addon import Addon


def find_feeds(addon: Addon, errors: SpecErrors) -> list[Feed]:
    """What each file here with a function `feeds(addon, errors)` finds in an addon.

    Raises:
        KitError: a table lacks a key, or has one that makes no sense; with its place in addon.toml.
    """
    return [feed for module in find_modules(sinks, "feeds").values() for feed in module.feeds(addon, errors)]
