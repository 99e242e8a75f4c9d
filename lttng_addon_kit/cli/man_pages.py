# SPDX-License-Identifier: GPL-2.0-only
"""The manual pages lttng-addon(1) and addon.toml(5), written from the commands' help and addon.toml's schema.

python -m lttng_addon_kit.cli.man_pages FOLDER
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import typer.main

from lttng_addon_kit import __version__
from lttng_addon_kit.cli.app import app
from lttng_addon_kit.module.addon_schema import json_schema
from lttng_addon_kit.output.toml_reference import describe_tables
from lttng_addon_kit.workspace import ADDON_FILE, CACHE_VARIABLE

_SHELL_OPTIONS = ("--install-completion", "--show-completion")


@dataclass(frozen=True)
class ManEntry:
    """An option or argument: how it is written, and what it does."""

    words: str
    help: str


@dataclass(frozen=True)
class ManCommand:
    """A command: its name with that of its group, usage, help, options and an example."""

    name: str
    usage: str
    help: str
    params: tuple[ManEntry, ...]
    example: str


def man_pages() -> dict[str, str]:
    """The text of each page, by the name of its file."""
    templates = files("lttng_addon_kit.templates")
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["roff"] = _roff
    root: Any = typer.main.get_command(app)
    context = {
        "version": __version__,
        "about": root.help,
        "options": [*_entries(root)],
        "commands": [*_commands(root, root.name or "lttng-addon")],
        "cache_variable": CACHE_VARIABLE,
        "tables": [*describe_tables(json_schema())],
        "example": (templates / "gallery/skb-filter" / ADDON_FILE).read_text(encoding="utf-8").rstrip(),
    }
    names = ("lttng-addon.1", "addon.toml.5")
    sources = {name: (templates / f"man/{name}.j2").read_text(encoding="utf-8") for name in names}
    return {name: environment.from_string(source).render(context) + "\n" for name, source in sources.items()}


def _commands(group: Any, prefix: str) -> Iterator[ManCommand]:
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, path)
            continue
        yield ManCommand(path, _usage(command), command.help or "", tuple(_entries(command)), command.epilog or "")


def _usage(command: Any) -> str:
    shown = (param for param in command.params if not getattr(param, "hidden", False))
    arguments = [param for param in shown if param.param_type_name == "argument"]
    words = (
        param.metavar or (param.name.upper() if param.required else f"[{param.name.upper()}]") for param in arguments
    )
    return " ".join(["[OPTIONS]", *words])


def _entries(command: Any) -> Iterator[ManEntry]:
    context = typer.Context(command)
    for param in command.params:
        record = param.get_help_record(context)
        if record and not set(param.opts) & set(_SHELL_OPTIONS):
            yield ManEntry(*record)


def _roff(text: str) -> str:
    """Text as roff takes it: paragraphs, `code` in bold, nothing that it would obey."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    bold = re.sub(r"`([^`\n]+)`", r"\\fB\1\\fR", escaped)
    lines = [f"\\&{line}" if line.startswith((".", "'")) else line for line in bold.splitlines()]
    return "\n".join(lines)


def main(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in man_pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
