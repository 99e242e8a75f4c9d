# SPDX-License-Identifier: GPL-2.0-only
"""`[[aggregate]]`: values that are added up in the kernel."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.duration import Duration, nanoseconds
from lttng_addon_kit.spec.spec_table import Expression, Expressions, SpecTable
from lttng_addon_kit.spec.where import SourceTable

# Keys of all slices of a series.
_MOST_CELLS = 65_536


_MOST_PARTS = 8


def _few(parts: list[str]) -> list[str]:
    if len(parts) > _MOST_PARTS:
        raise ValueError(f"a key has at most {_MOST_PARTS} parts, this one has {len(parts)}")
    return parts


class LinearTable(SpecTable):
    """A histogram's equal buckets: [from, from + step) and so on, up to `to`."""

    start: Annotated[int, Field(alias="from", ge=-(2**62), le=2**62)]
    """Where the first bucket begins; one more counts what is below."""
    to: Annotated[int, Field(ge=-(2**62), le=2**62)]
    """Where the last bucket ends; one more counts this value and those above."""
    step: Annotated[int, Field(ge=1, le=2**62)]
    """How wide a bucket is."""

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
    """`[[aggregate]]`: values that the kernel adds up, each CPU for itself."""

    name: Identifier
    """A C identifier."""
    # `sinks/aggregate/` knows the kinds, and which other keys each of them takes.
    kind: str
    """What is kept of the values."""
    value: Expression | None = None
    """An expression that is a number; a count has none."""
    by: Annotated[Expressions, AfterValidator(_few)] = []
    """The key to add up by: an expression, or several; without it, all values are added up together."""
    keys: Annotated[int, Field(ge=1, le=4096)] = 64
    """How many keys each CPU has room for."""
    at: Literal["passed", "seen"] = "passed"
    """`passed`: takes the hits that pass the filter; `seen`: all of them."""
    linear: LinearTable | None = None
    """A histogram's buckets of equal width; without it, they are log2."""
    steps: Literal[2, 4, 8, 16, 32] | None = None
    """Into how many buckets a log2 histogram divides each power of 2: its quantiles are as exact as 1 in so many."""
    every: Duration | None = None
    """A series: the values of each slice of time for themselves, as `1s`."""
    slices: Annotated[int, Field(ge=2, le=10_000)] = 60
    """How many slices of a series are kept, the newest."""

    @model_validator(mode="after")
    def _some_memory(self) -> Self:
        if self.steps and self.linear:
            raise ValueError("'steps' divide powers of 2, 'linear' buckets are all of one size; take one of them")
        if "slices" in self.model_fields_set and self.every is None:
            raise ValueError("'slices' are those of a series: give 'every', the length of one")
        if self.every and self.keys * self.slices > _MOST_CELLS:
            raise ValueError(f"{self.keys} keys in {self.slices} slices: at most {_MOST_CELLS} together")
        return self

    @property
    def every_ns(self) -> int:
        """0: it is no series."""
        return nanoseconds(self.every) if self.every else 0
