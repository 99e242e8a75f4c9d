# SPDX-License-Identifier: GPL-2.0-only
"""How long something may take on a machine that may have other things to do."""

from __future__ import annotations

import os


def allowed(seconds: float) -> float:
    """So many seconds on an idle machine; in proportion more where several tasks wait for each processor."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
