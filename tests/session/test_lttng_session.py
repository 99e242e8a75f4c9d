# SPDX-License-Identifier: GPL-2.0-only
"""An LTTng session's description: what is in it reaches LTTng as it is."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lttng_addon_kit.session.lttng_session import LttngSession

NAMES = ["tcp_opened", "a<b>&c", "\"'"]


@pytest.mark.parametrize("trace_format", ["", "CTF_1_8"])
def test_description(trace_format: str) -> None:
    session = LttngSession("mine", "/var/lib/a & b", NAMES, trace_format)
    (described,) = ElementTree.fromstring(session.description())
    texts = {each.tag: each.text for each in described.iter() if not len(each)}
    assert [each.text for each in described.iterfind(".//event/name")] == NAMES
    assert described.findtext("name") == "mine"
    assert texts["path"] == "/var/lib/a & b"
    assert texts.get("trace_format", "") == trace_format
    assert texts["live_timer_interval"] == "0"  # or it is taken for a live one
    assert int(texts["switch_timer_interval"] or 0) > 0  # or a machine that dies takes all with it
