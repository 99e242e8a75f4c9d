# SPDX-License-Identifier: GPL-2.0-only
"""What nobody foresaw is one line, a report's path and status 70; a closed pipe and Ctrl-C are no mistakes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lttng_addon_kit.machine.process import execute
from lttng_addon_kit.unforeseen import keep_commands, report
from tests.conftest import PROJECT
from tests.troubleshooting import shows

START = "import sys; sys.argv = ['lttng-addon', 'list', 'templates']; from lttng_addon_kit.__main__ import main; "
APP = "from lttng_addon_kit.cli import app; "


def run(code: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START + code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )


def test_a_mistake_is_one_line_and_a_report(tmp_path: Path) -> None:
    done = run(APP + "app.app = lambda *words, **more: 1 // 0; main()", tmp_path)
    assert done.returncode == 70
    found = re.fullmatch(
        r"error: a mistake in lttng-addon \(ZeroDivisionError: .*\); a report for its authors is in (\S+)\n",
        done.stderr,
    )
    assert found
    shows("A mistake in the kit", done.stderr)
    text = Path(found[1]).read_text(encoding="utf-8")
    assert "command: lttng-addon list templates" in text
    assert "Traceback (most recent call last)" in text
    assert "typer" in text


def test_a_mistake_in_an_import_is_one_too(tmp_path: Path) -> None:
    done = run("import typing; del typing.Annotated; main()", tmp_path)
    assert done.returncode == 70
    assert done.stderr.count("\n") == 1


def test_a_report_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = run("import tempfile; tempfile.tempdir = '/no/such/folder'; " + APP + "del app.main; main()", tmp_path)
    assert done.returncode == 70
    assert "could not be written" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_report_has_the_last_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    keep_commands()
    execute(["/bin/sh", "-c", "exit 3"])
    assert report(ValueError("[/x]\x1b")) == 70
    (file,) = tmp_path.iterdir()
    assert "status 3: /bin/sh -c 'exit 3'" in file.read_text(encoding="utf-8")


def test_a_full_disk_is_no_mistake_of_the_kit(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OSError(28, "No space left on device", "/cache/x")) == 1
    said = capsys.readouterr().err
    assert said == "error: /cache/x: No space left on device\n"
    shows("A disk of this host is full", said)


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    command = ["bash", "-c", '"$0" -c "$1" | true; echo "${PIPESTATUS[0]}"', sys.executable, START + "main()"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout in ("0\n", "1\n")


def test_ctrl_c_is_130(tmp_path: Path) -> None:
    done = run(
        "from lttng_addon_kit.cli import app; app.main = lambda: exec('raise KeyboardInterrupt'); main()", tmp_path
    )
    assert (done.returncode, done.stderr) == (130, "")


def test_sqlite_can_not_read_what_is_in_the_cache(tmp_path: Path) -> None:
    raising = "import sqlite3; app.app = lambda *w, **m: sqlite3.connect('x').execute('SELECT * FROM block'); main()"
    done = run(APP + raising, tmp_path)
    assert done.returncode == 1
    shows("The types of a kernel can't be read", done.stderr)


WITHOUT_BT2 = [["--help"], ["doctor"], ["cache"], ["target", "list"], ["new", "skb-filter"], ["schema"]]


@pytest.mark.parametrize("words", [["run", "--help"], *WITHOUT_BT2, *(["list", each] for each in ("addons", "traces"))])
def test_without_bt2_commands_work_that_need_no_trace(words: list[str], tmp_path: Path) -> None:
    done = run(f"sys.argv[1:] = {words!r}; sys.modules['bt2'] = None; main()", tmp_path)
    assert "bt2" not in done.stderr
    assert done.returncode == 0 or words == ["doctor"], done.stderr


@pytest.mark.parametrize("words", [["summary"], ["summary", "--json"]])
def test_without_bt2_the_own_reader_reads(words: list[str], tmp_path: Path) -> None:
    trace = PROJECT / "tests/trace/data/bookworm"
    done = run(f"sys.argv[1:] = {[*words, str(trace)]!r}; sys.modules['bt2'] = None; main()", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", [["view"], ["summary", "--reader", "babeltrace2"]])
def test_without_bt2_what_reads_a_trace_says_so(words: list[str], tmp_path: Path) -> None:
    trace = PROJECT / "tests/trace/data/bookworm"
    done = run(f"sys.argv[1:] = {[*words, str(trace)]!r}; sys.modules['bt2'] = None; main()", tmp_path)
    assert done.returncode == 1
    shows("babeltrace2's Python module is missing", done.stderr)
