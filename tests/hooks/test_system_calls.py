# SPDX-License-Identifier: GPL-2.0-only
"""System calls by name: their functions, and their arguments by name and type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lttng_addon_kit.hooks.hook_kinds import find_hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.output.reach import type_text

# The calls whose arguments are an architecture's own business.
UNDECLARED = {"arch_prctl", "iopl", "modify_ldt"}


@pytest.mark.parametrize(
    ("name", "function", "arguments"),
    [
        ("stat", "__x64_sys_newstat", {"filename": "const char __user *", "statbuf": "struct stat __user *"}),
        ("getpid", "__do_sys_getpid", {}),
        ("inotify_init", "__do_sys_inotify_init", {}),
        # Its header names no argument; what the kernel calls in its place does.
        ("connect", "__x64_sys_connect", {"fd": "int", "uservaddr": "struct sockaddr __user *", "addrlen": "int"}),
        ("iopl", "__x64_sys_iopl", {}),
    ],
)
def test_function_and_arguments(name: str, function: str, arguments: dict[str, str], kernel: Kernel) -> None:
    hook = find_hook(f"syscall:{name}", kernel)
    assert hook.details["function"] == function
    assert {each: type_text(variable.type) for each, variable in hook.variables.items()} == arguments


def test_all_can_be_hooked(target_kernel: Callable[[str], Kernel], release: str) -> None:
    kernel = target_kernel(release)
    names = kernel.system_calls.names()
    assert len(names) > 330
    hooks = {
        name: (find_hook(f"syscall:{name}", kernel), find_hook(f"syscall_return:{name}", kernel)) for name in names
    }
    assert {name for name, (entry, _) in hooks.items() if entry.no_arguments} <= UNDECLARED | {"uprobe", "uretprobe"}
    for entry, end in hooks.values():
        assert {*entry.variables, "$ret", "$duration_ns"} == set(end.variables)


def test_patterns(kernel: Kernel) -> None:
    assert kernel.system_calls.names("openat*") == ["openat", "openat2"]
