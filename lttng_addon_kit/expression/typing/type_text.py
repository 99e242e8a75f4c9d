"""The text of a C type -> the kernel's type."""

from __future__ import annotations

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.expression.typing.annotate import read
from lttng_addon_kit.expression.typing.scope import Kernel, Scope
from lttng_addon_kit.kernel.types import Type, Void


def parse_type(text: str, kernel: Kernel) -> Type:
    """The type that `text` names, as "struct sk_buff *": any that a cast may have, or void.

    Raises:
        KitError: it is no such type, or the kernel has none of that name.
    """
    if text.split() == ["void"]:
        return Void()
    try:
        return read(f"({text})0", Scope(kernel, {})).type
    except ExpressionError as error:
        raise KitError(error.message, hint=error.hint) from None
