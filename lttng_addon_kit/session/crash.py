# SPDX-License-Identifier: GPL-2.0-only
"""A kernel that broke while addons were loaded: the error says which of them it was, and where."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.watch import KernelBroke
from lttng_addon_kit.session.loading import BuiltModule


def explain_crash(error: KitError, modules: Sequence[BuiltModule]) -> KitError:
    """The error, with the lines of the addons' sources that a kernel's report in it names; else the error itself."""
    if not isinstance(error, KernelBroke):
        return error
    causes = [cause for module in modules if module.cause and (cause := module.cause.explain(error.report))]
    return KitError(error.message, hint=error.hint, details="\n".join([*causes, error.details]))
