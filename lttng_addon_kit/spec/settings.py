# SPDX-License-Identifier: GPL-2.0-only
"""Values of module parameters as the command line gives them (`--set`): refused, or as the module takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.parameter_table import ParameterTable, check_integer_value, check_text_value

_BOOLEANS = {"0": "0", "1": "1", "true": "1", "false": "0", "y": "y", "n": "n"}

# Of a text that is no integer, in the message that says so.
_SHOWN = 40


def choose_settings(addons: Sequence[Addon], given: Mapping[str, str]) -> list[dict[str, str]]:
    """Pick each addon's own of the given values, as its module takes them.

    Returns:
        One dict an addon, in their order, by the parameter's name.

    Raises:
        UsageError: no addon has such a parameter, or it does not take the value.
    """
    known = {name for addon in addons for name in addon.parameters}
    for name in given:
        if name not in known:
            names = ", ".join(addon.name for addon in addons)
            raise UsageError(f"no parameter {name!r} in {names}", hint=nearest(name, known))
    return [
        {name: _accept(name, addon.parameters[name], text) for name, text in given.items() if name in addon.parameters}
        for addon in addons
    ]


def _accept(name: str, parameter: ParameterTable, text: str) -> str:
    try:
        if parameter.kind == "integer":
            return _integer(text)
        if parameter.kind == "boolean":
            return _boolean(text)
        check_text_value(text, parameter.length)
    except ValueError as problem:
        raise UsageError(f"--set {name}: {problem}") from None
    return text


def _integer(text: str) -> str:
    try:
        value = int(text, 0)
    except ValueError:
        raise ValueError(f"{text[:_SHOWN]!r} is not an integer, as in 10, -10 or 0x10 (octal: 0o10)") from None
    check_integer_value(value)
    return str(value)


def _boolean(text: str) -> str:
    if text not in _BOOLEANS:
        raise ValueError(f"{text!r} is not true or false")
    return _BOOLEANS[text]
