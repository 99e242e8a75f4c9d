# SPDX-License-Identifier: GPL-2.0-only
"""Real reports of trouble are found, with what belongs to them; a sound kernel's log holds none."""

from __future__ import annotations

import pytest

from lttng_addon_kit.machine.kernel_log import find_problems

WARNING = """\
[   31.204013] ------------[ cut here ]------------
[   31.204931] WARNING: CPU: 1 PID: 482 at lttng-probes.c:112 fixup_lazy_probes+0x1a2/0x1f0
[   31.206000] Modules linked in: lttng_addon_x(OE+) lttng_tracer(OE)
[   31.207001] CPU: 1 PID: 482 Comm: modprobe Tainted: G           OE      6.1.0-56-cloud-amd64 #1
[   31.208010] Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
[   31.208011] RIP: 0010:fixup_lazy_probes+0x1a2/0x1f0 [lttng_tracer]
[   31.208012] Code: 48 89 df e8 ba 4d
[   31.208013] Call Trace:
[   31.208014]  <TASK>
[   31.208015]  lttng_probe_register+0x9e/0x110 [lttng_tracer]
[   31.208016]  </TASK>
[   31.208017] ---[ end trace 0000000000000000 ]---
[   31.300000] virtio_net virtio1 eth0: renamed
"""

NEW_WARNING = """\
[  10.1][  T101] WARNING: kernel/sched/core.c:4412 at try_to_wake_up+0x1/0x2, CPU#1: ping/431
[  10.2][  T101] Modules linked in: lttng_addon_x(OE)
"""

NULL_POINTER = """\
[  102.551] BUG: kernel NULL pointer dereference, address: 0000000000000018
[  102.552] #PF: supervisor read access in kernel mode
[  102.553] #PF: error_code(0x0000) - not-present page
[  102.554] PGD 0 P4D 0
[  102.555] Oops: 0000 [#1] PREEMPT SMP NOPTI
[  102.556] CPU: 0 PID: 511 Comm: ping Tainted: G           OE
[  102.557] RIP: 0010:lttng_addon_probe+0x24/0x90 [lttng_addon_x]
[  102.558] ---[ end trace 0000000000000000 ]---
"""

HUNG = """\
[  242.100000] INFO: task modprobe:512 blocked for more than 120 seconds.
[  242.100100]       Tainted: G           OE      6.1.0-56-cloud-amd64 #1
"""

SLUB = """\
[   55.1] =============================================================================
[   55.2] BUG kmalloc-64 (Tainted: G           OE     ): Right Redzone overwritten
[   55.3] -----------------------------------------------------------------------------
[   55.4] Object 00000000a2f1c6d1: 6b 6b 6b 6b
[   55.5] Redzone 00000000a2f1c6d2: cc cc cc cc
"""

# As the kernel's documentation shows them (dev-tools/kcsan.rst, RCU/lockdep-splat.rst).
RACE = """\
[  12.1] ==================================================================
[  12.1] BUG: KCSAN: data-race in test_kernel_read / test_kernel_write
[  12.1]
[  12.1] write to 0xffffffffc009a628 of 8 bytes by task 487 on cpu 0:
[  12.1]  test_kernel_write+0x1d/0x30
[  12.1]  access_thread+0x89/0xd0
[  12.1]
[  12.1] read to 0xffffffffc009a628 of 8 bytes by task 488 on cpu 6:
[  12.1]  test_kernel_read+0x10/0x20
[  12.1]
[  12.1] value changed: 0x00000000000009a6 -> 0x00000000000009b2
[  12.1]
[  12.1] Reported by Kernel Concurrency Sanitizer on:
[  12.1] CPU: 6 PID: 488 Comm: access_thread Not tainted 5.12.0-rc2+ #1
"""

RCU_USAGE = """\
[  7.1] =============================
[  7.1] WARNING: suspicious RCU usage
[  7.1] -----------------------------
[  7.1] block/cfq-iosched.c:2776 suspicious rcu_dereference_protected() usage!
[  7.1]
[  7.1] other info that might help us debug this:
[  7.1]
[  7.1] rcu_scheduler_active = 1, debug_locks = 0
[  7.1] 3 locks held by scsi_scan_6/1552:
[  7.1]  #0:  (&shost->scan_mutex){+.+.}, at: scsi_scan_host_selected+0x5a/0x150
[  7.1]
[  7.1] stack backtrace:
[  7.1] CPU: 0 PID: 1552 Comm: scsi_scan_6 Not tainted 4.14.0-rc1 #1
"""

