"""Reading addon.toml: text -> Addon, every mistake with its line and key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lttng_addon_kit.errors import KitError, Location, UsageError, nearest, render
from lttng_addon_kit.spec.addon import Addon, AddonTable, Event, EventField, ModuleTable, Parameter, When, Workload
from lttng_addon_kit.spec.boundary import Aggregate, Command, Interfaces, Procfs, Share, Struct
from lttng_addon_kit.spec.positions import KeyPath, Positions, find_positions
from lttng_addon_kit.workspace import ADDON_FILE

FILE_NAME = ADDON_FILE

# Which tables have a fixed set of keys, and which: for the nearest name of a misspelt one.
_TABLES: dict[str, type[BaseModel]] = {
    "": Addon,
    "addon": AddonTable,
    "module": ModuleTable,
    "parameters.*": Parameter,
    "event": Event,
    "event.fields.*": EventField,
    "event.when": When,
    "event.when.fields.*": EventField,
    "aggregate": Aggregate,
    "share": Share,
    "interfaces": Interfaces,
    "procfs": Procfs,
    "struct": Struct,
    "command": Command,
    "workload": Workload,
}


@dataclass(frozen=True)
class AddonSource:
    """An addon with the place it was read from."""

    addon: Addon
    path: Path
    positions: Positions

    @property
    def folder(self) -> Path:
        return self.path.parent


def load_addon(folder: Path) -> AddonSource:
    """Read and validate `folder`/addon.toml.

    Raises:
        UsageError: there is no such file.
        KitError: it can't be read, or says something wrong; with file, line and key.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise UsageError(f"no addon at {folder}: {path} is not there", hint="lttng-addon new TEMPLATE makes one")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise KitError(f"can't read {path}: {problem}") from None
    return AddonSource(*_parse(path, text))


def json_schema() -> dict[str, Any]:
    """The JSON schema of addon.toml, for editors that complete and check TOML by one."""
    return Addon.model_json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def _parse(path: Path, text: str) -> tuple[Addon, Path, Positions]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _syntax_error(path, text, str(problem)) from None
    positions = find_positions(path, text)
    try:
        addon = Addon.model_validate(data)
    except ValidationError as problems:
        raise _first_with_others(_explain_all(problems.errors(), positions)) from None
    _check_names(addon, positions)
    _check_files(addon, path, positions)
    return addon, path, positions


def _check_names(addon: Addon, positions: Positions) -> None:
    """Something is there, and no two things have one name where C, LTTng or /proc must tell them apart."""
    if not addon.events and not addon.has_interfaces:
        raise KitError(
            "an addon has at least one [[event]], [[aggregate]], [[command]] or [[procfs]], or a [share]",
            location=positions.key(()),
        )
    _refuse_doubles("event", [each.name for each in addon.events], positions)
    _refuse_doubles("aggregate", [each.name for each in addon.aggregates], positions)
    _refuse_doubles("procfs", [each.name for each in addon.procfs], positions)
    _refuse_doubles("struct", [each.name for each in addon.structs], positions)
    _refuse_doubles("command", [each.name for each in addon.commands], positions)
    _refuse_doubles("command", [each.number for each in addon.commands], positions, "number")
    taken = {"PATH", "DIGEST", "RECORDS", *(each.name for each in addon.commands)}
    for index, each in enumerate(addon.aggregates):
        if each.name.upper() in taken:
            raise KitError(
                f"{each.name!r} would be {each.name.upper()} in C, which is taken; choose another name",
                location=positions.value(("aggregate", index, "name")),
            )
        taken.add(each.name.upper())


def _refuse_doubles(table: str, names: Sequence[object], positions: Positions, key: str = "name") -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise KitError(f"two {table}s have the {key} {name!r}", location=positions.value((table, index, key)))


def _check_files(addon: Addon, path: Path, positions: Positions) -> None:
    named = {("module", "sources"): addon.module.sources, ("workload", "files"): _workload_files(addon)}
    for key, names in named.items():
        for index, name in enumerate(names):
            if not (path.parent / name).is_file():
                raise KitError(
                    f"{'.'.join(key)} names {name!r}, which is not there",
                    location=positions.value((*key, index)),
                    hint=f"write {path.parent / name}",
                )


def _workload_files(addon: Addon) -> list[str]:
    return addon.workload.files if addon.workload else []


def _syntax_error(path: Path, text: str, message: str) -> KitError:
    found = re.search(r"at line (\d+), column (\d+)", message)
    if not found:
        return KitError(_without_place(message), location=Location(path, max(1, len(text.splitlines()))))
    line, column = int(found[1]), int(found[2])
    key = re.match(r"\s*([\w.-]+)(?=\s*=)", text.splitlines()[line - 1]) if "overwrite" in message else None
    if key:
        return KitError(
            f"the key {key[1]!r} is there twice", location=Location(path, line, key.start(1) + 1, len(key[1]))
        )
    return KitError(_without_place(message), location=Location(path, line, column, 1))


def _without_place(message: str) -> str:
    return "TOML: " + re.sub(r" \(at .*\)$", "", message)


def _first_with_others(errors: list[KitError]) -> KitError:
    first, *others = errors
    first.details = "\n".join(render(other) for other in others)
    return first


def _explain_all(errors: list[ErrorDetails], positions: Positions) -> list[KitError]:
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
    given = json.dumps(errors[0]["input"], default=str)
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
    if kind == "string_pattern_mismatch" and path[-1] == "hook":
        return KitError(
            f"{shown}: {error['input']!r} is not a hook",
            location=positions.value(path),
            hint="'tracepoint:NAME', 'kprobe:FUNCTION' or 'kretprobe:FUNCTION'",
        )
    if kind == "value_error":
        return KitError(
            f"{shown}: {context['error']}" if shown else str(context["error"]), location=positions.value(path)
        )
    given = error["input"] if isinstance(error["input"], BaseModel) else json.dumps(error["input"], default=str)
    return KitError(f"{shown}: {_plain(error)}, not {given}", location=positions.value(path))


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
    names = [str(part) for part in path if not isinstance(part, int)]
    for count in (len(names), len(names) - 1):
        pattern = ".".join(names[:count] + ["*"] * (len(names) - count))
        if pattern in _TABLES:
            return _TABLES[pattern]
    return Addon
