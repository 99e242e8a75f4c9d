# SPDX-License-Identifier: GPL-2.0-only
"""Two addons on one machine: loaded together, or the one that has what the other wants is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.root_folder import root_folder
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.loading import BuiltModule, loaded, module_supplies
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.supplies import supplied
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import made_target

pytestmark = [pytest.mark.vm, pytest.mark.every_release]

SPEC = '[addon]\nname = "{addon}"\n[[event]]\nname = "{event}"\nhook = "kprobe:{function}"\n'
CONNECT = """
import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
"""


def test_together(release: str, tmp_path: Path) -> None:
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))

    def built(addon: str, event: str, function: str) -> BuiltModule:
        folder = tmp_path / addon
        folder.mkdir()
        (folder / "addon.toml").write_text(SPEC.format(addon=addon, event=event, function=function), encoding="utf-8")
        return api.build([load_addon(folder)], setting)[0]

    opened, shut = built("tcp-open", "tcp_opened", "tcp_v4_connect"), built("tcp-shut", "tcp_shut_done", "tcp_close")
    clashing = built("tcp-late", "tcp_closed", "tcp_close")
    with setting.target.start(setting.progress) as machine:
        stage = Stage(machine, setting.progress)
        workload = ChosenWorkload(("python3", "-c", CONNECT))
        recording = record(stage, [opened, shut], workload, tmp_path / "traces")
        events = summarise(recording / "trace").events
        assert {name: each.count > 0 for name, each in events.items()} == {"tcp_opened": True, "tcp_shut_done": True}
        with (
            root_folder(machine) as folder,
            supplied(stage, folder, module_supplies([opened, clashing])),
            loaded(stage, [opened], folder),
            pytest.raises(KitError, match="from one module only, and has those of lttng_addon_tcp_open") as refused,
            loaded(stage, [clashing], folder),
        ):
            pass
        assert "'tcp_late_closed'" in refused.value.hint
