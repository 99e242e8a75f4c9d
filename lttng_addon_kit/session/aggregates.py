"""Reading what an addon has collected, on the machine where it is loaded."""

from __future__ import annotations

from importlib.resources import as_file, files

from pydantic import BaseModel, ConfigDict

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine

# On the machine: the client alone, below the name by which programs import it.
CLIENT_FOLDER = "/var/tmp/lttng-addon-client"


class Row(BaseModel):
    """One key's values; `buckets` of a histogram as (least value, count), the one below all others from None."""

    model_config = ConfigDict(frozen=True)

    key: str | int | None
    count: int
    sum: int
    min: int
    max: int
    buckets: tuple[tuple[int | None, int], ...]


class AggregateValues(BaseModel):
    """An aggregate as it was read; `overflow` counts values for whose key there was no room."""

    model_config = ConfigDict(frozen=True)

    kind: str
    value: str | None
    by: str | None
    rows: tuple[Row, ...]
    overflow: int


class CollectedHits(BaseModel):
    """What became of a hook's hits while the addon was collecting."""

    model_config = ConfigDict(frozen=True)

    seen: int
    passed: int
    recorded: int
    lost: int


class Snapshot(BaseModel):
    """All that an addon had collected at one moment."""

    model_config = ConfigDict(frozen=True)

    addon: str
    hits: dict[str, CollectedHits]
    aggregates: dict[str, AggregateValues]


def put_client(machine: Machine) -> None:
    """Put `lttng_addon_client` on a machine; programs there import it with PYTHONPATH=CLIENT_FOLDER."""
    with as_file(files("lttng_addon_client")) as folder:
        machine.put(folder, f"{CLIENT_FOLDER}/lttng_addon_client")


def read_snapshot(machine: Machine, addon: str) -> Snapshot:
    """What an addon has collected so far. The client is on the machine already.

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
