# SPDX-License-Identifier: GPL-2.0-only
"""The wheel has all of the tree that the kit needs once it is installed, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import PROJECT

# Where the wheel has what is elsewhere in the tree; tool.setuptools.package-dir in pyproject.toml.
PACKAGES = {
    "lttng_addon_client": "lttng_addon_client",
    "lttng_addon_kit": "lttng_addon_kit",
    "runtime": "lttng_addon_kit/runtime",
    "templates": "lttng_addon_kit/templates",
}


def packaged_files(folder: Path) -> Iterator[str]:
    """The files of the tree's packages, by the paths that a wheel gives them."""
    for source, place in PACKAGES.items():
        for path in (folder / source).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{place}/{path.relative_to(folder / source)}"


def test_the_wheel_has_every_file_of_the_packages(tmp_path: Path) -> None:
    # Built from a copy: the build leaves folders beside pyproject.toml, which the next would take files from.
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in (*PACKAGES, "native", "pyproject.toml", "setup.py", "README.md", "LICENSE"):
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
        else:
            shutil.copy(source, tree)
    # With the setuptools that is there: the tests need no network.
    options = ["--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", tmp_path, tree], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "lttng-addon = lttng_addon_kit.__main__:main" in archive.read(metadata).decode()
    # What is compiled, the tree has from `make setup`.
    assert names == set(packaged_files(PROJECT))
    assert wheel.name.endswith("-cp311-abi3-linux_x86_64.whl") or os.uname().machine != "x86_64"


def test_generate_needs_no_babeltrace2_and_help_nothing_heavy() -> None:
    """Each command imports what it needs; measured in processes of their own."""
    script = "import sys, {0}; print(*sorted({{each.partition('.')[0] for each in sys.modules}}))"
    for module, unwanted in (
        ("lttng_addon_kit", {"typer", "rich", "pydantic", "numpy", "bt2"}),
        ("lttng_addon_kit.cli.app", {"rich", "pydantic", "numpy", "bt2", "qemu", "sh", "jinja2", "datasketches"}),
        ("lttng_addon_kit.api", {"bt2", "numpy", "datasketches"}),
    ):
        done = subprocess.run([sys.executable, "-c", script.format(module)], capture_output=True, text=True, check=True)
        assert unwanted & set(done.stdout.split()) == set(), module


def test_the_package_gives_the_api_by_name() -> None:
    script = "import lttng_addon_kit as kit; print(callable(kit.build), set(kit.__all__) <= set(dir(kit)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
