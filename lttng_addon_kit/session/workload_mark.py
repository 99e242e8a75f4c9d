# SPDX-License-Identifier: GPL-2.0-only
"""The mark of the workload: a cgroup of its own, by which modules know what belongs to it (in_workload())."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lttng_addon_kit.machine.process import failed
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.stage import Stage, afterwards

# The module parameter (runtime/lttng-addon-workload.h).
_PARAMETER = "workload_cgroup"

# Where cgroup2 is mounted it is used as it is: mounting it once more would change its options for all of the machine
# (apply_cgroup_root_flags() in kernel/cgroup/cgroup.c). The hierarchy exists without a mount, too, and with others of
# v1 beside it.
_CREATE = """set -e
own=$1 name=$2
shift 2
place=
while read -r _ folder type _; do
    if [ "$type" = cgroup2 ]; then place=$folder; break; fi
done </proc/self/mounts
if [ -z "$place" ]; then
    mkdir "$own"
    mount -t cgroup2 cgroup2 "$own"
    place=$own
fi
mkdir "$place/$name"
echo "$place/$name"
for parameter; do echo "/$name" >"$parameter"; done
"""

# What the workload left running goes where this shell is, as if there had been no mark; it may fork meanwhile.
_REMOVE = """own=$1 cgroup=$2
place=${cgroup%/*}
back=$place$(sed -n 's/^0:://p' /proc/self/cgroup)/cgroup.procs
for try in 1 2 3 4 5 6 7 8 9 10; do
    rmdir "$cgroup" 2>/dev/null && break
    while read -r process; do echo "$process" >"$back"; done <"$cgroup/cgroup.procs" 2>/dev/null
done
if [ "$place" = "$own" ]; then umount "$own" && rmdir "$own"; fi
[ ! -e "$cgroup" ]
"""

# 0 is the one who writes it (Documentation/admin-guide/cgroup-v2.rst, cgroup.procs).
_ENTER = 'echo 0 >"$0/cgroup.procs" && exec "$@"'


@contextmanager
def workload_mark(stage: Stage, modules: Sequence[BuiltModule], folder: str) -> Iterator[tuple[str, ...]]:
    """Give the workload a cgroup while inside, and name it to the modules that ask; none where no module asks.

    Args:
        folder: the kit's own on the machine (see `root_folder`).

    Returns:
        The words to put before a command for it to be marked: it and all that it starts.

    Raises:
        KitError: the machine has no such cgroups, or does not let root create one.
    """
    asking = [
        f"/sys/module/{each.addon.kernel_module_name}/parameters/{_PARAMETER}" for each in modules if each.asks_workload
    ]
    if not asking:
        yield ()
        return
    machine = stage.machine
    own = f"{folder}/cgroup"
    name = f"lttng-addon-kit-{folder.rpartition('-')[2]}"
    made = machine.run("sh", "-c", _CREATE, "sh", own, name, *asking, check=False)
    cgroup = made.stdout.strip()
    if made.status:
        _remove(stage, own, cgroup or f"{own}/{name}")
        raise failed(f"creating a cgroup for the workload on {machine.name}", made)
    with afterwards(machine, lambda: _remove(stage, own, cgroup)):
        yield "sh", "-c", _ENTER, cgroup


def _remove(stage: Stage, own: str, cgroup: str) -> None:
    removed = stage.machine.run("sh", "-c", _REMOVE, "sh", own, cgroup, check=False)
    if removed.status:
        stage.progress.say(f"The workload left processes: the cgroup {cgroup} of {stage.machine.name} stays")
