# SPDX-License-Identifier: GPL-2.0-only
"""Shell completion: the words that can follow. Cheap, and silent whatever is missing or broken."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.workspace import ADDON_FILE, DEFAULT_TARGET, cache_folder, find_workspace

if TYPE_CHECKING:
    from lttng_addon_kit.kernel.kernel import Kernel

_TYPES = ("struct", "union", "enum", "typedef")


def addons() -> list[str]:
    """The workspace's addons."""
    return [folder.name for folder in find_workspace().addon_folders]


def templates() -> list[str]:
    """The gallery's templates."""
    return [*sorted(folder.name for folder in _gallery().iterdir()), "tracepoint"]


def traces() -> list[str]:
    """The workspace's recordings, the newest first."""
    folder = find_workspace().traces
    return sorted((each.name for each in folder.iterdir()), reverse=True) if folder.is_dir() else []


def targets() -> list[str]:
    """The targets' names; a host's follows ssh:."""
    from lttng_addon_kit.target.releases import RELEASES

    return [*RELEASES, "local", "ssh:"]


def forms() -> list[str]:
    """The names of a report's forms."""
    from lttng_addon_kit.output.form import forms

    return list(forms())


def export_forms() -> list[str]:
    """The names of an export's forms."""
    from lttng_addon_kit.output.export.export_form import export_forms

    return export_forms()


def settings(ctx: typer.Context) -> list[str]:
    """`NAME=` for each parameter of the addons or the template on the command line; of all addons if none is."""
    template = ctx.params.get("template")
    if template:
        return [f"{name}=" for name in _parameters(_gallery() / template / ADDON_FILE)]
    return [f"{name}=" for spec in _specs(ctx) for name in _parameters(spec)]


def tables(ctx: typer.Context) -> list[str]:
    """`NAME:` for each table of the addons on the command line; of all addons if none is."""
    return [f"{name}:" for spec in _specs(ctx) for name in _tables(spec)]


def hooks(ctx: typer.Context, incomplete: str) -> list[str]:
    """Hooks as KIND:NAME, and tracepoints by their names alone."""
    kernel = _cached_kernel(ctx)
    bare = [] if ":" in incomplete or kernel is None else kernel.tracepoints(f"{incomplete}*")
    return [*_hooks(kernel, incomplete), *bare]


def shown(ctx: typer.Context, incomplete: str) -> list[str]:
    """What `show` shows: hooks and types as KIND:NAME."""
    kernel = _cached_kernel(ctx)
    kind, colon, name = incomplete.partition(":")
    if not colon:
        return [*_hooks(kernel, incomplete), "function:", *(f"{each}:" for each in _TYPES)]
    if kernel and kind == "function":
        return [f"{kind}:{each}" for each in kernel.functions(f"{name}*")]
    if kernel and kind in _TYPES:
        return [f"{kind}:{each}" for each in kernel.names(kind, f"{name}*")]  # type: ignore[arg-type]
    return _hooks(kernel, incomplete)


def listed(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of the kind that `list` lists."""
    match ctx.params.get("kind"):
        case "tracepoints":
            kernel = _cached_kernel(ctx)
            return kernel.tracepoints(f"{incomplete}*") if kernel else []
        case "functions":
            kernel = _cached_kernel(ctx)
            return kernel.functions(f"{incomplete}*") if kernel else []
        case "addons":
            return addons()
        case "templates":
            return templates()
        case "traces":
            return traces()
    return []


def _hooks(kernel: Kernel | None, incomplete: str) -> list[str]:
    from lttng_addon_kit.hooks.hook_kinds import hook_kinds

    word, colon, name = incomplete.partition(":")
    if not colon:
        return [f"{each}:" for each in hook_kinds()]
    if kernel is None or word not in hook_kinds():
        return []
    return [f"{word}:{each}" for each in hook_kinds()[word].hook_names(kernel, f"{name}*")]


def _cached_kernel(ctx: typer.Context) -> Kernel | None:
    """The target's kernel, if it has been read before: completion creates nothing."""
    from lttng_addon_kit.kernel.kernel import open_kernel
    from lttng_addon_kit.target.registry import find_target

    cache = cache_folder()
    with suppress(KitError, OSError):
        target = find_target(ctx.params.get("target") or DEFAULT_TARGET, cache)
        if target.exists():
            kernel_files = target.kernel_files()
            if any((cache / "kernels").glob(f"{kernel_files.release}-*.sqlite")):
                return open_kernel(kernel_files, cache)
    return None


def _gallery() -> Traversable:
    return files("lttng_addon_kit.templates") / "gallery"


def _specs(ctx: typer.Context) -> list[Path]:
    """The addon.toml of the addons on the command line; of all if none is there."""
    named = ctx.params.get("addon") or addons()
    return [find_workspace().addons / name / ADDON_FILE for name in ([named] if isinstance(named, str) else named)]


def _tables(spec: Path) -> Iterator[str]:
    with suppress(OSError, ValueError, AttributeError, TypeError, KeyError):
        yield from [table["name"] for table in tomllib.loads(spec.read_text(encoding="utf-8")).get("table", ())]


def _parameters(spec: Traversable) -> Iterator[str]:
    with suppress(OSError, ValueError, AttributeError):
        yield from tomllib.loads(spec.read_text(encoding="utf-8")).get("parameters", {})
