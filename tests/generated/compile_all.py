# SPDX-License-Identifier: GPL-2.0-only
"""Compiles the C of every addon that the tests know with W=1, all by one make; exits with 1 if gcc warns of one.

    python -m tests.generated.compile_all FOLDER [RELEASE...]

FOLDER is new, or what tests.generated.write_all wrote before. What gcc says of the kernel's and LTTng's own headers is
not counted.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import lttng_addon_kit as kit

# Not bad/: what only some releases refuse has names that others have.
_ADDONS = "[!b]*/*/addons/*/Kbuild"
# gcc: FILE:LINE:COLUMN: warning: TEXT; a file of an addon has a path below the folder that make is given.
_COMPLAINT = re.compile(r"^\S+:\d+:(?:\d+:)? (?:warning|error|fatal error): .*$|^(?:ERROR|WARNING): .*$", re.MULTILINE)


def main() -> None:
    """See the module's docstring."""
    out, releases = Path(sys.argv[1]), sys.argv[2:] or ["bookworm", "trixie", "sid"]
    complaints = [f"{release}: {each}" for release in releases for each in _compile(out / release, release)]
    print("no warning" if not complaints else f"{len(complaints)} warnings", flush=True)
    sys.exit(1 if complaints else 0)


def _compile(addons: Path, release: str) -> Iterator[str]:
    """What gcc and modpost say of the addons on one release."""
    target = kit.setting(release).target
    kernel = target.kernel_files().release
    with tempfile.TemporaryDirectory(dir=addons, prefix="build-") as folder:
        names = _copy(addons, Path(folder))
        (Path(folder) / "Kbuild").write_text("".join(f"obj-m += {name}/\n" for name in names), encoding="utf-8")
        made = target.make(
            Path(folder),
            "-C",
            f"/lib/modules/{kernel}/build",
            "M=$(FOLDER)",
            "W=1",
            "cmd_checkdoc=",  # kernel-doc needs modules of Perl that a target lacks
            "KBUILD_EXTRA_SYMBOLS=$(wildcard $(LTTNG_MODULES)/src/Module.symvers $(LTTNG_MODULES)/Module.symvers)",
            "modules",
        )
    own = [line for line in _COMPLAINT.findall(made.output) if not _is_of_headers(line)]
    print(f"{release}: {len(names)} modules compiled, {len(own)} complaints", *own, sep="\n", flush=True)
    yield from own
    if made.status and not own:
        yield made.output[-2000:]


def _copy(addons: Path, folder: Path) -> list[str]:
    """Copy each addon that was generated, and lttng-addons.ko's sources once; give their names."""
    for kbuild in sorted(addons.glob(_ADDONS)):
        shutil.copytree(kbuild.parent, folder / kbuild.parent.name, dirs_exist_ok=True)
    return sorted(each.name for each in folder.iterdir())


def _is_of_headers(line: str) -> bool:
    """Whether a complaint is about the kernel's or LTTng's own files."""
    return "/lttng-modules" in line or "/include/" in line


if __name__ == "__main__":
    main()
