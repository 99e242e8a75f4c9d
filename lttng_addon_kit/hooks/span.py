# SPDX-License-Identifier: GPL-2.0-only
"""`span:NAME`: the end of one of the addon's spans, with what its begin has kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "span:NAME"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = None


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return ()


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """Refuse it: the addon's spans are found before the kernel is asked; see HookKind."""
    raise KitError(f"no [[span]] above is named {name!r}", hint="a span is made of hooks and of spans above it")
