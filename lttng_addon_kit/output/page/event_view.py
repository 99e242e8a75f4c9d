# SPDX-License-Identifier: GPL-2.0-only
"""One event as a page shows it: its numbers as text, its shapes as paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.output.page.charts import (
    Bars,
    Box,
    Frame,
    Heat,
    bars,
    flame_boxes,
    heat,
    log_place,
    log_ticks,
    span_boxes,
)
from lttng_addon_kit.trace.details import PERCENTILES, EventDetails, LongSpan
from lttng_addon_kit.trace.heat_map import HeatCells
from lttng_addon_kit.trace.model import Arrays, EventSummary, FieldSummary, Numbers, Pointers, TimelineSummary
from lttng_addon_kit.trace.rendering import number
from lttng_addon_kit.trace.units import duration, figure, rate, share

_TOP = 8
_WORDS = ("p50", "p75", "p90", "p99", "p99.9", "p99.99", "max")


@dataclass(frozen=True)
class RateView:
    """Events over time: bars, how long one is, the highest; the axis from begin to end."""

    bars: Bars
    bucket: str
    peak: str
    end: str


@dataclass(frozen=True)
class ShareView:
    """A part of a whole: its name, per cent for a bar, and the same as text."""

    name: str
    percent: float
    text: str


@dataclass(frozen=True)
class NumberView:
    """A field of numbers: figures by their names, and its distribution from `low` to `high`."""

    name: str
    figures: list[tuple[str, str]]
    bars: Bars
    low: str
    high: str
    exact: bool
    top: list[ShareView]


@dataclass(frozen=True)
class ValuesView:
    """A field of texts, labels, pointers or arrays: how many differ, the most frequent."""

    name: str
    distinct: str
    about: str
    top: list[ShareView]


@dataclass(frozen=True)
class LatencyView:
    """A duration's percentiles, on a logarithmic axis."""

    name: str
    rows: list[ShareView]
    ticks: list[ShareView]


@dataclass(frozen=True)
class HeatView:
    """How a field's values spread over time; its rows' values from the lowest to the highest."""

    name: str
    heat: Heat
    low: str
    middle: str
    high: str
    end: str


@dataclass(frozen=True)
class LineView:
    """A box with its words."""

    box: Box
    text: str


@dataclass(frozen=True)
class LinesView:
    """Boxes on lines: a timeline of spans, or a flame graph."""

    name: str
    lines: int
    boxes: list[LineView]
    note: str


@dataclass(frozen=True)
class EventView:
    name: str
    count: str
    about: list[str]
    rate: RateView | None
    cpus: list[ShareView]
    latency: LatencyView | None
    spans: LinesView | None
    heat: list[HeatView]
    numbers: list[NumberView]
    values: list[ValuesView]
    flames: list[LinesView]


def event_view(name: str, event: EventSummary, details: EventDetails | None, end_ns: int) -> EventView:
    """What a page shows of an event.

    Args:
        details: None where the event never occurred.
        end_ns: the end of the trace.
    """
    of_fields = {**event.fields, **{f"context.{field}": of for field, of in event.context.items()}}
    took = details.duration if details else ""
    numbers = {field: of for field, of in of_fields.items() if _is_quantity(of)}
    return EventView(
        name=name,
        count=figure(event.count),
        about=_about(event),
        rate=_rate(event.timeline, end_ns),
        cpus=[ShareView(f"CPU {cpu}", 100 * of.share, share(of.share)) for cpu, of in event.per_cpu.items()],
        latency=_latency(took, details.percentiles) if details and took else None,
        spans=_spans(details.longest, event.timeline, end_ns) if details and details.longest else None,
        heat=[_heat(field, cells, field == took) for field, cells in details.heat.items()] if details else [],
        numbers=[_number(field, of, field == took) for field, of in numbers.items() if isinstance(of, Numbers)],
        values=[_values(field, of) for field, of in of_fields.items() if field not in numbers and of.count],
        flames=_flames(details) if details else [],
    )


def _is_quantity(field: FieldSummary) -> bool:
    return isinstance(field, Numbers) and bool(field.count) and field.base == 10


def _about(event: EventSummary) -> list[str]:
    words = [rate(event.rate_hz)] if event.rate_hz is not None else []
    if event.begin_ns is not None and event.end_ns is not None and event.count > 1:
        words.append(f"first to last {duration(event.end_ns - event.begin_ns)}")
    return words


