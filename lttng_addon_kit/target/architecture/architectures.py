# SPDX-License-Identifier: GPL-2.0-only
"""The known architectures, by what `uname -m` prints.

A virtual machine has the architecture of its host. To add one: a file here and its entry below, the reader of its boot
image (as kernel/bzimage.py), and the names of its packages in a distribution's file.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.target.architecture.architecture import Architecture
from lttng_addon_kit.target.architecture.x86_64 import X86_64

ARCHITECTURES: Mapping[str, Architecture] = {each.name: each for each in (X86_64,)}


def host_architecture() -> Architecture:
    """The architecture of this host.

    Raises:
        KitError: the kit does not know it.
    """
    name = platform.machine()
    if name not in ARCHITECTURES:
        raise KitError(f"this host is {name}; the kit works on {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]
