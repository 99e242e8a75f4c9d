# SPDX-License-Identifier: GPL-2.0-only
"""Keeps what a run that ended early had recorded: from the machine while it answers, else from its disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.stage import Stage


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
        for get in (machine.get, machine.get_offline):
            if not draft.trace.exists():
                with suppress(KitError):
                    get(str(output), draft.trace)
        log = error.details
        with suppress(KitError):
            log = machine.kernel_log()
        draft.complete_early(error, log)
    stage.progress.say(f"What was recorded until then is in {draft.folder}")
