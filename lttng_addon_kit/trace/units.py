# SPDX-License-Identifier: GPL-2.0-only
"""Figures as a person reads them: three digits and a unit."""

from __future__ import annotations

_DURATIONS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns"))
_RATES = ((1_000_000, "MHz"), (1_000, "kHz"), (1, "Hz"))


def duration(ns: float) -> str:
    """Nanoseconds in the unit that suits: 850 ns, 33.6 ms, 1.44 s."""
    return _scaled(ns, _DURATIONS)


def rate(hz: float) -> str:
    """Events a second: 2.78 Hz, 952 kHz."""
    return _scaled(hz, _RATES)


def share(part: float) -> str:
    """A share of one in per cent; a small one isn't 0."""
    return "<1%" if 0 < part < 0.01 else f"{part:.0%}"


def figure(value: float) -> str:
    """A number: integers in full with thousands set apart, others and enormous ones with three digits."""
    if abs(value) >= 1e11:
        return f"{value:.3g}".replace("e+", "e")
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _scaled(value: float, units: tuple[tuple[int, str], ...]) -> str:
    for factor, unit in units:
        if abs(value) >= factor:
            return f"{figure(float(f'{value / factor:.3g}'))} {unit}"
    return f"{figure(value)} {units[-1][1]}"
