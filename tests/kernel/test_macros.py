# SPDX-License-Identifier: GPL-2.0-only
"""Macros of the kernel's headers, and what is left of them where headers disagree or no compiler runs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.macros import Macro, read_macros


@pytest.mark.parametrize(
    ("name", "macro"),
    [
        ("ETH_P_IP", Macro("0x0800", "linux/if_ether.h")),
        ("AF_INET", Macro("2", "linux/socket.h")),
        ("sk_family", Macro("__sk_common.skc_family", "net/sock.h")),
        ("__NR_execve", Macro("59", "asm/unistd_64.h")),
    ],
)
def test_a_kernels_macros(name: str, macro: Macro, kernel: Kernel) -> None:
    assert kernel.macro(name) == macro


def test_what_the_configuration_says(kernel: Kernel) -> None:
    found = kernel.macro("HZ")
    assert found is not None
    assert found.text == "250"


def test_no_macro(kernel: Kernel) -> None:
    assert kernel.macro("NOBODY_DEFINES_THIS") is None
    assert kernel.macro("min_t") is None, "it has arguments"
    assert kernel.macro("KERN_ERR") is None, "it is a text"


def test_headers_that_disagree_and_those_that_fail(tmp_path: Path) -> None:
    files = {
        "linux/one.h": "#define SAME 1\n#define OTHER 1\n#define MOVED 1\n#undef MOVED\n#define member inner.outer\n",
        "linux/two.h": "#include <asm/not_there.h>\n#define SAME 1\n#define OTHER 2\n"
        "#define MOVED 2\n#define SUM (SAME + 2)\n",
        "linux/three.h": '#error "never alone"\n#define FAILS 1\n',
    }
    for name, text in files.items():
        (tmp_path / "include" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "include" / name).write_text(text)

    def preprocess(folder: Path) -> str:
        options = re.findall(r"-dD|-P", (folder / "Kbuild").read_text())
        includes = ["-I", str(tmp_path / "include"), "-idirafter", "missing"]
        command = ["gcc", "-E", "-w", *options, *includes, "-o", "macros.i", "macros.c"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr

    macros = read_macros(list(files), ["asm/not_there.h"], preprocess)
    ours = {name: macro.text for name, macro in macros.items() if macro.header.startswith("linux/")}
    assert ours == {"SAME": "1", "MOVED": "2", "SUM": "(1 + 2)", "member": "inner.outer"}


def test_no_compiler_means_no_macros() -> None:
    assert read_macros(["linux/one.h"], [], lambda folder: "make: gcc: No such file or directory") == {}
