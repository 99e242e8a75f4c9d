"""All functions of the expressions' language."""

from __future__ import annotations

from collections.abc import Mapping

from lttng_addon_kit.expression.builtins import (
    addresses,
    bounded_text,
    byte_order,
    bytes,
    kernel_values,
    one_of,
    stack,
    startswith,
)
from lttng_addon_kit.expression.builtins.container_of import container_of
from lttng_addon_kit.expression.typing.annotation import Language
from lttng_addon_kit.expression.typing.functions import LanguageFunction

BUILTINS: Mapping[str, LanguageFunction] = {
    function.name: function
    for each in (kernel_values, byte_order, addresses, startswith, one_of, bounded_text, bytes, stack)
    for function in each.FUNCTIONS
}
LANGUAGE = Language(BUILTINS, container_of)
