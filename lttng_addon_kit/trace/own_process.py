# SPDX-License-Identifier: GPL-2.0-only
"""Read a trace in a process of its own: what babeltrace2 does to itself over a damaged one ends there.

babeltrace2 2.0 calls abort() where a trace contradicts itself, and takes all memory for an array whose length has
been damaged. It also loses a Python exception, Ctrl-C among them, that is raised while it calls Python.
"""

from __future__ import annotations

import os
import resource
import signal
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.interrupts import interrupts_held_back, interrupts_let_in

T = TypeVar("T")

# Memory that reading may take beyond what is in use; real traces need some 50 MB. Files are mapped in parts.
_MEMORY = 2 << 30


def in_own_process(task: Callable[[Path], T], trace: Path) -> T:
    """The result of `task`, which reads `trace` and may use a scratch folder: it is gone when this returns.

    Raises:
        KitError: the task's own, or one that says that babeltrace2 gave up.
        ImportError: the task needs a module that is missing.
    """
    with interrupts_held_back(), TemporaryDirectory(prefix="lttng-addon-kit-") as scratch:
        result = _result(task, Path(scratch))
    if isinstance(result, EOFError):
        raise KitError(
            f"the trace {trace} is damaged: babeltrace2 can't read it and gave up",
            hint="was the trace copied whole?",
        )
    if isinstance(result, Exception):
        raise result
    return result


def log_file(scratch: Path) -> Path:
    """The file that gets what libraries say while a task runs, in its scratch folder."""
    return scratch / "log"


def _result(task: Callable[[Path], T], scratch: Path) -> T | Exception:
    """What the task returned or raised; EOFError where its process ended without a word."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(task, scratch, sender), daemon=True)
    process.start()
    sender.close()
    try:
        with interrupts_let_in():
            result: T | Exception = receiver.recv()
    except EOFError as error:
        return error
    finally:
        process.kill()
        process.join()
        process.close()
        receiver.close()
    return result


def _work(task: Callable[[Path], T], scratch: Path, sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    # Errors go through the pipe; babeltrace2's own log says more of wrong metadata than its errors do.
    os.environ["BABELTRACE_PLUGIN_CTF_METADATA_LOG_LEVEL"] = "ERROR"
    os.dup2(os.open(log_file(scratch), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _memory_in_use() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sender.send(task(scratch))
    except (KitError, ImportError) as error:  # the latter where babeltrace2's module is missing
        sender.send(error)
    except Exception:  # a bug of the kit, to be seen as one
        sender.send(RuntimeError(traceback.format_exc()))


def _memory_in_use() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
