# SPDX-License-Identifier: GPL-2.0-only
"""The examples of the help texts and of README can be pasted into a shell: they do what they say, and no more."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator

import pytest
import typer

from lttng_addon_kit.cli.app import app
from tests.conftest import PROJECT

_PUNCTUATION = "();<>|&"


def examples() -> Iterator[str]:
    """Every command line that a help text or README's blocks for a shell show."""
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    for command in group.commands.values():
        if command.epilog:
            yield from filter(None, command.epilog.splitlines())
    for block in re.findall(r"^```sh\n(.*?)^```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.M | re.S):
        yield from block.splitlines()


EXAMPLES = list(examples())


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 15


@pytest.mark.parametrize("line", EXAMPLES)
def test_the_shell_takes_it_and_writes_no_file(line: str) -> None:
    subprocess.run(["bash", "-n", "-c", line], check=True)
    words = shlex.shlex(line, posix=True, punctuation_chars=_PUNCTUATION)
    words.whitespace_split = True
    found = [word for word in words if set(word) <= set(_PUNCTUATION)]
    assert set(found) <= {"|"}, f"unquoted {found}"


@pytest.mark.parametrize("line", EXAMPLES)
def test_no_device_is_named_that_the_machines_lack(line: str) -> None:
    assert not re.search(r"\b(eth|wlan)\d", line)
