# SPDX-License-Identifier: GPL-2.0-only
"""Reads that can't fault, and of user space: the functions of runtime/lttng-addon-reads.h, called."""

from __future__ import annotations

from lttng_addon_kit.expression.c.c_tree import C, call
from lttng_addon_kit.expression.c.probe_body import ProbeBody

READS_HEADER = "lttng-addon-reads.h"


def read_call(to: C, source: C, size: C, body: ProbeBody, *, from_user: bool) -> C:
    """The call that copies `size` bytes; not 0 if it can't."""
    body.runtime_headers.add(READS_HEADER)
    return call("nofault_user_read" if from_user else "nofault_read", to, source, size, writes=True)


def text_call(to: C, source: C, size: C, body: ProbeBody, *, from_user: bool) -> C:
    """The call that copies a text into an array of `size` bytes, its NUL included; not 0 if it can't."""
    body.runtime_headers.add(READS_HEADER)
    return call("nofault_user_text" if from_user else "nofault_text", to, source, size, writes=True)


def is_kernel_pointer(pointer: C, body: ProbeBody) -> C:
    """The test that a pointer may be followed: it is not NULL, no error number, and no address in user space."""
    body.runtime_headers.add(READS_HEADER)
    return call("is_kernel_pointer", pointer)
