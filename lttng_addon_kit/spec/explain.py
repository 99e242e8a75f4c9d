# SPDX-License-Identifier: GPL-2.0-only
"""What pydantic finds wrong in addon.toml -> errors in the user's words, each with its line and key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from lttng_addon_kit.errors import KitError, merged, nearest
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.positions import KeyPath, Positions


def explain_all(problems: list[ErrorDetails], positions: Positions) -> KitError:
    """The first of the problems, with the others below it."""
    return merged(_one_each_place(problems, positions))


def _one_each_place(errors: list[ErrorDetails], positions: Positions) -> list[KitError]:
    """One error a place: a value that suits no type of a union fails once for each of them."""
    by_path: dict[KeyPath, list[ErrorDetails]] = {}
    for error in errors:
        by_path.setdefault(_spec_path(error["loc"]), []).append(error)
    return [
        _explain(same[0], positions) if len(same) == 1 else _explain_union(path, same, positions)
        for path, same in by_path.items()
    ]


def _explain_union(path: KeyPath, errors: list[ErrorDetails], positions: Positions) -> KitError:
    wanted = " or ".join(dict.fromkeys(_plain(error).removeprefix("must be ") for error in errors))
    given = _given(errors[0])
    return KitError(f"{_dotted(path)}: must be {wanted}, not {given}", location=positions.value(path))


def _explain(error: ErrorDetails, positions: Positions) -> KitError:
    path = _spec_path(error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    shown = _dotted(path)
    if kind == "extra_forbidden":
        names = [field.alias or name for name, field in _table(path[:-1]).model_fields.items()]
        where = f"[{_dotted(path[:-1])}]" if path[:-1] else "addon.toml"
        hint = nearest(str(path[-1]), names) or f"known here: {', '.join(names)}"
        return KitError(f"{where} has no key {str(path[-1])!r}", location=positions.key(path), hint=hint)
    if kind == "missing":
        message = f"[{_dotted(path[:-1])}] needs {path[-1]!r}" if path[:-1] else f"[{path[-1]}] is missing"
        return KitError(message, location=positions.key(path))
    if kind == "value_error":
        # pydantic says of a key, as a field's name, that it is one.
        place = positions.key(path) if "[key]" in error["loc"] else positions.value(path)
        return KitError(f"{shown}: {context['error']}" if shown else str(context["error"]), location=place)
    if kind == "list_type" and isinstance(error["input"], dict):
        return KitError(
            f"[{shown}] is one table, but there may be several", location=positions.key(path), hint=f"write [[{shown}]]"
        )
    return KitError(f"{shown}: {_plain(error)}, not {_given(error)}", location=positions.value(path))


def _given(error: ErrorDetails) -> str:
    """The refused value, as it may be written in TOML."""
    if isinstance(error["input"], BaseModel):
        return str(error["input"])
    try:
        return json.dumps(error["input"], default=str)
    except ValueError:  # an integer of more digits than Python writes
        return "an integer of many digits"


def _plain(error: ErrorDetails) -> str:
    """pydantic's words in the user's."""
    words = {
        "string_type": "must be text",
        "int_type": "must be an integer",
        "bool_type": "must be true or false",
        "list_type": "must be a list",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "string_too_short": "must not be empty",
        "too_short": "must not be empty",
    }
    fallback = error["msg"].replace("Input should be", "must be").replace("String should", "must")
    return words.get(error["type"], fallback)


def _spec_path(location: tuple[int | str, ...]) -> KeyPath:
    """pydantic's location without the parts that name a branch of a union, or say that a key is meant."""
    path: KeyPath = ()
    for before, part in zip(("", *location), location, strict=False):
        branch = before in ("default", "command") and part in ("bool", "int", "str", "list[str]")
        if not branch and part != "[key]":
            path = (*path, part)
    return path


def _dotted(path: KeyPath) -> str:
    """`event[1].fields.len`: counted from 1 when there are several, as a reader of the file would."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _table(path: KeyPath) -> type[BaseModel]:
    """The table that a path leads to; the numbers in it, and names that users choose, lead no further."""
    table: type[BaseModel] = Addon
    for part in path:
        annotations = {field.alias or name: field.annotation for name, field in table.model_fields.items()}
        table = next(_tables_in(annotations.get(str(part))), table)
    return table


def _tables_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The tables that a key's type is made of, as in `list[EventTable]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables_in(part)
