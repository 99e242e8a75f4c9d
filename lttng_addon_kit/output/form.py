"""The forms of a report, found by their files: `output/NAME_form.py` is the form NAME."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, TextIO, cast

from lttng_addon_kit import output
from lttng_addon_kit.output.report import Report

_SUFFIX = "_form"


class Form(Protocol):
    """One way to write a report. A module of that shape is one."""

    def write(self, report: Report, stream: TextIO) -> None:
        """Write all of a report to a stream."""
        ...


def form_names() -> list[str]:
    """The names of all forms, sorted."""
    names = (module.name for module in iter_modules(output.__path__))
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def find_form(name: str) -> Form:
    """The form of a name, one of `form_names`."""
    return cast(Form, import_module(f"{output.__name__}.{name}{_SUFFIX}"))
