# SPDX-License-Identifier: GPL-2.0-only
"""What runs while recording: choose it, give it a folder, run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.machine.machine import FOREVER, Machine
from lttng_addon_kit.session.collected import client_folder
from lttng_addon_kit.session.stage import Stage, afterwards
from lttng_addon_kit.spec.load import AddonSource

# timeout(1): what it returns when the time was up.
_TIMEOUT_STATUS = 124


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


@contextmanager
def workload_folder(machine: Machine, workload: ChosenWorkload, folder: str) -> Iterator[tuple[str, ...]]:
    """Give the workload a folder with its files, while inside: the words to put before a command to run it there.

    Args:
        folder: the kit's own on the machine (see `root_folder`).
    """
    if not workload.command:
        yield ()
        return
    own = f"{folder}/workload"
    machine.run("mkdir", own)
    with afterwards(machine, lambda: _remove(machine, own)):
        for file in workload.files:
            machine.put(file, f"{own}/{file.name}")
        yield ("env", f"--chdir={own}", f"PYTHONPATH={client_folder(folder)}")


def _remove(machine: Machine, folder: str) -> None:
    machine.run("rm", "-r", folder, check=False)


def run_workload(stage: Stage, workload: ChosenWorkload, prefix: tuple[str, ...]) -> Outcome:
    """Run the workload to its end, or until Ctrl-C.

    Args:
        prefix: what `workload_folder` and `workload_mark` gave.
    """
    try:
        if not workload.command:
            _wait(workload.seconds, stage)
            return Outcome(status=None)
        bound = ("timeout", str(workload.seconds)) if workload.seconds else ()
        with stage.progress.step(f"Running {' '.join(workload.command)}"):
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
