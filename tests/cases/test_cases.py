"""Every AREA/NAME.toml here is an addon that is built, loaded and recorded on a real kernel.

A case is an addon.toml without its [addon] table, but with

    [case]
    about = "what it shows"
    expect = ["count == `4`"]       # JMESPath, of the first event in the summary's JSON (docs/summary.md); all hold
    expect-others = ["other_event"] # further events that must have come
    expect-missed = { event = 88 }  # hits that a kretprobe has no room for; 0 for those not named
    releases = ["trixie", "sid"]    # those whose kernels have the hook; all where not given
    [case.files]                    # C files beside addon.toml

To add one, add a file. All cases of a release share one virtual machine; the kernel's log is read after each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jmespath
import pytest
import tomlkit

from lttng_addon_kit import api
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session import recording
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import made_target

pytestmark = [pytest.mark.vm, pytest.mark.every_release]

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.toml"))


Build = Callable[[Path], BuiltModule]


@pytest.fixture(scope="session")
def machine(release: str) -> Iterator[Machine]:
    """The virtual machine that the cases of a release share."""
    with made_target(release).start(Progress(quiet=True)) as machine:
        yield machine


@pytest.fixture(scope="session")
def module_of(
    release: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Build]:
    """Gives a case's module. All are built one after the other, while the machine records those before."""
    made_target(release)
    cases = [
        each.callspec.params
        for each in request.session.items
        if isinstance(each, pytest.Function) and each.originalname == "test_case"
    ]
    folder = tmp_path_factory.mktemp("addons")
    with ThreadPoolExecutor(1) as builder:
        built = {
            params["case"]: builder.submit(_build, params["case"], release, folder / str(index))
            for index, params in enumerate(cases)
            if params["release"] == release and _has_hook(params["case"], release)
        }
        yield lambda case: built[case].result()
        builder.shutdown(cancel_futures=True)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(case: Path, release: str, module_of: Build, machine: Machine, tmp_path: Path) -> None:
    expected = _read(case)["case"]
    if not _has_hook(case, release):
        pytest.skip(f"the kernel of {release} does not have this hook")
    module = module_of(case)
    output: list[str] = []
    workload = ChosenWorkload(module.addon.workload.words if module.addon.workload else ())
    machine.run("dmesg", "--clear")
    folder = record(Stage(machine, Progress(quiet=True), output.append), [module], workload, tmp_path / "traces")
    made = recording.load(folder)
    assert made is not None
    assert made.kernel_problems == ()
    assert made.workload_status == 0, output
    events = to_json(summarise(folder, expected_events=made.event_names, addresses=made.addresses))["events"]
    event = events[module.addon.events[0].name]
    for expression in expected["expect"]:
        assert jmespath.search(expression, event), (expression, event)
    missed = {each.name: each.missed for addon in made.addons for each in addon.events}
    assert missed == dict.fromkeys(missed, 0) | expected.get("expect-missed", {})
    for other in expected.get("expect-others", []):
        assert events[other]["count"] > 0


def _read(case: Path) -> dict[str, Any]:
    return tomllib.loads(case.read_text(encoding="utf-8"))


def _has_hook(case: Path, release: str) -> bool:
    return release in _read(case)["case"].get("releases", [release])


def _build(case: Path, release: str, folder: Path) -> BuiltModule:
    spec = _read(case)
    files = spec.pop("case").get("files", {})
    folder.mkdir()
    (folder / "addon.toml").write_text(
        tomlkit.dumps({"addon": {"name": f"case-{case.stem}"}, **spec}), encoding="utf-8"
    )
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))
    (module,) = api.build([load_addon(folder)], setting)
    return module
