# SPDX-License-Identifier: GPL-2.0-only
"""Folders of the kit's own on a machine, which root alone can enter: nobody there can guess, take or change one."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import failed

# On a disk, as traces are large; not in /tmp or /var/tmp, where every user may create files.
ROOM = "/var/lib/lttng-addon-kit"

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def root_folder(machine: Machine) -> Iterator[str]:
    """Create a folder with mode 0700 and a random name, below one that is root's alone; its path on the machine.

    It is removed afterwards if it is empty: what could not be brought here stays.

    Raises:
        KitError: what is above it is not root's alone.
    """
    make_root_folder(machine, ROOM, 0o700)
    folder = machine.run("mktemp", "--directory", f"{ROOM}/run-XXXXXXXXXXXX").stdout.strip()
    try:
        yield folder
    finally:
        if machine.watch.tidies:
            with suppress(KitError):  # where the machine is gone, the first error says so
                machine.run("rmdir", "--", folder, check=False)


def make_root_folder(machine: Machine, folder: str, mode: int) -> None:
    """Create a folder where it is missing, and see that nobody but root can change it, or what its path leads to.

    Raises:
        KitError: it is a link or no folder, another user owns it or a folder above it, others may write there, or
            it has another mode than `mode`.
    """
    path = PurePosixPath(folder)
    places = [str(each) for each in (*reversed(path.parents), path)]
    make = Command(("mkdir", "-p", f"--mode={mode:o}", "--", folder), may_fail=True)
    made, found = machine.run_all([make, Command(("stat", "--format=%u %f", "--", *places), may_fail=True)])
    if found.status:
        raise failed(f"creating {folder} on {machine.name}", made if made.status else found)
    states = found.stdout.splitlines()
    for place, state in zip(places, states, strict=True):
        owner, bits = (int(number, base) for number, base in zip(state.split(), (10, 16), strict=True))
        if wrong := _wrong(owner, bits, mode if place == folder else None):
            fix = f"chown root:root {shlex.quote(place)}; chmod {mode if place == folder else 0o755:o}"
            hint = f"remove it if you do not know it, or as root: {fix} {shlex.quote(place)}"
            raise KitError(
                f"{place} on {machine.name} {wrong}: another user could change what root loads there", hint=hint
            )


def _wrong(owner: int, bits: int, mode: int | None) -> str:
    """What keeps a place from being root's alone; "" if nothing does.

    Args:
        bits: st_mode (inode(7)).
        mode: the mode that a folder of the kit's own has; None: a folder above it, which may be a link of root's.
    """
    if owner != 0:
        return f"belongs to user {owner}, not to root"
    if stat.S_ISLNK(bits):
        return "" if mode is None else "is a symbolic link"
    if not stat.S_ISDIR(bits):
        return "is no folder"
    if mode is not None and stat.S_IMODE(bits) != mode:
        return f"has mode {stat.S_IMODE(bits):04o}, not {mode:04o}"
    return f"can be written by others (mode {stat.S_IMODE(bits):04o})" if bits & _OTHERS_WRITE else ""
