# SPDX-License-Identifier: GPL-2.0-only
"""An authoring toolkit for LTTng addon modules: from a short addon.toml to a summary of real kernel events.

What the `lttng-addon` command does, in a few lines of Python:

    import lttng_addon_kit as kit

    workspace = kit.find_workspace()
    addon = kit.load_addon(workspace.addons / "skb-filter")
    recording = kit.run([addon], kit.setting("bookworm"), workspace.traces, print)
    print(recording.summary().events["netif_receive_skb_filter"].count)
    print(recording.events("netif_receive_skb_filter").to_pandas())

Importing the package imports none of this: api.py, which has it, is imported when a name is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lttng_addon_kit.api import (
        AddonSource,
        DamagedTraceWarning,
        KitError,
        OpenRecording,
        RecordedEvents,
        RunOptions,
        Setting,
        UsageError,
        Workspace,
        build,
        check,
        find_workspace,
        generate,
        load_addon,
        open,
        run,
        setting,
        summarise,
    )

__all__ = [
    "AddonSource",
    "DamagedTraceWarning",
    "KitError",
    "OpenRecording",
    "RecordedEvents",
    "RunOptions",
    "Setting",
    "UsageError",
    "Workspace",
    "build",
    "check",
    "find_workspace",
    "generate",
    "load_addon",
    "open",
    "run",
    "setting",
    "summarise",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    api = import_module(f"{__name__}.api")
    # All of them at once: `build` is a folder of the package too, which importing api.py has just put here.
    globals().update({each: getattr(api, each) for each in __all__})
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
