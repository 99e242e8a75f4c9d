# SPDX-License-Identifier: GPL-2.0-only
"""Where one kernel's description is on this host: what a target gives, and `open_kernel` reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.kernel.macros import Preprocess
from lttng_addon_kit.kernel.processor import Processor


@dataclass(frozen=True)
class KernelFiles:
    """The files of one kernel.

    Attributes:
        release: its `uname -r`.
        processor: what it runs on.
        vmlinuz: the compressed kernel, or /sys/kernel/btf/vmlinux of this very host.
        modules: lib/modules/RELEASE.
        headers: the folders of its headers, in the order of Kbuild's -I (LINUXINCLUDE in the kernel's
            Makefile).
        symbols: /proc/kallsyms with names only: `TYPE NAME [MODULE]` a line, without addresses.
        kprobe_blacklist: /sys/kernel/debug/kprobes/blacklist, with names only, one a line.
        traceable: /sys/kernel/tracing/available_filter_functions.
        preprocess: runs the kernel's own preprocessor (see Preprocess); None where there is none.
    """

    release: str
    processor: Processor
    vmlinuz: Path
    modules: Path
    headers: tuple[Path, ...]
    symbols: Path | None = None
    kprobe_blacklist: Path | None = None
    traceable: Path | None = None
    preprocess: Preprocess | None = None
