"""The kernel that the tests ship is the real one's, for as long as the target has that kernel."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lttng_addon_kit.target.target import Target
from tests.shipped_kernel.cut import cut
from tests.shipped_kernel.shipped import unpack


def test_the_shipped_kernel_is_cut_from_the_targets(target: Target, tmp_path: Path) -> None:
    shipped, real = tmp_path / "shipped", tmp_path / "real"
    shipped.mkdir()
    real.mkdir()
    unpack(shipped)
    of, now = (shipped / "release").read_text().strip(), target.kernel_files().release
    if of != now:
        pytest.skip(f"it is of {of}, and the target now has {now}; python -m tests.shipped_kernel.cut makes it anew")
    cut(target.kernel_files(), real)
    for name in ("symbols", "kprobe_blacklist", "traceable", "indexes.sql"):
        assert (shipped / name).read_text() == (real / name).read_text(), name
    assert rows(shipped / "index.sqlite") == rows(real / "index.sqlite")


def rows(index: Path) -> dict[str, list[tuple[object, ...]]]:
    """What an index says, by the name of each table."""
    with closing(sqlite3.connect(index)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: sorted(database.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}
