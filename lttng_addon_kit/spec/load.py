# SPDX-License-Identifier: GPL-2.0-only
"""Reading addon.toml: text -> Addon, every mistake with its line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from lttng_addon_kit.errors import Gathering, KitError, Location, UsageError
from lttng_addon_kit.plain_files import check_inside
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.explain import explain_all
from lttng_addon_kit.spec.lttng_names import longer_name, lttng_events, lttng_providers, provider_of
from lttng_addon_kit.spec.positions import Positions, find_positions
from lttng_addon_kit.spec.table_keys import TableKeys
from lttng_addon_kit.workspace import ADDON_FILE

FILE_NAME = ADDON_FILE


@dataclass(frozen=True)
class AddonSource:
    """An addon with the place it was read from."""

    addon: Addon
    path: Path
    positions: Positions

    @property
    def folder(self) -> Path:
        return self.path.parent

    def with_defaults(self, texts: Mapping[str, str]) -> AddonSource:
        """The same with other defaults of parameters that are texts."""
        changed = {
            name: self.addon.parameters[name].model_copy(update={"default": text}) for name, text in texts.items()
        }
        return replace(self, addon=self.addon.model_copy(update={"parameters": {**self.addon.parameters, **changed}}))

    def event_keys(self, index: int, version: tuple[int, int, int]) -> TableKeys:
        """The keys of an [[event]] on a kernel of that version."""
        whens = enumerate(self.addon.events[index].when)
        covering = tuple(number for number, when in whens if when.covers(version))
        return TableKeys(self.positions, ("event", index), covering)


def load_addon(folder: Path) -> AddonSource:
    """Read and validate `folder`/addon.toml.

    Raises:
        UsageError: there is no such file.
        KitError: it can't be read, or says something wrong; with file, line and key.
    """
    path = folder / FILE_NAME
    if path.is_dir():
        raise KitError(f"{path} is a folder; an addon is described in a file of that name")
    if not path.is_file():
        raise UsageError(f"no addon at {folder}: {path} is not there", hint="lttng-addon new TEMPLATE makes one")
    check_inside(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise KitError(f"can't read {path}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise _no_text(path, problem) from None
    return AddonSource(*_parse(path, text))


def _no_text(path: Path, problem: UnicodeDecodeError) -> KitError:
    line = problem.object.count(b"\n", 0, problem.start) + 1
    return KitError(
        f"this is no text in UTF-8: byte 0x{problem.object[problem.start]:02x} is not part of a character",
        location=Location(path, line),
        hint="save the file in UTF-8",
    )


def _parse(path: Path, text: str) -> tuple[Addon, Path, Positions]:
    data, positions = _read_toml(path, text)
    try:
        addon = Addon.model_validate(data)
    except ValidationError as problems:
        raise explain_all(problems.errors(), positions) from None
    found = Gathering()
    with found.part():
        _check_names(addon, positions)
    with found.part():
        _check_files(addon, path, positions)
    found.refuse()
    return addon, path, positions


def _read_toml(path: Path, text: str) -> tuple[dict[str, object], Positions]:
    """What a TOML file says, and where; both readers descend into tables by recursion."""
    try:
        return tomllib.loads(text), find_positions(path, text)
    except tomllib.TOMLDecodeError as problem:
        raise _syntax_error(path, text, str(problem)) from None
    except RecursionError:
        raise KitError(f"{path} nests its values too deep") from None
    except ValueError as problem:  # an integer of more digits than Python reads
        raise KitError(f"{path}: {problem}") from None


def _check_names(addon: Addon, positions: Positions) -> None:
    """Something is there, and no two things have one name where C, LTTng or /proc must tell them apart."""
    if not addon.events and not addon.has_interfaces:
        raise KitError(
            "an addon has at least one [[event]], [[aggregate]], [[table]], [[command]] or [[procfs]], or a [share]",
            location=positions.key(()),
        )
    _refuse_doubles("event", [each.name for each in addon.events], positions)
    _refuse_names_of_lttng(addon, positions)
    _refuse_doubles("span", [each.name for each in addon.spans], positions)
    _refuse_doubles("aggregate", [each.name for each in addon.aggregates], positions)
    _refuse_doubles("table", [each.name for each in addon.tables], positions)
    _refuse_doubles("procfs", [each.name for each in addon.procfs], positions)
    _refuse_doubles("struct", [each.name for each in addon.structs], positions)
    _refuse_doubles("command", [each.name for each in addon.commands], positions)
    _refuse_doubles("command", [each.number for each in addon.commands], positions, "number")
    _refuse_doubles_in_c(addon, positions)


def _refuse_doubles_in_c(addon: Addon, positions: Positions) -> None:
    """Refuse what NAME_abi.h would define twice: the constants and structs of commands, aggregates and tables."""
    constants = {"PATH", "DIGEST", "RECORDS", *(each.name for each in addon.commands)}
    structs = {f"struct {each.name}" for each in addon.structs}
    for index, struct in enumerate(addon.structs):
        if struct.name == "parameters" and addon.mapped_parameters:
            raise KitError(
                "'parameters' is what the parameters that are mapped are called in C; choose another name",
                location=positions.value(("struct", index, "name")),
            )
    names = [(("aggregate", index, "name"), each.name) for index, each in enumerate(addon.aggregates)]
    names += [(("table", index, "name"), each.name) for index, each in enumerate(addon.tables)]
    for path, name in names:
        entry = [f"struct {name}_entry"] if path[0] == "table" else []
        for in_c in (name.upper(), *entry):
            if in_c in constants | structs:
                raise KitError(
                    f"{name!r} would be {in_c} in C, which is taken; choose another name",
                    location=positions.value(path),
                )
        constants.add(name.upper())


def _refuse_names_of_lttng(addon: Addon, positions: Positions) -> None:
    for index, event in enumerate(addon.events):
        why = _taken_by_lttng(event.name)
        if why:
            raise KitError(
                why,
                location=positions.value(("event", index, "name")),
                hint=f"a longer name is free, as {longer_name(event.name, addon.c_name)!r}",
            )


def _taken_by_lttng(event: str) -> str:
    provider = provider_of(event)
    if provider in lttng_providers():
        return f"events called {provider}_... are LTTng's own: a module with {event!r} does not load beside them"
    if event in lttng_events():
        return f"{event!r} is an event of LTTng's own: a session records only one of two events of one name"
    return ""


def _refuse_doubles(table: str, names: Sequence[object], positions: Positions, key: str = "name") -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise KitError(f"two {table}s have the {key} {name!r}", location=positions.value((table, index, key)))


def _check_files(addon: Addon, path: Path, positions: Positions) -> None:
    generated = f"{addon.name}.c"
    if generated in addon.module.sources:
        raise KitError(
            f"{generated} is the name of the C file that the kit generates",
            location=positions.value(("module", "sources", addon.module.sources.index(generated))),
            hint="give your own file another name",
        )
    named = {("module", "sources"): addon.module.sources, ("workload", "files"): _workload_files(addon)}
    for key, names in named.items():
        for index, name in enumerate(names):
            if not _is_file(path.parent / name):
                raise KitError(
                    f"{'.'.join(key)} names {name!r}, which is not there",
                    location=positions.value((*key, index)),
                    hint=f"write {path.parent / name}",
                )
            try:
                check_inside(path.parent / name)
            except KitError as error:
                error.location = positions.value((*key, index))
                raise
    for header in sorted(path.parent.glob("*.h")):
        check_inside(header)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _workload_files(addon: Addon) -> list[str]:
    return addon.workload.files if addon.workload else []


# A value that no TOML begins so: a name, and an operator of C behind it.
_BARE_EXPRESSION = re.compile(r"\s*([\w.-]+)\s*=\s*[$(!*&]*[A-Za-z_$]\w*\s*(?:->|[.\[(<>=!&|+*/%-]|$)")


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
    bare = _BARE_EXPRESSION.match(text.splitlines()[line - 1])
    hint = f"an expression stands in quotes: {bare[1]} = '...'" if bare else ""
    return KitError(_without_place(message), location=Location(path, line, column, 1), hint=hint)


def _without_place(message: str) -> str:
    return "TOML: " + re.sub(r" \(at .*\)$", "", message)
