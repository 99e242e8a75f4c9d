# SPDX-License-Identifier: GPL-2.0-only
"""Numbers -> the shapes that a page draws: paths for SVG, places in per cent. No text of a trace becomes markup here.

A shape is stretched to the width of the page, so everything that has a text is placed beside it, in per cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heapreplace
from math import log, log10

from lttng_addon_kit.trace.details import LongSpan, Stacks
from lttng_addon_kit.trace.heat_map import HeatCells

HEIGHT = 100
_LEVELS = 6
# Of the whole width, in per cent: what is narrower isn't drawn.
_NARROWEST = 0.1
_DEEPEST = 64


@dataclass(frozen=True)
class Bars:
    """A path of as many bars as counts, in a box of `columns` x `HEIGHT`."""

    columns: int
    path: str


def bars(counts: Sequence[int]) -> Bars:
    """Bars of counts, the highest full; what is not 0 is never empty."""
    most = max(counts, default=0) or 1
    heights = [max(1, round(HEIGHT * count / most)) if count else 0 for count in counts]
    parts = (f"M{at} {HEIGHT}v-{height}h1v{height}z" for at, height in enumerate(heights) if height)
    return Bars(len(counts), "".join(parts))


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in per cent, and the number that it stands for."""

    at: float
    value: float


def log_ticks(low: float, high: float) -> list[Tick]:
    """The powers of ten between two numbers, on a logarithmic axis from one to the other."""
    first, last = int(log10(low)), int(log10(high)) + 1
    values = (10.0**power for power in range(first, last + 1))
    return [Tick(log_place(value, low, high), value) for value in values if low <= value <= high]


def log_place(value: float, low: float, high: float) -> float:
    """Where a number is on a logarithmic axis, in per cent."""
    if high <= low or value <= low:
        return 0.0
    return round(100 * (log(value) - log(low)) / (log(high) - log(low)), 2)


@dataclass(frozen=True)
class Heat:
    """Paths by how much is in their cells (1: least), in a box of columns x rows."""

    columns: int
    rows: int
    levels: tuple[tuple[int, str], ...]


def heat(cells: HeatCells) -> Heat:
    """The cells that have something, on a logarithmic scale; large values are above small ones."""
    rows = len(cells.lows)
    most = max(count for *_, count in cells.cells)
    paths: dict[int, list[str]] = defaultdict(list)
    for column, row, count in cells.cells:
        level = 1 + round((_LEVELS - 1) * log(count) / log(most)) if most > 1 else _LEVELS
        paths[level].append(f"M{column} {rows - 1 - row}h1v1h-1z")
    return Heat(cells.columns, rows, tuple((level, "".join(paths[level])) for level in sorted(paths)))


@dataclass(frozen=True)
class Box:
    """A box of a timeline or of a flame graph: place and width in per cent, on a line; what it is of."""

    left: float
    width: float
    line: int
    of: object


def span_boxes(spans: Sequence[LongSpan], begin_ns: int, end_ns: int) -> list[Box]:
    """Spans on a timeline from begin to end; those that overlap are on different lines."""
    whole = max(1, end_ns - begin_ns)
    free: list[tuple[int, int]] = []
    found = []
    for span in sorted(spans, key=lambda each: each.end_ns - each.duration_ns):
        begin = span.end_ns - span.duration_ns
        if free and free[0][0] <= begin:
            line = free[0][1]
            heapreplace(free, (span.end_ns, line))
        else:
            line = len(free)
            heappush(free, (span.end_ns, line))
        left = max(0.0, 100 * (begin - begin_ns) / whole)
        width = max(_NARROWEST, 100 * min(span.duration_ns, span.end_ns - begin_ns) / whole)
        found.append(Box(round(left, 3), round(width, 3), line, span))
    return found


@dataclass(frozen=True)
class Frame:
    """A frame of a flame graph: an address and how many stacks go through it."""

    address: int
    count: int


@dataclass
class _Node:
    count: int = 0
    children: dict[int, _Node] = field(default_factory=dict)


def flame_boxes(stacks: Stacks) -> list[Box]:
    """The frames of stacks, the outermost on line 0; each as wide as its share of all stacks."""
    root = _Node()
    for stack, count in stacks.counts:
        node = root
        node.count += count
        for address in reversed(stack[:_DEEPEST]):
            node = node.children.setdefault(address, _Node())
            node.count += count
    return _placed(root.children, 0.0, 0, root.count)


def _placed(children: Mapping[int, _Node], left: float, line: int, all_: int) -> list[Box]:
    found: list[Box] = []
    for address, node in sorted(children.items()):
        width = 100 * node.count / all_
        if width >= _NARROWEST:
            found.append(Box(round(left, 3), round(width, 3), line, Frame(address, node.count)))
            found += _placed(node.children, left, line + 1, all_)
        left += width
    return found
