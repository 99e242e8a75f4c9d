# SPDX-License-Identifier: GPL-2.0-only
"""The known architectures, by what `uname -m` prints.

A virtual machine has the architecture of its host. To add one: a file here with its ARCHITECTURE, the reader of its
boot image (as kernel/bzimage.py), and the names of its packages in a distribution's file.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping

from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.target import architecture
from lttng_addon_kit.target.architecture.architecture import Architecture

ARCHITECTURES: Mapping[str, Architecture] = {
    module.ARCHITECTURE.name: module.ARCHITECTURE for module in find_modules(architecture, "ARCHITECTURE").values()
}


def host_architecture() -> Architecture:
    """The architecture of this host.

    Raises:
        KitError: the kit does not know it.
    """
    name = platform.machine()
    if name not in ARCHITECTURES:
        raise KitError(f"this host is {name}; the kit works on {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]
