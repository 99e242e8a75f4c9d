# SPDX-License-Identifier: GPL-2.0-only
"""The C header of the boundary and the Python client say the same: sizes, places, numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

from lttng_addon_client import abi_values, client, mapped_parameters, mapping, table_entries
from lttng_addon_client.description import parse
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.boundary_description import BoundaryDescription
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.spec.lookup_table import LONGEST_TEXT_KEY
from lttng_addon_kit.target.registry import Target

HERE = Path(__file__).parent

EXPECTED = {
    "LTTNG_ADDONS_ABI_VERSION": client.ABI_VERSION,
    "LTTNG_ADDONS_MAP_MAGIC": mapping.MAGIC,
    "LTTNG_ADDONS_VERSION": client.GET_VERSION,
    "LTTNG_ADDONS_DESCRIBE": client.GET_DESCRIPTION,
    "LTTNG_ADDONS_GET_PARAMETER": client.GET_PARAMETER,
    "LTTNG_ADDONS_SET_PARAMETER": client.SET_PARAMETER,
    "LTTNG_ADDONS_READ": client.READ_AGGREGATE,
    "LTTNG_ADDONS_READ_HITS": client.READ_HITS_OF,
    "LTTNG_ADDONS_RESET": client.RESET,
    "LTTNG_ADDONS_SET_ENTRY": table_entries.SET_ENTRY,
    "LTTNG_ADDONS_GET_ENTRY": table_entries.GET_ENTRY,
    "LTTNG_ADDONS_DELETE_ENTRY": table_entries.DELETE_ENTRY,
    "LTTNG_ADDONS_READ_ENTRIES": table_entries.READ_ALL_ENTRIES,
    "LTTNG_ADDONS_PARAMETERS_OFFSET": mapped_parameters.PARAMETERS_OFFSET,
    "LTTNG_ADDONS_TEXT_KEY_SIZE": LONGEST_TEXT_KEY,
    "sizeof(struct lttng_addons_map)": mapping._MAP.size,
    "sizeof(struct lttng_addons_table)": mapping._TABLE.size,
    "sizeof(struct lttng_addons_hits)": mapping._HITS.size,
    "sizeof(struct lttng_addons_cell)": abi_values._CELL.size,
    "sizeof(struct lttng_addons_ring)": mapping._RING_HEADER,
    "offsetof(struct lttng_addons_map, cpus_offset)": 24,
    "offsetof(struct lttng_addons_map, ring_offset)": 60,
}


def test_the_common_header(target: Target, tmp_path: Path) -> None:
    from lttng_addon_kit.module.lttng_addons import runtime_sources

    for header in runtime_sources():
        (tmp_path / header.name).write_text(header.text, encoding="utf-8")
    assert _values_in_c(list(EXPECTED), "lttng-addons-abi.h", target, tmp_path) == list(EXPECTED.values())


def test_an_addons_own_header(target: Target, kernel: Kernel, tmp_path: Path) -> None:
    shutil.copytree(HERE / "fuzz", tmp_path, dirs_exist_ok=True)
    sources = generate_sources(load_addon(tmp_path), kernel)
    assert isinstance(sources.description, BoundaryDescription)
    for file in sources.files:
        (tmp_path / file.name).write_text(file.text, encoding="utf-8")
    description = parse(sources.description.text)
    pair, record = description.structs["pair"], description.record
    names = description.tables[1].layout
    assert record is not None
    expected = {
        **{f"FUZZ_{name}": command.request for name, command in description.commands.items()},
        "sizeof(struct fuzz_pair)": pair.size,
        **{f"offsetof(struct fuzz_pair, {member.name})": member.offset for member in pair.members},
        "sizeof(struct fuzz_record)": record.size,
        "FUZZ_DIGEST": int(sources.description.digest, 16),
        "FUZZ_PACKETS": 0,
        "FUZZ_NAMES": 1,
        "sizeof(struct fuzz_names_entry)": names.size,
        **{f"offsetof(struct fuzz_names_entry, {member.name})": member.offset for member in names.members},
    }
    assert _values_in_c(list(expected), "fuzz_abi.h", target, tmp_path) == list(expected.values())


def _values_in_c(expressions: list[str], header: str, target: Target, folder: Path) -> list[int]:
    """What a C program that includes the header prints for each."""
    lines = "\n".join(f'printf("%llu\\n", (unsigned long long)({each}));' for each in expressions)
    program = f'#include <stddef.h>\n#include <stdio.h>\n#include "{header}"\nint main(void)\n{{\n{lines}\n}}\n'
    (folder / "abi_values.c").write_text(program, encoding="utf-8")
    made = target.compile(folder, "sh", "-c", "gcc -Wall -Wextra -Werror -o values abi_values.c && ./values")
    assert made.status == 0, made.output
    return [int(line) for line in made.output.split()]
