# SPDX-License-Identifier: GPL-2.0-only
"""Reading what an addon has collected, on the machine where it is loaded."""

from __future__ import annotations

from importlib.resources import as_file, files

from pydantic import BaseModel, ConfigDict

from lttng_addon_client import Hits, Row
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine

# Isolated (python3 -I): neither the environment nor the current folder says what root imports; the first word does.
_MAIN = "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('lttng_addon_client', alter_sys=True)"


class AggregateRows(BaseModel):
    """An aggregate as it was read; `overflow` counts the values that were dropped as the table of keys was full."""

    model_config = ConfigDict(frozen=True)

    kind: str
    value: str | None
    by: str | None
    rows: tuple[Row, ...]
    overflow: int


class Snapshot(BaseModel):
    """All that an addon had collected at one moment."""

    model_config = ConfigDict(frozen=True)

    addon: str
    hits: dict[str, Hits]
    aggregates: dict[str, AggregateRows]


def client_folder(folder: str) -> str:
    """Where the client is, in the kit's folder on a machine: what programs there have as PYTHONPATH."""
    return f"{folder}/client"


def put_client(machine: Machine, folder: str) -> None:
    """Put `lttng_addon_client` into the kit's folder on a machine, below the name by which programs import it."""
    with as_file(files("lttng_addon_client")) as package:
        machine.put(package, f"{client_folder(folder)}/lttng_addon_client")


def read_snapshot(machine: Machine, folder: str, addon: str) -> Snapshot:
    """Read what an addon has collected so far. The client must be in the kit's folder on the machine.

    Raises:
        KitError: the machine has no Python, or the addon's device can't be read.
    """
    output = machine.run(*client_command(folder, addon), check=False)
    if output.status:
        raise KitError(f"can't read what {addon} has collected on {machine.name}", details=output.stderr.strip())
    return Snapshot.model_validate_json(output.stdout)


def client_command(folder: str, addon: str, *arguments: str) -> tuple[str, ...]:
    """The command that prints what an addon has collected, a line of JSON each time."""
    return ("python3", "-I", "-c", _MAIN, client_folder(folder), addon, *arguments)
