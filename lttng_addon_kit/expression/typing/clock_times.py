# SPDX-License-Identifier: GPL-2.0-only
"""Times and the clocks that they are of: C's types don't say, so that one subtracted from another's is a huge number.

A cast takes a time's clock from it: then the distance of two clocks is meant.
"""

from __future__ import annotations

from functools import singledispatch

from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.typed import Clock

MONOTONIC = Clock("the monotonic clock", "now_ns()")
BOOT_TIME = Clock("the clock that goes on in suspend", "boottime_ns()")
REAL_TIME = Clock("the time of day", "realtime_ns()")
SCHEDULER = Clock("the scheduler's clock", "sched_clock()")
# rq_clock_task() in kernel/sched/sched.h: less what interrupts and the hypervisor took.
TASK_TIME = Clock("a run queue's clock_task")
JIFFIES = Clock("jiffies")

_MEANT = "a cast, as (s64)x, says that the distance of the clocks is meant"

# The kernel's members that are times, and the line that sets each.
TIMES = {
    # kernel/sched/stats.h: now = rq_clock(rq)
    ("sched_info", "last_arrival"): SCHEDULER,
    ("sched_info", "last_queued"): SCHEDULER,
    # kernel/sched/stats.c: rq_clock(rq)
    ("sched_statistics", "wait_start"): SCHEDULER,
    ("sched_statistics", "sleep_start"): SCHEDULER,
    ("sched_statistics", "block_start"): SCHEDULER,
    # kernel/sched/core.c, update_rq_clock()
    ("rq", "clock"): SCHEDULER,
    ("rq", "clock_task"): TASK_TIME,
    # kernel/sched/fair.c, update_curr(): rq_clock_task(rq_of(cfs_rq))
    ("sched_entity", "exec_start"): TASK_TIME,
    # kernel/fork.c: p->start_time = ktime_get_ns(), p->start_boottime = ktime_get_boottime_ns()
    ("task_struct", "start_time"): MONOTONIC,
    ("task_struct", "start_boottime"): BOOT_TIME,
    # kernel/hung_task.c
    ("task_struct", "last_switch_time"): JIFFIES,
    # block/blk-mq.c: ktime_get_ns(), since 6.9 blk_time_get_ns()
    ("request", "alloc_time_ns"): MONOTONIC,
    ("request", "start_time_ns"): MONOTONIC,
    ("request", "io_start_time_ns"): MONOTONIC,
    # include/net/tcp.h: tcp_clock_ns()
    ("sk_buff", "skb_mstamp_ns"): MONOTONIC,
    ("tcp_sock", "tcp_clock_cache"): MONOTONIC,
    ("tcp_sock", "tcp_wstamp_ns"): MONOTONIC,
    # include/linux/timer.h, include/net/dst.h, include/net/neighbour.h, include/linux/netdevice.h, include/linux/fs.h
    ("timer_list", "expires"): JIFFIES,
    ("dst_entry", "lastuse"): JIFFIES,
    ("neighbour", "confirmed"): JIFFIES,
    ("neighbour", "updated"): JIFFIES,
    ("neighbour", "used"): JIFFIES,
    ("netdev_queue", "trans_start"): JIFFIES,
    ("inode", "dirtied_when"): JIFFIES,
}


@singledispatch
def clock_of(node: typed.Node) -> Clock | None:
    """The clock that a value is a time of; None where it is none, or nobody knows.

    A built-in that reads a clock says so in its own file.
    """
    match node:
        case typed.KernelValue(name="jiffies"):
            return JIFFIES
        case typed.Variable():
            return node.clock
        case typed.MemberRead():
            return TIMES.get((node.owner.name, node.name))
        case typed.Arithmetic():
            return _of_arithmetic(node)
        case typed.Choice():
            yes, no = clock_of(node.yes), clock_of(node.no)
            return yes if yes == no else None
    return None


def _of_arithmetic(node: typed.Arithmetic) -> Clock | None:
    """That of a time and something that is none: later or earlier, or in another unit."""
    left, right = clock_of(node.left), clock_of(node.right)
    if node.operator in ("+", "-"):
        return None if left and right else left or right
    return left if node.operator in ("*", "/", "<<", ">>") and constant_value(node.right) is not None else None


def check_clocks(node: syntax.Binary, left: typed.Node, right: typed.Node) -> None:
    """Refuse a difference or a comparison of times of two clocks.

    Raises:
        ExpressionError: they are such.
    """
    one, other = clock_of(left), clock_of(right)
    if one is None or other is None or one == other:
        return
    raise ExpressionError(
        f"these are times of two clocks: {one.shown}, and {other.shown}",
        node.span,
        hint=_instead(left, one, other) or _instead(right, other, one) or _MEANT,
    )


def _instead(side: typed.Node, own: Clock, other: Clock) -> str:
    """What to write, for a side that reads a clock and could as well read the other one."""
    reads = any(isinstance(part, typed.FunctionValue) and clock_of(part) == own for part in typed.walk(side))
    return f"write {other.function} in place of {own.function}; {_MEANT}" if reads and other.function else ""
