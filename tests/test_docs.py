"""What the documents show works: their addon.toml are checked against the real kernel, the README's commands run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lttng_addon_kit.expression.builtins.builtin_table import BUILTINS
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import AddonSource, load_addon
from lttng_addon_kit.target.registry import Target
from tests.conftest import PROJECT, Command

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


EXPRESSIONS = (PROJECT / "docs/expressions.md").read_text(encoding="utf-8")

# The pieces of TOML in expressions.md are one addon.
SPECS = [
    pytest.param(block, id=f"{path.name}-{number}")
    for path in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md")))
    if path.name != "expressions.md"
    for number, block in enumerate(blocks(path.read_text(encoding="utf-8"), "toml"), start=1)
]


@pytest.mark.parametrize("spec", SPECS)
def test_every_addon_in_the_documents_is_right(spec: str, kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "addon.toml").write_text(spec, encoding="utf-8")
    assert generate_sources(load_addon(tmp_path), kernel).files


@pytest.fixture
def expressions_addon(tmp_path: Path) -> AddonSource:
    """The addon whose pieces docs/expressions.md shows; C that begins with a file's name is that file."""
    (tmp_path / "addon.toml").write_text("\n".join(blocks(EXPRESSIONS, "toml")), encoding="utf-8")
    for block in blocks(EXPRESSIONS, "c"):
        if name := re.match(r"/\* (\w+\.c) \*/", block):
            (tmp_path / name[1]).write_text(block, encoding="utf-8")
    return load_addon(tmp_path)


def test_the_expressions_examples_compile(expressions_addon: AddonSource, kernel: Kernel, target: Target) -> None:
    files = generate_sources(expressions_addon, kernel).files
    for file in files:
        (expressions_addon.folder / file.name).write_text(file.text, encoding="utf-8")
    build = f"/lib/modules/{target.kernel_files().release}/build"
    words = ("KCFLAGS=-Werror", "KBUILD_MODPOST_WARN=1", "modules")
    made = target.make(expressions_addon.folder, "-C", build, "M=$(FOLDER)", *words)
    assert made.status == 0, made.output


def test_the_c_in_the_expressions_reference_is_what_generate_makes(
    expressions_addon: AddonSource, kernel: Kernel
) -> None:
    shown = [block for block in blocks(EXPRESSIONS, "c") if not block.startswith("/*")]
    generated = "".join(file.text for file in generate_sources(expressions_addon, kernel).files)
    assert [block for block in shown if block not in generated] == []


@pytest.mark.parametrize("name", BUILTINS)
def test_the_expressions_reference_has_every_function(name: str) -> None:
    assert f"`{BUILTINS[name].usage}`" in EXPRESSIONS
    assert any(f"{name}(" in block for block in blocks(EXPRESSIONS, "toml"))


def test_the_readme_shows_the_addon_that_is_there() -> None:
    assert (PROJECT / "addons/skb-filter/addon.toml").read_text(encoding="utf-8") in blocks(README, "toml")


def test_the_gallery_has_the_addon_that_is_there() -> None:
    gallery = PROJECT / "templates/gallery/skb-filter/addon.toml"
    assert gallery.read_text(encoding="utf-8") == (PROJECT / "addons/skb-filter/addon.toml").read_text(encoding="utf-8")


def test_checked_in_sources_are_what_generate_makes(kernel: Kernel) -> None:
    folder = PROJECT / "addons/skb-filter"
    for file in generate_sources(load_addon(folder), kernel).files:
        assert (folder / file.name).read_text(encoding="utf-8") == file.text


@pytest.mark.vm
def test_the_readmes_commands(lttng_addon: Command) -> None:
    """Pasted line by line into one workspace; what records shows something."""
    for line in [line for block in blocks(README, "sh") for line in block.splitlines()]:
        program, *words = shlex.split(line)
        assert program == "lttng-addon"
        done = lttng_addon(*words)
        assert "Traceback" not in done.stderr
        # The one-liner's workload fails: that is what it shows.
        assert done.returncode == (1 if words[0] == "trace" else 0), f"{line}\n{done.stderr}"
        if words[0] in ("run", "trace"):
            assert re.search(r"[1-9]\d* events|collected from", done.stdout), f"{line}\n{done.stdout}"


@pytest.mark.vm
def test_the_python_example() -> None:
    done = subprocess.run(
        [sys.executable, PROJECT / "examples/packet_lengths.py"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "6 packets on lo, 84 to 84 bytes long"


@pytest.mark.vm
def test_make_builds_all_addons_without_the_kit(tmp_path: Path, target: object) -> None:
    from tests.conftest import made_target

    machine_root = made_target("bookworm")
    addons = tmp_path / "addons"
    subprocess.run(["cp", "-r", PROJECT / "addons", addons], check=True)
    release = machine_root.kernel_files().release
    made = machine_root.make(addons, f"KERNELDIR=/lib/modules/{release}/build")
    assert made.status == 0, made.output
    assert (addons / "skb-filter/lttng-addon-skb-filter.ko").exists()
