# SPDX-License-Identifier: GPL-2.0-only
"""Every AREA/NAME.toml here is an addon that is built, loaded and recorded on a real kernel.

To add one, add a file: tests/README.md says what is in it. All cases of a release share one virtual machine; the
kernel's log is read after each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import jmespath
import pytest

from lttng_addon_kit import api
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.output import json_form
from lttng_addon_kit.output.report import read_report
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.target.target import Boot
from lttng_addon_kit.workspace import cache_folder
from tests.cases.case_file import CASES, case_id, read_case
from tests.conftest import made_target

pytestmark = [pytest.mark.vm, pytest.mark.every_release]


Build = Callable[[Path], BuiltModule]

# QEMU 7.2 with a thread for each processor runs code that the kernel has patched away (tests/stress/cycles.py).
_IN_TURNS = Boot(in_turns=True)


@pytest.fixture(scope="session")
def machine(release: str) -> Iterator[Machine]:
    """The virtual machine that the cases of a release share."""
    with made_target(release).start(Progress(quiet=True), _IN_TURNS) as started:
        yield started


@pytest.fixture(scope="session")
def module_of(
    release: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Build]:
    """Gives a case's module. All are built one after the other, while the machine records those before."""
    made_target(release)
    cases: list[dict[str, Any]] = [
        each.callspec.params
        for each in request.session.items
        if isinstance(each, pytest.Function) and each.originalname == "test_case"
    ]
    folder = tmp_path_factory.mktemp("addons")
    with ThreadPoolExecutor(1) as builder:
        built = {
            params["path"]: builder.submit(_build, params["path"], release, folder / str(index))
            for index, params in enumerate(cases)
            if params["release"] == release and not read_case(params["path"]).why_not_on(release)
        }
        yield lambda path: built[path].result()
        builder.shutdown(cancel_futures=True)


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_case(path: Path, release: str, module_of: Build, machine: Machine, tmp_path: Path) -> None:
    case = read_case(path)
    if reason := case.why_not_on(release):
        pytest.skip(reason)
    module = module_of(path)
    workload, output = ChosenWorkload(module.addon.workload.words if module.addon.workload else ()), list[str]()
    machine.run("dmesg", "--clear")
    folder = record(Stage(machine, Progress(quiet=True), output.append), [module], workload, tmp_path / "traces")
    found = _read_json(folder)
    recording = found["recording"]
    assert recording["kernel_problems"] == []
    assert recording["workload_status"] == 0, output
    _check_values(case.expect, found)
    missed = {each["name"]: each["missed"] for addon in recording["addons"] for each in addon["events"]}
    told = case.directives.expect_missed
    assert {name: "any" if told.get(name) == "any" else each for name, each in missed.items()} == (
        dict.fromkeys(missed, 0) | told
    )
    assert sum(addon["faults"] for addon in recording["addons"]) >= case.directives.expect_faults
    _check_lines(case.directives.expect_output, "\n".join(output))
    _check_lines(case.directives.expect_kernel_log, (folder / "kernel.log").read_text(encoding="utf-8"))


def _read_json(folder: Path) -> dict[str, Any]:
    """What `summary --json` says of a recording."""
    text = StringIO()
    json_form.write(read_report(folder), text)
    found: dict[str, Any] = json.loads(text.getvalue())
    return found


def _check_values(expect: dict[str, list[str]], found: dict[str, Any]) -> None:
    """Checks what is expected of events, spans and aggregates, by their names."""
    values = dict(found["events"])
    for addon in found["recording"]["addons"]:
        values |= addon["spans"]
        values |= addon["collected"]["after"]["aggregates"] if addon["collected"] else {}
    for name, expressions in expect.items():
        for expression in expressions:
            assert jmespath.search(expression, values[name]), (expression, values[name])


def _check_lines(patterns: list[str], text: str) -> None:
    """Checks that each pattern is found in a line of a text."""
    for pattern in patterns:
        assert re.search(pattern, text, re.MULTILINE), (pattern, text)


def _build(path: Path, release: str, folder: Path) -> BuiltModule:
    folder.mkdir()
    read_case(path).write_addon(folder)
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))
    (module,) = api.build([load_addon(folder)], setting)
    return module
