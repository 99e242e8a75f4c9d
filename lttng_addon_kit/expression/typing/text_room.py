# SPDX-License-Identifier: GPL-2.0-only
"""How far a text can go that begins inside of an array: `array + 1`."""

from __future__ import annotations

from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.kernel.types import Array, strip


def text_room(node: typed.Node) -> int | None:
    """The bytes from where a text begins in a char array to the array's end: 0 if not known, None for other texts."""
    if not (isinstance(node, typed.AddressOf) and isinstance(node.operand, typed.Element) and c_types.is_text(node)):
        return None
    element = node.operand
    if not isinstance(strip(element.base.type), Array):
        return None
    index = constant_value(element.index)
    return element.length - index if element.length and index is not None else 0
