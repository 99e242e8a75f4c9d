# SPDX-License-Identifier: GPL-2.0-only
"""Another user of a traced machine can't change what root loads or runs there: tried as one, on a real machine."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.root_folder import ROOM, make_root_folder, root_folder
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import choose_workload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import PROJECT, made_target

pytestmark = pytest.mark.vm

NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
ADDON = PROJECT / "tests" / "boundary" / "agreement"

# What another user can do in folders where every user can write: whatever root loads or runs by such a name is his.
PLANT = """
mkdir -p /var/tmp/lttng-addon-client/lttng_addon_client /tmp/lttng-addon-client
for folder in /var/tmp /tmp /var/tmp/lttng-addon-client /tmp/lttng-addon-client; do
    for name in sitecustomize usercustomize json fcntl; do
        echo 'import os; os.getuid() or open("/root/owned", "w").close()' > $folder/$name.py
    done
done
for name in lttng-addons lttng-addon-agreement; do echo rubbish > /var/tmp/$name.ko; done
ln -s /root /var/tmp/lttng-addon-top
"""

# Meanwhile he looks for anything of root's that he could change, or enter.
RACE = f"""
until [ -e /tmp/enough ]; do
    for each in {ROOM}/* /var/tmp/*.ko /tmp/lttng-addon-*; do
        [ -O "$each" ] || {{ [ -w "$each" ] && echo "$each" >> /tmp/gained; }}
    done
    ls {ROOM} >> /tmp/gained 2>/dev/null
    mkdir {ROOM}/run-mine 2>/dev/null && echo made >> /tmp/gained
done
"""


@pytest.fixture(scope="module")
def machine(release: str) -> Iterator[Machine]:
    with made_target(release).start(Progress(quiet=True)) as machine:
        yield machine


def test_planted_and_raced_files_are_not_used(machine: Machine, release: str, tmp_path: Path) -> None:
    machine.run(*NOBODY, "sh", "-c", PLANT)
    machine.run("sh", "-c", f'{" ".join(NOBODY)} sh -c "$1" >/dev/null 2>&1 &', "race", RACE)
    source = load_addon(ADDON)
    (module,) = api.build([source], api.Setting(made_target(release), cache_folder(), Progress(quiet=True)))
    said: list[str] = []
    stage = Stage(machine, Progress(quiet=True), said.append)
    record(stage, [module], choose_workload([source], None, None), tmp_path)
    machine.run("touch", "/tmp/enough")
    assert said
    assert machine.run("cat", "/tmp/gained", check=False).stdout == ""
    assert machine.run("test", "-e", "/root/owned", check=False).status == 1
    assert machine.run("ls", ROOM).stdout == ""


def test_the_folder_is_roots_alone_and_has_another_name_each_time(machine: Machine) -> None:
    with root_folder(machine) as one, root_folder(machine) as another:
        assert one != another
        for folder in (one, another, ROOM):
            assert machine.run("stat", "--format=%u %a", folder).stdout.split() == ["0", "700"]
        assert machine.run(*NOBODY, "ls", one, check=False).status
    assert machine.run("test", "-e", one, check=False).status == 1


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        ("mkdir {}; chown nobody {}", "belongs to user 65534, not to root"),
        ("mkdir {}; chmod 1777 {}", "has mode 1777, not 0700"),
        ("mkdir {}; chmod 755 {}", "has mode 0755, not 0700"),
        ("mkdir {}-real; ln -s {}-real {}", "is a symbolic link"),
        ("ln -s {}-missing {}", "is a symbolic link"),
        ("touch {}", "is no folder"),
    ],
)
def test_a_planted_folder_is_refused(machine: Machine, planted: str, words: str) -> None:
    folder = f"/var/lib/planted-{abs(hash(planted))}"
    machine.run("sh", "-c", planted.replace("{}", folder))
    with pytest.raises(KitError, match=words) as caught:
        make_root_folder(machine, folder, stat.S_IRWXU)
    assert folder in caught.value.message
    assert "another user could change what root loads" in caught.value.message


@pytest.mark.parametrize("above", ["/tmp", "/var/tmp", "/var/lib/group-writable"])
def test_a_folder_below_one_where_others_write_is_refused(machine: Machine, above: str) -> None:
    machine.run("sh", "-c", "mkdir -p -m 775 /var/lib/group-writable; chmod 775 /var/lib/group-writable")
    with pytest.raises(KitError, match=f"{above} on .* can be written by others"):
        make_root_folder(machine, f"{above}/ours", stat.S_IRWXU)
