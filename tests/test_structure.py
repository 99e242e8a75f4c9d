# SPDX-License-Identifier: GPL-2.0-only
"""The house rules that a program can check: the order of folders, one name for one thing, sizes, licences, lines."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import PROJECT

KIT, CLIENT = "lttng_addon_kit", "lttng_addon_client"

# As in docs/architecture.md: a room imports from itself and from those before it.
COMMON = (
    "checksums",
    "errors",
    "progress",
    "interrupts",
    "discovery",
    "least_used",
    "plain_files",
    "terminal",
    "unforeseen",
    "workspace",
)
ROOMS = (
    *("spec", "kernel", "expression", "hooks", "sinks", "module", "machine", "target", "build"),
    *("session", "trace", "gallery", "output", "api", "cli"),
)

LONGEST_FUNCTION = 60
LONGEST_FILE = 350
LONGEST_PROSE = 100

# A folder has one file for each kind of its own; that file alone may ask for the kind by its word.
KINDS = ("hooks", "sinks", "expression/fields", "expression/builtins")
KIND_WORDS = {
    *("tracepoint", "fentry", "kprobe", "kretprobe", "syscall", "syscall_return", "timer", "call", "event", "record"),
    *("count", "sum", "min", "max", "histogram"),
}

LICENSE = "SPDX-License-Identifier: GPL-2.0-only"
LICENSED = (
    *(KIT, CLIENT, "runtime", "templates/module", "templates/hooks", "templates/sinks"),
    *("examples", "benchmarks", "native"),
)
LICENSED_SUFFIXES = {".py", ".c", ".h", ".j2"}
# What is generated for a user's addon bears the licence of that addon.
ADDONS_LICENSE = "SPDX-License-Identifier: {{ module.spdx }}"


@cache
def sources() -> dict[str, Path]:
    """The modules of both packages, by their dotted names (a package's own is `PACKAGE.__init__`)."""
    paths = [path for package in (KIT, CLIENT) for path in sorted((PROJECT / package).rglob("*.py"))]
    return {".".join(path.relative_to(PROJECT).with_suffix("").parts): path for path in paths}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """The dotted names of the modules of both packages that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in sources())
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in (KIT, CLIENT):
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                names = (inner, f"{inner}.__init__", node.module, f"{node.module}.__init__")
                # What is in C has no source here.
                yield from [name for name in names if name in sources()][:1]


def none(wrong: Iterable[str]) -> None:
    """Fails with all that is wrong, a line each."""
    found = list(dict.fromkeys(wrong))
    assert not found, "\n".join(["", *found])


def room(module: str) -> str:
    """The folder or file directly below the package that a module is in."""
    return module.split(".")[1]


def folder(module: str) -> str:
    return module.rpartition(".")[0]


def test_rooms_are_those_of_the_architecture() -> None:
    found = {room(module) for module in sources() if module.startswith(f"{KIT}.")}
    assert found <= {*COMMON, *ROOMS, "__init__", "__main__"}


def test_rooms_import_from_those_before_them() -> None:
    order = dict.fromkeys(COMMON, 0) | {name: place for place, name in enumerate(ROOMS, start=1)}
    none(
        f"{module} imports {imported}"
        for module, path in sources().items()
        if module.startswith(f"{KIT}.") and room(module) in order
        for imported in imports(path)
        if order.get(room(imported), 0) > order[room(module)]
    )


def test_the_client_needs_nothing_of_the_kit() -> None:
    none(
        f"{module} imports {imported}"
        for module, path in sources().items()
        if module.startswith(f"{CLIENT}.")
        for imported in imports(path)
        if not imported.startswith(f"{CLIENT}.")
    )


def test_no_two_folders_import_each_other() -> None:
    """A folder's own files are below and above those in it (a protocol, and what uses all): modules tell."""
    folders: dict[str, set[str]] = defaultdict(set)
    for module, path in sources().items():
        own = folder(module)
        others = {folder(each) for each in imports(path)} - {own}
        folders[own] |= {each for each in others if not f"{each}.".startswith(f"{own}.")}
    inside = {own: {each for each in found if not own.startswith(f"{each}.")} for own, found in folders.items()}
    no_circle(inside)


def test_no_modules_import_in_a_circle() -> None:
    # What a package offers at its top is imported from anywhere below it.
    no_circle(
        {
            module: {each for each in imports(path) if each not in (module, f"{KIT}.__init__")}
            for module, path in sources().items()
            if module != f"{KIT}.__init__"
        }
    )


def no_circle(graph: Mapping[str, set[str]]) -> None:
    """Fails where one leads to another and that one back."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_file_name_stands_once() -> None:
    none(twice((path.stem, module) for module, path in sources().items() if not path.stem.startswith("__")))


def test_a_class_name_stands_once() -> None:
    none(
        twice(
            (node.name, module)
            for module, path in sources().items()
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ClassDef)
        )
    )


def twice(names: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The names that stand in several places, and where."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, place in names:
        places[name].append(place)
    return (f"{name}: {', '.join(found)}" for name, found in places.items() if len(found) > 1)


def test_a_kind_is_asked_for_in_its_own_file_only() -> None:
    words = KIND_WORDS | {path.stem for each in KINDS for path in (PROJECT / KIT / each).rglob("*.py")}
    none(
        f"{path.relative_to(PROJECT)}:{node.lineno}: {ast.unparse(node).splitlines()[0]}"
        for path in sources().values()
        for node, asked in questions_of_kind(path)
        if asked & words - {path.stem}
    )


def questions_of_kind(path: Path) -> Iterator[tuple[ast.Compare | ast.Match, set[str]]]:
    """The comparisons and matches of something called `kind` in a file, with the words they ask for."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Compare) and any(is_kind(each) for each in (node.left, *node.comparators)):
            yield node, words_in(node)
        elif isinstance(node, ast.Match) and is_kind(node.subject):
            yield node, {word for case in node.cases for word in words_in(case.pattern)}


def is_kind(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name == "kind"


def words_in(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_functions_are_short() -> None:
    none(
        f"{path.relative_to(PROJECT)}:{node.lineno}: {node.name} has {length} lines"
        for path in sources().values()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    )


def test_files_are_short() -> None:
    none(
        f"{path.relative_to(PROJECT)} has {length} lines"
        for path in sources().values()
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    )


def test_sources_name_their_licence() -> None:
    paths = [path for each in LICENSED for path in (PROJECT / each).rglob("*") if path.suffix in LICENSED_SUFFIXES]
    # The C below tests/ is what a user would write, and messages name its lines.
    paths += (PROJECT / "tests").rglob("*.py")
    none(str(path.relative_to(PROJECT)) for path in sorted(paths) if not is_licensed(path))


def is_licensed(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    beginning = "".join(text.splitlines(keepends=True)[:2])
    return not text or LICENSE in beginning or ADDONS_LICENSE in beginning


def test_prose_is_folded() -> None:
    paths = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "tests").rglob("*.md")]
    none(
        f"{path.relative_to(PROJECT)}: {each}"
        for path in sorted(paths)
        for each in lines_and_cells(path.read_text(encoding="utf-8"))
        if len(each) > LONGEST_PROSE
    )


def lines_and_cells(text: str) -> Iterator[str]:
    """The lines of a Markdown text outside of code, and the cells of its tables; a lone link can't be folded."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for line in text.splitlines():
        if line.startswith("|"):
            yield from (cell.strip() for cell in line.split("|"))
        elif " " in line.strip():
            yield line
