# SPDX-License-Identifier: GPL-2.0-only
"""What an addon says of itself: names, types and numbers of all that crosses the boundary (docs/boundary.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


class InterfaceError(Exception):
    """Something that a user of an addon's interface can do something about; `hint` says what, if it is known."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


@dataclass(frozen=True)
class MemberLayout:
    """A record's field or a struct's member; `offset` in bytes, `labels` of an enum by value."""

    name: str
    type: str
    offset: int
    labels: dict[str, str]


@dataclass(frozen=True)
class StructLayout:
    """A record's or an argument's layout; `size` in bytes."""

    size: int
    members: tuple[MemberLayout, ...]


@dataclass(frozen=True)
class AggregateInfo:
    """One aggregate: what it adds up (`value`, of `type`), by what (`by`, of type `key`), from which hook."""

    name: str
    kind: str
    value: str | None
    by: str | None
    hook: int
    type: str | None
    key: str | None
    scale: dict[str, Any] | None
    labels: dict[str, str]

    @property
    def is_signed(self) -> bool:
        return self.type is not None and self.type.startswith("s")


@dataclass(frozen=True)
class CommandInfo:
    """A command: its ioctl request, and its argument's type."""

    name: str
    direction: str
    request: int
    type: str | None


@dataclass(frozen=True)
class TableInfo:
    """A table: how many keys it has room for, and an entry's layout, whose members are `key` and `value`."""

    name: str
    entries: int
    layout: StructLayout


@dataclass(frozen=True)
class Description:
    """All of it; positions in the lists are the kernel's indices."""

    name: str
    module: str
    parameters: dict[str, str]
    mapped: StructLayout | None
    hooks: tuple[str, ...]
    aggregates: tuple[AggregateInfo, ...]
    tables: tuple[TableInfo, ...]
    record: StructLayout | None
    commands: dict[str, CommandInfo]
    structs: dict[str, StructLayout]


def parse(text: str) -> Description:
    """The JSON that the kernel gives for LTTNG_ADDONS_DESCRIBE."""
    data = json.loads(text)
    return Description(
        name=data["name"],
        module=data["module"],
        parameters={each["name"]: each["kind"] for each in data["parameters"]},
        mapped=_struct(data["mapped"]["size"], data["mapped"]["members"]) if data["mapped"] else None,
        hooks=tuple(each["name"] for each in data["hooks"]),
        aggregates=tuple(_aggregate(each) for each in data["aggregates"]),
        tables=tuple(
            TableInfo(each["name"], each["entries"], _struct(each["size"], each["members"])) for each in data["tables"]
        ),
        record=_struct(data["record"]["size"], data["record"]["fields"]) if data["record"] else None,
        commands={
            each["name"]: CommandInfo(each["name"], each["direction"], each["request"], each["type"])
            for each in data["commands"]
        },
        structs={each["name"]: _struct(each["size"], each["members"]) for each in data["structs"]},
    )


def _aggregate(each: dict[str, Any]) -> AggregateInfo:
    names = ("name", "kind", "value", "by", "hook", "type", "key", "scale")
    return AggregateInfo(**{name: each[name] for name in names}, labels=each.get("labels", {}))


def _struct(size: int, members: list[dict[str, Any]]) -> StructLayout:
    return StructLayout(size, tuple(_member(each) for each in members))


def _member(each: dict[str, Any]) -> MemberLayout:
    return MemberLayout(each["name"], each["type"], each["offset"], each.get("labels", {}))
