# SPDX-License-Identifier: GPL-2.0-only
"""What docs/troubleshooting.md shows of a fault, compared with what the kit says of it.

A test that provokes a fault calls `shows("HEADING", said)`. tests/test_troubleshooting.py sees that each fault of the
page has such a test, so that the page shows nothing that no test has seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests.conftest import PROJECT

PAGE = PROJECT / "docs/troubleshooting.md"
_SECTION = re.compile(r"^### (?P<heading>[^\n]+)\n\n```text\n(?P<message>.*?)^```$(?P<rest>.*?)(?=^#|\Z)", re.M | re.S)


@dataclass(frozen=True)
class Fault:
    """A section of the page: its heading, the lines that a user sees (`...`: anything), and what it says of them."""

    heading: str
    message: str
    rest: str

    def pattern(self) -> re.Pattern[str]:
        """The message as a pattern: each of its lines is found, in their order."""
        lines = [".*".join(re.escape(part) for part in line.split("...")) for line in self.message.splitlines()]
        return re.compile(r"$\n(?:.*\n)*?".join(f"^{line}" for line in lines) + "$", re.M)


@cache
def faults() -> dict[str, Fault]:
    """The page's faults, by heading."""
    text = PAGE.read_text(encoding="utf-8")
    return {found["heading"]: Fault(**found.groupdict()) for found in _SECTION.finditer(text)}


def shows(heading: str, said: str) -> None:
    """Assert that what was said is what the page shows for a fault."""
    pattern = faults()[heading].pattern()
    assert pattern.search(said), f"'{heading}' is shown as\n{faults()[heading].message}\nbut this was said:\n{said}"
