# SPDX-License-Identifier: GPL-2.0-only
"""The decoder under AddressSanitizer and UndefinedBehaviorSanitizer, fed with hostile input.

    python -m tests.fuzz.sanitized SECONDS [SEED]

builds native/ with them into a folder of its own, and runs itself again with that in place of the installed one. The
first finding ends it.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from pathlib import Path

_PROJECT = Path(__file__).parents[2]
_MODULE = "lttng_addon_kit.trace.native"
_BUILT = "SANITIZED_NATIVE"


def build(folder: Path) -> Path:
    """Build the module with sanitizers into a folder."""
    built = folder / "native.abi3.so"
    flags = ["-std=c11", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
    sources = sorted((_PROJECT / "native").glob("*.c"))
    include = sysconfig.get_path("include")
    subprocess.run(["gcc", *flags, "-shared", "-fPIC", f"-I{include}", "-o", built, *sources], check=True)
    return built


def run(built: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run this module again with what was built."""
    library = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    environment = os.environ | {
        _BUILT: str(built),
        "LD_PRELOAD": library.stdout.strip(),
        # Python keeps some memory to the end; and its own allocator would hide what lies beyond a block.
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
        "PYTHONMALLOC": "malloc",
    }
    command = [sys.executable, "-m", "tests.fuzz.sanitized", *words]
    return subprocess.run(command, env=environment, cwd=_PROJECT, capture_output=True, text=True)


def _use(built: str) -> None:
    spec = importlib.util.spec_from_file_location(_MODULE, built)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[_MODULE] = module


def _fuzz(seconds: float, seed: str) -> None:
    from tests.fuzz.decoder_rounds import DATA, rounds

    traces = sorted(path.parent for path in DATA.rglob("metadata") if "ctf2" not in str(path))
    counts: Counter[str] = Counter()
    end = time.monotonic() + seconds
    for said in rounds(seed, traces):
        counts[said] += 1
        if time.monotonic() > end:
            break
    for said, count in sorted(counts.items()):
        print(f"{count:8,} {said}")


def main() -> None:
    """See the top of this file."""
    seconds = float(sys.argv[1])
    seed = sys.argv[2] if len(sys.argv) > 2 else str(time.time_ns())
    if _BUILT in os.environ:
        _use(os.environ[_BUILT])
        _fuzz(seconds, seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        done = run(build(Path(folder)), str(seconds), seed)
    print(f"seed {seed}\n{done.stdout}{done.stderr}", end="")
    sys.exit(bool(done.returncode))


if __name__ == "__main__":
    main()
