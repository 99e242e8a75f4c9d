# SPDX-License-Identifier: GPL-2.0-only
"""What can be listed: in the gallery, a workspace, a cache, a kernel; as plain rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.gallery import list_templates
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.output.kernel_types import function_rows, tracepoint_rows
from lttng_addon_kit.session.recording import Recording, list_recordings, load
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.target.registry import list_targets
from lttng_addon_kit.workspace import Workspace

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Listed:
    """Where to look; `open_kernel` opens the target's kernel, and is called only by lists that show one."""

    workspace: Workspace
    cache: Path
    open_kernel: Callable[[], Kernel]


def list_rows(what: str, pattern: str, where: Listed) -> Rows:
    """List what there is of one kind (a key of `LISTS`), each as a row, its name first.

    Args:
        pattern: only names like this, `*` and `?` as in a shell.

    Raises:
        KitError: the kernel can't be opened, or a recording is damaged.
    """
    return LISTS[what](where, pattern)


def _template_rows(where: Listed, pattern: str) -> Rows:
    return _matching([{"name": each.name, "description": each.description} for each in list_templates()], pattern)


def _addon_rows(where: Listed, pattern: str) -> Rows:
    """Name, description, events; `error` where addon.toml has a mistake."""
    rows: Rows = []
    for folder in where.workspace.addon_folders:
        try:
            addon = load_addon(folder).addon
        except KitError as error:
            rows.append({"name": folder.name, "description": "", "events": [], "error": error.message})
            continue
        events = [event.name for event in addon.events]
        rows.append({"name": addon.name, "description": addon.addon.description, "events": events})
    return _matching(rows, pattern)


def _trace_rows(where: Listed, pattern: str) -> Rows:
    """The newest first."""
    rows: Rows = []
    for folder in reversed(list_recordings(where.workspace.traces)):
        try:
            recording = load(folder)
        except KitError:
            recording = None
        rows.append(_trace_row(folder.name, recording))
    return _matching(rows, pattern)


def _trace_row(name: str, recording: Recording | None) -> dict[str, Any]:
    """A recording; None: its recording.json is damaged."""
    if recording is None:
        empty: dict[str, Any] = {"begun": "", "target": "", "kernel": "", "addons": [], "events": None, "workload": []}
        return {"trace": name, "state": "damaged", **empty}
    return {
        "trace": name,
        "state": recording.state,
        "begun": recording.begun.isoformat(timespec="seconds"),
        "target": recording.target,
        "kernel": recording.kernel_release,
        "addons": [addon.name for addon in recording.addons],
        "events": sum(event.passed for event in recording.events),
        "workload": list(recording.workload),
    }


def _target_rows(where: Listed, pattern: str) -> Rows:
    """Those that need no host's name."""
    rows: Rows = []
    for target in list_targets(where.cache):
        exists = target.exists()
        release = target.kernel_files().release if exists else ""
        rows.append({"target": target.name, "created": "yes" if exists else "no", "kernel": release})
    return _matching(rows, pattern)


def _matching(rows: Rows, pattern: str) -> Rows:
    return [row for row in rows if fnmatch(str(next(iter(row.values()))), pattern)]


LISTS: Mapping[str, Callable[[Listed, str], Rows]] = {
    "templates": _template_rows,
    "addons": _addon_rows,
    "traces": _trace_rows,
    "targets": _target_rows,
    "tracepoints": lambda where, pattern: tracepoint_rows(where.open_kernel(), pattern),
    "functions": lambda where, pattern: function_rows(where.open_kernel(), pattern),
}
