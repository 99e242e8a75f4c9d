# SPDX-License-Identifier: GPL-2.0-only
"""Keeps what a run that ended early had recorded: from the machine while it answers, else from its disk."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.stage import Stage

# For a trace of unknown size.
_LEAST_BYTES = 64 << 20


def salvage(stage: Stage, output: PurePosixPath, draft: Draft, error: KitError) -> None:
    """Fetch what there is of a recording, and note what ended its run.

    LTTng's consumer writes whole packets, so what is on the disk can be read. What was in the kernel's buffers is
    gone with the kernel: only those of user space can be kept in files (lttng-crash(1)).

    Args:
        output: the folder on the machine that LTTng wrote to.
        error: what ended the run.
    """
    machine = stage.machine
    with stage.progress.step("Keeping what was recorded"):
        for fetch in (_from_machine, _from_disk):
            if not draft.trace.exists():
                with suppress(KitError):
                    fetch(machine, str(output), draft)
        log = error.details
        with suppress(KitError):
            log = machine.kernel_log()
        draft.complete_early(error, log)
    stage.progress.say(f"What was recorded until then is in {draft.folder}")


def _from_machine(machine: Machine, output: str, draft: Draft) -> None:
    kibibytes = int(machine.run("du", "-sk", output).stdout.split()[0])
    draft.need_room(kibibytes * 1024)
    machine.get(output, draft.trace)


def _from_disk(machine: Machine, output: str, draft: Draft) -> None:
    """Fetch the trace from the disk; how large it is can only be tried."""
    try:
        machine.get_offline(output, draft.trace)
    except OSError as error:
        shutil.rmtree(draft.trace, ignore_errors=True)
        draft.move(_LEAST_BYTES, str(error.strerror))
        machine.get_offline(output, draft.trace)
