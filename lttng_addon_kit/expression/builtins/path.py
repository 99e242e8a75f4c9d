# SPDX-License-Identifier: GPL-2.0-only
"""path(x[, max]): the whole path of a file, of a struct path, or of a dentry in its file system."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import Identifier, Prefix
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.c.texts import PlacedText, text, written
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_in_kernel
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY
from lttng_addon_kit.kernel.types import Pointer, Struct, strip

_HEADER = "lttng-addon-path.h"
_USUAL = 127
# Of struct mount (fs/mount.h), which no public header has.
_MOUNT_MEMBERS = ("mnt", "mnt_parent", "mnt_mountpoint")


@dataclass(frozen=True)
class PathText(typed.TextValue):
    """The path of a struct dentry, or of the struct path that is at `place`."""

    place: typed.Node
    mount: Struct | None

    @property
    def function(self) -> str:
        return "path"


def _give(use: Use) -> typed.Node:
    value = use.arguments[0]
    limit = limit_of(use.arguments[1], LONGEST_COPY, "max") if len(use.arguments) == 2 else _USUAL
    check_in_kernel(value, "give the kernel's own: a struct file *, struct path or struct dentry *")
    if use.scope.nofault:
        raise ExpressionError('path() follows pointers directly: it does not go with reads = "nofault"', use.span)
    pointer = c_types.pointer(value.type)
    struct = strip(pointer.target if pointer else value.type)
    match struct:
        case Struct(name="file") if pointer:
            return PathText(c_types.TEXT, use.span, limit, _address(_member(value, struct, use)), _mount(use))
        case Struct(name="path"):
            return PathText(c_types.TEXT, use.span, limit, value if pointer else _address(value), _mount(use))
        case Struct(name="dentry") if pointer:
            return PathText(c_types.TEXT, use.span, limit, value, None)
    raise ExpressionError(
        f"path takes a struct file *, a struct path or a struct dentry *, but this is {c_types.words(value.type)}",
        value.span,
        hint="user_text(pointer, max) reads a path that user space gave" if c_types.is_text(value) else "",
    )


def _member(file: typed.Node, struct: Struct, use: Use) -> typed.Node:
    found = use.scope.kernel.member(struct, "f_path")
    assert found is not None
    return typed.MemberRead(found.type, file.span, file, struct, "f_path", True, found.bit_offset, 0)


def _address(value: typed.Node) -> typed.Node:
    return typed.AddressOf(Pointer(value.type), value.span, value)


def _mount(use: Use) -> Struct:
    found = use.scope.kernel.find_struct("struct", "mount")
    assert found is not None
    return found


FUNCTIONS = (LanguageFunction("path(x[, max])", 1, 2, _give),)


@text.register
def _text(node: PathText, place: Place) -> PlacedText:
    if node in place.facts.held:
        return PlacedText(place.facts.held[node])
    body = place.body
    body.runtime_headers.add(_HEADER)
    pointer = followed(node.place, place)
    if node.mount is None:
        return written(node, "lttng_addon_dentry_path", (pointer,), place)
    for name in _MOUNT_MEMBERS:
        body.layouts.contains(node.mount, (name,), node.span)
    body.helpers.add("mounts")
    return written(node, "lttng_addon_path", (pointer, Prefix("&", Identifier("addon_mounts"))), place)


@wishes.register
def _name(node: PathText) -> tuple[str, ...]:
    return ("path",)
