# SPDX-License-Identifier: GPL-2.0-only
"""A field of an event, and its values in a batch of events."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """One field of an event, structures spelled out with dots.

    `kind` is integer, wide (64 bits, shown in base 16: a pointer or not), float, boolean, enum, text or array; `base`
    is the base that integers (of an array too) are shown in; `labels` are an enumeration's: (label, lowest, highest)
    value. `address` is the kind of address that it is (ip4, ip6 and mac of an array, pointer of an integer), "" if it
    is none, None if that isn't known. `bits` and `signed` are a number's; an array's are those of its elements, whose
    kind is `element` ("text" where they aren't single values).
    """

    name: str
    kind: str
    base: int = 10
    labels: tuple[tuple[str, int, int], ...] = ()
    address: str | None = None
    bits: int = 64
    signed: bool = True
    element: str = ""


@dataclass(frozen=True)
class LongArray:
    """An array of more elements than are kept: the first ones, and a digest of them all."""

    length: int
    first: tuple[Any, ...]
    digest: str


@dataclass(frozen=True)
class Column:
    """A field and its values in a batch of events: int, float or str; for arrays a tuple or a `LongArray`.

    Long text ends with a digest (`kept_text`). Where values are read whole, there are no `LongArray`s and no digests,
    and None stands where an event lacks the field (an option of a variant that isn't selected).
    """

    field: Field
    values: list[Any] = dataclasses.field(default_factory=list)
