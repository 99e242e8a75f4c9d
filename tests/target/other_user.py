# SPDX-License-Identifier: GPL-2.0-only
"""What another user of a machine tries, there: plants what root might run, and writes into modules that root loads."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

SHARED = (Path("/var/tmp"), Path("/tmp"), Path("/dev/shm"))
ROOM = Path("/var/lib/lttng-addon-kit")
TAKEN = Path.home() / "taken"

# What Python imports before, or while, it runs a program; and a module named as the kit's own.
STOLEN = ("sitecustomize", "usercustomize", "runpy", "json", "mmap", "lttng_addon_client", "exact")


def plant() -> None:
    for shared in SHARED:
        own = [shared / name for name in ("lttng-addon-client", "lttng-addon-kit", "client")]
        for folder in own:
            folder.mkdir()
            folder.chmod(0o777)
        for folder in (shared, *own):
            for name in STOLEN:
                (folder / f"{name}.py").write_text(f"open({str(TAKEN)!r}, 'a').write('ran {name}\\n')\n")
        for module in ("lttng-addons.ko", "lttng-addon-exact.ko"):
            (shared / module).write_text("not a module\n")
            (shared / module).chmod(0o666)
        (shared / "lttng-addon-kernel").symlink_to(Path.home())


def race() -> None:
    """Goes through every place again and again."""
    while True:
        for place in (*SHARED, ROOM):
            with contextlib.suppress(OSError):
                for found in os.scandir(place):
                    seize(found)


def seize(found: os.DirEntry[str]) -> None:
    with contextlib.suppress(OSError):
        if found.name.startswith("run-"):
            note(f"listed {[str(each) for each in Path(found.path).iterdir()]}")
        elif found.name.endswith(".ko") and found.stat().st_uid != os.geteuid():
            Path(found.path).write_text("seized\n")
            note(f"seized {found.path}")


def note(what: str) -> None:
    with TAKEN.open("a") as file:
        file.write(f"{what}\n")
    time.sleep(0.01)


if __name__ == "__main__":
    plant()
    print("ready", flush=True)
    race()
