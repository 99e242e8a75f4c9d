# SPDX-License-Identifier: GPL-2.0-only
"""The forms of a report, found by their files: `output/NAME_form.py` is the form NAME."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Protocol, TextIO, cast

from lttng_addon_kit import output
from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.output.report import Report


class Form(Protocol):
    """One way to write a report. A module of that shape is one."""

    def write(self, report: Report, stream: TextIO) -> None:
        """Write all of a report to a stream."""
        ...


@cache
def forms() -> Mapping[str, Form]:
    """The forms by their names, in alphabetical order."""
    return {name: cast(Form, module) for name, module in find_modules(output, "write", suffix="_form").items()}


def find_form(name: str) -> Form:
    """The form of a name.

    Raises:
        UsageError: no form has that name; with the nearest names.
    """
    if name not in forms():
        hint = nearest(name, forms()) or f"forms are {', '.join(forms())}"
        raise UsageError(f"{name!r} is not a form of a report", hint=hint)
    return forms()[name]
