# SPDX-License-Identifier: GPL-2.0-only
"""The kinds of broken input: specs, command lines, values of --set, traces."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.mutate import HOSTILE, mutate_bytes, mutate_text, mutate_value, mutate_words

_TESTS = Path(__file__).parent.parent
_PROJECT = _TESTS.parent
_ADDON = "an-addon"
_TRACES = [*sorted(path for path in (_TESTS / "trace/data").iterdir() if path.is_dir())]

# What is changed; none of them creates, removes or enters a target.
_COMMANDS = [
    line.split()
    for line in """
        check an-addon --json
        list tracepoints netif_* --target bookworm
        list addons
        list traces --json
        list templates
        show tracepoint:netif_receive_skb --depth 2
        show struct:sk_buff
        show function:do_sys_openat2
        generate an-addon --force
        run an-addon --set device=lo --for 5s
        run an-addon --set device=lo -- true
        trace sched_switch --field next=next->comm --filter next->pid>1 --param n=1 --for 5s
        new skb-filter --name another --set device=eth0
        new tracepoint --name mine --hook sched_switch --field pid=next->pid --filter next->prio<$n --param n=3
        top an-addon --every 0.5s
        summary an-addon
        view no-trace
        schema
    """.strip().splitlines()
]
_PARAMETERS = """
[addon]
name = "an-addon"
[parameters]
n = 1
t = "x"
b = true
[[event]]
name = "a_b"
hook = "tracepoint:sched_switch"
"""
_WORDS = sorted({word for line in _COMMANDS for word in line} | set(HOSTILE))
_KEPT_OUT = ("target", "doctor", "--install-completion", "--show-completion")


@dataclass(frozen=True)
class Input:
    """A command line for a folder that has been prepared."""

    words: Sequence[str]


def broken_spec(random: Random, here: Path) -> Input:
    """`check` of an addon with a mutated addon.toml."""
    folder = _put_addon(here, text := random.choice(_specs()))
    changed = mutate_text(text, _specs(), random) if random.random() < 0.5 else mutate_value(text, random)
    (folder / "addon.toml").write_text(_named(changed), encoding="utf-8", errors="replace", newline="")
    return Input(random.choice((["check"], ["list", "addons"], ["generate"], ["check", "--json"], ["run"])))


def broken_words(random: Random, here: Path) -> Input:
    """A mutated command line, beside a right addon."""
    _put_addon(here, (_PROJECT / "templates/gallery/skb-filter/addon.toml").read_text(encoding="utf-8"))
    words = random.choice(_COMMANDS)
    for _ in range(random.choice((1, 1, 2))):
        words = mutate_words(words, _WORDS, random) or ["list", "addons"]
    return Input(["list", "addons"] if any(word in _KEPT_OUT for word in words) else words)


def broken_setting(random: Random, here: Path) -> Input:
    """`run` with a hostile value of each kind of parameter."""
    _put_addon(here, _PARAMETERS)
    value = mutate_text(random.choice(("1", "0x10", "text", "true")), list(HOSTILE), random).replace("\0", "")
    return Input(["run", "--set", f"{random.choice('ntb')}={value}"])


def broken_trace(random: Random, here: Path) -> Input:
    """`summary` or `view` of a recorded trace, of which some files are damaged."""
    trace = here / "trace"
    shutil.copytree(random.choice(_TRACES), trace)
    files = sorted(path for path in trace.rglob("*") if path.is_file())
    for file in random.choices(files, k=random.randint(1, 2)):
        file.write_bytes(mutate_bytes(file.read_bytes(), random))
    return Input(random.choice((["summary", "trace"], ["summary", "trace", "--json"])))


KINDS: Mapping[str, Callable[[Random, Path], Input]] = {
    "spec": broken_spec,
    "words": broken_words,
    "setting": broken_setting,
    "trace": broken_trace,
}


@cache
def _specs() -> list[str]:
    folders = (_TESTS / "cases", _TESTS / "spec/bad", _PROJECT / "templates/gallery", _TESTS / "boundary")
    files = sorted(path for folder in folders for path in folder.rglob("*.toml"))
    return [path.read_text(encoding="utf-8") for path in files]


def _named(text: str) -> str:
    """With the name of its folder, mostly, so that more than the name is looked at."""
    line = next((line for line in text.splitlines() if line.startswith("name = ")), "")
    return text.replace(line, f'name = "{_ADDON}"', 1) if line else text


def _put_addon(here: Path, text: str) -> Path:
    folder = here / "addons" / _ADDON
    folder.mkdir(parents=True)
    for name in ("own.c", "sensors.c", "watch_sensors.py"):
        (folder / name).write_text("")
    (folder / "addon.toml").write_text(_named(text), encoding="utf-8")
    return folder
