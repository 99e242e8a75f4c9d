# SPDX-License-Identifier: GPL-2.0-only
"""The page of a recording: its numbers, nothing but text from a trace, and what a real browser makes of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.output.page.write_page import write_page
from lttng_addon_kit.output.report import summarise_recorded
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.trace.units import figure
from tests.busy import allowed
from tests.conftest import Command
from tests.export.written_spans import EVENT, HOSTILE, write_spans
from tests.trace.many_events import write_many_events
from tests.trace.real_traces import DATA, copied
from tests.trace.written import Event, write_trace

_INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
_PHONE = {"width": 390, "height": 844}


def page_of(trace: Path, out: Path) -> str:
    write_page(trace, out, False, Progress(quiet=True))
    return out.read_text(encoding="utf-8")


class _Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", ["bookworm", "bookworm-addresses", "bookworm-skb-filter", "trixie"])
def test_the_page_has_the_summarys_numbers(name: str, tmp_path: Path) -> None:
    page = _Tags(page_of(DATA / name, tmp_path / "page.html"))
    summary = summarise_recorded(DATA / name)
    assert "Adds up." in page.text
    for event, of in summary.events.items():
        assert re.search(rf"{event}\s+{figure(of.count)} events", page.text)
        for field in of.fields:
            assert field in page.text


def test_what_does_not_add_up_is_said(tmp_path: Path) -> None:
    lossy = _Tags(page_of(DATA / "bookworm-lossy", tmp_path / "lossy.html")).text
    assert "Does not add up" in lossy
    assert f"{figure(summarise_recorded(DATA / 'bookworm-lossy').discarded_events)} events were discarded" in lossy
    folder = copied("bookworm", tmp_path)
    stream = folder / "c_0"
    stream.write_bytes(stream.read_bytes()[: stream.stat().st_size // 2])
    assert "Damaged: " in _Tags(page_of(folder, tmp_path / "damaged.html")).text


def hostile(folder: Path) -> Path:
    """A recording whose every name and text would like to be markup, a style or an escape sequence."""
    words = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}</style>\x1b[31m\u202e"

    def members(trace: Any, payload: Any) -> None:
        payload += [("comm", trace.create_string_field_class()), ("n", trace.create_unsigned_integer_field_class(8))]

    events = [Event(1000 * at, 0, {"comm": f"{words}{at}", "n": at}) for at in range(1, 20)]
    return write_trace(folder, members, events, name="</h2><script>alert(3)</script>")


def test_text_is_only_text(tmp_path: Path) -> None:
    plain = {tag for tag, _attributes in _Tags(page_of(DATA / "bookworm", tmp_path / "plain.html")).tags}
    page = _Tags(page_of(hostile(tmp_path / "hostile"), tmp_path / "hostile.html"))
    assert {tag for tag, _attributes in page.tags} <= plain
    assert not [name for _tag, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>alert(3)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text
    styles = {attributes["style"] for _tag, attributes in page.tags if attributes.get("style")}
    assert all(re.fullmatch(r"[a-z:;%0-9.e-]*", style or "") for style in styles)


def test_the_kernels_log(tmp_path: Path) -> None:
    recording = write_spans(tmp_path / "recording")
    (recording / "kernel.log").write_text("\n".join(f"[{at}] line <b>{at}</b>" for at in range(1000)))
    page = _Tags(page_of(recording, tmp_path / "page.html")).text
    assert "400 lines, 600 before them are in kernel.log" in page
    assert "[999] line <b>999</b>" in page
    assert "No report of trouble." in page


def test_many_events_are_a_small_page(tmp_path: Path) -> None:
    write_many_events(tmp_path / "trace", 200, 60)
    assert len(page_of(tmp_path / "trace", tmp_path / "page.html")) < 5e6


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        page_of(DATA / "bookworm", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == "mine"


def test_the_command(lttng_addon: Command, workspace: Path, tmp_path: Path) -> None:
    done = lttng_addon("report", str(DATA / "bookworm-skb-filter"))
    assert done.returncode == 0, done.stderr
    assert (workspace / "bookworm-skb-filter.html").read_text().startswith("<!DOCTYPE html>")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a display; it is installed where that is missing and root may."""
    path = shutil.which("chromium")
    if not path and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(_INSTALL, check=False)
        path = shutil.which("chromium")
    if not path:
        missing = f"no chromium, in which pages are looked at; as root: {' '.join(_INSTALL)}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


def traces(folder: Path) -> dict[str, Path]:
    return {
        "spans": write_spans(folder / "spans"),
        "hostile": hostile(folder / "hostile"),
        "real": DATA / "bookworm",
        "lossy": DATA / "bookworm-lossy",
    }


@pytest.mark.parametrize("name", ["spans", "hostile", "real", "lossy"])
def test_a_browser_says_nothing_and_asks_for_nothing(name: str, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    (tmp_path / "traces").mkdir()
    page_of(traces(tmp_path / "traces")[name], file)
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert said == []
    assert [url for url in asked if url not in (file.as_uri(), "data:,")] == []
    assert page.evaluate("document.scripts.length") == 0
    drawn = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert drawn < 1000 * allowed(2)
    page.close()


@pytest.mark.parametrize("name", ["spans", "real"])
def test_light_dark_phone_and_print(name: str, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    file = tmp_path / "page.html"
    page_of(traces(tmp_path / "traces")[name], file)
    background = "getComputedStyle(document.querySelector('section')).backgroundColor"
    page = browser.new_page(color_scheme="light")
    page.goto(file.as_uri())
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    assert sum(map(int, re.findall(r"\d+", light))) > 700
    assert sum(map(int, re.findall(r"\d+", dark))) < 150
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.close()
    phone = browser.new_page(viewport=_PHONE)  # type: ignore[arg-type]
    phone.goto(file.as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") == _PHONE["width"]
    phone.close()


def test_a_browser_shows_a_hostile_name_as_it_is(browser: Browser, tmp_path: Path) -> None:
    page_of(write_spans(tmp_path / "spans"), tmp_path / "page.html")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.get_by_text(HOSTILE, exact=True).count() == 1
    assert page.locator("h2").first.inner_text().startswith(EVENT)
    page.close()
