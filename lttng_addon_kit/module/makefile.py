# SPDX-License-Identifier: GPL-2.0-only
"""addons/Makefile: builds every addon of the workspace without the kit; one line an addon."""

from __future__ import annotations

from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.module.render import render
from lttng_addon_kit.module.write import replace_file
from lttng_addon_kit.plain_files import check_inside
from lttng_addon_kit.spec.addon import addon_name

_ENTRIES_BEGIN = "# One line an addon; lttng-addon adds them.\n"


def add_to_makefile(addon: Path) -> list[Path]:
    """Add this addon's folder to addons/Makefile, creating that if it does not exist. Its other lines stay as they are.

    Returns:
        The Makefile, if it changed.

    Raises:
        KitError: the folder's name is not one that make takes as it is, or another Makefile exists, without the
            place where entries go.
    """
    try:
        addon_name(addon.name)
    except ValueError as problem:
        raise KitError(f"the folder {addon}: {problem}", hint="rename the folder") from None
    path = addon.parent / "Makefile"
    if path.is_symlink() or path.exists():
        check_inside(path)
    text = path.read_text(encoding="utf-8") if path.exists() else render("workspace/Makefile.j2")
    entry = f"addons += {addon.name}\n"
    if entry in text:
        return []
    if _ENTRIES_BEGIN not in text:
        raise KitError(
            f"{path} has no line {_ENTRIES_BEGIN.strip()!r}, below which addons are listed",
            hint="move it away, and lttng-addon writes a new one",
        )
    before, after = text.split(_ENTRIES_BEGIN)
    entries = [line for line in after.splitlines(keepends=True) if line.startswith("addons += ")]
    rest = after[sum(map(len, entries)) :]
    replace_file(path, before + _ENTRIES_BEGIN + "".join(sorted([*entries, entry])) + rest)
    return [path]
