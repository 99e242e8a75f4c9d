"""Shell completion, asked as bash asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lttng_addon_kit.kernel.kernel import Kernel

ANSWERS = [
    ("", "run"),
    ("run ", "skb-filter"),
    ("run skb-filter --set ", "device="),
    ("run --target ", "trixie"),
    ("new ", "procfs-stats"),
    ("new ", "tracepoint"),
    ("new skb-filter --set ", "device="),
    ("trace netif_rec", "netif_receive_skb"),
    ("trace kprobe:ip_rc", "kprobe:ip_rcv"),
    ("show struct:sk_bu", "struct:sk_buff"),
    ("trace kprobe : ip_rc", "ip_rcv"),
    ("new tracepoint --hook kprobe :", "ip_rcv"),
    ("list functions ip_rc", "ip_rcv"),
    ("list tracepoints sched_sw", "sched_switch"),
]


def complete(typed: str, workspace: Path, **environment: str) -> list[str]:
    words = f"lttng-addon {typed}".replace(" ", "\n")
    asked = {
        "_LTTNG_ADDON_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count("\n")),
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("lttng-addon")],
        cwd=workspace,
        env={**os.environ, **asked, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(("words", "answer"), ANSWERS)
def test_completion_offers(words: str, answer: str, workspace: Path, kernel: Kernel) -> None:
    assert answer in complete(words, workspace)


def test_completion_creates_nothing(workspace: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert complete("trace netif_rec", workspace, LTTNG_ADDON_KIT_CACHE=str(cache)) == []
    assert not cache.exists()


def test_completion_is_silent_over_a_broken_addon(workspace: Path) -> None:
    (workspace / "addons/skb-filter/addon.toml").write_text("[")
    assert complete("run skb-filter --set ", workspace) == []
