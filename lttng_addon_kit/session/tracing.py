# SPDX-License-Identifier: GPL-2.0-only
"""The LTTng session of one recording, from its creation to its trace on this host; none where there are no events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.lttng import Loss, Lttng
from lttng_addon_kit.session.lttng_session import LttngSession
from lttng_addon_kit.session.stage import Stage, afterwards
from lttng_addon_kit.session.supplies import Supplies

# Below this a trace is taken to be cut off by the full disk: a sub-buffer no longer fits.
_LEAST_FREE_KIB = 1024

# In the kit's folder on the machine.
_DESCRIPTION = "session.lttng"


class Tracing(Protocol):
    """What records events while it is entered."""

    def stop(self) -> Loss:
        """Stop recording, and say what was lost.

        Raises:
            KitError: the machine's disk is full.
        """
        ...

    def fetch(self, draft: Draft) -> None:
        """Move the trace to the recording's folder."""
        ...


@contextmanager
def tracing(stage: Stage, lttng: Lttng, session: LttngSession, folder: str) -> Iterator[Tracing]:
    """Record the session's events while inside; nothing if it has none.

    Args:
        folder: the kit's own on the machine, with what `session_supplies` gave.
    """
    if not session.events:
        yield _NoSession()
        return
    with stage.progress.step(f"Recording {', '.join(session.events)}"):
        lttng.load(session.name, f"{folder}/{_DESCRIPTION}")
    with afterwards(stage.machine, lambda: _destroy(stage, lttng, session)):
        yield _Session(stage, lttng, session)


def _destroy(stage: Stage, lttng: Lttng, session: LttngSession) -> None:
    with stage.progress.detail("Destroying the session"):
        lttng.destroy(session.name)


def session_supplies(session: LttngSession) -> Supplies:
    """What must be on the machine for `tracing`."""
    return {_DESCRIPTION: session.description()} if session.events else {}


class _NoSession:
    """In place of a session, for addons that only collect."""

    def stop(self) -> Loss:
        return Loss(discarded_events=0, lost_packets=0)

    def fetch(self, draft: Draft) -> None:
        pass


class _Session:
    def __init__(self, stage: Stage, lttng: Lttng, session: LttngSession) -> None:
        self._stage = stage
        self._lttng = lttng
        self._session = session
        self._kibibytes = 0

    def stop(self) -> Loss:
        with self._stage.progress.step("Stopping the session"):
            loss = self._lttng.stop(self._session.name)
            self._check_disk()
        return loss

    def fetch(self, draft: Draft) -> None:
        machine, output = self._stage.machine, self._session.output
        draft.need_room(self._kibibytes * 1024)
        with self._stage.progress.step("Fetching the trace"):
            machine.get(output, draft.trace)
            if machine.watch.tidies:
                machine.run("rm", "-r", output)

    def _check_disk(self) -> None:
        """See how much it wrote, and that there was room for it."""
        machine, output = self._stage.machine, self._session.output
        df, du = machine.run_all([Command(("df", "--output=avail", "-k", output)), Command(("du", "-sk", output))])
        self._kibibytes = int(du.stdout.split()[0])
        if int(df.stdout.split()[-1]) < _LEAST_FREE_KIB:
            raise KitError(
                f"the disk of {machine.name} is full: the trace would be cut off",
                hint="record less (a filter, fewer fields, a shorter workload)",
            )
