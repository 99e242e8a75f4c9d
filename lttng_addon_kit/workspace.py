"""Where things are: the workspace's addons and traces, and the cache that all workspaces share.

Imports little: shell completion reads this at every press of the Tab key.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "LTTNG_ADDON_KIT_CACHE"
ADDON_FILE = "addon.toml"
# Generated sources beside an addon.toml are those of this target; commands use it unless one is named.
DEFAULT_TARGET = "bookworm"


@dataclass(frozen=True)
class Workspace:
    """A folder with `addons/` (one folder an addon) and `traces/` (one folder a recording)."""

    folder: Path

    @property
    def addons(self) -> Path:
        return self.folder / "addons"

    @property
    def traces(self) -> Path:
        return self.folder / "traces"

    @property
    def addon_folders(self) -> list[Path]:
        """The folders below addons/ that have an addon.toml, by name."""
        return sorted(path.parent for path in self.addons.glob(f"*/{ADDON_FILE}"))


def find_workspace(start: Path | None = None) -> Workspace:
    """Find the nearest folder with an `addons/` in it, from `start` (default: here) upward; else it is `start`."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "addons").is_dir():
            return Workspace(folder)
    return Workspace(here)


def cache_folder() -> Path:
    """The folder of everything that can be created again: targets, kernel types, builds.

    `$LTTNG_ADDON_KIT_CACHE` moves it; the default is the user's cache folder.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("lttng-addon-kit")
