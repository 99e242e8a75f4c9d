# SPDX-License-Identifier: GPL-2.0-only
"""The names that the preprocessor replaces wherever a kernel's C has them: its headers' object-like macros."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_OBJECT_LIKE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(?![\w(])", re.MULTILINE)
# Folders below include/ that no C includes.
_LEFT_OUT = ("config/", "dt-bindings/")
# What no header has, but the compiler (gcc -dM -E) and Kbuild's command line; all others of theirs begin with `__`.
_PREDEFINED = """linux unix MODULE RETPOLINE CC_USING_FENTRY CC_USING_NOP_MCOUNT BUILD_STR
KBUILD_BASENAME KBUILD_MODFILE KBUILD_MODNAME"""
# What LTTng's headers, and those of the addon itself, define beside.
_OF_LTTNG = """CREATE_TRACE_POINTS LTTNG_CREATE_FIELD_METADATA LTTNG_PACKAGE_BUILD TP_MODULE_NOAUTOLOAD
TRACE_HEADER_MULTI_READ TRACE_INCLUDE_FILE TRACE_INCLUDE_PATH TRACE_SYSTEM
RING_BUFFER_ALIGN RING_BUFFER_ALIGN_ATTR RING_BUFFER_MAX_NESTING PIPE_DEF_BUFFERS CHAR_BIT"""


def object_like_macros(folders: Iterable[Path]) -> frozenset[str]:
    """The names of all object-like macros that C may meet which includes headers from these folders."""
    found: set[bytes] = set()
    for folder in folders:
        for path in folder.rglob("*.h"):
            if not path.relative_to(folder).as_posix().startswith(_LEFT_OUT):
                found.update(_OBJECT_LIKE.findall(path.read_bytes()))
    of_headers = (name.decode() for name in found if not name.startswith(b"__"))
    return frozenset((*of_headers, *_PREDEFINED.split(), *_OF_LTTNG.split()))
