"""Every struct, union, enum and prototype of a real kernel, compared with what bpftool reads in the same bytes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lttng_addon_kit.kernel.boot_image import read_kernel_btf
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Enum, Struct
from lttng_addon_kit.machine.process import need_program
from lttng_addon_kit.target.registry import Target

Types = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def told(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Types:
    """bpftool's types by id."""
    files = target.kernel_files()
    raw = tmp_path_factory.mktemp("btf") / "vmlinux.btf"
    raw.write_bytes(read_kernel_btf(files.vmlinuz.read_bytes(), files.vmlinuz, files.processor))
    command = [need_program("bpftool"), "-j", "btf", "dump", "file", str(raw), "format", "raw"]
    dump = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {each["id"]: each for each in dump["types"]}


def of_kind(told: Types, *kinds: str) -> Iterator[dict[str, Any]]:
    found = [each for each in told.values() if each["kind"] in kinds]
    assert found
    return iter(found)


def test_structs(kernel: Kernel, told: Types) -> None:
    for each in of_kind(told, "STRUCT", "UNION"):
        struct = Struct(each["kind"].lower(), each["name"], each["size"], each["id"])
        ours = [(member.name, member.bit_offset, member.bit_size) for member in kernel.members(struct)]
        theirs = [
            (unnamed(member["name"]), member["bits_offset"], member.get("bitfield_size", 0))
            for member in each["members"]
        ]
        assert ours == theirs, each["name"]


def test_enums(kernel: Kernel, told: Types) -> None:
    named = {each["name"]: each for each in reversed(list(of_kind(told, "ENUM", "ENUM64")))}
    for name, each in named.items():
        if name == "(anon)":
            continue
        enum = kernel.find_enum(name)
        assert enum is not None, name
        # bpftool 7.1 prints each value of a 64-bit enum as it prints those of 32 bits.
        theirs = tuple((value["name"], value["val"]) for value in each["values"])
        assert [label for label, _ in enum.values] == [label for label, _ in theirs]
        if each["kind"] == "ENUM":
            assert [value % 2**32 for _, value in enum.values] == [value % 2**32 for _, value in theirs], name


def test_prototypes(kernel: Kernel, told: Types) -> None:
    seen = set()
    for each in of_kind(told, "FUNC"):
        if each["name"] in seen:
            continue
        seen.add(each["name"])
        prototype = told[each["type_id"]]
        names = [unnamed(parameter["name"]) for parameter in prototype["params"] if parameter["type_id"]]
        assert [argument.name for argument in kernel.function(each["name"]).arguments] == names


def unnamed(name: str) -> str:
    return "" if name == "(anon)" else name


def test_types_of_modules(target_kernel: Callable[[str], Kernel], release: str) -> None:
    """Every type of every module can be built: none refers to what isn't there."""
    kernel = target_kernel(release)
    for name in kernel.functions():
        kernel.function(name)
    for kind in ("struct", "union"):
        for name in kernel.names(kind):
            found = kernel.find(kind, name)
            assert isinstance(found, Struct)
            kernel.members(found)
    for name in kernel.names("enum"):
        assert isinstance(kernel.find("enum", name), Enum)


def test_sizes_are_the_compilers(kernel: Kernel) -> None:
    for kind, name, size in (("struct", "list_head", 16), ("typedef", "u16", 2), ("typedef", "loff_t", 8)):
        found = kernel.find(kind, name)  # type: ignore[arg-type]
        assert found is not None
        assert kernel.size_of(found) == size
