# SPDX-License-Identifier: GPL-2.0-only
"""Lines of `view`: addresses, hidden lengths, and what a hostile trace would like a terminal to obey."""

from __future__ import annotations

import pytest

from lttng_addon_kit.output.event_lines import line_editor

LINE = "[10:00:00.0] (+0.1) {host} {event}: {{ cpu_id = 0 }}, {{ {fields} }}\n"
IP6 = "[ [0] = 32, [1] = 1, " + ", ".join(f"[{at}] = 0" for at in range(2, 15)) + ", [15] = 1 ]"
MAC = "[ [0] = 0x2, [1] = 0x0, [2] = 0x5E, [3] = 0x10, [4] = 0x0, [5] = 0xFF ]"


def line(fields: str, host: str = "here", event: str = "seen") -> str:
    return LINE.format(host=host, event=event, fields=fields)


def edited(text: str, addresses: dict[str, dict[str, str]] | None = None) -> str:
    return line_editor(addresses or {})(text.encode()).decode()


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (f"a = 1, peer = {IP6}", "a = 1, peer = 2001::1"),
        (f"peer = {{ from = {MAC}, port = 80 }}", "peer = { from = 02:00:5e:10:00:ff, port = 80 }"),
        ("other = [ [0] = 127, [1] = 0, [2] = 0, [3] = 1 ]", None),
        ('_text_length = 2, text = "hi"', 'text = "hi"'),
        ('_lonely_length = 2, text = "hi"', None),
        ('text = "_b_length = 2, b = "', None),
        (f'text = "peer = {IP6}"', None),
        (f'text = "\\\\\\"", peer = {IP6}', 'text = "\\\\\\"", peer = 2001::1'),
        ('_é_length = 1, é = "ü"', 'é = "ü"'),
    ],
)
def test_fields_that_are_known(fields: str, shown: str | None) -> None:
    addresses = {"seen": {"peer": "ip6", "peer.from": "mac"}}
    assert edited(line(fields), addresses) == line(shown or fields)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('( "RUNNING" : container = 1 )', "RUNNING"),
        ('( "READ", "WRITE" : container = 3 )', "READ|WRITE"),
        ('( "READ" | "WRITE" : container = 3 )', "READ|WRITE"),  # babeltrace2 2.1, of bits
        ("( <unknown> : container = -7 )", "-7"),
        ("( <unknown> : container = 0x1F )", "0x1F"),
        ('( "two words" : container = 1 )', '"two words"'),
        ('( "a\\"b" : container = 1 )', '"a\\"b"'),
        ('"( \\"RUNNING\\" : container = 1 )"', None),
    ],
)
def test_enumerations_by_their_labels(value: str, shown: str | None) -> None:
    assert edited(line(f"state = {value}, b = 2")) == line(f"state = {shown or value}, b = 2")
    assert edited(line(f"states = [ [0] = {value}, [1] = {value} ]")) == line(
        f"states = [ [0] = {shown or value}, [1] = {shown or value} ]"
    )


def test_each_line_is_of_its_own_event() -> None:
    four = "[ [0] = 10, [1] = 0, [2] = 2, [3] = 15 ]"
    lines = line(f"peer = {four}") + line(f"peer = {four}", event="other") + line(f"peer = {four}")
    shown = line("peer = 10.0.2.15") + line(f"peer = {four}", event="other") + line("peer = 10.0.2.15")
    assert edited(lines, {"seen": {"peer": "ip4"}, "other": {}}) == shown


def test_addresses_by_name_where_nothing_is_known() -> None:
    four = "[ [0] = 10, [1] = 0, [2] = 2, [3] = 15 ]"
    assert edited(line(f"v4addr = {four}, bytes = {four}")) == line(f"v4addr = 10.0.2.15, bytes = {four}")
    assert edited(line(f"v4addr = {four}"), {"seen": {}}) == line(f"v4addr = {four}")


@pytest.mark.parametrize("hostile", ["\x1b[31m", "\x9b31m", "\u202e", "\x07"])
def test_nothing_that_a_terminal_obeys(hostile: str) -> None:
    for text in (
        line("a = 1", host=f"h{hostile}"),
        line("a = 1", event=f"e{hostile}"),
        line(f'a = "{hostile}"'),
    ):
        shown = edited(text + line("b = 2"))
        assert hostile not in shown
        assert shown == text.replace(hostile, repr(hostile)[1:-1]) + line("b = 2")


def test_bytes_that_are_no_text() -> None:
    assert line_editor({})(b"\xff\xfe\n") == b"\\xff\\xfe\n"
