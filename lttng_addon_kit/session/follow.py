# SPDX-License-Identifier: GPL-2.0-only
"""What an addon collects, again and again, while it is being collected."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from pydantic import ValidationError

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import FOREVER
from lttng_addon_kit.machine.root_folder import root_folder
from lttng_addon_kit.session.collected import Snapshot, client_command
from lttng_addon_kit.session.crash import crashes_explained
from lttng_addon_kit.session.loading import BuiltModule, loaded
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload, workload_folder
from lttng_addon_kit.session.workload_mark import workload_mark

# The workload goes on beside the client, and is ended with it.
_BESIDE = """if [ -n "$1" ]; then sh -c "exec $1" >/dev/null 2>&1 & trap 'kill $! 2>/dev/null' EXIT; fi
shift
"$@\""""


def follow(
    stage: Stage,
    module: BuiltModule,
    workload: ChosenWorkload,
    seconds: float,
    on_snapshot: Callable[[Snapshot], None],
) -> None:
    """Load an addon and give a snapshot every `seconds` until Ctrl-C; the workload runs meanwhile.

    Raises:
        KeyboardInterrupt: it was pressed; the module is unloaded.
        KitError: it does not load, or can't be read.
    """
    with (
        crashes_explained([module]),
        root_folder(stage.machine) as folder,
        loaded(stage, [module], folder),
        workload_mark(stage, [module], folder) as mark,
        workload_folder(stage.machine, workload, folder) as prefix,
    ):
        client = client_command(folder, module.addon.name, str(seconds))
        said: list[str] = []
        output = stage.machine.run(
            "sh", "-c", _BESIDE, "top", shlex.join([*prefix, *mark, *workload.command]), *client,
            check=False, on_output=lambda line: _on_line(line, said, on_snapshot), timeout=FOREVER,
        )  # fmt: skip
    raise KitError(f"{module.addon.name} can't be followed (status {output.status})", details="\n".join(said))


def _on_line(line: str, said: list[str], on_snapshot: Callable[[Snapshot], None]) -> None:
    try:
        snapshot = Snapshot.model_validate_json(line)
    except ValidationError:
        said.append(line)
    else:
        on_snapshot(snapshot)
