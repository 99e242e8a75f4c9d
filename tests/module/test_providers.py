# SPDX-License-Identifier: GPL-2.0-only
"""LTTng takes each provider from one module: what can't be loaded together is refused before anything is built."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.spec.find_addons import find_addons
from lttng_addon_kit.spec.lttng_names import longer_name, lttng_events, lttng_providers, provider_of
from lttng_addon_kit.workspace import Workspace, cache_folder
from tests.conftest import PROJECT, made_target

SPEC = '[addon]\nname = "{addon}"\n[[event]]\nname = "{event}"\nhook = "kprobe:tcp_close"\n'
_SYSTEM = re.compile(r"^#define\s+TRACE_SYSTEM\s+(\w+)", re.MULTILINE)


@pytest.mark.parametrize(
    ("event", "provider"), [("tcp_opened", "tcp"), ("netif_receive_skb_filter", "netif_receive_skb"), ("a_b_", "a")]
)
def test_provider(event: str, provider: str) -> None:
    assert provider_of(event) == provider


@pytest.mark.parametrize(
    ("event", "addon", "longer"),
    [("tcp_closed", "tcp_shut", "tcp_shut_closed"), ("sched_wakeup", "late", "sched_late_wakeup")],
)
def test_a_longer_name_is_of_a_provider_of_the_addons_own(event: str, addon: str, longer: str) -> None:
    assert longer_name(event, addon) == longer
    assert addon in provider_of(longer)


def workspace(folder: Path, events: dict[str, str]) -> Workspace:
    for addon, event in events.items():
        (folder / "addons" / addon).mkdir(parents=True)
        (folder / "addons" / addon / "addon.toml").write_text(SPEC.format(addon=addon, event=event), encoding="utf-8")
    return Workspace(folder)


def test_two_addons_of_one_provider_are_refused(tmp_path: Path) -> None:
    both = workspace(tmp_path, {"tcp-open": "tcp_opened", "tcp-shut": "tcp_closed"})
    with pytest.raises(KitError, match="'tcp_closed' and 'tcp_opened' of addon 'tcp-open' can't be loaded") as refused:
        find_addons(both, [])
    assert "'tcp_shut_closed'" in refused.value.hint
    assert find_addons(both, ["tcp-shut"])


def test_addons_whose_events_share_words_are_taken(tmp_path: Path) -> None:
    assert find_addons(workspace(tmp_path, {"tcp-open": "tcp_open_done", "tcp-shut": "tcp_shut_done"}), [])


def source_of_lttng(release: str) -> Path:
    made_target(release)
    return next((cache_folder() / "targets" / release / "root/usr/src").glob("lttng-modules-*"))


def test_all_events_of_lttng_are_known(release: str) -> None:
    command = [PROJECT / "scripts/lttng_events.py", source_of_lttng(release)]
    comment, *found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    assert comment.startswith("# Made by scripts/lttng_events.py from lttng-modules 2.")
    assert len(found) > 400
    assert {"kmem_mm_page_free", "sched_switch", "ext4_ext_show_extent"} <= set(found) <= lttng_events()


def test_every_event_of_lttng_is_of_a_provider_of_lttng() -> None:
    assert [
        name for name in lttng_events() if not name.startswith(tuple(f"{each}_" for each in lttng_providers()))
    ] == []


def test_all_providers_of_lttng_are_known(release: str) -> None:
    source = source_of_lttng(release)
    found = {name for path in source.rglob("*.h") for name in _SYSTEM.findall(path.read_text(errors="replace"))}
    assert found
    assert {name for name in found if "syscall" not in name} <= lttng_providers()
