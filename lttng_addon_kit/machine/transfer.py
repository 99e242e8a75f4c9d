# SPDX-License-Identifier: GPL-2.0-only
"""Brings a file or folder from a machine here, all or nothing: for local and ssh alike."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import Output, Streams, execute, failed, need_program

# Where less is free, it is this host's disk that a transfer failed for.
_LEAST_FREE = 64 << 10
MAKE_ROOM = "make room there, then try again"


def receive(send: Callable[[IO[bytes]], Output], name: str, local: Path, what: str) -> None:
    """Unpack an archive and give its one member the path `local`, all or nothing.

    Args:
        send: writes the archive (tar) to an open file.
        name: the member, a file or a folder.
        local: the path it gets; must not exist yet.
        what: what is copied, for messages.

    Raises:
        KitError: `local` exists, the archive could not be made, or there is no room here.
    """
    if local.exists():
        raise KitError(f"{local} already exists", hint="choose another name, or remove it")
    local.parent.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix=f".{local.name}-", dir=local.parent))
    try:
        with tempfile.TemporaryFile(dir=room) as archive:
            _check(send(archive), f"reading {what}")
            archive.seek(0)
            unpack = [need_program("tar"), "-xf", "-", "-C", str(room), "--no-same-owner"]
            _check(execute(unpack, Streams(stdin=archive)), f"writing {local}")
        # Another machine has no say in who may run or change a file here as whom.
        _check(execute([need_program("chmod"), "-R", "u+rwX,ug-s,go-w", str(room)]), f"writing {local}")
        (room / name).rename(local)
    except KitError:
        if shutil.disk_usage(room).free < _LEAST_FREE:
            raise KitError(f"no room in {local.parent} for {what}", hint=MAKE_ROOM) from None
        raise
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _check(output: Output, doing: str) -> None:
    if output.status:
        raise failed(doing, output)
