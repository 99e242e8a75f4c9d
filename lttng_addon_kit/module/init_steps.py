# SPDX-License-Identifier: GPL-2.0-only
"""What a module does, one step after the other, when it is loaded and unloaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lttng_addon_kit.spec.addon import Addon


@dataclass(frozen=True)
class InitStep:
    """Something that the module does when it is loaded, and what undoes that; `name` is for a label."""

    name: str
    call: str
    undo: str


def init_steps(addon: Addon, cgroups: Iterable[str], providers: Iterable[str]) -> Iterator[InitStep]:
    """The user's own code begins first; LTTng comes last: what is registered there may be in use at once.

    A session that has waited for the events enables them when their provider is registered
    (lttng_fix_pending_events()), and keeps on using them if the module's init fails after that.

    Args:
        cgroups: the parameters whose default names a cgroup.
    """
    for name in cgroups:
        mark = f"&cgroup_{name}"
        yield InitStep(name, f"lttng_addon_cgroup_default({mark})", f"lttng_addon_cgroup_replace({mark}, NULL)")
    if addon.module.init:
        yield InitStep("own", "lttng_addon_own_init()", f"{addon.module.exit}()")
    if addon.has_interfaces:
        yield InitStep("interface", "lttng_addons_register(&addon)", "lttng_addons_unregister(&addon)")
    for provider in providers:
        yield InitStep(provider, f"__lttng_events_init__{provider}()", f"__lttng_events_exit__{provider}()")
