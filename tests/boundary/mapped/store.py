# SPDX-License-Identifier: GPL-2.0-only
"""What probes read while store.c ran was whole; parameters by all ways to them; a module that is mapped stays."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from lttng_addon_client import Interface, InterfaceError


def count(name: str) -> int:
    return sum(row.count for row in addon.aggregate(name).rows)


def hit() -> None:
    with suppress(ProcessLookupError, OSError):
        os.kill(0x7FFFFFFF, 20)


FILES = Path("/sys/module/lttng_addon_mapped/parameters")
with Interface.open("mapped") as addon:
    (pairs,) = addon.aggregate("pairs").rows
    assert pairs.max > 1000 and pairs.count > 1000 and count("divided") > 100, pairs
    print("wrong:", count("wrong"), "on at times:", 0 < count("on") < count("all"))

    parameters = addon.mapped_parameters
    parameters["pair"], parameters["is_on"] = -3, False
    print(dict(parameters), addon.parameter("pair"), (FILES / "is_on").read_text().strip())
    addon.set_parameter("pair", -(2**63))
    (FILES / "is_on").write_text("1")
    print(parameters["pair"] == -(2**63), parameters["is_on"])
    for name, value in (("pair", 2**63), ("step", 3)):
        try:
            parameters[name] = value
        except InterfaceError as error:
            print(str(error).partition(":")[0])
    before = count("on")
    for is_on in (True, False, True, False):
        parameters["is_on"] = is_on
        hit()
    print("on:", count("on") - before)
    parameters["divisor"] = 5
    before = addon.aggregate("divided").rows[0].sum
    hit()
    print("divided:", addon.aggregate("divided").rows[0].sum - before == 20 // 5 + b"python3"[5])

    # The mapping alone keeps the module.
    held = os.open("/dev/lttng-addons/mapped", os.O_RDWR)
    other = Interface(held)
    other.mapped_parameters["pair"] = 1
    os.close(held)
    other.mapped_parameters["pair"] = 2
    print("seen after the descriptor is closed:", parameters["pair"])
done = subprocess.run(["rmmod", "lttng_addon_mapped"], capture_output=True, text=True, check=False)
print("unloaded while mapped:", done.returncode == 0, other.mapped_parameters["pair"])
