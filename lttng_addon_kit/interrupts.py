"""When Ctrl-C may come: its KeyboardInterrupt is of use only where something is there to catch it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


def interrupts_held_back() -> AbstractContextManager[Callable[[], None]]:
    """Ctrl-C waits while inside, or until the function that this gives is called.

    A process that was started but is not yet known to us could not be ended; and Python loses an exception that is
    raised in its hooks around fork(), and in finalizers. So start a process inside, and let Ctrl-C in once there is
    something to catch it. A child inherits the holding back, and has to call the function too.
    """
    return _interrupts(signal.SIG_BLOCK)


def interrupts_let_in() -> AbstractContextManager[Callable[[], None]]:
    """Ctrl-C comes while inside, at once if it has waited: for the waiting amid what must not be interrupted."""
    return _interrupts(signal.SIG_UNBLOCK)


@contextmanager
def _interrupts(how: signal.Sigmasks) -> Iterator[Callable[[], None]]:
    before = signal.pthread_sigmask(how, [])

    def as_before() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        # This is where one that has waited is raised.
        signal.pthread_sigmask(how, [signal.SIGINT])
        yield as_before
    finally:
        as_before()
