# SPDX-License-Identifier: GPL-2.0-only
"""The last net: an exception that nobody foresaw is one line, and a file to send with a bug report.

Imports next to nothing but what Python brings, as the error may be in an import.
"""

from __future__ import annotations

import errno
import logging
import platform
import shlex
import sys
import tempfile
import traceback
from collections import deque
from importlib.metadata import PackageNotFoundError, version

from lttng_addon_kit.terminal import printable

# EX_SOFTWARE of sysexits.h.
STATUS = 70
COMMANDS = "lttng_addon_kit.commands"
_KEPT_COMMANDS = 20
_PACKAGES = ("lttng-addon-kit", "typer", "rich", "pydantic", "pycparser", "bt2")
# A disk or a permission, not a mistake of the kit's; the error's own words say all.
_OF_THIS_HOST = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EIO,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


class LastCommands(logging.Handler):
    """Keeps the newest records of a logger."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=_KEPT_COMMANDS)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def keep_commands() -> None:
    """From now on, keep the last programs that the kit runs, for a report."""
    logger = logging.getLogger(COMMANDS)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(LastCommands())


def report(problem: Exception) -> int:
    """Say in one line what happened, and where the report is; return the exit status."""
    if isinstance(problem, OSError) and problem.errno in _OF_THIS_HOST:
        where = f"{problem.filename}: " if problem.filename else ""
        print(printable(f"error: {where}{problem.strerror}"), file=sys.stderr)
        return 1
    words = f"{type(problem).__name__}: {problem}"
    try:
        kept = f"a report for its authors is in {_write_report(problem)}"
    except OSError as second:
        kept = f"and its report could not be written: {second}"
    print(printable(f"error: a mistake in lttng-addon ({words}); {kept}"), file=sys.stderr)
    return STATUS


def _write_report(problem: Exception) -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="lttng-addon-", suffix=".txt", encoding="utf-8", errors="backslashreplace", delete=False
    ) as file:
        file.write(f"command: {shlex.join(sys.argv)}\n")
        file.write(f"Python {platform.python_version()}, {platform.platform()}\n")
        file.writelines(f"{name} {_version(name)}\n" for name in _PACKAGES)
        file.write("".join(["\n", *traceback.format_exception(problem)]))
        file.write("".join(["\nlast commands run:\n", *(f"{line}\n" for line in _last_commands())]))
        return file.name


def _last_commands() -> list[str]:
    handlers = logging.getLogger(COMMANDS).handlers
    return [line for handler in handlers if isinstance(handler, LastCommands) for line in handler.lines]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"
