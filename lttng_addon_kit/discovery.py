# SPDX-License-Identifier: GPL-2.0-only
"""Kinds that are found by their files: a new file in the right folder is a new kind."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def find_modules(package: ModuleType, attribute: str, suffix: str = "") -> dict[str, ModuleType]:
    """The modules of a package that have an attribute, in alphabetical order.

    Args:
        suffix: how their files' names end; the others are not imported.

    Returns:
        The modules by their names, without the suffix.
    """
    names = sorted(each.name for each in iter_modules(package.__path__) if each.name.endswith(suffix))
    modules = {name.removesuffix(suffix): import_module(f"{package.__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, attribute)}
