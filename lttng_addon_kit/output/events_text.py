# SPDX-License-Identifier: GPL-2.0-only
"""The events themselves, one a line, as `lttng view` prints them: by babeltrace2's own text component."""

from __future__ import annotations

import ctypes
import select
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import bt2

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.trace.own_process import in_own_process
from lttng_addon_kit.trace.source import add_source, explain, pending_error
from lttng_addon_kit.trace.trace_folders import find_trace_folders

_STDOUT = 1


def view(trace: Path, out: TextIO) -> None:
    """Print all events of the traces at or below `trace`, by time.

    Args:
        trace: a CTF trace's folder, or one above it.
        out: an open file with a descriptor. When what reads it goes away (`| head`), the rest isn't printed.

    Raises:
        UsageError, KitError: there is no trace, or it is damaged; what can be read before that is printed.
    """
    out.flush()
    in_own_process(partial(_print, trace, out), trace)


def _print(trace: Path, out: TextIO, scratch: Path) -> None:
    graph = bt2.Graph()
    sources = [add_source(graph, folder, scratch) for folder in find_trace_folders(trace)]
    muxer = graph.add_component(_component_class("utils", "filter", "muxer"), "by time")
    ports = [port for source in sources for port in source.component.output_ports.values()]
    for index, port in enumerate(ports):
        graph.connect_ports(port, muxer.input_ports[f"in{index}"])
    text = graph.add_component(_component_class("text", "sink", "pretty"), "text", _parameters(out))
    graph.connect_ports(muxer.output_ports["out"], text.input_ports["in"])
    problem = _run(graph)
    if _is_broken(out):
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


def _parameters(out: TextIO) -> dict[str, str]:
    # Only its own standard output does the component append to; a path it opens anew.
    return {} if out.fileno() == _STDOUT else {"path": f"/dev/fd/{out.fileno()}"}


def _is_broken(out: TextIO) -> bool:
    """Whether `out` is a pipe whose reader has closed it."""
    poll = select.poll()
    poll.register(out, 0)
    return any(event & select.POLLERR for _descriptor, event in poll.poll(0))


def _component_class(plugin: str, kind: str, name: str) -> Any:
    return getattr(bt2.find_plugin(plugin), f"{kind}_component_classes")[name]
