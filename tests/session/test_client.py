# SPDX-License-Identifier: GPL-2.0-only
"""The client runs from the kit's folder on a machine, and from nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lttng_addon_kit.machine.local import LocalMachine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.collected import client_command, client_supplies
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.supplies import supplied


def test_the_client_runs_and_nothing_planted_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, planted = tmp_path / "own", tmp_path / "planted"
    planted.mkdir()
    stage = Stage(LocalMachine(as_root=False), Progress(quiet=True))
    for name in ("sitecustomize", "usercustomize", "json", "lttng_addon_client"):
        (planted / f"{name}.py").write_text(f"print('{name} was run')")
    monkeypatch.chdir(planted)
    monkeypatch.setenv("PYTHONPATH", str(planted))
    with supplied(stage, str(own), client_supplies()):
        done = subprocess.run(client_command(str(own), "no-such-addon"), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no-such-addon" in done.stderr
    assert "Traceback" not in done.stderr
