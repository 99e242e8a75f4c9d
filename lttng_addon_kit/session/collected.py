"""Reading what an addon has collected, on the machine where it is loaded."""

from __future__ import annotations

from importlib.resources import as_file, files

from pydantic import BaseModel, ConfigDict

from lttng_addon_client import Hits, Row
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine

# On the machine: the client alone, below the name by which programs import it.
CLIENT_FOLDER = "/var/tmp/lttng-addon-client"


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


def put_client(machine: Machine) -> None:
    """Put `lttng_addon_client` on a machine; programs there import it with PYTHONPATH=CLIENT_FOLDER."""
    with as_file(files("lttng_addon_client")) as folder:
        machine.put(folder, f"{CLIENT_FOLDER}/lttng_addon_client")


def read_snapshot(machine: Machine, addon: str) -> Snapshot:
    """Read what an addon has collected so far. The client must be on the machine.

    Raises:
        KitError: the machine has no Python, or the addon's device can't be read.
    """
    output = machine.run(*client_command(addon), check=False)
    if output.status:
        raise KitError(f"can't read what {addon} has collected on {machine.name}", details=output.stderr.strip())
    return Snapshot.model_validate_json(output.stdout)


def client_command(addon: str, *arguments: str) -> tuple[str, ...]:
    """The command that prints what an addon has collected, a line of JSON each time."""
    return ("env", f"PYTHONPATH={CLIENT_FOLDER}", "python3", "-m", "lttng_addon_client", addon, *arguments)
