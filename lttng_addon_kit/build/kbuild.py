# SPDX-License-Identifier: GPL-2.0-only
"""Builds an addon's generated sources to its .ko for one kernel, where that kernel's headers are."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError, Location
from lttng_addon_kit.least_used import Bound, surplus
from lttng_addon_kit.machine.folders import locked, remove_tree, try_lock
from lttng_addon_kit.module import lttng_addons
from lttng_addon_kit.module.sources import Sources
from lttng_addon_kit.module.write import write_files
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.target.registry import Target

# gcc: FILE:LINE[:COLUMN]: error: TEXT
_DIAGNOSTIC = re.compile(r"^(\S+?):(\d+):(?:(\d+):)? (?:fatal )?error: (.*)$", re.MULTILINE)
# modpost: ERROR: modpost: "NAME" [FILE] undefined!
_UNDEFINED = re.compile(r'^ERROR: modpost: "([^"]+)" .*undefined!', re.MULTILINE)

# About 1.1 MB each. A module is loaded within the hour in which it was built.
_BOUND = Bound(count=1000, seconds_in_use=3600)

# Where the addon's own build finds what lttng-addons.ko exports.
_RUNTIME_SYMBOLS = f"{lttng_addons.NAME}.symvers"


@dataclass(frozen=True)
class Built:
    """An addon's module, and what must be loaded before it: modules of the kernel, by name, and lttng-addons.ko."""

    file: Path
    needs: tuple[str, ...]
    runtime: Path | None


def build_addon(source: AddonSource, sources: Sources, target: Target, cache: Path, progress: Progress) -> Built:
    """Build an addon's module in the cache; make does only what changed since the last time.

    Several builds may run at once, by several processes: each folder is built in by one at a time.

    Raises:
        KitError: it does not compile or link; with the place in the user's own C file, where it is there.
    """
    release = target.kernel_files().release
    folder = _build_folder(source, release, cache)
    built_runtime = _build_runtime(target, release, cache, progress) if sources.boundary else None
    with _alone_in(folder, progress):
        write_files(folder, sources.files, force=True)
        _copy_own_files(source, sources, folder)
        if built_runtime:
            shutil.copyfile(built_runtime / "Module.symvers", folder / _RUNTIME_SYMBOLS)
        built = _build_module(source, sources, target, folder, built_runtime)
    _forget_surplus(cache / "build")
    return built


def _build_module(
    source: AddonSource, sources: Sources, target: Target, folder: Path, built_runtime: Path | None
) -> Built:
    release = target.kernel_files().release
    made = target.make(
        folder,
        "-C",
        f"/lib/modules/{release}/build",
        "M=$(FOLDER)",
        "KBUILD_EXTRA_SYMBOLS=$(wildcard $(LTTNG_MODULES)/src/Module.symvers $(LTTNG_MODULES)/Module.symvers"
        f" $(FOLDER)/{_RUNTIME_SYMBOLS})",
        "modules",
    )
    if made.status:
        raise _explained(made.output, source)
    file = folder / f"{source.addon.module_name}.ko"
    needs = tuple(name for name in _needed_modules(file) if name != lttng_addons.NAME)
    return Built(file, needs, built_runtime / f"{lttng_addons.NAME}.ko" if built_runtime else None)


def _forget_surplus(builds: Path) -> None:
    """Remove the builds that are too many, but for those in use; `trace` alone leaves one each time."""
    for folder in surplus(builds.glob("*/[!.]*"), _BOUND, _lock_file):
        with try_lock(_lock_file(folder)) as alone:
            if alone:
                remove_tree(folder)
                _lock_file(folder).unlink()


def _lock_file(folder: Path) -> Path:
    """The lock of a build's folder; taking it sets its time."""
    return folder.with_name(f".{folder.name}.lock")


@contextmanager
def _alone_in(folder: Path, progress: Progress) -> Iterator[None]:
    """Be the only process that builds in a folder: make and what it runs read files that another make writes."""
    wait = f"Another process is building in {folder.name}; waiting for it."
    with locked(_lock_file(folder), lambda: progress.say(wait)):
        yield


def _build_runtime(target: Target, release: str, cache: Path, progress: Progress) -> Path:
    """Build lttng-addons.ko; return the folder that has it."""
    folder = cache / "build" / release / lttng_addons.NAME
    with _alone_in(folder, progress):
        write_files(folder, lttng_addons.runtime_sources(), force=True)
        made = target.make(folder, "-C", f"/lib/modules/{release}/build", "M=$(FOLDER)", "modules")
    if made.status:
        raise KitError(f"{lttng_addons.NAME}.ko does not compile for {release}", details=made.output)
    return folder


def _build_folder(source: AddonSource, release: str, cache: Path) -> Path:
    """The folder to build in, one for each addon folder and kernel: workspaces may have addons of one name."""
    place = hashlib.sha256(str(source.folder.resolve()).encode()).hexdigest()[:12]
    return cache / "build" / release / f"{source.addon.name}-{place}"


def _copy_own_files(source: AddonSource, sources: Sources, folder: Path) -> None:
    """Copy the user's C files and headers; an unchanged one keeps its time, so that make keeps its object.

    Headers beside addon.toml that an earlier kit generated are not the user's.
    """
    generated = {each.name for each in sources.files}
    for file in sorted(source.folder.glob("*.[ch]")):
        own = file.name in source.addon.module.sources or (file.suffix == ".h" and file.name not in generated)
        copy = folder / file.name
        if (own and not copy.exists()) or (own and copy.read_bytes() != file.read_bytes()):
            shutil.copyfile(file, copy)


def _needed_modules(module: Path) -> tuple[str, ...]:
    """What `modinfo -F depends` would say: .modinfo holds NUL-terminated NAME=VALUE (include/linux/moduleparam.h)."""
    found = re.search(rb"\0depends=([^\0]*)\0", module.read_bytes())
    return tuple(filter(None, found[1].decode().split(","))) if found else ()


def _explained(output: str, source: AddonSource) -> KitError:
    """The error for a failed build: the compiler's first one with its place; all that make printed below."""
    found = _DIAGNOSTIC.search(output)
    if found:
        name, line, column, text = Path(found[1]).name, int(found[2]), int(found[3] or 0), found[4]
        return KitError(text, location=_place(name, line, column, source), details=_relevant(output))
    undefined = _UNDEFINED.search(output)
    if undefined:
        return KitError(
            f"{source.addon.module_name} uses {undefined[1]}(), which this kernel does not export to modules",
            hint="use what it exports (EXPORT_SYMBOL in its sources), or define the function in a C file of your own",
            details=_relevant(output),
        )
    return KitError(f"make could not build {source.addon.module_name}", details=output)


def _place(name: str, line: int, column: int, source: AddonSource) -> Location | None:
    """The place in the user's own C file; None: the file is generated, or the kernel's."""
    file = source.folder / name
    return Location(file, line, _character(file, line, column), 1 if column else 0) if file.exists() else None


def _character(file: Path, line: int, column: int) -> int:
    """The character at one of gcc's columns, which count a tab as the columns up to the next multiple of 8."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    text = lines[line - 1] if line <= len(lines) else ""
    ends = [len(text[:end].expandtabs(8)) for end in range(len(text) + 1)]
    return next((at for at, end in enumerate(ends) if end >= column), column)


def _relevant(output: str) -> str:
    """make's output without its own moves."""
    return "\n".join(
        line for line in output.splitlines() if not re.match(r"make(\[\d+\])?: |  (CC|LD|MODPOST|BTF)\b", line)
    )
