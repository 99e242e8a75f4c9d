# SPDX-License-Identifier: GPL-2.0-only
"""The system calls of one kernel, by name."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.errors import KitError, nearest
from lttng_addon_kit.kernel.system_call_headers import SystemCall
from lttng_addon_kit.kernel.type_store import TypeStore


@dataclass(frozen=True)
class SystemCallTable:
    """Those of a kernel of that release, in its index."""

    release: str
    types: TypeStore

    def names(self, pattern: str = "*") -> list[str]:
        """The names that match a pattern of GLOB, sorted."""
        return self.types.system_call_names(pattern)

    def find(self, name: str) -> SystemCall:
        """A system call by the name that programs have for it.

        Raises:
            KitError: there is none; with the nearest names.
        """
        found = self.types.system_call(name)
        if found is None:
            hint = nearest(name, self.names()) or "the manual page syscalls(2) has their names"
            raise KitError(f"Linux {self.release} has no system call {name!r}", hint=hint)
        return found
