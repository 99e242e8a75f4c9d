# SPDX-License-Identifier: GPL-2.0-only
"""A file or a folder that appears whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lttng_addon_kit.errors import KitError, UsageError


@contextmanager
def whole_output(out: Path, replace: bool) -> Iterator[Path]:
    """Give a place beside `out` for a new file or folder, which gets the name `out` once all went well.

    Args:
        replace: whether what is there already makes room, at the end.

    Raises:
        UsageError: there is something already, or no folder to put it in.
        KitError: it can't be written.
    """
    if out.exists() and not replace:
        raise UsageError(f"{out} exists", hint="choose another place: -o NAME; or --force replaces it")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    try:
        with TemporaryDirectory(prefix=f".{out.name[:100]}.", dir=out.parent) as folder:
            making = Path(folder) / out.name
            yield making
            if out.exists() and (out.is_dir() or making.is_dir()):
                out.rename(Path(folder) / "before")
            making.rename(out)
    except OSError as error:
        raise KitError(f"{out} can't be written: {error.strerror or error}") from None
