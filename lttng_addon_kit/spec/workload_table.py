# SPDX-License-Identifier: GPL-2.0-only
"""`[workload]`: the command that is run while events are recorded."""

from __future__ import annotations

import shlex
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from lttng_addon_kit.spec.spec_table import SpecTable


class WorkloadTable(SpecTable):
    """`[workload]`: what `lttng-addon run` runs while it records, if no command is given."""

    command: str | list[str]
    """The command: a list of words, or a text that is split into words as a shell would."""
    files: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")]] = []
    """Files beside addon.toml that are copied to the machine; the command runs in their folder."""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(shlex.split(self.command) if isinstance(self.command, str) else self.command)

    @model_validator(mode="after")
    def _a_command(self) -> Self:
        try:
            words = self.words
        except ValueError as problem:
            raise ValueError(f"not a command: {problem}") from None
        if not words:
            raise ValueError("an empty command")
        if any("\0" in word for word in words):
            raise ValueError("a command's words have no NUL character")
        return self
