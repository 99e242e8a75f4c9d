# SPDX-License-Identifier: GPL-2.0-only
"""What all tables of addon.toml have in common: they take no unknown key; and kinds of text in them."""

from __future__ import annotations

from typing import Annotated, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


class SpecTable(BaseModel):
    """A table of addon.toml: each key's docstring is what the JSON schema and addon.toml(5) say of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


def value_as_table(key: str, table: type[SpecTable]) -> BeforeValidator:
    """Let a bare value stand for the table with that value under `key`, in the JSON schema too."""
    return BeforeValidator(
        lambda value: value if isinstance(value, dict | BaseModel) else {key: value},
        json_schema_input_type=Union[table.model_fields[key].annotation, table],  # noqa: UP007 # from values
    )


def as_list(value: object) -> object:
    """A list of what stands alone."""
    return value if isinstance(value, list) else [value]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


Line = Annotated[str, AfterValidator(_printable)]
Expression = Annotated[str, StringConstraints(min_length=1)]
Expressions = Annotated[list[Expression], BeforeValidator(as_list, json_schema_input_type=str | list[str])]
"""One, or a list."""
