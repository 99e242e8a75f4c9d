"""What is of one architecture or distribution is said in its own file, and folders import only downwards."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lttng_addon_kit

PACKAGE = Path(lttng_addon_kit.__file__).parent

SPECIFIC = re.compile(r"amd64|x86|ttyS0|\bapt\b|apt-get|\bdpkg\b|debian|/usr/src|qemu-system", re.IGNORECASE)
ITS_FILES = {
    "target/architecture.py",
    "target/distribution/debian.py",
    "target/releases.py",  # names the distributions
}
# To be connected to Kernel.processor; C's type rules name the data models that they hold for.
OTHERS = {"hooks/hook.py", "hooks/arguments.py", "expression/typing/c_types.py"}

# What each folder may import, beside itself and the modules at the top that know no folder.
BELOW = {
    "kernel": set(),
    "machine": set(),
    "target": {"kernel", "machine"},
    "build": {"kernel", "machine", "module", "spec", "target"},
}
LEAVES = {"errors", "interrupts", "progress"}


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), path


def test_architecture_and_distribution_are_named_in_their_files_only() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, path in sources()
        if name not in ITS_FILES | OTHERS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SPECIFIC.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("folder", BELOW)
def test_folders_import_only_downwards(folder: str) -> None:
    allowed = {folder} | BELOW[folder] | LEAVES
    found = {
        f"{name} imports {module}"
        for name, path in sources()
        if name.startswith(f"{folder}/")
        for module in imported(path)
        if module.split(".")[0] not in allowed
    }
    assert found == set()


def imported(path: Path) -> Iterator[str]:
    """The kit's modules that a module imports, without the package's name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            package, _, module = name.partition(".")
            if package == PACKAGE.name and module:
                yield module


def test_no_two_modules_of_these_folders_import_each_other() -> None:
    """No circle among modules: each can be imported when those that it imports have been."""
    imports = {
        name.removesuffix(".py").replace("/", "."): set(imported(path))
        for name, path in sources()
        if name.partition("/")[0] in BELOW
    }
    while free := [name for name, needed in imports.items() if not needed & imports.keys()]:
        for name in free:
            del imports[name]
    assert imports == {}
