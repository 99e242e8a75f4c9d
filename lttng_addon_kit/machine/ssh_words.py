# SPDX-License-Identifier: GPL-2.0-only
"""Paths in ssh's options, which read much into a word: quotes, `%` tokens, `${VARIABLES}` (ssh_config(5))."""

from __future__ import annotations

from pathlib import PurePath

from lttng_addon_kit.errors import KitError


def path_option(name: str, path: PurePath) -> list[str]:
    """The option `name` with a path as it is, whatever characters it has.

    Raises:
        KitError: ssh has no way to write the path.
    """
    text = str(path)
    if "${" in text or not text.isprintable():
        raise KitError(
            f"ssh can't be given the path {text!r}: it has '${{' or a character that is not printable",
            hint="move the cache with $LTTNG_ADDON_KIT_CACHE, and temporary files with $TMPDIR",
        )
    escaped = text.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    return ["-o", f'{name}="{escaped}"']
