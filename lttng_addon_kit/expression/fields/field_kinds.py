"""Moved to a file for each kind; kept until all callers have followed."""

from lttng_addon_kit.expression.fields.address_field import AddressField
from lttng_addon_kit.expression.fields.array_field import ArrayField
from lttng_addon_kit.expression.fields.boolean_field import BooleanField
from lttng_addon_kit.expression.fields.enum_field import EnumField
from lttng_addon_kit.expression.fields.field_kind import FieldKind, FieldOptions
from lttng_addon_kit.expression.fields.field_table import field_kind
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.fields.pointer_field import PointerField
from lttng_addon_kit.expression.fields.sequence_field import SequenceField
from lttng_addon_kit.expression.fields.text_field import TextField

__all__ = [
    "AddressField",
    "ArrayField",
    "BooleanField",
    "EnumField",
    "FieldKind",
    "FieldOptions",
    "IntegerField",
    "PointerField",
    "SequenceField",
    "TextField",
    "field_kind",
]
