# SPDX-License-Identifier: GPL-2.0-only
"""A damaged index of a kernel's types is noticed, said in a line, and created again."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel import index
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.architecture.x86_64 import ARCHITECTURE
from lttng_addon_kit.terminal import open_console
from tests.troubleshooting import shows

DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "empty": lambda path: path.write_bytes(b""),
    "a flipped bit": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:]),
    "its sum gone": lambda path: path.with_suffix(".crc32").unlink(),
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KernelFiles:
    """A kernel without any type."""
    image = tmp_path / "vmlinuz"
    image.write_bytes(b"an image")
    monkeypatch.setattr(index, "_insert_types", lambda *arguments: None)
    monkeypatch.setattr(index, "_insert_headers", lambda *arguments: None)
    none = tmp_path / "none"
    return KernelFiles("6.1.0-test", ARCHITECTURE.processor, image, none, (), none, none, none)


@pytest.mark.parametrize("damage", DAMAGE)
def test_is_created_again(damage: str, files: KernelFiles, tmp_path: Path) -> None:
    path = index.index_kernel(files, tmp_path, Progress(quiet=True))
    whole = path.read_bytes()
    DAMAGE[damage](path)
    stream = io.StringIO()
    assert index.index_kernel(files, tmp_path, Progress(open_console(stream))) == path
    assert path.read_bytes() == whole
    shows("An index of a kernel's types is damaged", stream.getvalue())


def test_a_whole_one_is_taken_as_it_is(files: KernelFiles, tmp_path: Path) -> None:
    index.index_kernel(files, tmp_path, Progress(quiet=True))
    stream = io.StringIO()
    index.index_kernel(files, tmp_path, Progress(open_console(stream)))
    assert stream.getvalue() == ""


def test_no_room_for_it(files: KernelFiles, tmp_path: Path) -> None:
    """/dev/full stands for a full disk: opening it works, writing does not."""
    (tmp_path / "kernels").mkdir()
    path = index.index_kernel(files, tmp_path, Progress(quiet=True))
    path.unlink()
    path.with_suffix(".making").symlink_to("/dev/full")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KitError, match="cannot keep the types of Linux"):
        patch.setattr(Path, "glob", lambda *words: [])  # nothing is left over to be removed
        index.index_kernel(files, tmp_path, Progress(quiet=True))
