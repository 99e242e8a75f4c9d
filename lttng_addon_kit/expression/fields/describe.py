"""A field's kind in a user's words, for lists and checks."""

from __future__ import annotations

from lttng_addon_kit.expression.fields.field_kinds import (
    AddressField,
    ArrayField,
    BooleanField,
    EnumField,
    FieldKind,
    IntegerField,
    PointerField,
    SequenceField,
    TextField,
)

_BASES = {2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal"}


def describe(kind: FieldKind) -> str:
    """As in "u32, decimal" or "text, at most 16 bytes"."""
    match kind:
        case IntegerField():
            order = ", network order" if kind.network else ""
            return f"{_integer(kind)}, {_BASES[kind.base]}{order}"
        case BooleanField():
            return "boolean"
        case PointerField():
            return "pointer, hexadecimal"
        case EnumField():
            return f"enum {kind.name}, {len(kind.values)} labels".replace("  ", " ")
        case TextField():
            return f"text, at most {kind.limit} bytes"
        case ArrayField():
            return f"{kind.length} times {describe(kind.element)}"
        case SequenceField():
            return f"at most {kind.limit} times {describe(kind.element)}"
        case AddressField():
            return {"ip4": "IPv4 address", "ip6": "IPv6 address", "mac": "hardware address"}[kind.rendering]


def _integer(kind: IntegerField) -> str:
    return f"{'s' if kind.signed else 'u'}{8 * kind.size}"
