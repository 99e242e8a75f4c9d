# SPDX-License-Identifier: GPL-2.0-only
"""All functions of the expressions' language: the FUNCTIONS of the files here."""

from __future__ import annotations

from collections.abc import Mapping

from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.expression import builtins
from lttng_addon_kit.expression.builtins.container_of import container_of
from lttng_addon_kit.expression.typing.annotation import Language
from lttng_addon_kit.expression.typing.functions import LanguageFunction

BUILTINS: Mapping[str, LanguageFunction] = {
    function.name: function for each in find_modules(builtins, "FUNCTIONS").values() for function in each.FUNCTIONS
}
LANGUAGE = Language(BUILTINS, container_of)
