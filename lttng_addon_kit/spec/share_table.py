# SPDX-License-Identifier: GPL-2.0-only
"""`[share]`: a ring of records for each CPU, in memory that user space maps."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.spec_table import Expression
from lttng_addon_kit.spec.where import SourceTable


def _power_of_2(number: int) -> int:
    if number & (number - 1):
        raise ValueError(f"{number} is not a power of 2")
    return number


class ShareTable(SourceTable):
    """`[share]`: how many records a ring has, and what is in one."""

    records: Annotated[int, Field(ge=2, le=2**20), AfterValidator(_power_of_2)] = 1024
    """How many records each CPU's ring has: a power of 2."""
    fields: dict[Identifier, Expression]
    """What a record has: names and expressions."""

    @model_validator(mode="after")
    def _some_fields(self) -> Self:
        if not self.fields:
            raise ValueError("a record has at least one field")
        return self
