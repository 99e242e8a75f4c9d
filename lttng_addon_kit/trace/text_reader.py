# SPDX-License-Identifier: GPL-2.0-only
"""Any field as text, in the form of the babeltrace2 command, but addresses as addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bt2 import _native_bt as native
from bt2 import field_class as classes

from lttng_addon_kit.terminal import printable
from lttng_addon_kit.trace.column import Field
from lttng_addon_kit.trace.field_classes import Pointer, base_of, elements_getter, getter, labels_of, members_of
from lttng_addon_kit.trace.rendering import address_text, flag_names

ReadText = Callable[[Pointer], str]

_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def text_reader(field_class: Any, name: str = "", addresses: Mapping[str, str] | None = None) -> ReadText:
    """Make what reads fields of a class as text, which no terminal obeys.

    Args:
        name: the field's, structures spelled out with dots.
        addresses: which fields are addresses, and of which kind; None where it isn't known.
    """
    if isinstance(field_class, classes._StructureFieldClassConst):
        return _structure_reader(field_class, name, addresses)
    if isinstance(field_class, classes._ArrayFieldClassConst):
        return _array_reader(field_class, name, addresses)
    if isinstance(field_class, classes._VariantFieldClassConst):
        return _variant_reader(field_class, name, addresses)
    get = getter(field_class)
    if get is None:
        return lambda pointer: "?"  # a class that CTF 1.8 doesn't have
    form = _form(field_class)
    return lambda pointer: form(get(pointer))


def _structure_reader(structure: Any, name: str, addresses: Mapping[str, str] | None) -> ReadText:
    prefix = f"{name}." if name else ""
    parts = [
        (index, printable(member), text_reader(field_class, f"{prefix}{member}", addresses))
        for index, member, field_class in members_of(structure)
    ]
    borrow = native.field_structure_borrow_member_field_by_index_const

    def read(pointer: Pointer) -> str:
        members = ", ".join([f"{member} = {read(borrow(pointer, index))}" for index, member, read in parts])
        return f"{{ {members} }}" if members else "{ }"

    return read


def _array_reader(array: Any, name: str, addresses: Mapping[str, str] | None) -> ReadText:
    element = array.element_field_class
    address = None if addresses is None else addresses.get(name, "")
    field = Field(name, "array", base_of(element), labels_of(element), address)
    get = getter(element)
    elements_of = elements_getter(get or text_reader(element, name, addresses))
    form = str if get is None else _form(element)

    def read(pointer: Pointer) -> str:
        elements = elements_of(pointer)
        listed = ", ".join([f"[{at}] = {form(value)}" for at, value in enumerate(elements)])
        return address_text(field, elements) or (f"[ {listed} ]" if listed else "[ ]")

    return read


def _variant_reader(variant: Any, name: str, addresses: Mapping[str, str] | None) -> ReadText:
    options = [text_reader(option.field_class, f"{name}.{label}", addresses) for label, option in variant.items()]
    selected = native.field_variant_get_selected_option_index
    borrow = native.field_variant_borrow_selected_option_field_const
    return lambda pointer: f"{{ {options[selected(pointer)](borrow(pointer))} }}"


def _form(field_class: Any) -> Callable[[Any], str]:
    """What writes a single value."""
    if isinstance(field_class, classes._EnumerationFieldClassConst):
        return _enumeration_form(field_class)
    if isinstance(field_class, classes._IntegerFieldClassConst):
        return _integer_form(field_class)
    if isinstance(field_class, classes._StringFieldClassConst):
        return lambda text: f'"{printable(text.translate(_QUOTED))}"'
    if isinstance(field_class, classes._BoolFieldClassConst):
        return lambda value: "true" if value else "false"
    return lambda value: f"{value:g}"


def _enumeration_form(field_class: Any) -> Callable[[int], str]:
    labels = [(printable(label.translate(_QUOTED)), low, high) for label, low, high in labels_of(field_class)]
    flags = flag_names(tuple(labels))
    number = _integer_form(field_class)

    def form(value: int) -> str:
        names = ", ".join(f'"{label}"' for label, low, high in labels if low <= value <= high)
        names = names or " | ".join(f'"{label}"' for label in flags(value))
        return f"( {names or '<unknown>'} : container = {number(value)} )"

    return form


def _integer_form(field_class: Any) -> Callable[[int], str]:
    """Decimal as it is; in other bases what the bits are, as an unsigned number."""
    base, bits = base_of(field_class), field_class.field_value_range
    mask = (1 << bits) - 1
    if base == 2:
        return lambda value: f"0b{value & mask:0{bits}b}"
    if base in (8, 16):
        return lambda value: f"0{value & mask:o}" if base == 8 else f"0x{value & mask:X}"
    return str
