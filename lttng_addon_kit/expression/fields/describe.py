"""Moved to `FieldKind.words`; kept until all callers have followed."""

from lttng_addon_kit.expression.fields.field_kind import FieldKind


def describe(kind: FieldKind) -> str:
    """As in "u32, decimal" or "text, at most 16 bytes"."""
    return kind.words
