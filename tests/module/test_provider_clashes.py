# SPDX-License-Identifier: GPL-2.0-only
"""LTTng takes each provider once: what can't be loaded together is refused before anything is built."""

from __future__ import annotations

import pytest

from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.module.providers import refuse_shared_providers
from lttng_addon_kit.spec.addon import Addon


def addon(name: str, *events: str) -> Addon:
    tables = [{"name": each, "hook": "tracepoint:sched_switch"} for each in events]
    return Addon.model_validate({"addon": {"name": name}, "event": tables})


def test_two_addons_of_one_provider_are_refused() -> None:
    with pytest.raises(UsageError, match="tcp-open and tcp-shut can't be loaded together") as refused:
        refuse_shared_providers([addon("tcp-open", "tcp_opened"), addon("tcp-shut", "tcp_closed")])
    assert refused.value.hint == "rename one of the events, as in 'tcp_my_closed'"


def test_one_addon_may_have_a_provider_twice() -> None:
    refuse_shared_providers([addon("tcp", "tcp_opened", "tcp_closed"), addon("udp", "udp_my_opened")])


def test_events_with_one_first_word_are_of_providers_of_their_own() -> None:
    refuse_shared_providers([addon("tcp-open", "tcp_conn_opened"), addon("tcp-shut", "tcp_socket_closed")])
