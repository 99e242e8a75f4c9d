# SPDX-License-Identifier: GPL-2.0-only
"""Names in NAME_abi.h, which programs know, too: refused where the kernel's C has them taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError, Location
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.spec.load import AddonSource


@dataclass(frozen=True)
class AbiName:
    """A name in NAME_abi.h, and where addon.toml has what it is made of."""

    name: str
    place: Location


def check_abi_names(source: AddonSource, kernel: Kernel) -> None:
    """Refuse names that NAME_abi.h can't define beside the kernel's headers.

    Raises:
        KitError: a constant, a struct or a member of one; with its place in addon.toml.
    """
    for each in _constants(source):
        if kernel.is_macro(each.name) or kernel.enum_constant(each.name):
            raise _taken(each, "a constant of the kernel's headers", "give it, or the addon, another name")
    for each in _structs(source):
        if kernel.find_struct("struct", each.name):
            raise _taken(each, "a struct of the kernel's", "give it, or the addon, another name")
    for each in _members(source):
        if kernel.is_macro(each.name):
            raise _taken(each, "a macro of the kernel's headers, which C puts in its place", "choose another name")


def _constants(source: AddonSource) -> Iterator[AbiName]:
    prefix = source.addon.c_name.upper()
    for word in ("PATH", "DIGEST", "RECORDS"):
        yield AbiName(f"{prefix}_{word}", source.positions.value(("addon", "name")))
    for index, aggregate in enumerate(source.addon.aggregates):
        yield AbiName(f"{prefix}_{aggregate.name.upper()}", source.positions.value(("aggregate", index, "name")))
    for index, table in enumerate(source.addon.tables):
        yield AbiName(f"{prefix}_{table.name.upper()}", source.positions.value(("table", index, "name")))
    for index, command in enumerate(source.addon.commands):
        yield AbiName(f"{prefix}_{command.name}", source.positions.value(("command", index, "name")))


def _structs(source: AddonSource) -> Iterator[AbiName]:
    prefix = source.addon.c_name
    if source.addon.share:
        yield AbiName(f"{prefix}_record", source.positions.value(("addon", "name")))
    if source.addon.mapped_parameters:
        yield AbiName(f"{prefix}_parameters", source.positions.value(("addon", "name")))
    for index, table in enumerate(source.addon.tables):
        yield AbiName(f"{prefix}_{table.name}_entry", source.positions.value(("table", index, "name")))
    for index, struct in enumerate(source.addon.structs):
        yield AbiName(f"{prefix}_{struct.name}", source.positions.value(("struct", index, "name")))


def _members(source: AddonSource) -> Iterator[AbiName]:
    for name in source.addon.mapped_parameters:
        yield AbiName(name, source.positions.key(("parameters", name)))
    for name in source.addon.share.fields if source.addon.share else ():
        yield AbiName(name, source.positions.key(("share", "fields", name)))
    for index, struct in enumerate(source.addon.structs):
        for name in struct.members:
            yield AbiName(name, source.positions.key(("struct", index, "members", name)))


def _taken(name: AbiName, whose: str, hint: str) -> KitError:
    return KitError(f"{name.name!r} is {whose}", location=name.place, hint=hint)
