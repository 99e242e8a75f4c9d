# SPDX-License-Identifier: GPL-2.0-only
"""The connection's socket, as ssh is told of it: by a program in its place that notes how it was called."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from lttng_addon_kit.machine.ssh import SshMachine

# unix(7), without the final 0; and what ssh adds while it creates the socket (mux.c, muxserver_listen()).
LONGEST = 107
ADDED = len(".") + 16


@pytest.mark.parametrize("length", [10, 60, 200], ids=["short", "long", "longer than a socket's path"])
def test_its_path_has_room_whatever_the_temporary_folder(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    (tmp_path / "ssh").write_text(f'#!/bin/sh\necho "$@" >> {calls}\necho 0 6.1.0\n')
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    temporary = tmp_path / ("t" * length)
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with SshMachine("rack7", "rack7"):
        pass
    path = calls.read_text().partition("ControlPath=")[2].split()[0]
    assert len(path) + ADDED <= LONGEST
    assert not Path(path).parent.exists()
    assert list(temporary.iterdir()) == []
