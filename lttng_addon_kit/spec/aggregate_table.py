"""`[[aggregate]]`: values that are added up in the kernel."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.spec_table import Expression, SpecTable
from lttng_addon_kit.spec.where import SourceTable


class LinearTable(SpecTable):
    """A histogram's equal buckets: [from, from + step) and so on, up to `to`."""

    start: Annotated[int, Field(alias="from", ge=-(2**62), le=2**62)]
    to: Annotated[int, Field(ge=-(2**62), le=2**62)]
    step: Annotated[int, Field(ge=1, le=2**62)]

    @model_validator(mode="after")
    def _some_buckets(self) -> Self:
        if self.to <= self.start:
            raise ValueError(f"'to' ({self.to}) must be above 'from' ({self.start})")
        if not 1 <= self.inner <= 1000:
            raise ValueError(f"{self.inner} buckets: at most 1000; take a larger step")
        return self

    @property
    def inner(self) -> int:
        """How many buckets there are between `from` and `to`."""
        return -((self.start - self.to) // self.step)


class AggregateTable(SourceTable):
    """`[[aggregate]]`; `sinks/aggregate/` knows the kinds, and which other keys each of them takes."""

    name: Identifier
    kind: str
    value: Expression | None = None
    by: Expression | None = None
    keys: Annotated[int, Field(ge=1, le=4096)] = 64
    at: Literal["passed", "seen"] = "passed"
    linear: LinearTable | None = None
