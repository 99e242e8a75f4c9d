# SPDX-License-Identifier: GPL-2.0-only
"""Every kind of hook and of aggregate has what the mechanism finds by its word."""

from __future__ import annotations

import inspect
from importlib.resources import files

import pytest

from lttng_addon_kit.hooks.hook import HookKind
from lttng_addon_kit.hooks.hook_kinds import hook_kinds
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import aggregate_kinds


@pytest.mark.parametrize("word", hook_kinds())
def test_hook_kind(word: str) -> None:
    kind = hook_kinds()[word]
    assert kind.USAGE.startswith(f"{word}:")
    assert all(hasattr(kind, name) for name in inspect.get_annotations(HookKind))
    assert list(inspect.signature(kind.find_hook).parameters) == ["name", "kernel", "arguments"]
    assert (files("lttng_addon_kit.templates") / "hooks" / f"{word}.j2").is_file()


@pytest.mark.parametrize("word", aggregate_kinds())
def test_aggregate_kind(word: str) -> None:
    source = (files("lttng_addon_kit.runtime") / f"kind-{word}.c").read_text(encoding="utf-8")
    header = (files("lttng_addon_kit.runtime") / f"lttng-addons-kind-{word}.h").read_text(encoding="utf-8")
    assert aggregate_kinds()[word].columns
    assert f"\nEXPORT_SYMBOL_GPL(lttng_addons_kind_{word});" in source
    assert f"\nlttng_addons_add_{word}(" in header
