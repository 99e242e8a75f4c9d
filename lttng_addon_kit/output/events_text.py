# SPDX-License-Identifier: GPL-2.0-only
"""The events themselves, one a line, as `lttng view` prints them: by babeltrace2's own text component, then edited."""

from __future__ import annotations

import ctypes
import errno
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

import bt2

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.event_lines import EditLines, line_editor
from lttng_addon_kit.trace.event_batch import Addresses
from lttng_addon_kit.trace.own_process import in_own_process
from lttng_addon_kit.trace.source import add_source, explain, pending_error
from lttng_addon_kit.trace.trace_folders import find_trace_folders

_BLOCK = 1 << 18


def view(trace: Path, out: TextIO, addresses: Addresses = MappingProxyType({})) -> None:
    """Print all events of the traces at or below `trace`, by time.

    Args:
        trace: a CTF trace's folder, or one above it.
        out: an open file with a descriptor. When what reads it goes away (`| head`), the rest isn't printed.
        addresses: which fields are addresses, and of which kind, by event and field.

    Raises:
        OSError: it can't be written.
        UsageError, KitError: there is no trace, or it is damaged; what can be read before that is printed.
    """
    out.flush()
    with _edited(out, line_editor(addresses)) as pipe:
        in_own_process(partial(_print, trace, pipe), trace)


@contextmanager
def _edited(out: TextIO, edit: EditLines) -> Iterator[int]:
    """A pipe, whose lines a process of its own edits and writes: babeltrace2 lets no thread of ours run."""
    reading_end, writing_end = os.pipe()
    editor = get_context("fork").Process(
        target=_edit_all, args=(reading_end, writing_end, out.fileno(), edit), daemon=True
    )
    editor.start()
    os.close(reading_end)
    try:
        yield writing_end
    finally:
        os.close(writing_end)
        editor.join()
    if editor.exitcode and editor.exitcode != errno.EPIPE:
        raise OSError(editor.exitcode, os.strerror(editor.exitcode), out.name)


def _edit_all(source: int, unused: int, target: int, edit: EditLines) -> None:
    """Edit until the pipe's end; the status says why it can't be written."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.close(unused)
    rest = b""
    try:
        while block := os.read(source, _BLOCK):
            whole, newline, rest = (rest + block).rpartition(b"\n")
            _write_all(target, edit(whole + newline))
        _write_all(target, edit(rest + b"\n")[:-1])
    except OSError as error:
        sys.exit(error.errno)


def _write_all(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


def _print(trace: Path, pipe: int, scratch: Path) -> None:
    graph = bt2.Graph()
    sources = [add_source(graph, folder, scratch, tames=True) for folder in find_trace_folders(trace)]
    muxer = graph.add_component(_component_class("utils", "filter", "muxer"), "by time")
    ports = [port for source in sources for port in source.component.output_ports.values()]
    for index, port in enumerate(ports):
        graph.connect_ports(port, muxer.input_ports[f"in{index}"])
    text = graph.add_component(_component_class("text", "sink", "pretty"), "text", {"path": f"/dev/fd/{pipe}"})
    graph.connect_ports(muxer.output_ports["out"], text.input_ports["in"])
    problem = _run(graph)
    if _is_broken(pipe):
        return
    for damage in (damage for source in sources for damage in source.damage):
        raise KitError(f"the trace is damaged: {damage.file} {damage.reason}")
    if problem:
        raise KitError(f"the trace {trace} is damaged: {problem}")


def _run(graph: Any) -> str:
    """Print everything; what went wrong, or ""."""
    try:
        graph.run()
        error = pending_error()
        return explain(error) if error else ""
    except bt2._Error as error:
        return explain(error)
    finally:
        ctypes.CDLL(None).fflush(None)  # the component writes by C's buffered output


def _is_broken(pipe: int) -> bool:
    """Whether the pipe's reader has closed it."""
    poll = select.poll()
    poll.register(pipe, 0)
    return any(event & select.POLLERR for _descriptor, event in poll.poll(0))


def _component_class(plugin: str, kind: str, name: str) -> Any:
    return getattr(bt2.find_plugin(plugin), f"{kind}_component_classes")[name]
