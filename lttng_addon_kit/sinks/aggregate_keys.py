"""What aggregates are counted by: which kinds of values can be a key, and the C that passes one."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.lower import Value
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kinds import (
    AddressField,
    BooleanField,
    EnumField,
    FieldKind,
    IntegerField,
    PointerField,
    TextField,
)
from lttng_addon_kit.sinks.abi_types import field_type

_LONGEST_KEY = 256


@dataclass(frozen=True)
class Key:
    """What an aggregate is counted by: how the C of the boundary calls the kind, its type, its bytes."""

    c_kind: str
    type: AbiType
    size: int


@dataclass(frozen=True)
class KeyCode:
    """How a key is passed: an expression, the locals that it needs, and the statements that fill those."""

    text: str
    locals: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()


def key_of(kind: FieldKind) -> Key:
    """The key that values of a kind make.

    Raises:
        KitError: they make none.
    """
    match kind:
        case IntegerField() if _is_network(kind):
            raise KitError("a number in network order as a key", hint="ntohs() or ntohl() around it")
        case IntegerField() | EnumField():
            own = field_type(kind)
            plain = "s64" if kind.signed else "u64"
            return Key(
                "SIGNED" if kind.signed else "UNSIGNED", AbiType(plain, f"__{plain}", 8, 8, labels=own.labels), 8
            )
        case BooleanField():
            return Key("UNSIGNED", AbiType("u64", "__u64", 8, 8), 8)
        case PointerField():
            return Key("POINTER", field_type(kind), 8)
        case TextField() if kind.limit <= _LONGEST_KEY:
            return Key("TEXT", field_type(kind), kind.limit)
        case TextField():
            raise KitError(f"a text of {kind.limit} bytes is too long for a key", hint=f"text(..., {_LONGEST_KEY})")
        case AddressField():
            return Key(kind.rendering.upper(), field_type(kind), field_type(kind).size)
        case _:
            raise KitError("a key is a number, an enum, a pointer, a text or an address; this is none")


def key_code(key: Key, value: Value) -> KeyCode:
    """The C that passes a value as a key."""
    name, text = value.name, value.arguments[0].text
    if key.c_kind == "TEXT":
        return KeyCode(name, (f"char {name}[{key.size}]",), (f"lttng_addons_text({name}, {text}, sizeof({name}));",))
    if key.c_kind in ("IP6", "MAC"):
        return KeyCode(text)
    if key.c_kind == "IP4":
        return KeyCode(f"&{name}", (f"__be32 {name}",), (f"{name} = {text};",))
    cast = "(unsigned long)" if key.c_kind == "POINTER" else ""
    declared = f"{'s64' if key.c_kind == 'SIGNED' else 'u64'} {name}"
    return KeyCode(f"&{name}", (declared,), (f"{name} = {cast}{text};",))


def number_type(kind: FieldKind) -> AbiType:
    """The type of values of a kind that can be added up.

    Raises:
        KitError: they can't.
    """
    if isinstance(kind, BooleanField) or (isinstance(kind, IntegerField | EnumField) and not _is_network(kind)):
        return field_type(kind)
    if isinstance(kind, IntegerField):
        raise KitError("a number in network order can't be added up", hint="ntohs() or ntohl() around it")
    raise KitError("an aggregate is of numbers, and this is none")


def _is_network(kind: IntegerField | EnumField) -> bool:
    return isinstance(kind, IntegerField) and kind.network and kind.size > 1
