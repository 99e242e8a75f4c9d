"""What there is to list in a workspace: addons and traces, as plain rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lttng_addon_kit.errors import KitError, UsageError, nearest
from lttng_addon_kit.gallery import list_templates
from lttng_addon_kit.session.recording import list_recordings, load, newest_recording
from lttng_addon_kit.spec.load import FILE_NAME, AddonSource, load_addon
from lttng_addon_kit.target.registry import list_targets
from lttng_addon_kit.workspace import Workspace


def addon_folders(workspace: Workspace) -> list[Path]:
    """The folders below addons/ that have an addon.toml, by name."""
    return sorted(path.parent for path in workspace.addons.glob(f"*/{FILE_NAME}"))


def find_addons(workspace: Workspace, names: list[str]) -> tuple[AddonSource, ...]:
    """The named addons, or every addon of the workspace.

    Raises:
        UsageError: there is none, or none of that name.
        KitError: an addon.toml says something wrong, or two of them the same event.
    """
    known = {folder.name: folder for folder in addon_folders(workspace)}
    if not known:
        raise UsageError(f"no addon in {workspace.addons}", hint="lttng-addon new skb-filter makes one")
    for name in names:
        if name not in known:
            raise UsageError(
                f"no addon {name!r} in {workspace.addons}",
                hint=nearest(name, known) or f"there are: {', '.join(known)}",
            )
    sources = tuple(load_addon(known[name]) for name in names or known)
    _refuse_shared_events(sources)
    return sources


def _refuse_shared_events(sources: tuple[AddonSource, ...]) -> None:
    owners: dict[str, AddonSource] = {}
    for source in sources:
        for index, event in enumerate(source.addon.events):
            other = owners.setdefault(event.name, source)
            if other is not source:
                raise KitError(
                    f"event {event.name!r} is also one of addon {other.addon.name!r}; LTTng needs distinct names",
                    location=source.positions.value(("event", index, "name")),
                    hint="rename one, or name the addons to take: lttng-addon run ADDON",
                )


def find_trace(workspace: Workspace, named: Path | None) -> Path:
    """The folder of a trace: a path, a recording's name, or the newest recording.

    Raises:
        UsageError: there is none.
    """
    if named is None:
        return newest_recording(workspace.traces)
    if named.exists():
        return named
    recording = workspace.traces / named
    if recording.is_dir():
        return recording
    names = [folder.name for folder in list_recordings(workspace.traces)]
    raise UsageError(f"no trace {named}", hint=nearest(str(named), names) or "lttng-addon list traces")


def template_rows() -> list[dict[str, Any]]:
    """One row a template of the gallery."""
    return [{"name": each.name, "description": each.description} for each in list_templates()]


def addon_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """One row an addon: name, description, events; `error` where its addon.toml is wrong."""
    rows: list[dict[str, Any]] = []
    for folder in addon_folders(workspace):
        try:
            addon = load_addon(folder).addon
        except KitError as error:
            rows.append({"name": folder.name, "description": "", "events": [], "error": error.message})
            continue
        events = [event.name for event in addon.events]
        rows.append({"name": addon.name, "description": addon.addon.description, "events": events})
    return rows


def trace_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """One row a recording, the newest first."""
    rows = []
    for folder in reversed(list_recordings(workspace.traces)):
        recording = load(folder)
        if recording is None:
            continue
        rows.append(
            {
                "trace": folder.name,
                "begun": recording.begun.isoformat(timespec="seconds"),
                "target": recording.target,
                "kernel": recording.kernel_release,
                "addons": [addon.name for addon in recording.addons],
                "events": sum(event.passed for addon in recording.addons for event in addon.events),
                "workload": list(recording.workload),
            }
        )
    return rows


def target_rows(cache: Path) -> list[dict[str, Any]]:
    """One row a target that needs no host's name."""
    rows = []
    for target in list_targets(cache):
        made = target.exists()
        release = target.kernel_files().release if made else ""
        rows.append({"target": target.name, "made": "yes" if made else "no", "kernel": release})
    return rows
