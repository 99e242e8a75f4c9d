# SPDX-License-Identifier: GPL-2.0-only
"""The kernels that the kit builds itself, as far as that can be seen without building one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lttng_addon_kit.target.architecture.x86_64 import ARCHITECTURE
from lttng_addon_kit.target.distribution.built_kernel import BuiltKernel, missing_options
from lttng_addon_kit.target.distribution.debian import DEBIAN
from lttng_addon_kit.target.distribution.distribution import Release
from lttng_addon_kit.target.releases import RELEASES

BUILT = [each for each in RELEASES.values() if each.kernel]

CHECKS = {
    "debug": ("KASAN", "PROVE_LOCKING", "DEBUG_ATOMIC_SLEEP", "UBSAN", "DEBUG_OBJECTS"),
    "debug-kcsan": ("KCSAN", "PROVE_LOCKING", "DEBUG_ATOMIC_SLEEP"),
}


def kernel_of(release: Release) -> BuiltKernel:
    assert release.kernel is not None
    return release.kernel


@pytest.mark.parametrize("built", BUILT, ids=lambda built: built.name)
def test_each_option_is_set_once_and_the_checks_are_on(built: Release) -> None:
    lines = [each for each in kernel_of(built).configuration().splitlines() if each and not each.startswith("#")]
    assert all(each.startswith("CONFIG_") for each in lines)
    names = [each.partition("=")[0] for each in lines]
    assert len(set(names)) == len(names)
    assert {f"CONFIG_{each}=y" for each in CHECKS[built.name]} <= set(lines)


def test_an_option_that_the_source_does_not_take_is_missed() -> None:
    wanted = '# why\nCONFIG_KASAN=y\nCONFIG_ATA=m\n\nCONFIG_LOCALVERSION="-debug"\n'
    got = 'CONFIG_KASAN=y\n# CONFIG_ATA is not set\nCONFIG_LOCALVERSION="-debug"\n'
    assert missing_options(wanted, got) == ["CONFIG_ATA=m"]
    assert missing_options(wanted, wanted) == []


def test_another_configuration_or_source_is_another_kernel() -> None:
    recipes = {kernel_of(each).recipe() for each in BUILT}
    recipes.add(replace(kernel_of(BUILT[0]), source="linux-source-6.12").recipe())
    assert len(recipes) == len(BUILT) + 1


def test_the_kernel_comes_from_debian_or_from_the_build() -> None:
    own, built = (DEBIAN.packages(RELEASES[name], ARCHITECTURE) for name in ("bookworm", "debug"))
    assert "linux-image-cloud-amd64" in own
    assert "dwarves" not in own
    assert "linux-image-cloud-amd64" not in built
    assert {"dwarves", "flex", "lttng-tools"} <= set(built)


def test_headers_of_a_kernel_built_here(tmp_path: Path) -> None:
    """`make bindeb-pkg` puts all of them into one folder."""
    for each in ("include/generated/uapi", "arch/x86/include/generated"):
        (tmp_path / "linux-headers-6.1.192-debug" / each).mkdir(parents=True)
    folders = DEBIAN.find_headers(tmp_path, "6.1.192-debug", ARCHITECTURE)
    assert [str(each.relative_to(tmp_path / "linux-headers-6.1.192-debug")) for each in folders] == [
        "arch/x86/include",
        "include",
        "arch/x86/include/generated",
        "include/generated/uapi",
    ]
