"""A field's value -> the macro with which LTTng records it (lttng-modules, include/lttng/events-write.h)."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.lower import Value
from lttng_addon_kit.expression.fields.field_kinds import (
    AddressField,
    ArrayField,
    BooleanField,
    EnumField,
    IntegerField,
    PointerField,
    SequenceField,
    TextField,
)

_ADDRESS_BYTES = {"ip6": 16, "mac": 6}


@dataclass(frozen=True)
class Enumeration:
    """A CTF enumeration: its name in C, and its labels with their values."""

    name: str
    values: tuple[tuple[str, int], ...]


def enumeration(event: str, value: Value) -> Enumeration | None:
    """What must be declared before an event with this field."""
    if not isinstance(value.kind, EnumField):
        return None
    return Enumeration(f"{event}_{value.name}", value.kind.values)


def field_macro(event: str, value: Value) -> str:
    """The line between TP_FIELDS' parentheses; the field is read from the probe's arguments of that name."""
    name = value.name
    match value.kind:
        case IntegerField():
            return _integer(value.kind, _declared_type(value), name)
        case BooleanField():
            return f"ctf_integer(u8, {name}, {name})"
        case PointerField():
            return f"ctf_integer_hex({_declared_type(value)}, {name}, {name})"
        case EnumField():
            integer = integer_type(IntegerField(value.kind.size, value.kind.signed))
            return f"ctf_enum({event}_{name}, {integer}, {name}, {name})"
        case TextField() if value.kind.fixed:
            return f"ctf_array_text(char, {name}, {name}, {value.kind.limit})"
        case TextField():
            return f"ctf_sequence_text(char, {name}, {name}, u32, strnlen({name}, {value.kind.limit}))"
        case ArrayField():
            element = value.kind.element
            return f"ctf_array{_suffix(element)}({integer_type(element)}, {name}, {name}, {value.kind.length})"
        case SequenceField():
            element, length = value.kind.element, value.arguments[1].name
            return f"ctf_sequence{_suffix(element)}({integer_type(element)}, {name}, {name}, u32, {length})"
        case AddressField(rendering="ip4"):
            return f"ctf_array(u8, {name}, (const u8 *)&{name}, 4)"
        case AddressField():
            return f"ctf_array(u8, {name}, {name}, {_ADDRESS_BYTES[value.kind.rendering]})"
    raise AssertionError(value.kind)


def integer_type(kind: IntegerField) -> str:
    """The kernel's name for an integer type: u32, s64, __be16."""
    if kind.network and kind.size > 1:
        return f"__be{8 * kind.size}"
    return f"{'s' if kind.signed else 'u'}{8 * kind.size}"


def _declared_type(value: Value) -> str:
    argument = value.arguments[0]
    return argument.declaration.removesuffix(argument.name).rstrip()


def _integer(kind: IntegerField, type_: str, name: str) -> str:
    if kind.base == 2 or (kind.base == 8 and kind.network):
        # LTTng has no public macro for these; this is what its macros for other bases are made of.
        order = "__BIG_ENDIAN" if kind.network else "__BYTE_ORDER"
        return f"_ctf_integer_ext({type_}, {name}, {name}, {order}, {kind.base}, 0, 0)"
    octal = "_oct" if kind.base == 8 else ""
    return f"ctf_integer{_suffix(kind)}{octal}({type_}, {name}, {name})"


def _suffix(kind: IntegerField) -> str:
    return ("_network" if kind.network else "") + ("_hex" if kind.base == 16 else "")
