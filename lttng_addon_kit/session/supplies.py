# SPDX-License-Identifier: GPL-2.0-only
"""What a run needs on a machine, brought into the kit's folder there by one transfer."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.session.stage import Stage, afterwards

# By the path in the kit's folder: a file or folder of this host, a file's text, or None, which is an empty folder.
Supplies = Mapping[str, Traversable | str | None]


@contextmanager
def supplied(stage: Stage, folder: str, supplies: Supplies) -> Iterator[None]:
    """Have all of it on the stage's machine while inside.

    Args:
        folder: the kit's own on the machine (see `root_folder`).

    Raises:
        KitError: a file does not exist, or there is no room here or there.
    """
    with stage.progress.detail("Copying what the run needs"):
        _bring(stage.machine, folder, supplies)
    with afterwards(stage.machine, lambda: _remove(stage, folder, supplies)):
        yield


def _bring(machine: Machine, folder: str, supplies: Supplies) -> None:
    with tempfile.TemporaryDirectory(prefix="lttng-addon-supplies-") as here:
        for name, content in supplies.items():
            try:
                _copy(content, Path(here, name))
            except OSError as error:
                raise KitError(f"{content if isinstance(content, Path) else name}: {error.strerror}") from None
        machine.put(Path(here), folder)


def _copy(content: Traversable | str | None, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        to.write_text(content, encoding="utf-8")
    elif content is None or content.is_dir():
        to.mkdir(exist_ok=True)
        for each in content.iterdir() if content else ():
            _copy(each, to / each.name)
    else:
        to.write_bytes(content.read_bytes())
        if isinstance(content, Path):
            shutil.copymode(content, to)


def _remove(stage: Stage, folder: str, supplies: Supplies) -> None:
    brought = sorted({f"{folder}/{PurePosixPath(name).parts[0]}" for name in supplies})
    with stage.progress.detail("Removing what the run needed"):
        stage.machine.run("rm", "-rf", "--", *brought)
