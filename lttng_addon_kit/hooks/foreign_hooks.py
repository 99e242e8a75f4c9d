# SPDX-License-Identifier: GPL-2.0-only
"""Hooks as ftrace, perf, bpftrace and SystemTap write them -> how addon.toml writes them."""

from __future__ import annotations

import re

from lttng_addon_kit.kernel.kernel import Kernel, UnknownFunction, UnknownTracepoint

# The kit's word, what lists its hooks, and the words of others.
_KINDS = (
    ("tracepoint", "tracepoints", ("t", "tp", "rt", "rawtracepoint", "raw_tracepoint", "tp_btf", "trace")),
    ("kprobe", "functions", ("k", "p", "function")),
    ("kretprobe", "functions", ("r", "kr", "kretfunc", "fexit")),
    ("fentry", "functions", ("kfunc",)),
)
_USER_SPACE = ("u", "ur", "uprobe", "uretprobe", "usdt", "U")
_NAME = re.compile(r"[A-Za-z_*?\[]")
_SYSTEM_CALL = re.compile(r"sys_(enter|exit)_(\w+)")


def foreign_hint(text: str, kernel: Kernel) -> str:
    """How to write a hook that is written as elsewhere; "" if that is not known."""
    word, *names = re.split("[:/]", text)
    if word in _USER_SPACE:
        return "addons are in the kernel: 'lttng enable-event --kernel --userspace-probe' is for programs' functions"
    for kind, listed, words in _KINDS:
        if word in (kind, *words) and names and _NAME.match(names[-1]):
            return _named_hint(kind, listed, names[-1])
    return _bare_hint(text, kernel)


def _named_hint(kind: str, listed: str, name: str) -> str:
    """For a name behind what means the kit's kind."""
    if re.search(r"[*?\[]", name):
        return f"a hook is one place: lttng-addon list {listed} '{name}' has their names, for an [[event]] each"
    if re.fullmatch(r"\w+\+\w+", name):
        return f"an instruction within a function is 'kprobe:{name}'"
    if not re.fullmatch(r"[\w.]+", name):
        return ""
    return system_call_hint(name) or f"write '{kind}:{name}'"


def system_call_hint(tracepoint: str) -> str:
    """What to write for an event that ftrace has of one system call; "" if this is none."""
    found = _SYSTEM_CALL.fullmatch(tracepoint)
    if not found:
        return ""
    when, call = found.groups()
    return f"write 'syscall:{call}'" if when == "enter" else f"write 'syscall_return:{call}'"


def _bare_hint(name: str, kernel: Kernel) -> str:
    """For a name without its kind."""
    try:
        return f"write 'tracepoint:{kernel.tracepoint(name).name}'"
    except UnknownTracepoint:
        pass
    try:
        return f"write 'kprobe:{kernel.function(name).name}', or kretprobe for its return"
    except UnknownFunction:
        return ""
