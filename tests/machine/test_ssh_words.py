# SPDX-License-Identifier: GPL-2.0-only
"""ssh itself reads a path as it is, whatever characters it has."""

from __future__ import annotations

import subprocess
from pathlib import PurePosixPath

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.ssh_words import path_option


@pytest.mark.parametrize("name", ["plain", "a b", "50%", "%h", 'say "x"', "it's", "back\\slash", "#hash", "a=b", "é$x"])
@pytest.mark.parametrize("option", ["IdentityFile", "UserKnownHostsFile", "ControlPath"])
def test_ssh_reads_the_path(option: str, name: str) -> None:
    path = PurePosixPath("/tmp", name, "key")
    words = path_option(option, path)
    done = subprocess.run(["ssh", "-F", "none", *words, "-G", "host"], capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"{option.lower()} ")]
    # ControlPath is shown with its tokens filled in, the others as they were written.
    shown = line.partition(" ")[2]
    assert shown.replace("%%", "%") == str(path)


@pytest.mark.parametrize("name", ["${HOME}", "line\nbreak", "bell\a"])
def test_what_ssh_can_not_be_given_is_refused(name: str) -> None:
    with pytest.raises(KitError, match="ssh can't be given the path"):
        path_option("IdentityFile", PurePosixPath("/tmp", name))
