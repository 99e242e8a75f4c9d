# SPDX-License-Identifier: GPL-2.0-only
"""What a real kernel says of its tracepoints, functions, types and headers, and what it says it has not."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from lttng_addon_kit.kernel.declare import declaration
from lttng_addon_kit.kernel.kernel import Kernel, UnknownFunction, UnknownTracepoint, open_kernel
from lttng_addon_kit.kernel.types import Argument, Enum, Integer, Pointer, Struct, strip
from lttng_addon_kit.target.registry import Target
from lttng_addon_kit.workspace import cache_folder


def prototype(arguments: tuple[Argument, ...]) -> str:
    return ", ".join(declaration(each.type, each.name) for each in arguments)


def struct(kernel: Kernel, name: str) -> Struct:
    found = kernel.find_struct("struct", name)
    assert found is not None
    return found


def test_a_tracepoint_has_the_arguments_of_its_source(target_kernel: Callable[[str], Kernel], release: str) -> None:
    kernel = target_kernel(release)
    assert prototype(kernel.tracepoint("netif_receive_skb").arguments) == "struct sk_buff *skb"
    assert prototype(kernel.tracepoint("sys_enter").arguments) == "struct pt_regs *regs, long id"


def test_a_tracepoint_of_a_module(kernel: Kernel) -> None:
    tracepoint = kernel.tracepoint("xfs_buf_init")
    assert tracepoint.module == "xfs"
    assert prototype(tracepoint.arguments) == "struct xfs_buf *bp, unsigned long caller_ip"
    buffer = strip(tracepoint.arguments[0].type)
    assert isinstance(buffer, Pointer)
    assert isinstance(buffer.target, Struct)
    assert kernel.member(buffer.target, "b_flags") is not None


def test_every_tracepoint_has_named_arguments(target_kernel: Callable[[str], Kernel], release: str) -> None:
    kernel = target_kernel(release)
    names = kernel.tracepoints()
    assert len(names) > 2000
    for name in names:
        assert all(argument.name for argument in kernel.tracepoint(name).arguments), name


def test_patterns(kernel: Kernel) -> None:
    assert kernel.tracepoints("sched_swit*") == ["sched_switch"]
    assert "sched_switch" in kernel.tracepoints("switch")
    assert kernel.functions("vfs_rea?") == ["vfs_read"]


def test_an_unknown_tracepoint(kernel: Kernel) -> None:
    with pytest.raises(UnknownTracepoint, match="has no tracepoint 'net_if_receive_skb'") as caught:
        kernel.tracepoint("net_if_receive_skb")
    assert "netif_receive_skb" in caught.value.hint


def test_a_function(kernel: Kernel) -> None:
    function = kernel.function("vfs_read")
    assert prototype(function.arguments) == "struct file *file, char __user *buf, size_t count, loff_t *pos"
    assert declaration(function.returns) == "ssize_t"
    assert function.module is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("vfs_reed", "has no function 'vfs_reed'"),
        ("skb_header_cloned", "is inlined into its callers"),
        ("list_for_each", "is a macro"),
        ("finish_task_switch", r"was optimised by the compiler to finish_task_switch\.isra\.0"),
        ("asm_exc_int3", "has no type information"),
    ],
)
def test_why_a_function_is_unknown(kernel: Kernel, name: str, problem: str) -> None:
    with pytest.raises(UnknownFunction, match=problem):
        kernel.function(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("do_int3", "must not be probed"),
        ("sched_clock", "marked notrace"),
        ("vfs_read", None),
        ("xfs_buf_alloc", None),
    ],
)
def test_why_a_function_cannot_be_probed(kernel: Kernel, name: str, reason: str | None) -> None:
    refusal = kernel.kprobe_refusal(name)
    assert refusal is None if reason is None else refusal is not None and reason in refusal


def test_a_member_in_unnamed_members(kernel: Kernel) -> None:
    skb = struct(kernel, "sk_buff")
    device = kernel.member(skb, "dev")
    assert device is not None
    assert declaration(device.type) == "struct net_device *"
    assert device.bit_offset == 16 * 8
    summed = kernel.member(skb, "ip_summed")
    assert summed is not None
    assert summed.bit_size == 2
    assert kernel.member(skb, "no_such_member") is None


def test_a_forward_declaration_is_followed_to_where_the_struct_is_defined(kernel: Kernel) -> None:
    # The kernel itself only declares it; btrfs, which is a module, has it.
    found = kernel.find_struct("struct", "btrfs_fs_info")
    assert found is not None
    assert kernel.member(found, "sectorsize") is not None


def test_enums(kernel: Kernel) -> None:
    found = kernel.enum_constant("SKB_DROP_REASON_NO_SOCKET")
    assert found is not None
    enum, value = found
    assert (enum.name, value) == ("skb_drop_reason", 2)
    assert isinstance(kernel.find("enum", "skb_drop_reason"), Enum)
    assert kernel.enum_constant("SKB_DROP_REASON_MADE_UP") is None
    assert "TCP_SYN_SENT" in kernel.names("constant", "TCP_SYN_*")


def test_char_has_the_sign_of_that_kernel(target_kernel: Callable[[str], Kernel], release: str) -> None:
    kernel = target_kernel(release)
    name = kernel.function("vfs_write").arguments[1].type
    assert isinstance(name, Pointer)
    char = strip(name.target)
    # Kernels are built with -funsigned-char from 6.2 on.
    assert isinstance(char, Integer)
    assert char.signed == (kernel.version < (6, 2, 0))


def test_the_version_is_the_real_one(target_kernel: Callable[[str], Kernel], release: str) -> None:
    version = target_kernel(release).version
    assert version[:2] == {"bookworm": (6, 1), "trixie": (6, 12)}.get(release, version[:2])
    assert version[2] > 0


def test_an_indexed_kernel_opens_in_well_under_half_a_second(kernel: Kernel, target: Target) -> None:
    begin = time.monotonic()
    again = open_kernel(target.kernel_files(), cache_folder())
    again.tracepoint("netif_receive_skb")
    assert time.monotonic() - begin < 0.5
    assert again.release == kernel.release
