# SPDX-License-Identifier: GPL-2.0-only
"""What headers mark `__user`."""

from __future__ import annotations

from lttng_addon_kit.kernel.declare import declaration
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.user_marks import marked_arguments, marked_members


def test_arguments_by_number() -> None:
    code = """
        extern ssize_t vfs_read(struct file *, char __user *, size_t, loff_t *);
        int exec(const char __user *name,
                 const char __user *const __user *argv) __must_check;
        int (*ioctl)(struct file *, void __user *);
        static inline void none(int a) { void __user *p = f(a); }
    """
    assert set(marked_arguments(code)) == {("vfs_read", "1"), ("exec", "0"), ("exec", "1")}


def test_members() -> None:
    braced = """
        void __user *base; struct iovec\t__user *iov; const __user char *text; char __user * __user *names;
        const char __user *parts[2]; void *kernel; int (*call)(void __user *pointer);
    """
    found = {member for _, member in marked_members("x", braced)}
    assert found == {"base", "iov", "text", "names", "parts"}


def test_a_kernels(kernel: Kernel) -> None:
    iovec = kernel.find_struct("struct", "iovec")
    assert iovec is not None
    base = kernel.member(iovec, "iov_base")
    assert base is not None
    assert declaration(base.type, "iov_base") == "void __user *iov_base"
    connect = kernel.function("__sys_connect")
    assert declaration(connect.arguments[1].type, "address") == "struct sockaddr __user *address"
    assert declaration(connect.arguments[2].type, "length") == "int length"
