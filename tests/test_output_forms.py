# SPDX-License-Identifier: GPL-2.0-only
"""Every file output/NAME_form.py is a form, found without a list of them."""

from __future__ import annotations

import io

import pytest

from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.output.form import find_form, forms
from lttng_addon_kit.output.report import Report
from lttng_addon_kit.trace.model import Summary


def test_every_form_writes_a_report() -> None:
    assert {"json", "text"} <= set(forms())
    for form in forms().values():
        stream = io.StringIO()
        form.write(Report(None, Summary("T", None, None, 0, 0, [], {})), stream)
        assert stream.getvalue()


def test_no_form() -> None:
    with pytest.raises(UsageError, match="'jsn' is not a form") as error:
        find_form("jsn")
    assert "json" in error.value.hint
