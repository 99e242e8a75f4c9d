"""The manual pages that are checked in are those that the commands and the schema give, and are sound."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from lttng_addon_kit.cli.man_pages import man_pages
from tests.conftest import PROJECT

PAGES = man_pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_current(name: str) -> None:
    assert (PROJECT / "man" / name).read_text(encoding="utf-8") == PAGES[name], "run: make man"


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
@pytest.mark.parametrize("name", PAGES)
def test_the_page_formats_without_a_warning(name: str) -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-z"], input=PAGES[name], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
