# SPDX-License-Identifier: GPL-2.0-only
"""Another user of a machine, while the kit works there as root: nothing of his is run, loaded or followed.

The virtual machine plays a host that has other users; what the kit does on it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.root_folder import ROOM, root_folder
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session import recording
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.target.registry import Target, find_target
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import DEFAULT, PROJECT

pytestmark = pytest.mark.vm

QUIET = Progress(quiet=True)
ADDON = PROJECT / "tests/boundary/exact"
TAKEN = "/home/mallory/taken"


@pytest.fixture(scope="module")
def machine(target: Target) -> Iterator[Machine]:
    with target.start(QUIET) as started:
        started.run("useradd", "--create-home", "mallory")
        yield started


def test_nothing_of_anothers_is_run_or_loaded(target: Target, machine: Machine, tmp_path: Path) -> None:
    machine.put(Path(__file__).with_name("other_user.py"), "/home/mallory/other_user.py")
    attack = (
        "cd; nohup python3 other_user.py >said 2>&1 </dev/null & until grep -q . said; do sleep 0.1; done; cat said"
    )
    assert machine.run("su", "-", "mallory", "-c", attack, timeout=60).stdout.endswith("ready\n")
    (module,) = api.build([api.load_addon(ADDON)], api.Setting(target, cache_folder(), QUIET))
    own = module.addon.workload
    assert own
    said: list[str] = []
    workload = ChosenWorkload(own.words, files=tuple(ADDON / name for name in own.files))
    made = recording.load(record(Stage(machine, QUIET, said.append), [module], workload, tmp_path))
    assert made
    assert (made.state, made.workload_status, made.kernel_problems) == ("complete", 0, ()), said
    assert machine.run("cat", TAKEN, check=False).stdout == ""
    assert machine.run("stat", "--format=%U %a", ROOM).stdout == "root 700\n"
    assert machine.run("ls", ROOM).stdout == ""
    # He was there all the time: of a name in a folder that everybody may write to, he takes the file.
    machine.run("sh", "-c", "umask 0; echo a module > /var/tmp/control.ko; sleep 1")
    assert "seized /var/tmp/control.ko" in machine.run("cat", TAKEN).stdout


@pytest.mark.parametrize(
    ("trap", "refused"),
    [
        ("mkdir /home/mallory/room; ln -s /home/mallory/room {0}", "is a symbolic link"),
        ("ln -s /home/mallory/not-there {0}", "is a symbolic link"),
        ("touch {0}", "is no folder"),
        ("mkdir --mode=700 {0}; chown mallory {0}", r"belongs to user \d+, not to root"),
        ("mkdir --mode=777 {0}", "has mode 0777, not 0700"),
        ("mkdir --mode=700 {0}; chmod g+w /var/lib", "can be written by others"),
        ("mkdir --mode=700 {0}; chown mallory /var/lib", "/var/lib on bookworm belongs to user"),
    ],
)
def test_a_folder_that_is_not_roots_alone_is_refused(trap: str, refused: str, machine: Machine) -> None:
    machine.run("sh", "-c", f"rm -rf {ROOM}; {trap.format(ROOM)}")
    try:
        with pytest.raises(KitError, match=refused) as caught, root_folder(machine):
            pass
        assert "another user could change what root loads there" in caught.value.message
        assert "chown root:root /var/lib" in caught.value.hint
    finally:
        machine.run("sh", "-c", f"rm -rf {ROOM}; chown root /var/lib; chmod 755 /var/lib")


def test_a_folder_is_roots_alone_and_goes_when_it_is_empty(machine: Machine) -> None:
    with root_folder(machine) as folder, root_folder(machine) as other:
        assert folder != other
        assert machine.run("stat", "--format=%U %a", ROOM, folder).stdout == "root 700\nroot 700\n"
        machine.run("touch", f"{folder}/kept")
    assert machine.run("ls", ROOM).stdout == f"{Path(folder).name}\n"
    machine.run("rm", "-r", folder)


def test_a_cache_with_any_name(tmp_path: Path) -> None:
    """ssh's options give `%`, `"`, a blank and a backslash a meaning of their own."""
    cache = tmp_path / 'a "b" 100% c\\d %h'
    cache.mkdir()
    for part in ("targets", "kvm.json", "kernels"):
        (cache / part).symlink_to(cache_folder() / part)
    with find_target(DEFAULT, cache).start(QUIET) as machine:
        assert machine.run("echo", "hello").stdout == "hello\n"
