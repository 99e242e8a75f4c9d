"""Every file output/NAME_form.py is a form, found without a list of them."""

from __future__ import annotations

import io

from lttng_addon_kit.output.form import find_form, form_names
from lttng_addon_kit.output.report import Report
from lttng_addon_kit.trace.model import Summary


def test_every_form_writes_a_report() -> None:
    assert {"json", "text"} <= set(form_names())
    for name in form_names():
        stream = io.StringIO()
        find_form(name).write(Report(None, Summary("T", None, None, 0, 0, [], {})), stream)
        assert stream.getvalue()
