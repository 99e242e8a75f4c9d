# SPDX-License-Identifier: GPL-2.0-only
"""The programs of this host that creating and running a virtual machine takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lttng_addon_kit.machine.process import MissingProgram, find_program
from lttng_addon_kit.target.architecture.architecture import Architecture
from lttng_addon_kit.target.distribution.distribution import Distribution


def needed_programs(distribution: Distribution, architecture: Architecture) -> tuple[str, ...]:
    """Their names, in the order in which they are first needed.

    Args:
        distribution: what the machine runs.
    """
    return (
        distribution.maker,
        "tar",
        "bwrap",
        "ssh-keygen",
        "mke2fs",
        "debugfs",
        architecture.qemu,
        "qemu-img",
        "ssh",
        "setpriv",
        "unshare",
    )


def check_programs(wanted: Distribution, architecture: Architecture, host: Distribution) -> None:
    """See that the programs for a machine are installed.

    Args:
        wanted: what the machine runs.
        host: what this host runs.

    Raises:
        MissingProgram: one is not; with the command that installs it.
    """
    for name in needed_programs(wanted, architecture):
        if not find_program(name):
            raise MissingProgram(name, host.install_command(name))


@contextmanager
def install_hints(host: Distribution) -> Iterator[None]:
    """A program that is missing inside is reported with the command that installs it on this host.

    Raises:
        MissingProgram: a program is missing.
    """
    try:
        yield
    except MissingProgram as error:
        raise MissingProgram(error.program, host.install_command(error.program)) from error
