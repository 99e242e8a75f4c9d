"""Control when Ctrl-C is delivered: a KeyboardInterrupt only helps where something can catch it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


def interrupts_held_back() -> AbstractContextManager[Callable[[], None]]:
    """Hold Ctrl-C back while inside, or until the function that this gives is called.

    A process that was started but is not yet known to the caller could not be ended; and Python loses an exception
    that is raised in its hooks around fork(), and in finalizers. So start a process inside, and let Ctrl-C in once
    something can catch it. A child inherits the holding back, and has to call the function too.
    """
    return _interrupts(signal.SIG_BLOCK)


def interrupts_let_in() -> AbstractContextManager[Callable[[], None]]:
    """Deliver Ctrl-C while inside, at once if it was held back: for waits amid what must not be interrupted."""
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
