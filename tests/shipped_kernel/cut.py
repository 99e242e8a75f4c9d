"""Cuts the kernel that the tests ship out of a real one.

    python -m tests.shipped_kernel.cut

It is Debian's kernel of the target bookworm: all of its own types, functions and tracepoints, those of a few modules,
the headers that define them, and the lists that only a running kernel gives. Make it anew when the layout of a
kernel's index changes, or when the tests need another module.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from lttng_addon_kit.kernel.index import index_kernel
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.registry import find_target
from lttng_addon_kit.workspace import cache_folder
from tests.shipped_kernel.shipped import ARCHIVE

# The modules that the tests ask for something; a kernel has a thousand.
MODULES = ("btrfs", "ext4", "hid", "nfsd", "tipc", "tun", "xfs")


def main() -> None:
    """See the module's docstring."""
    target = find_target("bookworm", cache_folder())
    target.create(Progress())
    with tempfile.TemporaryDirectory() as folder:
        cut(target.kernel_files(), Path(folder))
        pack(Path(folder))
    print(f"{ARCHIVE.relative_to(Path.cwd())}: {ARCHIVE.stat().st_size} bytes")


def cut(files: KernelFiles, folder: Path) -> None:
    """Writes what the tests need of a kernel into a folder."""
    (folder / "release").write_text(f"{files.release}\n", encoding="utf-8")
    shutil.copy(index_kernel(files, cache_folder(), Progress()), folder / "index.sqlite")
    _cut_index(folder / "index.sqlite")
    for name, path in (
        ("symbols", files.symbols),
        ("kprobe_blacklist", files.kprobe_blacklist),
        ("traceable", files.traceable),
    ):
        assert path is not None
        _cut_list(path, folder / name)


def pack(folder: Path) -> None:
    """Packs a folder's files, so that the same files always give the same bytes."""
    with tarfile.open(ARCHIVE, "w:xz", preset=9) as archive:
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            member = tarfile.TarInfo(path.name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def _cut_index(index: Path) -> None:
    """Drops all other modules; what SQLite makes of the rest by itself becomes a script, as it takes space."""
    index.chmod(0o644)
    with closing(sqlite3.connect(index)) as database:
        marks = ", ".join("?" * len(MODULES))
        database.execute(f"CREATE TEMP TABLE kept AS SELECT number FROM block WHERE module IN ('', {marks})", MODULES)
        database.execute("DELETE FROM block WHERE number NOT IN kept")
        # The upper half of an id is the number of its block.
        database.execute("DELETE FROM name WHERE id >> 32 NOT IN kept")
        database.execute("DELETE FROM label WHERE id >> 32 NOT IN kept")
        made_by_script = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
        indexes = database.execute(made_by_script).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        database.commit()
        database.execute("VACUUM")
    index.with_name("indexes.sql").write_text("".join(f"{sql};\n" for _, sql in indexes), encoding="utf-8")


def _cut_list(source: Path, wanted: Path) -> None:
    """Keeps the lines on functions of the kernel itself and of the modules; their order depends on the boot."""
    ends = tuple(f"[{module}]" for module in MODULES)
    lines = source.read_text(encoding="utf-8").splitlines()
    kept = sorted(line for line in lines if _is_function(line) and (not line.endswith("]") or line.endswith(ends)))
    wanted.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _is_function(line: str) -> bool:
    """Whether a line can be on a function: a symbol's begins with its kind, the other lists' with a name."""
    kind, space, _ = line.partition(" ")
    return not space or len(kind) > 1 or kind in "tTwW"


if __name__ == "__main__":
    main()
