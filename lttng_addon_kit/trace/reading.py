# SPDX-License-Identifier: GPL-2.0-only
"""Read a trace's events in batches, stream by stream: each damaged stream costs only itself.

Streams aren't merged by time, as nothing here needs their order; that saves a third of the time, and leaves
every other stream readable when one is damaged. Two readers give the same: the kit's own, which is fast, and
babeltrace2's, which reads any CTF 1.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.trace.event_batch import Addresses, EventBatch, Findings
from lttng_addon_kit.trace.metadata.described import UnsupportedMetadata
from lttng_addon_kit.trace.metadata.metadata_file import read_metadata
from lttng_addon_kit.trace.own.own_reader import ReadableTrace, prepare, read_by_ourselves
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.trace_folders import find_trace_folders


def read(
    path: Path, findings: Findings, scratch: Path, addresses: Addresses, reader: Reader = Reader.AUTO
) -> Iterator[EventBatch]:
    """Read all events of all traces at or below `path`.

    Args:
        path: a trace's folder, or one above it.
        findings: gets what else is found.
        scratch: a folder for what a damaged trace needs.
        addresses: which fields are addresses, as CTF 1.8 can't say.
        reader: who is to read.

    Raises:
        UsageError, KitError: there is no trace, or one that can't be read at all.
    """
    for folder in find_trace_folders(path):
        readable = None if reader is Reader.BABELTRACE2 else _readable(folder, reader)
        if readable is not None:
            findings.readers.add(Reader.OWN)
            yield from read_by_ourselves(readable, findings, addresses)
        else:
            # Only here: it takes time to load, and may not be installed.
            from lttng_addon_kit.trace.babeltrace_reader import read_by_babeltrace

            findings.readers.add(Reader.BABELTRACE2)
            yield from read_by_babeltrace(folder, findings, scratch, addresses)


def _readable(folder: Path, reader: Reader) -> ReadableTrace | None:
    """What the own reader needs; None where it can't read a trace, and doesn't have to."""
    try:
        return prepare(folder, read_metadata(folder))
    except UnsupportedMetadata as problem:
        if reader is Reader.OWN:
            raise KitError(
                f"the kit's own reader can't read the trace {folder}: {problem}", hint="try --reader babeltrace2"
            ) from None
        return None
