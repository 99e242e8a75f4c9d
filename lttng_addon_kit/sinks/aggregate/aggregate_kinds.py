# SPDX-License-Identifier: GPL-2.0-only
"""All kinds of aggregates, and the kind of an [[aggregate]]."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.errors import KitError, nearest
from lttng_addon_kit.sinks import aggregate
from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind
from lttng_addon_kit.spec.aggregate_table import AggregateTable


@cache
def aggregate_kinds() -> Mapping[str, AggregateKind]:
    """The kinds by their words, which are the names of their files, in alphabetical order."""
    return {name: module.KIND for name, module in find_modules(aggregate, "KIND").items()}


def find_kind(word: str) -> AggregateKind:
    """The kind of that word.

    Raises:
        KitError: no kind has that word; with the nearest words.
    """
    kinds = aggregate_kinds()
    if word not in kinds:
        raise KitError(
            f"{word!r} is not a kind of aggregate", hint=nearest(word, kinds) or f"kinds are {', '.join(kinds)}"
        )
    return kinds[word]


def check_keys(spec: AggregateTable) -> None:
    """Refuse keys that an aggregate's kind does not take, or lacks.

    Raises:
        KitError: with what is wrong.
    """
    kind = find_kind(spec.kind)
    if spec.value is not None and kind.value == "none":
        raise KitError(f"{spec.kind!r} has no 'value'; what it is counted by is 'by'")
    if spec.value is None and kind.value == "needed":
        raise KitError(f"{spec.kind!r} needs a 'value'")
    if kind.needs_key and not spec.by:
        raise KitError(f"{spec.kind!r} needs a 'by': the key")
    takers = " or ".join(repr(word) for word, each in aggregate_kinds().items() if each.buckets)
    if spec.linear is not None and not kind.buckets:
        raise KitError(f"{spec.kind!r} has no 'linear' buckets; {takers} may")
    if spec.steps is not None and not kind.buckets:
        raise KitError(f"{spec.kind!r} has no buckets, and no 'steps' of them; {takers} may")