ONE_LINERS = [
    "[ 60.0] rcu: INFO: rcu_preempt self-detected stall on CPU",
    "[ 60.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
    "[ 60.0] watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [ping:431]",
    "[ 60.0] general protection fault, probably for non-canonical address 0x6b6b6b6b: 0000 [#1] SMP",
    "[ 60.0] Oops: general protection fault, maybe for address 0x1: 0000 [#1] SMP NOPTI",
    "[ 60.0] kernel BUG at mm/slub.c:435!",
    "[ 60.0] refcount_t: underflow; use-after-free.",
    "[ 60.0] BUG: KASAN: slab-use-after-free in probe+0x10/0x20 [lttng_addon_x]",
    "[ 60.0] UBSAN: array-index-out-of-bounds in net/core/dev.c:10:2",
    "[ 60.0] BUG: sleeping function called from invalid context at mm/slab.h:494",
    "[ 60.0] BUG: scheduling while atomic: ping/431/0x00000002",
    "[ 60.0] WARNING: possible circular locking dependency detected",
    "[ 60.0] WARNING: suspicious RCU usage",
    "[ 60.0] WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected",
    "[ 60.0] WARNING: insmod/511 still has locks held!",
    "[ 60.0] WARNING: Nested lock was not taken",
    "[ 60.0] [ BUG: Invalid wait context ]",
    "[ 60.0] BUG: using smp_processor_id() in preemptible [00000000] code: ping/431",
    "[ 60.0] ODEBUG: free active (active state 0) object type: timer_list hint: wake+0x0/0x10",
    "[ 60.0] ODEBUG: Out of memory. ODEBUG disabled",
    "[ 60.0] turning off the locking correctness validator. lockdep is turned off.",
    "[ 60.0] BUG: unable to handle page fault for address: ffffffffc0a01000",
    "[ 60.0] lttng_addon_x: disagrees about version of symbol lttng_probe_register",
    "[ 60.0] lttng_addon_x: Unknown symbol sensors_read (err -2)",
    "[ 60.0] Kernel panic - not syncing: Fatal exception in interrupt",
    "[ 60.0] list_del corruption. prev->next should be ffff88, but was dead",
    "[ 60.0] ping: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL)",
    "[ 60.0] Out of memory: Killed process 431 (python3) total-vm:1048576kB",
]

SOUND = """\
[    0.000000] Linux version 6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org)
[    0.012000] Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on
[    0.100000] ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0], AE_NOT_FOUND
[    0.110000] [Firmware Bug]: TSC doesn't count with P0 frequency!
[    0.200000] debug: unmapping init memory
[    1.000000] lttng_wrapper: loading out-of-tree module taints kernel.
[    1.000001] lttng_wrapper: module verification failed: signature missing - tainting kernel
[    1.100000] LTTng: Loaded modules v2.13.9 (Nordicite)
[    1.200000] EXT4-fs (vda): mounted filesystem without journal. Quota mode: none.
[    1.300000] virtio_net virtio1 eth0: debugging enabled
"""


def test_a_warning_comes_with_its_stack() -> None:
    (problem,) = find_problems(WARNING)
    lines = problem.splitlines()
    assert lines[0].startswith("WARNING: CPU: 1 PID: 482 at lttng-probes.c")
    assert lines[-1].startswith("---[ end trace")
    assert any("lttng_probe_register" in line for line in lines)


def test_a_warning_as_kernels_from_6_18_print_it() -> None:
    (problem,) = find_problems(NEW_WARNING)
    assert problem.startswith("WARNING: kernel/sched/core.c:4412 at try_to_wake_up")


def test_an_oops_is_one_problem() -> None:
    (problem,) = find_problems(NULL_POINTER)
    assert problem.startswith("BUG: kernel NULL pointer dereference")
    assert "RIP: 0010:lttng_addon_probe" in problem


@pytest.mark.parametrize(
    ("log", "begin", "lines"),
    [
        (HUNG, "INFO: task modprobe:512", 2),
        (SLUB, "BUG kmalloc-64", 4),
        (RACE, "BUG: KCSAN: data-race in test_kernel_read", 13),
        (RCU_USAGE, "WARNING: suspicious RCU usage", 12),
    ],
)
def test_what_belongs_to_a_report_is_kept(log: str, begin: str, lines: int) -> None:
    (problem,) = find_problems(log)
    assert problem.startswith(begin)
    assert len(problem.splitlines()) == lines


@pytest.mark.parametrize("line", ONE_LINERS)
def test_each_kind_of_report_is_found(line: str) -> None:
    assert len(find_problems(line)) == 1
    assert len(find_problems(line.partition("] ")[2])) == 1


def test_a_sound_log_has_no_problem() -> None:
    assert find_problems(SOUND) == []
    assert find_problems("") == []


def test_two_reports_are_two_problems() -> None:
    assert len(find_problems(WARNING + SOUND + NULL_POINTER)) == 2


def test_a_long_report_is_shortened() -> None:
    (problem,) = find_problems("BUG: scheduling while atomic: x\n" + " frame+0x1/0x2\n" * 200)
    assert problem.splitlines()[-1] == "... 176 lines more"
