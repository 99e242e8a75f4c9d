# SPDX-License-Identifier: GPL-2.0-only
"""Paths reach ssh as they are, whatever ssh_config(5) makes of their characters."""

from __future__ import annotations

import subprocess
from pathlib import PurePosixPath

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.ssh_words import path_option


@pytest.mark.parametrize(
    "path", ["/a", "/a b", '/a "b" c', "/100%", "/%h/%%", "/a\\b", "/a\\", "/a'b", "/a=b", "/#a", "/$a"]
)
def test_a_path_stays_what_it_is(path: str) -> None:
    option = path_option("UserKnownHostsFile", PurePosixPath(path))
    printed = subprocess.check_output(["ssh", "-F", "none", *option, "-G", "host"], text=True)
    (known,) = (line for line in printed.splitlines() if line.startswith("userknownhostsfile "))
    assert known.partition(" ")[2] == path


@pytest.mark.parametrize("path", ["/a/${HOME}", "/a\nb"])
def test_what_ssh_has_no_way_to_write_is_refused(path: str) -> None:
    with pytest.raises(KitError, match="ssh can't be given the path"):
        path_option("IdentityFile", PurePosixPath(path))