def _rate(timeline: TimelineSummary | None, end_ns: int) -> RateView | None:
    if timeline is None or not any(timeline.counts):
        return None
    peak = max(timeline.counts) / (timeline.bucket_ns / 1e9)
    return RateView(bars(timeline.counts), duration(timeline.bucket_ns), rate(peak), _end(timeline.begin_ns, end_ns))


def _end(begin_ns: int, end_ns: int) -> str:
    return duration(end_ns - begin_ns)


def _text(value: float | None, name: str, is_duration: bool) -> str:
    if value is None:
        return ""
    return duration(value) if is_duration or name.endswith("_ns") else figure(value)


def _number(name: str, field: Numbers, is_duration: bool) -> NumberView:
    figures = (("min", field.min), ("mean", field.mean), ("p50", field.p50), ("p99", field.p99), ("max", field.max))
    few = field.top if field.distinct is not None and field.distinct <= _TOP else []
    return NumberView(
        name=name,
        figures=[(word, _text(value, name, is_duration)) for word, value in figures],
        bars=bars([bucket.count for bucket in field.histogram]),
        low=_text(field.histogram[0].low, name, is_duration) if field.histogram else "",
        high=_text(field.histogram[-1].high, name, is_duration) if field.histogram else "",
        exact=field.exact,
        top=_top([(_text(value, name, is_duration), count) for value, count in few], field.count),
    )


def _top(values: Sequence[tuple[str, int]], of: int) -> list[ShareView]:
    return [ShareView(value, round(100 * count / of, 2), figure(count)) for value, count in values[:_TOP]]


def _values(name: str, field: FieldSummary) -> ValuesView:
    about = "" if field.exact else "about "
    distinct = f"{about}{figure(field.distinct or 0)} different"
    if isinstance(field, Pointers):
        return ValuesView(name, distinct, f"pointers, {figure(field.null)} of them NULL", [])
    if isinstance(field, Numbers):
        return ValuesView(
            name, distinct, "", _top([(number(value, field.base), n) for value, n in field.top], field.count)
        )
    lengths = (
        f"{figure(field.length.min or 0)} to {figure(field.length.max or 0)} long" if isinstance(field, Arrays) else ""
    )
    return ValuesView(name, distinct, lengths, _top(field.top, field.count))


def _latency(name: str, percentiles: list[float]) -> LatencyView | None:
    if not percentiles or percentiles[-1] <= 0:
        return None
    low = max(1.0, min(value for value in percentiles if value > 0) / 2)
    high = percentiles[-1] * 1.2
    rows = [
        ShareView(word, log_place(value, low, high), duration(round(value)))
        for word, value in zip(_WORDS, percentiles, strict=True)
    ]
    assert len(_WORDS) == len(PERCENTILES)
    ticks = [ShareView("", tick.at, duration(tick.value)) for tick in log_ticks(low, high)]
    return LatencyView(name, rows, ticks)


def _heat(name: str, cells: HeatCells, is_duration: bool) -> HeatView:
    top = cells.lows[-1] * 2**0.25 if cells.lows[-1] else 1
    low, middle, high = (
        _text(float(f"{value:.2g}"), name, is_duration)
        for value in (cells.lows[0], cells.lows[len(cells.lows) // 2], top)
    )
    return HeatView(name, heat(cells), low, middle, high, duration(cells.columns * cells.bucket_ns))


def _spans(longest: list[LongSpan], timeline: TimelineSummary | None, end_ns: int) -> LinesView:
    begin_ns = timeline.begin_ns if timeline else min(each.end_ns - each.duration_ns for each in longest)
    boxes = span_boxes(longest, begin_ns, end_ns)
    lines = [
        LineView(box, ", ".join(filter(None, [duration(box.of.duration_ns), box.of.about])))
        for box in boxes
        if isinstance(box.of, LongSpan)
    ]
    note = f"the {len(longest)} longest, over {_end(begin_ns, end_ns)}"
    return LinesView("spans", 1 + max(box.line for box in boxes), lines, note)


def _flames(details: EventDetails) -> list[LinesView]:
    found = []
    for name, stacks in details.stacks.items():
        boxes = flame_boxes(stacks)
        if boxes:
            lines = [LineView(box, _frame(box.of)) for box in boxes if isinstance(box.of, Frame)]
            note = f"{figure(stacks.others)} more stacks are not shown: too many differ" if stacks.others else ""
            found.append(LinesView(name, 1 + max(box.line for box in boxes), lines, note))
    return found


def _frame(frame: Frame) -> str:
    return f"{frame.address:#x} ({figure(frame.count)})"
