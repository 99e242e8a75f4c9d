"""An addon's generated sources -> its .ko for one kernel, built where that kernel's headers are."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError, Location
from lttng_addon_kit.machine.folders import locked
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


# Where the addon's own build finds what lttng-addons.ko exports.
_RUNTIME_SYMBOLS = f"{lttng_addons.NAME}.symvers"


@dataclass(frozen=True)
class Built:
    """An addon's module, and what it needs loaded first: modules of the kernel, by name, and lttng-addons.ko."""

    file: Path
    needs: tuple[str, ...]
    runtime: Path | None


def build_addon(source: AddonSource, sources: Sources, target: Target, cache: Path, progress: Progress) -> Built:
    """Build an addon's module in the cache; make does only what changed since the last time.

    Several builds may run at once, by several processes: each folder is built in by one at a time.

    Raises:
        KitError: it does not compile or link; with the line of addon.toml, or of the user's own C file.
    """
    release = target.kernel_files().release
    folder = _build_folder(source, release, cache)
    built_runtime = _build_runtime(target, release, cache, progress) if sources.boundary else None
    with _alone_in(folder, progress):
        write_files(folder, sources.files, force=True)
        _copy_own_files(source, folder)
        if built_runtime:
            shutil.copyfile(built_runtime / "Module.symvers", folder / _RUNTIME_SYMBOLS)
        return _build_module(source, sources, target, folder, built_runtime)


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
        raise _explained(made.output, source, sources)
    file = folder / f"{source.addon.module_name}.ko"
    needs = tuple(name for name in _needed_modules(file) if name != lttng_addons.NAME)
    return Built(file, needs, built_runtime / f"{lttng_addons.NAME}.ko" if built_runtime else None)


@contextmanager
def _alone_in(folder: Path, progress: Progress) -> Iterator[None]:
    """Be the only one who builds in a folder: make and what it runs read files that another make writes."""
    wait = f"Another process is building in {folder.name}; waiting for it."
    with locked(folder.with_name(f".{folder.name}.lock"), lambda: progress.say(wait)):
        yield


def _build_runtime(target: Target, release: str, cache: Path, progress: Progress) -> Path:
    """The folder in which lttng-addons.ko is built."""
    folder = cache / "build" / release / lttng_addons.NAME
    with _alone_in(folder, progress):
        write_files(folder, lttng_addons.runtime_sources(), force=True)
        made = target.make(folder, "-C", f"/lib/modules/{release}/build", "M=$(FOLDER)", "modules")
    if made.status:
        raise KitError(f"{lttng_addons.NAME}.ko does not compile for {release}", details=made.output)
    return folder


def _build_folder(source: AddonSource, release: str, cache: Path) -> Path:
    """One folder for each addon folder and kernel: addons of one name, in two workspaces, don't meet."""
    place = hashlib.sha256(str(source.folder.resolve()).encode()).hexdigest()[:12]
    return cache / "build" / release / f"{source.addon.name}-{place}"


def _copy_own_files(source: AddonSource, folder: Path) -> None:
    """The user's C files and headers; an unchanged one keeps its time, so that make leaves its object alone."""
    for file in sorted(source.folder.glob("*.[ch]")):
        own = file.name in source.addon.module.sources or file.suffix == ".h"
        copy = folder / file.name
        if (own and not copy.exists()) or (own and copy.read_bytes() != file.read_bytes()):
            shutil.copyfile(file, copy)


def _needed_modules(module: Path) -> tuple[str, ...]:
    """What `modinfo -F depends` would say: .modinfo holds NUL-terminated NAME=VALUE (include/linux/moduleparam.h)."""
    found = re.search(rb"\0depends=([^\0]*)\0", module.read_bytes())
    return tuple(filter(None, found[1].decode().split(","))) if found else ()


def _explained(output: str, source: AddonSource, sources: Sources) -> KitError:
    """The first of the compiler's errors, where the user can mend it; all that make said below."""
    found = _DIAGNOSTIC.search(output)
    if found:
        name, line, column, text = Path(found[1]).name, int(found[2]), int(found[3] or 0), found[4]
        return KitError(text, location=_place(name, line, column, source, sources), details=_relevant(output))
    undefined = _UNDEFINED.search(output)
    if undefined:
        return KitError(
            f"{source.addon.module_name} uses {undefined[1]}(), which this kernel does not export to modules",
            hint="use what it exports (EXPORT_SYMBOL in its sources), or define the function in a C file of yours",
            details=_relevant(output),
        )
    return KitError(f"make could not build {source.addon.module_name}", details=output)


def _place(name: str, line: int, column: int, source: AddonSource, sources: Sources) -> Location:
    return Location(source.folder / name, line, column, 1 if column else 0)


def _relevant(output: str) -> str:
    """make's output without its own moves."""
    return "\n".join(
        line for line in output.splitlines() if not re.match(r"make(\[\d+\])?: |  (CC|LD|MODPOST|BTF)\b", line)
    )
