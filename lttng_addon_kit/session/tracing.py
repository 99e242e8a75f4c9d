# SPDX-License-Identifier: GPL-2.0-only
"""The LTTng session of one recording, from its creation to its trace on this host; none where there are no events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Protocol

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.lttng import Loss, Lttng
from lttng_addon_kit.session.stage import Stage, afterwards

# Below this a trace is taken to be cut off by the full disk: a sub-buffer no longer fits.
_LEAST_FREE_KIB = 1024


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
def tracing(stage: Stage, lttng: Lttng, events: Sequence[str], output: PurePosixPath) -> Iterator[Tracing]:
    """Record the events while inside, into the folder `output` of the machine; nothing if there are no events."""
    if not events:
        yield _NoSession()
        return
    session = output.name
    with stage.progress.step(f"Recording {', '.join(events)}"):
        lttng.create(session, str(output))
    with afterwards(stage.machine, lambda: lttng.destroy(session)):
        lttng.enable_events(session, events)
        lttng.start(session)
        yield _Session(stage, lttng, output)


class _NoSession:
    """In place of a session, for addons that only collect."""

    def stop(self) -> Loss:
        return Loss(discarded_events=0, lost_packets=0)

    def fetch(self, draft: Draft) -> None:
        pass


class _Session:
    def __init__(self, stage: Stage, lttng: Lttng, output: PurePosixPath) -> None:
        self._stage = stage
        self._lttng = lttng
        self._output = output

    def stop(self) -> Loss:
        with self._stage.progress.step("Stopping the session"):
            self._lttng.stop(self._output.name)
        loss = self._lttng.loss(self._output.name)
        self._check_disk()
        return loss

    def fetch(self, draft: Draft) -> None:
        machine = self._stage.machine
        kibibytes = int(machine.run("du", "-sk", str(self._output)).stdout.split()[0])
        draft.need_room(kibibytes * 1024)
        with self._stage.progress.step("Fetching the trace"):
            machine.get(str(self._output), draft.trace)
            if machine.watch.tidies:
                machine.run("rm", "-r", str(self._output))

    def _check_disk(self) -> None:
        machine = self._stage.machine
        free = int(machine.run("df", "--output=avail", "-k", str(self._output)).stdout.split()[-1])
        if free < _LEAST_FREE_KIB:
            raise KitError(
                f"the disk of {machine.name} is full: the trace would be cut off",
                hint="record less (a filter, fewer fields, a shorter workload)",
            )
