"""Whatever an expression says, it is refused with a place inside its text, or becomes C without a warning.

RANDOM_EVENTS="FIRST COUNT" tries other events than the usual ones, as many as one has time for.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.target.registry import Target
from tests.expression.cases import Case, lowered, scope_of
from tests.expression.compiled import compiled
from tests.expression.random_events import damaged, random_event

FIRST, COUNT = map(int, os.environ.get("RANDOM_EVENTS", "0 200").split())
# More in one module would only take more memory.
BATCH = 200


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, BATCH))
def test_random_events(first: int, kernel: Kernel, target: Target, tmp_path: Path) -> None:
    @cache
    def scope(hook: str, nofault: bool) -> Scope:
        return scope_of(kernel, hook, nofault)

    accepted = []
    for seed in range(first, min(first + BATCH, FIRST + COUNT)):
        random = Random(seed)
        event = random_event(random, scope)
        for text in filter(None, (event.filter, *event.fields)):
            _accepts(replace(event, filter="", fields=(damaged(random, text),)), kernel)
        sound = _sound(event, kernel)
        if _accepts(sound, kernel):
            accepted.append(sound)
    assert accepted
    made = compiled(accepted, kernel, target, tmp_path)
    assert made.status == 0, made.output


def _sound(event: Case, kernel: Kernel) -> Case:
    """The event with those expressions alone that are accepted by themselves."""
    bare = replace(event, filter="", fields=())
    fields = tuple(text for text in event.fields if _accepts(replace(bare, fields=(text,)), kernel))
    return replace(
        event, filter=event.filter if _accepts(replace(bare, filter=event.filter), kernel) else "", fields=fields
    )


def _accepts(event: Case, kernel: Kernel) -> bool:
    """Whether an event is accepted; its refusal has a place inside one of its texts."""
    try:
        lowered(event, kernel)
    except ExpressionError as error:
        longest = max(map(len, (event.filter, *event.fields)))
        assert 0 <= error.span.start <= error.span.end <= longest, (event, error.span, error.message)
        return False
    return True
