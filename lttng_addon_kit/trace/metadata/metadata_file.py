# SPDX-License-Identifier: GPL-2.0-only
"""A trace's metadata file -> what it describes, in whichever version of CTF."""

from __future__ import annotations

from pathlib import Path

from lttng_addon_kit.trace.metadata.ctf2 import read_ctf2
from lttng_addon_kit.trace.metadata.described import DescribedTrace
from lttng_addon_kit.trace.metadata.tsdl import read_tsdl
from lttng_addon_kit.trace.trace_folders import RECORD_SEPARATOR, check_metadata, metadata_text


def read_metadata(folder: Path) -> DescribedTrace:
    """What the metadata of the trace in `folder` describes.

    Raises:
        KitError: it is damaged.
        UnsupportedMetadata: it isn't understood.
    """
    content = check_metadata(folder)
    if content.startswith(RECORD_SEPARATOR):
        return read_ctf2(content)
    return read_tsdl(metadata_text(content))
