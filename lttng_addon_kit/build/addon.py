"""An addon's generated sources -> its .ko for one kernel, built in the target's own root."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError, Location
from lttng_addon_kit.generate.sources import Sources
from lttng_addon_kit.generate.write import write_files
from lttng_addon_kit.machine.target import Target
from lttng_addon_kit.spec.load import AddonSource

# gcc: FILE:LINE[:COLUMN]: error: TEXT
_DIAGNOSTIC = re.compile(r"^(?P<file>[^\s:]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<text>.*)$")
# modpost: ERROR: modpost: "NAME" [FILE] undefined!
_UNDEFINED = re.compile(r'^ERROR: modpost: "(?P<symbol>[^"]+)" .*undefined!')


@dataclass(frozen=True)
class _Compiled:
    """A diagnostic of the compiler's, before it is known whose line it is."""

    file: str
    line: int
    column: int
    text: str


def build_addon(source: AddonSource, sources: Sources, target: Target, cache: Path) -> Path:
    """Build an addon's module; make does only what changed since the last time.

    Returns:
        The .ko, in the cache.

    Raises:
        KitError: it does not compile or link; with the line of addon.toml, or of the user's own C file.
    """
    folder = _build_folder(source, target, cache)
    write_files(folder, sources.files, force=True)
    _copy_changed(source, folder)
    made = target.make(
        folder,
        "-C",
        f"/lib/modules/{target.kernel_files().release}/build",
        "M=$(FOLDER)",
    )
    if made.status:
        raise _explained(made.output, source, sources, folder)
    return folder / f"{source.addon.module_name}.ko"


def _build_folder(source: AddonSource, target: Target, cache: Path) -> Path:
    """One folder for each addon folder and kernel: two addons of one name, in two workspaces, don't meet."""
    place = hashlib.sha256(str(source.folder.resolve()).encode()).hexdigest()[:12]
    return cache / "build" / target.kernel_files().release / f"{source.addon.name}-{place}"


def _copy_changed(source: AddonSource, folder: Path) -> None:
    """The user's C files and headers; an unchanged one keeps its time, so that make does not compile it again."""
    for file in sorted(source.folder.glob("*.[ch]")):
        copy = folder / file.name
        if file.name in source.addon.module.sources or file.suffix == ".h":
            if not copy.exists() or copy.read_bytes() != file.read_bytes():
                shutil.copyfile(file, copy)
