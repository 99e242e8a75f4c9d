# SPDX-License-Identifier: GPL-2.0-only
"""What is of one architecture or distribution is said in its own file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import lttng_addon_kit

PACKAGE = Path(lttng_addon_kit.__file__).parent

SPECIFIC = re.compile(r"amd64|x86|ttyS0|\bapt\b|apt-get|\bdpkg\b|debian|/usr/src|qemu-system", re.IGNORECASE)
ITS_FOLDERS = ("target/architecture/", "target/distribution/")
OTHERS = {
    "target/releases.py",  # names the distribution of hosts
    "expression/typing/c_types.py",  # C's type rules name the data models that they hold for
}


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), path


def test_architecture_and_distribution_are_named_in_their_files_only() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, path in sources()
        if name not in OTHERS and not name.startswith(ITS_FOLDERS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SPECIFIC.search(line)
    ]
    assert found == []
