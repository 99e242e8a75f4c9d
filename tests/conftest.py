# SPDX-License-Identifier: GPL-2.0-only
"""What tests share: the real targets, made once in the user's cache, and the real command."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.kernel import Kernel, open_kernel
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.registry import Target, find_target
from lttng_addon_kit.target.releases import RELEASES
from lttng_addon_kit.workspace import cache_folder
from tests.shipped_kernel.shipped import open_shipped_kernel

PROJECT = Path(__file__).parent.parent
DEFAULT = "bookworm"
SHIPPED = "shipped"
NEEDS_TARGET = {"target", "release", "borrowed"}

# The default target is tested daily; RELEASES="bookworm trixie sid" names others.
TESTED_RELEASES = os.environ.get("RELEASES", DEFAULT).split()
# The way from addon.toml to the summary is tested on all of them where CI is set, but for those whose kernel is built
# first.
RUN_RELEASES = [each.name for each in RELEASES.values() if not each.kernel] if os.environ.get("CI") else TESTED_RELEASES


def pytest_configure() -> None:
    """What a script starts in the background ignores Ctrl-C, and so would all that tests start and interrupt."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test that takes `release` on each release under test, one that takes `kernel` on each kernel it can."""
    if "release" in metafunc.fixturenames:
        every = metafunc.definition.get_closest_marker("every_release")
        releases = RUN_RELEASES if every else TESTED_RELEASES
        # Those of a file share a machine: they run in one process.
        file = metafunc.definition.path.name
        groups = [pytest.param(each, marks=pytest.mark.xdist_group(f"{file} {each}")) for each in releases]
        metafunc.parametrize("release", groups, scope="session")
    if "kernel" in metafunc.fixturenames:
        kernels = [SHIPPED, pytest.param(DEFAULT, marks=pytest.mark.vm)]
        # What is compiled needs the headers of the very kernel.
        needs_target = "target" in metafunc.fixturenames
        metafunc.parametrize("kernel", kernels[1:] if needs_target else kernels, indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a target is marked `vm`: that makes one, and boots it. Those of a file run in one process."""
    for item in items:
        if isinstance(item, pytest.Function) and NEEDS_TARGET & set(item.fixturenames):
            item.add_marker(pytest.mark.vm)
        if isinstance(item, pytest.Function) and "borrowed" in item.fixturenames:
            item.add_marker(pytest.mark.alone)  # it copies the snapshot that was used last, by whomever
        if item.get_closest_marker("vm") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.name))


def made_target(name: str) -> Target:
    """A target, made if it is not there; where that fails it is tried only once."""
    target, error = _make_target(name)
    if error:
        raise error
    return target


@cache
def _make_target(name: str) -> tuple[Target, KitError | None]:
    target = find_target(name, cache_folder())
    try:
        target.create(Progress())
    except KitError as error:
        return target, error
    return target, None


@cache
def opened_kernel(name: str) -> Kernel:
    return open_kernel(made_target(name).kernel_files(), cache_folder(), Progress())


@pytest.fixture(scope="session")
def target() -> Target:
    """The default target, made if it is not there."""
    return made_target(DEFAULT)


@pytest.fixture(scope="session")
def target_kernel() -> Callable[[str], Kernel]:
    """The kernel of a target, by the target's name."""
    return opened_kernel


@pytest.fixture(scope="session")
def kernel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """The kernel that the tests ship, and by a test marked `vm` the default target's."""
    if request.param == SHIPPED:
        return open_shipped_kernel(tmp_path_factory.mktemp("kernel"))
    return opened_kernel(request.param)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the addon skb-filter as it is checked in."""
    shutil.copytree(PROJECT / "addons", tmp_path / "addons")
    return tmp_path


Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def lttng_addon(workspace: Path) -> Command:
    """Runs the command in the workspace, as a user would; returns when it is done."""

    def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).with_name("lttng-addon"), *words]
        return subprocess.run(command, cwd=workspace, capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]

    return run


@pytest.fixture
def borrowed(target: Target, tmp_path: Path) -> Path:
    """A cache whose target has the files of the real one, but for a copy of its newest snapshot."""
    cache = tmp_path / "borrowed"
    real, folder = cache_folder() / "targets" / DEFAULT, cache / "targets" / DEFAULT
    with target.start(Progress(quiet=True)):
        pass
    newest = max((real / "snapshots").iterdir(), key=lambda each: each.stat().st_mtime)
    shutil.copytree(newest, folder / "snapshots" / newest.name)
    for part in real.iterdir():
        if part.name not in ("snapshots", "runs", "runs.lock"):
            (folder / part.name).symlink_to(part)
    for name in ("kvm.json", "kernels"):
        (cache / name).symlink_to(cache_folder() / name)
    return cache
