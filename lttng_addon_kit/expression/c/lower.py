"""Moved to expression/lower.py and fields/; kept until all callers have followed."""

from lttng_addon_kit.expression.fields.field_kind import FieldValue as Value
from lttng_addon_kit.expression.fields.field_kind import WantedField as EventField
from lttng_addon_kit.expression.fields.field_writer import ProbeArgument
from lttng_addon_kit.expression.lower import Lowered, lower_event

__all__ = ["EventField", "Lowered", "ProbeArgument", "Value", "lower_event"]
