# SPDX-License-Identifier: GPL-2.0-only
"""All kinds of hooks, and a hook as addon.toml writes it -> what this kernel has there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from lttng_addon_kit import hooks
from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.errors import KitError, nearest
from lttng_addon_kit.hooks.foreign_hooks import foreign_hint
from lttng_addon_kit.hooks.hook import Hook, HookKind
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument


@cache
def hook_kinds() -> Mapping[str, HookKind]:
    """The kinds by their words, which are the names of their files, in alphabetical order."""
    return {name: cast(HookKind, module) for name, module in find_modules(hooks, "USAGE").items()}


def hook_usages() -> str:
    """How hooks are written, for people."""
    *others, last = (f"'{kind.USAGE}'" for kind in hook_kinds().values())
    return f"{', '.join(others)} or {last}"


def find_hook(
    text: str, kernel: Kernel, arguments: Sequence[Argument] = (), own: Mapping[str, Hook] | None = None
) -> Hook:
    """What the kernel has at a hook, as addon.toml writes it.

    Args:
        arguments: those of [event.arguments].
        own: hooks that the addon has itself, as addon.toml writes them.

    Raises:
        KitError: the text is no hook, or the kernel does not have it or can't be hooked there; with the reason and the
            nearest names.
    """
    if own and text in own:
        return own[text]
    word, _, name = text.partition(":")
    kind = hook_kinds().get(word)
    if kind is None or not re.fullmatch(kind.NAMES, name):
        raise KitError(f"{text!r} is not a hook", hint=foreign_hint(text, kernel) or _hint(text))
    if arguments and not kind.TAKES_ARGUMENTS:
        takers = " or ".join(f"'{word}:'" for word, each in hook_kinds().items() if each.TAKES_ARGUMENTS)
        raise KitError(f"the kernel says what a hook's arguments are; [event.arguments] is for {takers}")
    return kind.find_hook(name, kernel, arguments)


def _hint(text: str) -> str:
    """How what is no hook may be meant."""
    word = text.partition(":")[0]
    if word in hook_kinds():
        return f"'{hook_kinds()[word].USAGE}'"
    return nearest(word, hook_kinds()) or hook_usages()
