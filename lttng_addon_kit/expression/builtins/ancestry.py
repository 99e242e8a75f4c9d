# SPDX-License-Identifier: GPL-2.0-only
"""pid_ns() and descends_from(): the current task's place among others."""

from __future__ import annotations

from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_number
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use

_HEADER = "lttng-addon-task.h"


def _pid_ns(use: Use) -> typed.Node:
    return typed.FunctionResult(c_types.U32, use.span, "lttng_addon_pid_ns", (), runtime_header=_HEADER)


def _descends_from(use: Use) -> typed.Node:
    (pid,) = use.arguments
    check_number(pid, "descends_from", use.scope.kernel)
    return typed.FunctionResult(
        c_types.BOOL, use.span, "lttng_addon_descends_from", use.arguments, runtime_header=_HEADER
    )


FUNCTIONS = (
    LanguageFunction("pid_ns()", 0, 0, _pid_ns),
    LanguageFunction("descends_from(pid)", 1, 1, _descends_from),
)
