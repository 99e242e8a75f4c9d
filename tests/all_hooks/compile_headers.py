# SPDX-License-Identifier: GPL-2.0-only
"""Does every header that the kit would include compile by itself, after linux/module.h?

A header that does not is named, with the compiler's first words, and the status is 1: it belongs into
lttng_addon_kit/kernel/incomplete_headers.txt, so that a header which includes it is taken in its place.

    python -m tests.all_hooks.compile_headers [bookworm] [trixie] [sid]
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import lttng_addon_kit as kit
from lttng_addon_kit.api import DEFAULT_TARGET, target_kernel
from lttng_addon_kit.target.registry import Target
from lttng_addon_kit.target.vm.root import INSIDE

# One compilation takes a quarter of a second; a precompiled linux/module.h would need these flags to the letter.
_CHECK = """\
cd {build}
check() {{
	said=$(echo "#include <linux/module.h>\n#include <$1>" | {compiler} -fsyntax-only -x c - 2>&1) ||
		echo "$1 $(echo "$said" | grep -m1 error:)"
}}
while read -r header; do check "$header"; done
"""
_NOT_FOR_SYNTAX = re.compile(r"-Wp,-MMD,\S+|-c -o \S+ \S+|-pg|-mrecord-mcount|-mfentry| -g ")


def main(releases: Sequence[str]) -> int:
    bad = 0
    for release in releases or [DEFAULT_TARGET]:
        setting = kit.setting(release)
        kernel = target_kernel(setting)
        with tempfile.TemporaryDirectory() as folder:
            incomplete = _incomplete(kernel.headers(), kernel.release, setting.target, Path(folder))
        print(f"Linux {kernel.release}: {len(incomplete)} of {len(kernel.headers())} headers don't compile alone")
        for line in incomplete:
            print(f"  {line}")
        bad += len(incomplete)
    return 1 if bad else 0


def _incomplete(headers: Sequence[str], release: str, target: Target, folder: Path) -> list[str]:
    """The headers that don't compile, each with what the compiler says."""
    build = f"/lib/modules/{release}/build"
    script = _CHECK.format(build=build, compiler=_compiler(build, target, folder))
    (folder / "check.sh").write_text(script)
    (folder / "headers").write_text("".join(f"{each}\n" for each in headers))
    # Two at a time, as many as the machines that this is for have processors.
    command = f"cd {INSIDE} && split -n r/2 headers part- && for each in part-*; do sh check.sh <$each & done; wait"
    made = target.compile(folder, "sh", "-c", command)
    return sorted(line.replace("/usr/src/", "") for line in made.output.splitlines())


def _compiler(build: str, target: Target, folder: Path) -> str:
    """How the kernel's make compiles a module, but for what makes an object of it."""
    (folder / "any.c").write_text('#include <linux/module.h>\nMODULE_LICENSE("GPL");\n')
    (folder / "Kbuild").write_text("obj-m := any.o\n")
    made = target.make(folder, "-C", build, "M=$(FOLDER)")
    if made.status:
        raise kit.KitError("no module can be compiled", details=made.output)
    line = (folder / ".any.o.cmd").read_text().splitlines()[0]
    command = line.partition(":=")[2].partition(" ; ")[0]
    return _NOT_FOR_SYNTAX.sub(" ", command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
