# SPDX-License-Identifier: GPL-2.0-only
"""A kernel that broke while addons were loaded: the error says which of them it was, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.watch import KernelBroke
from lttng_addon_kit.session.loading import BuiltModule


@contextmanager
def crashes_explained(modules: Sequence[BuiltModule]) -> Iterator[None]:
    """Add to a kernel's report, where one ends what is done inside, the lines of the addons' sources that it names."""
    try:
        yield
    except KernelBroke as error:
        causes = [cause for module in modules if module.cause and (cause := module.cause.explain(error.report))]
        raise KitError(error.message, hint=error.hint, details="\n".join([*causes, error.details])) from None
