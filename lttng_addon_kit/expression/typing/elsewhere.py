# SPDX-License-Identifier: GPL-2.0-only
"""What C, bpftrace and DTrace call what expressions say in another way."""

from __future__ import annotations

_USER_SPACE = "read user space by user(pointer)->member, user_text(pointer, max) or user_bytes(pointer, length)"

_FUNCTIONS = {
    "strcmp": 'compare texts by == and !=: x == "lo"',
    "strncmp": 'whether a text begins with another is startswith(x, "et")',
    "memcmp": "compare numbers or texts by == and !=; bytes(pointer, length) records some",
    "strstr": "texts have ==, !=, startswith() and one_of()",
    "strcontains": "texts have ==, !=, startswith() and one_of()",
    "strlen": 'texts have ==, !=, startswith() and one_of(); whether one is empty is x == ""',
    "str": "a text needs no str(): text(pointer, max) bounds it, user_text(pointer, max) is for user space",
    "kstr": "a text needs no kstr(): text(pointer, max) bounds it",
    "buf": "bytes(pointer, length[, max]) records bytes",
    "ntop": "ip4(x) and ip6(x) record addresses",
    "kstack": "stack([depth]) records the kernel's stack",
    "uptr": _USER_SPACE,
    "copyin": _USER_SPACE,
    "copyinstr": _USER_SPACE,
    "copy_from_user": _USER_SPACE,
    "get_user": _USER_SPACE,
    "probe_read": 'reads = "nofault" makes every read one that cannot fault',
    "get_current": "that is current",
    "local_clock": "that is sched_clock()",
    "ktime_get_ns": "that is now_ns()",
    "ktime_get_boottime_ns": "that is boottime_ns()",
    "ktime_get_real_ns": "that is realtime_ns()",
    "smp_processor_id": "that is cpu()",
    "this_cpu_read": "a per-CPU variable's name is this CPU's value",
    "this_cpu_ptr": "a per-CPU variable's name is this CPU's value",
    "per_cpu": "a per-CPU variable's name is this CPU's value; another CPU's can't be read",
}

_VARIABLES = {
    "nsecs": "that is now_ns()",
    "kstack": "stack([depth]) records the kernel's stack",
    "curtask": "that is current",
    "retval": "that is $ret, of a kretprobe",
    "uid": "that is current->cred->uid.val",
    "gid": "that is current->cred->gid.val",
    "execname": "that is comm()",
    "curpid": "that is pid()",
}


def function_hint(name: str) -> str:
    """What to write for a function that other languages have; "" if none is known."""
    return _FUNCTIONS.get(name, "")


def variable_hint(name: str) -> str:
    """What to write for a variable that other languages have; "" if none is known."""
    return _VARIABLES.get(name, "")
