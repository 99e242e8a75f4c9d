"""What all tables of addon.toml have in common: they take no unknown key; and kinds of text in them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


class SpecTable(BaseModel):
    """A table of addon.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def value_as_table(key: str) -> BeforeValidator:
    """Lets a bare value stand for a table with that value under `key`."""
    return BeforeValidator(lambda value: value if isinstance(value, dict | BaseModel) else {key: value})


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


Line = Annotated[str, AfterValidator(_printable)]
Expression = Annotated[str, StringConstraints(min_length=1)]
