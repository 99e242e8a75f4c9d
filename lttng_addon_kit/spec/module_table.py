# SPDX-License-Identifier: GPL-2.0-only
"""`[module]`: the user's own C files in the module."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.spec_table import SpecTable


def _source_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.c", text):
        raise ValueError(f"{text!r} is not the name of a C file beside addon.toml, as in 'sensors.c'")
    return text


class ModuleTable(SpecTable):
    """`[module]`: your own C files, built into the module; expressions may call their functions."""

    sources: list[Annotated[str, AfterValidator(_source_name)]] = []
    """C files beside addon.toml."""
    init: Identifier | None = None
    """A function `int INIT(void)` in these files, which runs when the module is loaded."""
    exit: Identifier | None = None
    """A function `void EXIT(void)` in these files, which runs when the module is unloaded."""

    @model_validator(mode="after")
    def _init_and_exit(self) -> Self:
        if (self.init is None) != (self.exit is None):
            raise ValueError("'init' and 'exit' go together: what one begins, the other ends")
        return self
