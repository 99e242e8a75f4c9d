# SPDX-License-Identifier: GPL-2.0-only
"""Commands in one go: each answer is its own command's, whatever it printed, and time begins again with each."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command, CommandBatch, Late
from lttng_addon_kit.machine.local import LocalMachine
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Output, TimeUp
from lttng_addon_kit.machine.ssh import SshMachine


def words(*argv: str, may_fail: bool = False, late: Late | None = None) -> Command:
    return Command(argv, may_fail, late)


@pytest.fixture(params=["local", "ssh"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """This host as its user, directly and by a program in ssh's place that runs the last word it gets."""
    if request.param == "local":
        return LocalMachine(as_root=False)
    (tmp_path / "ssh").write_text('#!/bin/bash\ncase " $* " in *" -O "*) ;; *) exec sh -c "${@: -1}";; esac\n')
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return SshMachine("rack7", "rack7")


def test_each_command_has_its_status_and_outputs(machine: Machine) -> None:
    outputs = machine.run_all(
        [
            words("printf", "no line end"),
            words("sh", "-c", "echo out; echo err >&2; exit 3", may_fail=True),
            words("true"),
            words("printf", "%s\\n", "a b", "$HOME 'x'", ""),
            words("printf", "\\n\\n"),
        ]
    )
    assert outputs == [
        Output(0, "no line end", ""),
        Output(3, "out\n", "err\n"),
        Output(0, "", ""),
        Output(0, "a b\n$HOME 'x'\n\n", ""),
        Output(0, "\n\n", ""),
    ]


def test_the_first_that_fails_is_the_last(machine: Machine, tmp_path: Path) -> None:
    commands = [words("true"), words("ls", "/no/such/file"), words("touch", str(tmp_path / "touched"))]
    with pytest.raises(KitError, match=r"ls /no/such/file.* failed with status 2") as problem:
        machine.run_all(commands)
    assert "No such file" in problem.value.details
    assert [each.status for each in machine.run_all(commands, check=False)] == [0, 2]
    assert not (tmp_path / "touched").exists()


def test_each_has_its_own_time(machine: Machine) -> None:
    machine.watch.patience = 2
    assert len(machine.run_all([words("sleep", "1.2"), words("sleep", "1.2")])) == 2
    late = Late("the nap is too long", "somebody sleeps")
    with pytest.raises(TimeUp, match=r"the nap is too long: `sleep 30` on \w+ did not end within 2 s") as problem:
        machine.run_all([words("true"), words("sleep", "30", late=late), words("true")])
    assert problem.value.hint == "somebody sleeps"


@pytest.mark.parametrize("cut", [lambda text: "", lambda text: text[: len(text) // 2]], ids=["nothing", "half"])
def test_a_script_that_was_ended_from_outside_is_no_answer(cut: Callable[[str], str]) -> None:
    batch = CommandBatch([words("echo", "one"), words("echo", "two")])
    done = subprocess.run(["sh", "-c", batch.script()], capture_output=True, text=True, check=True)
    assert [each.stdout for each in batch.outputs(Output(0, done.stdout, done.stderr))] == ["one\n", "two\n"]
    with pytest.raises(KitError, match=r"was ended from outside \(status 143\)"):
        batch.outputs(Output(143, cut(done.stdout), done.stderr))
