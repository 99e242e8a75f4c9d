"""`[workload]`: the command that is run while events are recorded."""

from __future__ import annotations

import shlex
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from lttng_addon_kit.spec.spec_table import SpecTable


class WorkloadTable(SpecTable):
    """`[workload]`: the command that `run` uses when none is given; a list of words, or text split as a shell would.

    It runs in a folder of its own on the machine, with copies of `files` in it.
    """

    command: str | list[str]
    files: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")]] = []

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
        return self
