# SPDX-License-Identifier: GPL-2.0-only
"""A machine that was left running, as the folder of its run remembers it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.folders import in_use, remove_run, shared_lock, try_lock

_SECONDS_TO_END = 5
# In the run's folder: whoever is in a shell on the machine holds its lock.
_ENTERED = "entered"


@dataclass(frozen=True)
class KeptRun:
    """One such machine.

    Attributes:
        process_id: QEMU's.
        port: on 127.0.0.1, where the machine's ssh server is reached.
    """

    process_id: int
    port: int

    def write(self, run: Path) -> None:
        """Note it in the run's folder."""
        (run / "kept.json").write_text(json.dumps(asdict(self)))

    @contextmanager
    def entered(self, run: Path) -> Iterator[None]:
        """Keep others from ending the machine while inside."""
        with shared_lock(run / _ENTERED):
            yield

    def end(self, run: Path) -> None:
        """End the machine and remove its run's folder.

        Raises:
            KitError: a shell is open on it.
        """
        with try_lock(run / _ENTERED) as is_left:
            if not is_left:
                raise KitError("a shell is open on the machine that was left running", hint="exit the shell first")
            with suppress(ProcessLookupError):
                os.kill(self.process_id, signal.SIGKILL)
        deadline = time.monotonic() + _SECONDS_TO_END
        while in_use(run) and time.monotonic() < deadline:
            time.sleep(0.05)
        remove_run(run)


def find_kept(run: Path) -> KeptRun | None:
    """The machine of a run's folder; None: it was not meant to stay, or it ended.

    While the run's lock is held, the process id is its own.
    """
    try:
        kept = KeptRun(**json.loads((run / "kept.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return kept if in_use(run) else None
