"""An authoring toolkit for LTTng addon modules: from a short addon.toml to a summary of real kernel events.

What the `lttng-addon` command does, in a few lines of Python:

    import lttng_addon_kit as kit

    workspace = kit.find_workspace()
    addon = kit.load_addon(workspace.addons / "skb-filter")
    trace = kit.run([addon], kit.setting("bookworm"), workspace.traces, print)
    print(kit.summarise(trace).events["netif_receive_skb_filter"].count)
"""

from lttng_addon_kit.api import RunOptions, Setting, build, check, generate, run, setting
from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.spec.load import AddonSource, load_addon
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.workspace import Workspace, find_workspace

__all__ = [
    "AddonSource",
    "KitError",
    "RunOptions",
    "Setting",
    "UsageError",
    "Workspace",
    "build",
    "check",
    "find_workspace",
    "generate",
    "load_addon",
    "run",
    "setting",
    "summarise",
]
