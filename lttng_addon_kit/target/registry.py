# SPDX-License-Identifier: GPL-2.0-only
"""Finds targets by name: those of releases, `local`, `ssh:HOST`."""

from __future__ import annotations

from pathlib import Path

from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.machine.user_folder import keep_private
from lttng_addon_kit.target.host import LOCAL, SSH_PREFIX, LocalTarget, SshTarget
from lttng_addon_kit.target.releases import RELEASES
from lttng_addon_kit.target.target import Boot, Made, Target
from lttng_addon_kit.target.virtual import VmTarget

__all__ = ["Boot", "Made", "Target", "find_target", "list_targets"]


def find_target(name: str, cache: Path) -> Target:
    """The target of a name, whether it exists or not; a cache that others can read is the user's alone from here on.

    Args:
        cache: the folder of everything that can be created again.

    Raises:
        UsageError: there is no such target; with the nearest name.
        KitError: another user could change what is in the cache.
    """
    for folder in (cache, cache / "targets"):
        keep_private(folder)
    if name in RELEASES:
        return VmTarget(RELEASES[name], cache)
    if name == LOCAL:
        return LocalTarget(cache)
    host = name.removeprefix(SSH_PREFIX)
    # A leading dash would be an option to ssh.
    if name.startswith(SSH_PREFIX) and host and not host.startswith("-"):
        return SshTarget(host, cache)
    names = [*RELEASES, LOCAL]
    raise UsageError(
        f"there is no target {name!r}",
        hint=nearest(name, names) or f"targets are {', '.join(names)} and {SSH_PREFIX}HOST",
    )


def list_targets(cache: Path) -> list[Target]:
    """The targets that need no host's name, whether they exist or not."""
    return [find_target(name, cache) for name in (*RELEASES, LOCAL)]
