# SPDX-License-Identifier: GPL-2.0-only
"""Metadata whose bits have flipped, so that it still describes a trace: what differs from the recording is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.report import read_report
from lttng_addon_kit.session.recording import sum_metadata

DATA = Path(__file__).parent / "data"
FIELDS = ["station", "peer", "far", "ip_header"]


def recorded(folder: Path, **more: object) -> Path:
    """A recording that knows its event's fields, which the one that was kept does not."""
    shutil.copytree(DATA / "bookworm-addresses", folder)
    file = folder / "recording.json"
    recording = json.loads(file.read_text())
    recording["addons"][0]["events"][0]["fields"] = FIELDS
    file.write_text(json.dumps({**recording, **more}))
    return folder


def replace(folder: Path, old: bytes, new: bytes) -> None:
    metadata = folder / "trace/kernel/metadata"
    content = metadata.read_bytes()
    assert old in content
    metadata.write_bytes(content.replace(old, new, 1))


def said_of(folder: Path) -> str:
    with pytest.raises(KitError, match="what is known of the recording and its trace disagree") as caught:
        read_report(folder).refuse_incomplete()
    return caught.value.details


def test_a_whole_one_is_taken(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "r", metadata=sum_metadata(DATA / "bookworm-addresses"))
    read_report(folder).refuse_incomplete()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"net_addresses", b"net_addqesses", "the trace has events called 'net_addqesses', which was not enabled"),
        (b"_station", b"_rtation", "'far', 'ip_header', 'peer', 'rtation' in the trace"),
    ],
)
def test_names_that_changed_are_said(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    folder = recorded(tmp_path / "r")
    replace(folder, old, new)
    assert said in said_of(folder)


def test_what_changes_no_name_is_said(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "r", metadata=sum_metadata(DATA / "bookworm-addresses"))
    replace(folder, b"hostname = ", b"hostnqme = ")
    assert said_of(folder) == "trace/kernel/metadata has changed since it was recorded"
