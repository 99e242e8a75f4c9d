# SPDX-License-Identifier: GPL-2.0-only
"""babeltrace2 source components for traces, and its errors in the user's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import bt2
from bt2 import _native_bt as native

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.trace.damage import Damage, blamed_file, copy_readable, find_damage, is_index_sound
from lttng_addon_kit.trace.packet_index import indexed_streams
from lttng_addon_kit.trace.packet_layout import PacketLayouts, read_layouts
from lttng_addon_kit.trace.packets import stream_files
from lttng_addon_kit.trace.trace_folders import METADATA, check_metadata


@dataclass(frozen=True)
class TraceSource:
    """A trace in a graph: its folder, the component that reads it, and what of it had to be left out.

    `layouts` say how its packets begin; None where its metadata doesn't.
    """

    folder: Path
    component: Any
    damage: tuple[Damage, ...]
    layouts: PacketLayouts | None


def add_source(graph: Any, folder: Path, scratch: Path) -> TraceSource:
    """Add to a graph what reads the trace in `folder`, without the files that can't be opened.

    babeltrace2 refuses a whole trace for one stream file that is cut short. Such a file is read up to its
    last whole packet, by way of links and copies in the folder `scratch`.

    Raises:
        KitError: nothing of it can be read.
    """
    check_metadata(folder)
    layouts = _layouts_of(folder)
    sizes, reasons, sound = _examine(folder, layouts)
    while True:
        readable = folder
        if sizes or not sound:
            readable = Path(mkdtemp(dir=scratch))
            copy_readable(folder, sizes, readable)
        try:
            _add_component(bt2.Graph(), readable)  # a graph is lost when this fails
            break
        except bt2._Error as error:
            _leave_out(error, folder, readable, sizes, reasons)
    damage = tuple(Damage(folder / name, reason) for name, reason in reasons.items())
    return TraceSource(folder, _add_component(graph, readable), damage, layouts)


def explain(error: Any) -> str:
    """The innermost cause that babeltrace2 gives for an error, one line."""
    cause = re.split(r":? [\w-]+=", error[0].message)[0]
    return f"babeltrace2 says: {cause}"


def pending_error() -> Any:
    """The error that babeltrace2 noted without reporting failure, as its stream reader does, or None.

    It has to be taken: with one pending, the next call of the library ends the process.
    """
    error = native.current_thread_take_error()
    if error is None:
        return None
    native.current_thread_move_error(error)
    return bt2._Error("noted, not reported")


def _add_component(graph: Any, folder: Path) -> Any:
    component_class = bt2.find_plugin("ctf").source_component_classes["fs"]
    return graph.add_component(component_class, f"trace {folder}", {"inputs": [str(folder)]})


def _layouts_of(folder: Path) -> PacketLayouts | None:
    component_class = bt2.find_plugin("ctf").source_component_classes["fs"]
    try:
        answer = bt2.QueryExecutor(component_class, "metadata-info", {"path": str(folder)}).query()
    except bt2._Error:
        return None  # adding the component says why
    return read_layouts(str(answer["text"]))


def _examine(folder: Path, layouts: PacketLayouts | None) -> tuple[dict[str, int], dict[str, str], bool]:
    """Before babeltrace2 reads: damaged files' readable bytes, the reasons, whether the indexes are sound."""
    sizes: dict[str, int] = {}
    reasons: dict[str, str] = {}
    if layouts is None:
        return sizes, reasons, True
    for file in sorted({*stream_files(folder), *indexed_streams(folder)}):
        whole, reason = find_damage(file, layouts)
        if reason:
            sizes[file.name] = whole
            reasons[file.name] = reason
    return sizes, reasons, all(is_index_sound(file, layouts) for file in stream_files(folder))


def _leave_out(error: Any, folder: Path, readable: Path, sizes: dict[str, int], reasons: dict[str, str]) -> None:
    """Leave out the file that an error names."""
    blamed = blamed_file(error, readable)
    if blamed is None:
        raise KitError(
            f"{folder / METADATA} is damaged: it describes no trace",
            hint="was the trace copied whole?",
        ) from None
    sizes[blamed.name] = 0
    reasons.setdefault(blamed.name, f"can't be opened: {explain(error)}")
