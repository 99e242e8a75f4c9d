# SPDX-License-Identifier: GPL-2.0-only
"""Which field of an event says how long what ended with it took."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lttng_addon_kit.session.recording import Recording

# Of a trace that the kit didn't record.
_USUAL = ("duration_ns", "latency_ns", "delay_ns")


def find_duration(event: str, fields: Collection[str], recordings: Iterable[Recording]) -> str:
    """The field of an event that is a duration in ns, as recorded or else by its name; "" if it has none."""
    recorded = (each.duration for recording in recordings for each in recording.events if each.name == event)
    candidates = (*(name for name in recorded if name), *_USUAL)
    return next((name for name in candidates if name in fields), "")
