"""The events themselves, one a line, as `lttng view` prints them: by babeltrace2's own text component."""

from __future__ import annotations

import ctypes
import select
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import bt2

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.trace.damage import Damage
from lttng_addon_kit.trace.folders import find_trace_folders
from lttng_addon_kit.trace.source import add_source, explain, pending_error, raise_if_interrupted

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
    damage: list[Damage] = []
    with ExitStack() as stack:
        graph = bt2.Graph()
        muxer = graph.add_component(_component_class("utils", "filter", "muxer"), "by time")
        ports = []
        for folder in find_trace_folders(trace):
            source = stack.enter_context(add_source(graph, folder))
            damage.extend(source.damage)
            ports.extend(source.component.output_ports.values())
        for index, port in enumerate(ports):
            graph.connect_ports(port, muxer.input_ports[f"in{index}"])
        text = graph.add_component(_component_class("text", "sink", "pretty"), "text", _parameters(out))
        graph.connect_ports(muxer.output_ports["out"], text.input_ports["in"])
        if not _run(graph, trace, out):
            return
    if damage:
        raise KitError(f"the trace is damaged: {damage[0].file} {damage[0].reason}")


def _run(graph: Any, trace: Path, out: TextIO) -> bool:
    """Print everything: True at the end, False when nobody reads it any more.

    The graph runs a few messages at a time, as Ctrl-C is seen between its calls only.
    """
    noted: list[Any] = []
    try:
        while True:
            graph.run_once()
            if error := pending_error():
                noted.append(error)
    except bt2.Stop:
        if noted:
            raise KitError(f"the trace {trace} is damaged: {explain(noted[0])}") from None
        return True
    except bt2._Error as error:
        raise_if_interrupted(error)
        if _is_broken(out):
            return False
        raise KitError(f"the trace {trace} is damaged: {explain(error)}") from None
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
