# SPDX-License-Identifier: GPL-2.0-only
"""Every file of a kind is found; a misspelt KIND or FUNCTIONS would be none, without any error."""

from __future__ import annotations

from pkgutil import iter_modules
from types import ModuleType

import pytest

from lttng_addon_kit import hooks, sinks
from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.expression import builtins
from lttng_addon_kit.sinks import aggregate
from lttng_addon_kit.target import architecture, distribution

NO_KINDS = {
    (hooks, "USAGE"): {
        *("arguments", "foreign_hooks", "hook", "hook_kinds", "passed_arguments", "return_variables"),
        *("system_call_function", "system_calls"),
    },
    (builtins, "FUNCTIONS"): {"builtin_table", "container_of"},
    (sinks, "feeds"): {"abi_types", "aggregate", "feeds", "lowering", "lttng_event", "moment", "sink", "span_edge"},
    (aggregate, "KIND"): {"aggregate_kind", "aggregate_kinds"},
    (architecture, "ARCHITECTURE"): {"architecture", "architectures"},
    (distribution, "RELEASES"): {"built_kernel", "distribution", "kernel_packages"},
}


@pytest.mark.parametrize(("package", "attribute"), NO_KINDS, ids=lambda value: getattr(value, "__name__", value))
def test_every_kind_is_found(package: ModuleType, attribute: str) -> None:
    files = {each.name for each in iter_modules(package.__path__)}
    assert files - set(find_modules(package, attribute)) == NO_KINDS[package, attribute]
