# SPDX-License-Identifier: GPL-2.0-only
"""What runs while recording: choose it, give it a folder, run it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.machine.machine import FOREVER
from lttng_addon_kit.session.collected import client_folder
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.supplies import Supplies
from lttng_addon_kit.spec.load import AddonSource

# timeout(1): what it returns when the time was up.
_TIMEOUT_STATUS = 124

# Characters of a command, in what says that it runs.
_SHOWN = 60

# In the kit's folder on the machine.
_FOLDER = "workload"


@dataclass(frozen=True)
class ChosenWorkload:
    """A command, or waiting. `seconds` is how long at most, and how long to wait (None: until Ctrl-C).

    `files` are copied into the folder in which the command runs.
    """

    command: tuple[str, ...] = ()
    seconds: float | None = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a workload ended; `status` is None where there was no command, or Ctrl-C ended it."""

    status: int | None
    interrupted: bool = False


def choose_workload(
    sources: Sequence[AddonSource], command: tuple[str, ...] | None, seconds: float | None
) -> ChosenWorkload:
    """The given command, else the first that an addon brings, else waiting.

    Args:
        command: what was asked for; None: nothing.
        seconds: how long at most; without a command it asks for waiting, in place of an addon's own workload.
    """
    source = next((source for source in sources if source.addon.workload), None)
    own = source.addon.workload if source else None
    files = tuple(source.folder / name for name in own.files) if source and own else ()
    if command is not None:
        return ChosenWorkload(command, seconds, files)
    if own is not None and seconds is None:
        return ChosenWorkload(own.words, files=files)
    return ChosenWorkload((), seconds)


def workload_supplies(workload: ChosenWorkload) -> Supplies:
    """The folder in which a command runs, with its files."""
    files = {f"{_FOLDER}/{file.name}": file for file in workload.files}
    return {_FOLDER: None, **files} if workload.command else {}


def workload_prefix(workload: ChosenWorkload, folder: str) -> tuple[str, ...]:
    """The words to put before a command to run it in its folder.

    Args:
        folder: the kit's own on the machine, with what `workload_supplies` gave.
    """
    return ("env", f"--chdir={folder}/{_FOLDER}", f"PYTHONPATH={client_folder(folder)}") if workload.command else ()


def run_workload(stage: Stage, workload: ChosenWorkload, prefix: tuple[str, ...]) -> Outcome:
    """Run the workload to its end, or until Ctrl-C.

    Args:
        prefix: what `workload_prefix` and `workload_mark` gave.
    """
    try:
        if not workload.command:
            _wait(workload.seconds, stage)
            return Outcome(status=None)
        bound = ("timeout", str(workload.seconds)) if workload.seconds else ()
        shown = textwrap.shorten(" ".join(workload.command), _SHOWN, placeholder=" ...")
        with stage.progress.step(f"Running {shown}"):
            output = stage.machine.run(
                *bound, *prefix, *workload.command, check=False, on_output=stage.on_output, timeout=FOREVER
            )
        ended = workload.seconds and output.status == _TIMEOUT_STATUS
        return Outcome(status=0 if ended else output.status)
    except KeyboardInterrupt:
        stage.machine.watch.interrupt()
        stage.progress.say("Interrupted: keeping what was recorded")
        return Outcome(status=None, interrupted=True)


def _wait(seconds: float | None, stage: Stage) -> None:
    title = "Recording until Ctrl-C" if seconds is None else f"Recording for {seconds:g} s"
    with stage.progress.step(title):
        stage.machine.watch.wait(FOREVER if seconds is None else seconds)
