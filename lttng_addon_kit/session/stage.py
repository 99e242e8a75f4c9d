# SPDX-License-Identifier: GPL-2.0-only
"""Where a run happens and what it reports to: what every step of a session needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress


def _ignore(line: str) -> None:
    pass


@dataclass(frozen=True)
class Stage:
    """A running machine, where progress is reported, and what gets each line that the workload prints."""

    machine: Machine
    progress: Progress
    on_output: Callable[[str], None] = _ignore


@contextmanager
def afterwards(machine: Machine, tidy: Callable[[], None]) -> Iterator[None]:
    """Tidy up a machine when left, however; the user hears of the first error, not of what it leads to here.

    After Ctrl-C, what ends with the machine is left to its end.

    Raises:
        KitError: all went well inside, and tidying up failed.
    """
    try:
        yield
    except BaseException:
        with suppress(KitError):
            _tidy(machine, tidy)
        raise
    _tidy(machine, tidy)


def _tidy(machine: Machine, tidy: Callable[[], None]) -> None:
    if machine.watch.tidies:
        tidy()
