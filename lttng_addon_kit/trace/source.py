# SPDX-License-Identifier: GPL-2.0-only
"""babeltrace2 source components for traces, and its errors in the user's words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import bt2
from bt2 import _native_bt as native

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.trace.damage import Damage, blamed_file, copy_readable, find_damage, find_index_damage
from lttng_addon_kit.trace.metadata.described import UnsupportedMetadata
from lttng_addon_kit.trace.metadata.metadata_file import read_metadata
from lttng_addon_kit.trace.own_process import log_file
from lttng_addon_kit.trace.packet_index import index_file, indexed_streams
from lttng_addon_kit.trace.packet_layout import PacketLayouts, layouts_of
from lttng_addon_kit.trace.packets import stream_files
from lttng_addon_kit.trace.tame_metadata import tamed, write_tamed
from lttng_addon_kit.trace.trace_folders import METADATA, check_metadata

# A line of babeltrace2's log about metadata: "... E PLUGIN/CTF/META/PARSER yyerror@parser.y:943 At line 4 in metadata
# stream: syntax error, ...", ending with what is of use to its programmers only.
_LOGGED = re.compile(
    r" E PLUGIN/CTF/META/(?!DECODER)\S+ \S+ (?:At line (?P<line>\d+) in metadata stream: )?"
    r"(?P<cause>.+?)(?:,? [\w-]+=0x.*)?$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class TraceSource:
    """A trace in a graph: its folder, the component that reads it, and what of it had to be left out.

    `layouts` say how its packets begin; None where its metadata doesn't.
    """

    folder: Path
    component: Any
    damage: tuple[Damage, ...]
    layouts: PacketLayouts | None


def add_source(graph: Any, folder: Path, scratch: Path, tames: bool = False) -> TraceSource:
    """Add to a graph what reads the trace in `folder`, without the files that can't be opened.

    babeltrace2 refuses a whole trace for one stream file that is cut short. Such a file is read up to its
    last whole packet, by way of links and copies in the folder `scratch`.

    Args:
        tames: control characters in names are written out.

    Raises:
        KitError: nothing of it can be read.
    """
    check_metadata(folder, bt2.__version__)
    text = _metadata_text(folder)
    layouts = _layouts_of(folder)
    tame = tamed(text) if tames else text
    sizes, reasons = _examine(folder, layouts)
    indexes = _examine_indexes(folder, layouts, sizes)
    while True:
        readable = folder
        if sizes or indexes or tame != text:
            readable = Path(mkdtemp(dir=scratch))
            copy_readable(folder, sizes, readable)
        if tame != text:
            write_tamed(tame, readable)
        try:
            _add_component(bt2.Graph(), readable)  # a graph is lost when this fails
            break
        except bt2._Error as error:
            blamed = blamed_file(error, readable)
            if blamed is None:
                raise _wrong_metadata(folder, log_file(scratch)) from None
            # One that was left out or cut already, and is still refused, isn't read at all.
            sizes[blamed.name] = 0
            reasons.setdefault(blamed.name, f"can't be opened: {explain(error)}")
    damage = (*(Damage(folder / name, reason) for name, reason in reasons.items()), *indexes)
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
    try:
        return layouts_of(read_metadata(folder))
    except UnsupportedMetadata:
        return None


def _metadata_text(folder: Path) -> str:
    """The text of a trace's metadata; "" where it can't be read, and adding the component says why."""
    component_class = bt2.find_plugin("ctf").source_component_classes["fs"]
    try:
        answer = bt2.QueryExecutor(component_class, "metadata-info", {"path": str(folder)}).query()
    except bt2._Error:
        return ""
    return str(answer["text"])


def _examine(folder: Path, layouts: PacketLayouts | None) -> tuple[dict[str, int], dict[str, str]]:
    """Before babeltrace2 reads: damaged files' readable bytes, and the reasons."""
    sizes: dict[str, int] = {}
    reasons: dict[str, str] = {}
    if layouts is None:
        return sizes, reasons
    for file in sorted({*stream_files(folder), *indexed_streams(folder)}):
        whole, reason = find_damage(file, layouts)
        if reason:
            sizes[file.name] = whole
            reasons[file.name] = reason
    return sizes, reasons


def _examine_indexes(folder: Path, layouts: PacketLayouts | None, damaged: Collection[str]) -> list[Damage]:
    """What is wrong with the indexes of sound streams; where anything is, babeltrace2 must not see any."""
    if layouts is None:
        return []
    found = ((file, find_index_damage(file, layouts)) for file in stream_files(folder) if file.name not in damaged)
    return [Damage(index_file(file), reason) for file, reason in found if reason]


def _wrong_metadata(folder: Path, log: Path) -> KitError:
    """What is wrong with metadata that babeltrace2 refuses, as its log has it."""
    said = _LOGGED.search(log.read_text(encoding="utf-8", errors="replace") if log.is_file() else "")
    line, cause = (said["line"], said["cause"]) if said else (None, None)
    place = f", line {line} of its text" if line else ""
    return KitError(
        f"{folder / METADATA} is damaged{place}: {cause or 'it describes no trace'}",
        hint=f"babeltrace2 --output-format=ctf-metadata {folder} prints its text",
    )
