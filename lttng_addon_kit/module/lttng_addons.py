# SPDX-License-Identifier: GPL-2.0-only
"""The sources of lttng-addons.ko, the same for every addon and kernel, as generated files."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from lttng_addon_kit.module.write import DIGEST_PLACEHOLDER, GeneratedFile, with_digest

NAME = "lttng-addons"
# What an addon's own sources and C programs include.
HEADERS = ("lttng-addons-abi.h", "lttng-addons.h")


def runtime_sources() -> Iterator[GeneratedFile]:
    """All files of the module's folder."""
    for file in sorted(files("lttng_addon_kit.runtime").iterdir(), key=lambda each: each.name):
        if file.name == "Kbuild" or file.name.endswith((".c", ".h")):
            yield _generated(file.name, file.read_text(encoding="utf-8"))


def runtime_headers() -> Iterator[GeneratedFile]:
    """Those that an addon's folder has, too."""
    return (each for each in runtime_sources() if each.name in HEADERS)


def _generated(name: str, text: str) -> GeneratedFile:
    """With a digest below the first line, by which an edited file is known."""
    licence, rest = text.split("\n", 1)
    note = ["Part of lttng-addon-kit, written by lttng-addon.", f"Digest: {DIGEST_PLACEHOLDER}"]
    in_c = ["/*", *(f" * {line}" for line in note), " */"]
    lines = [f"# {line}" for line in note] if name == "Kbuild" else in_c
    return with_digest(name, "\n".join([licence, *lines, rest]))
