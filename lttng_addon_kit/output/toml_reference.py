# SPDX-License-Identifier: GPL-2.0-only
"""The tables of addon.toml and their keys, as plain rows out of its JSON schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class TomlKey:
    """A key of a table: its type in words, its default as TOML ("": none), and what it is."""

    name: str
    type: str
    default: str
    about: str


@dataclass(frozen=True)
class TomlTable:
    """A table: how its head is written, what it is, and its keys."""

    head: str
    about: str
    keys: tuple[TomlKey, ...]


def describe_tables(schema: Schema) -> Iterator[TomlTable]:
    """Describe every table below the root, in the schema's order, each followed by those in it."""
    yield from _tables(schema, "", schema["$defs"])


def _tables(table: Schema, path: str, defs: Schema) -> Iterator[TomlTable]:
    for name, value in table["properties"].items():
        below = f"{path}.{name}" if path else name
        found = _table_in(value, defs)
        if found is None:
            continue
        head, inner = found
        keys = tuple(
            TomlKey(key, _type_words(each, defs), _default(each), each.get("description", ""))
            for key, each in inner["properties"].items()
            if _table_in(each, defs) is None
        )
        yield TomlTable(head.format(below), inner.get("description", ""), keys)
        yield from _tables(inner, below, defs)


def _table_in(value: Schema, defs: Schema) -> tuple[str, Schema] | None:
    """The table that a value is or holds, and how its head is written; None: it has none."""
    value = _unwrapped(value)
    for head, inner in (
        ("[{}]", value),
        ("[[{}]]", value.get("items", {})),
        ("[{}.NAME]", _values_of(value)),
    ):
        for option in (inner, *inner.get("anyOf", ())):
            target = _resolved(option, defs)
            if "properties" in target:
                return head, target
    return None


def _type_words(value: Schema, defs: Schema) -> str:
    value = _resolved(_unwrapped(value), defs)
    if "enum" in value:
        return "one of " + ", ".join(f"{each}" for each in value["enum"])
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_type_words(each, defs) for each in value["anyOf"]))
    match value.get("type"):
        case "array":
            return f"list of {_type_words(value['items'], defs)}"
        case "object" if "properties" not in value:
            return f"table of {_type_words(_values_of(value), defs)}"
        case "object":
            return "table"
        case "integer" if "minimum" in value and "maximum" in value:
            return f"integer, {value['minimum']} to {value['maximum']}"
        case "string":
            return "text"
        case other:
            return str(other)


def _values_of(value: Schema) -> Schema:
    """What the values are of a table whose keys are the user's own."""
    patterns = value.get("patternProperties", {})
    values = next(iter(patterns.values())) if patterns else value.get("additionalProperties", {})
    return values if isinstance(values, Mapping) else {}


def _default(value: Schema) -> str:
    match value.get("default"):
        case None | [] | {} | "":
            return ""
        case bool() as default:
            return str(default).lower()
        case str() as default:
            return f'"{default}"'
        case Mapping():
            return ""
        case default:
            return str(default)


def _unwrapped(value: Schema) -> Schema:
    """The value without its being optional."""
    options = [each for each in value.get("anyOf", ()) if each.get("type") != "null"]
    return options[0] if len(options) == 1 else value


def _resolved(value: Schema, defs: Schema) -> Schema:
    reference: str | None = value.get("$ref")
    return defs[reference.rpartition("/")[2]] if reference else value
