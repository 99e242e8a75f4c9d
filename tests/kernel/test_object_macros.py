# SPDX-License-Identifier: GPL-2.0-only
"""Names that C replaces: all that the compiler knows when a module is compiled are known."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.object_macros import object_like_macros
from tests.conftest import made_target

HEADERS = ("linux/module.h", "linux/skbuff.h", "net/sock.h", "linux/kprobes.h", "linux/netfilter.h", "linux/fs.h")
_DEFINED = re.compile(r"^#define ([A-Za-z]\w*)(?![\w(])", re.MULTILINE)


@pytest.mark.parametrize("name", ["sk_state", "si_value", "HZ", "current", "linux", "unix", "GFP_KERNEL", "MODULE"])
def test_is_one(name: str, kernel: Kernel) -> None:
    assert kernel.is_macro(name)


@pytest.mark.parametrize("name", ["min", "likely", "list_entry", "TP_ARGS", "skb", "len", "dev"])
def test_is_none(name: str, kernel: Kernel) -> None:
    assert not kernel.is_macro(name)


def test_with_and_without_a_body_and_spaces(tmp_path: Path) -> None:
    (tmp_path / "x.h").write_text(
        "#define EMPTY\n # \tdefine\tSPACED 1\n#define with_arguments(x) x\n#define __own 1\n"
    )
    found = object_like_macros([tmp_path])
    assert {"EMPTY", "SPACED"} <= found
    assert not {"with_arguments", "__own"} & found


def test_all_that_the_compiler_knows_are_known(
    release: str, target_kernel: Callable[[str], Kernel], tmp_path: Path
) -> None:
    preprocess = made_target(release).kernel_files().preprocess
    assert preprocess is not None
    (tmp_path / "macros.c").write_text("".join(f"#include <{each}>\n" for each in HEADERS))
    (tmp_path / "Kbuild").write_text("obj-m := macros.o\nccflags-y := -dM\n")
    preprocess(tmp_path)
    defined = set(_DEFINED.findall((tmp_path / "macros.i").read_text()))
    assert len(defined) > 10_000
    kernel = target_kernel(release)
    assert sorted(name for name in defined if not kernel.is_macro(name) and not name.startswith("CONFIG_")) == []
