# SPDX-License-Identifier: GPL-2.0-only
"""`lttng-addon new`: a new addon's folder, from the gallery or from a hook and expressions."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import tomlkit
from tomlkit.items import Item, Table

from lttng_addon_kit.errors import KitError, UsageError, nearest
from lttng_addon_kit.module.addon_schema import SCHEMA_LINE, write_schema
from lttng_addon_kit.spec.addon import addon_name
from lttng_addon_kit.spec.load import FILE_NAME, AddonSource, load_addon
from lttng_addon_kit.workspace import Workspace

# In place of a template's name: an addon made from a hook and expressions.
FROM_HOOK = "tracepoint"


@dataclass(frozen=True)
class Template:
    """One addon of the gallery: its name, and what its addon.toml says it is."""

    name: str
    description: str


@dataclass(frozen=True)
class HookAddon:
    """An addon of one event, as the command line describes it."""

    name: str
    hook: str
    filter: str | None = None
    fields: Mapping[str, str] | None = None
    parameters: Mapping[str, str] | None = None
    workload: Sequence[str] = ()


def list_templates() -> list[Template]:
    """The gallery, by name."""
    found = []
    for folder in sorted(_gallery().iterdir(), key=lambda each: each.name):
        spec = tomlkit.parse((folder / FILE_NAME).read_text(encoding="utf-8"))
        found.append(Template(folder.name, str(spec["addon"]["description"])))
    return found


def new_from_template(
    workspace: Workspace, template: str, name: str | None, parameters: Mapping[str, str]
) -> AddonSource:
    """Create an addon's folder from a template of the gallery.

    Args:
        name: the addon's name; the template's own if None. Another name also ends the events' names, so that both
            addons can be loaded at once; the workload and the addon's other files know it by that name.
        parameters: new defaults of the addon's parameters.

    Raises:
        UsageError: no such template or parameter, or the folder exists.
        KitError: the result is no valid addon.
    """
    names = [each.name for each in list_templates()]
    if template not in names:
        raise UsageError(
            f"the gallery has no template {template!r}",
            hint=nearest(template, names) or f"it has: {', '.join(names)}, and {FROM_HOOK}",
        )
    name = _checked_name(template if name is None else name)
    texts = {
        file.name: _renamed(file.read_text(encoding="utf-8"), template, name)
        for file in (_gallery() / template).iterdir()
    }
    spec = tomlkit.parse(texts.pop(FILE_NAME))
    for event in spec.get("event", []) if name != template else ():
        event["name"] = f"{event['name']}_{name.replace('-', '_')}"
    for key, value in parameters.items():
        _set_default(spec, key, value)
    return _write(workspace, name, tomlkit.dumps(spec), texts)


def new_from_hook(workspace: Workspace, wanted: HookAddon) -> AddonSource:
    """Create an addon's folder with one event: a hook, its filter and fields.

    Raises:
        UsageError: the folder exists.
        KitError: the result is no valid addon.
    """
    return _write(workspace, _checked_name(wanted.name), hook_spec(wanted), {})


@contextmanager
def passing_addon(wanted: HookAddon) -> Iterator[AddonSource]:
    """Create an addon with one event, in a folder that is removed afterwards.

    Raises:
        KitError: the result is no valid addon.
    """
    with tempfile.TemporaryDirectory(prefix="lttng-addon-") as folder:
        yield new_from_hook(Workspace(Path(folder)), wanted)


def hook_spec(wanted: HookAddon) -> str:
    """The addon.toml of an addon with one event."""
    spec = tomlkit.document()
    spec["addon"] = {"name": wanted.name, "description": f"{wanted.hook}, as {wanted.name}", "license": "GPL"}
    if wanted.parameters:
        spec["parameters"] = {key: _typed(value) for key, value in wanted.parameters.items()}
    event = tomlkit.table()
    event["name"] = _event_name(wanted)
    event["hook"] = wanted.hook
    if wanted.filter:
        event["filter"] = _string(wanted.filter)
    if wanted.fields:
        fields = tomlkit.table()
        for key, value in wanted.fields.items():
            fields[key] = _string(value)
        event["fields"] = fields
    events = tomlkit.aot()
    events.append(event)
    spec["event"] = events
    if wanted.workload:
        spec["workload"] = {"command": list(wanted.workload)}
    return SCHEMA_LINE + tomlkit.dumps(spec)


def _string(text: str) -> Item:
    """As the user wrote it where TOML's literal strings can hold that."""
    return tomlkit.string(text, literal="'" not in text and text.isprintable())


def _event_name(wanted: HookAddon) -> str:
    """A name that LTTng takes (it wants an underscore within) and no other addon has."""
    name = wanted.name.replace("-", "_")
    return name if "_" in name else f"{name}_{wanted.hook.partition(':')[2].replace('.', '_')}"


def _gallery() -> Traversable:
    return resources.files("lttng_addon_kit.templates") / "gallery"


def _checked_name(name: str) -> str:
    try:
        return addon_name(name)
    except ValueError as problem:
        raise UsageError(str(problem)) from None


def _renamed(text: str, template: str, name: str) -> str:
    """A template's text, with another name: as it is, and at the beginning of C names and constants."""
    old, new = template.replace("-", "_"), name.replace("-", "_")
    for word, instead in ((template, name), (old, new), (old.upper(), new.upper())):
        text = re.sub(rf"(?<!\w){word}", instead, text)
    return text


def _set_default(spec: tomlkit.TOMLDocument, key: str, value: str) -> None:
    parameters = _table(spec, "parameters") if "parameters" in spec else {}
    if key not in parameters:
        raise UsageError(f"the template has no parameter {key!r}", hint=nearest(key, parameters))
    old = parameters[key]
    slot, name = (old, "default") if isinstance(old, dict) else (parameters, key)
    if isinstance(slot[name], str):
        slot[name] = value
        return
    new = _typed(value)
    if type(new) is not type(tomlkit.item(slot[name]).unwrap()):
        raise UsageError(f"parameter {key!r}: {value!r} is not of the kind of its default, {slot[name]!r}")
    slot[name] = new


def _table(spec: tomlkit.TOMLDocument, key: str) -> Table:
    table = spec[key]
    assert isinstance(table, Table)
    return table


def _typed(value: str) -> Item | bool | int | str:
    """A value of the command line: an integer or a boolean where it looks like one, else text."""
    if value in ("true", "false"):
        return value == "true"
    try:
        return int(value, 0)
    except ValueError:
        return value


def _write(workspace: Workspace, name: str, spec: str, others: Mapping[str, str]) -> AddonSource:
    """Create the new folder, whole or not at all: it is written and checked aside, then moved into place."""
    folder = workspace.addons / name
    if folder.exists():
        raise UsageError(f"{folder} already exists", hint="--name gives the new addon another name")
    workspace.addons.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=workspace.addons))
    try:
        (aside / FILE_NAME).write_text(spec, encoding="utf-8")
        for file, content in others.items():
            (aside / file).write_text(content, encoding="utf-8")
        _check(aside)
        aside.chmod(0o755)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    write_schema(workspace.addons)
    return load_addon(folder)


def _check(folder: Path) -> None:
    """Refuse a spec that the command line made invalid; there is no file to point at then, so drop the location."""
    try:
        load_addon(folder)
    except KitError as error:
        error.location = None
        raise
