# SPDX-License-Identifier: GPL-2.0-only
"""What LTTng makes of an event's name: the provider that it belongs to, of which LTTng takes one of a name.

LTTng wants an event's name to be its provider's name, "_" and at least one letter more (check_event_provider() in
lttng-modules' src/lttng-probes.c), and refuses a second provider of a name (lttng_kernel_probe_register()). The longest
name that it takes is the least likely to be another one's.
"""

from __future__ import annotations

import re

# TRACE_SYSTEM in lttng-modules' include/instrumentation/ and src/, of 2.13 to 2.16, but for system calls.
LTTNG_PROVIDERS = frozenset(
    re.findall(
        r"\w+",
        """9p asoc block btrfs compaction dma_fence ext3 ext4 gpio i2c irq jbd jbd2 kmem kvm kvm_mmu kvm_x86 lock lttng
    lttng_statedump lttng_test mm_vmscan module napi net power preemptirq printk random rcu regmap regulator rpc rpm
    sched scsi signal skb sock timer udp v4l2 workqueue writeback x86_exceptions x86_irq_vectors""",
    )
)


def provider_of(event: str) -> str:
    """The provider of an event: its name up to the last underscore that has something behind it.

    >>> provider_of("netif_receive_skb_filter")
    'netif_receive_skb'
    >>> provider_of("task_exit_")
    'task'
    """
    return event[: event[:-1].rindex("_")]


def longer_name(event: str, addon: str) -> str:
    """A name for the event whose provider only this addon has; `addon` is its name in C.

    >>> longer_name("tcp_closed", "tcp_shut")
    'tcp_shut_closed'
    >>> longer_name("sched_wakeup", "latency")
    'sched_latency_wakeup'
    """
    provider = provider_of(event)
    beginning = addon if addon.startswith(f"{provider}_") else f"{provider}_{addon}"
    return f"{beginning}{event.removeprefix(provider)}"
