# SPDX-License-Identifier: GPL-2.0-only
"""Finds in a kernel log the reports that something went wrong."""

from __future__ import annotations

import re

# How a report begins (kernel: lib/dump_stack.c, kernel/panic.c, kernel/rcu/tree_stall.h,
# kernel/locking/lockdep.c, kernel/hung_task.c, kernel/watchdog.c, mm/kasan/report.c, lib/ubsan.c, mm/slub.c,
# lib/refcount.c, mm/oom_kill.c).
_BEGINS = re.compile(
    r"""
      \bWARNING:\ (?:CPU:|at\ |possible|inconsistent|suspicious|bad\ unlock|held\ lock|lock\ held)
    | \bWARNING:\ (?:bad\ contention|Nested\ lock|chain_key\ collision|\S+-safe\ ->\ |\S+/\d+\ still\ has\ locks)
    | \bWARNING:\ (?:kernel\ stack|stack\ )
    | \bWARNING:\ \S+:\d+\ at\b                      # 6.18 and later put no processor first
    | \bBUG:\ | \bkernel\ BUG\ at\ | \bBUG\ \S+\ \(  # "BUG kmalloc-64 (Tainted: ...": slub
    | \bOops:\ | \bOops\b.*\#\d
    | \bKernel\ panic\b
    | \bgeneral\ protection\ fault\b | \bdouble\ fault\b | \bstack\ segment\b
    | \bunable\ to\ handle\b
    | \bUnable\ to\ handle\ kernel\b
    | \binvalid\ opcode:
    | \brcu:\ INFO:.*(?:stall|self-detected) | \brcu_\w+\ (?:self-)?detected\ (?:expedited\ )?stalls?\b
    | \bINFO:\ task\ .*\ blocked\ for\ more\ than\b
    | \bINFO:\ (?:trying\ to\ register\ non-static\ key|possible|inconsistent|suspicious)
    | \bsoft\ lockup\b | \bhard\ LOCKUP\b
    | \bUBSAN:\ | \bKASAN:\ | \bKCSAN:\ | \bKMSAN:\ | \bKFENCE:\ | \bkmemleak:\ .*new\ suspected
    | \bODEBUG:?\ | \block(?:dep|ing\ correctness\ validator)\ is\ turned\ off  # nothing is checked from here on
    | \brefcount_t:\ | \blist_(?:add|del)\ corruption
    | \bbad\ page\ state\b | \bBad\ page\ (?:map|state)\b | \bsleeping\ function\ called\ from\ invalid
    | \bscheduling\ while\ atomic\b
    | \bInvalid\ (?:relocation|ELF)\b | \bexports\ duplicate\ symbol\b
    | \bOut\ of\ memory:\ | \binvoked\ oom-killer\b
    | \bLTTng:\ (?:event|.*(?:failed|error|invalid|mismatch|no\ such))
    | \bpage\ allocation\ failure\b
    | \bdisagrees\ about\ version\ of\ symbol\b | \bUnknown\ symbol\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

# What looks like a problem and is the firmware's, the processor's or the distribution's way, on sound
# machines too.
_HARMLESS = re.compile(
    r"ACPI BIOS (?:Error|Warning)|ACPI (?:BUG|Error)|\[Firmware (?:Bug|Warn)\]|\bcpu: SGX|"
    r"WARNING: Spectre|Spectre V2 : WARNING|MDS CPU bug|CPU bug present|"
    r"module verification failed|loading out-of-tree module|RETBleed: WARNING|ITS: Mitigation",
    re.IGNORECASE,
)

# A line's time and, where the kernel prints it, its task or processor: "[   12.345678][  T101] ".
_STAMP = re.compile(r"^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])?\s?")

# What belongs to a report beside the lines that are indented or between its markers.
_BELONGS = re.compile(
    r"^(?:$|\s|Modules linked in|CPU: |Hardware name|RIP: |RSP: |R[A-Z0-9]{2}: |FS: |CS: |CR2|DR|Code: |"
    r"Call Trace|</?TASK>|</?IRQ>|ORIG_RAX|EFLAGS|PKRU|Workqueue|Tainted|irq event stamp|hardirqs last|"
    r"softirqs last|---\[ |=+$|-+$|#PF|PGD|Oops|Allocated by|Freed by|The buggy|Memory state|Read of size|"
    r"Write of size|Object |Redzone|Padding|FIX |Disabling|"
    # lockdep's
    r"\S+/\d+ is |but |which |the existing |other info |stack backtrace|\d+ locks? held by|\w+ \(\S+\)\{|"
    r"\S+:\d+ |rcu_\w+ = |"
    # KCSAN's and KASAN's
    r"(?:read|write|assert)\S* to 0x|race at |value changed|Reported by |page:|page dumped|flags: |raw: |>)"
)
_LAST_LINE = re.compile(r"---\[ end |^</TASK>$")

# Enough for the cause and the first callers.
_LINES_SHOWN = 25


def find_problems(log: str, longest: int = _LINES_SHOWN) -> list[str]:
    """The reports of trouble in a kernel log (dmesg), each with the lines that belong to it.

    Args:
        log: as dmesg prints it, with or without times.
        longest: how many lines of a report at most.

    Returns:
        One text a report, times removed, its first line saying what happened; [] for a sound log.
    """
    problems: list[list[str]] = []
    open_report = False
    for raw in log.splitlines():
        line = _STAMP.sub("", raw.rstrip())
        if open_report and _belongs(line):
            problems[-1].append(line)
            open_report = not _LAST_LINE.search(line)
        elif _BEGINS.search(line) and not _HARMLESS.search(line):
            problems.append([line])
            open_report = True
        else:
            open_report = False
    return ["\n".join(_shortened(each, longest)) for each in problems]


def _belongs(line: str) -> bool:
    return bool(_BELONGS.match(line))


def _shortened(lines: list[str], longest: int) -> list[str]:
    left_out = len(lines) - longest
    if left_out <= 0:
        return lines
    return [*lines[:longest], f"... {left_out} lines more"]
