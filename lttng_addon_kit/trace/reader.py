# SPDX-License-Identifier: GPL-2.0-only
"""Who reads traces."""

from __future__ import annotations

from enum import StrEnum


class Reader(StrEnum):
    """One of two readers; `AUTO` is the kit's own where it can read a trace, else babeltrace2's."""

    AUTO = "auto"
    OWN = "own"
    BABELTRACE2 = "babeltrace2"
