# SPDX-License-Identifier: GPL-2.0-only
"""Targets by name, and the errors where they cannot be created."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.machine.local import LocalMachine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.architecture.x86_64 import ARCHITECTURE
from lttng_addon_kit.target.distribution.debian import DEBIAN
from lttng_addon_kit.target.doctor import doctor
from lttng_addon_kit.target.registry import find_target, list_targets
from lttng_addon_kit.target.releases import RELEASES
from lttng_addon_kit.target.target import Boot, Target


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("bookwurm", "did you mean 'bookworm'?"),
        ("", f"targets are {', '.join(RELEASES)}, local and ssh:HOST"),
        ("ssh:", f"targets are {', '.join(RELEASES)}, local and ssh:HOST"),
        ("ssh:-oProxyCommand=x", f"targets are {', '.join(RELEASES)}, local and ssh:HOST"),
        ("../bookworm", "did you mean 'bookworm'?"),
    ],
)
def test_no_such_target(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_target(name, tmp_path)
    assert caught.value.hint == hint


def test_targets_have_their_names(tmp_path: Path) -> None:
    assert [each.name for each in list_targets(tmp_path)] == [*RELEASES, "local"]
    target: Target = find_target("ssh:rack7", tmp_path)
    assert target.name == "ssh:rack7"
    assert not target.exists()


def test_without_qemu_nothing_is_begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lttng_addon_kit.machine.process._MORE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KitError, match="is not installed") as caught:
        find_target("bookworm", tmp_path / "cache").create(Progress(quiet=True))
    assert "sudo apt install" in caught.value.hint
    assert not (tmp_path / "cache").exists()


def test_a_target_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(KitError) as caught:
        find_target("sid", tmp_path).kernel_files()
    assert caught.value.hint == "lttng-addon target create sid"


def test_a_host_is_not_booted_by_us(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a virtual machine"):
        find_target("local", tmp_path).start(Progress(quiet=True), Boot(cpus=1)).__enter__()


def test_a_host_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"cannot reach ssh:nowhere\.invalid by ssh"):
        find_target("ssh:nowhere.invalid", tmp_path).create(Progress(quiet=True))
    assert [each.name for each in (tmp_path / "targets").iterdir()] == [".ssh:nowhere.invalid.lock"]


def test_a_host_without_ssh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lttng_addon_kit.machine.process._MORE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KitError, match="ssh is not installed") as caught:
        find_target("ssh:rack7", tmp_path).create(Progress(quiet=True))
    assert caught.value.hint == "sudo apt install openssh-client"


def test_what_an_older_kit_created_otherwise_is_created_again(tmp_path: Path) -> None:
    """The recipe is a digest; as long as neither packages nor the first process change, targets of users stay."""
    target = find_target("sid", tmp_path)
    (tmp_path / "targets/sid").mkdir(parents=True)
    facts = {"kernel_release": "7.2", "lttng_version": "2.16", "lttng_modules": "/usr/src/x", "recipe": "older"}
    (tmp_path / "targets/sid/target.json").write_text(json.dumps(facts))
    assert not target.exists()


def test_doctor_offers_a_command_for_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lttng_addon_kit.machine.process._MORE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = [each for each in doctor(tmp_path / "cache") if not each.ok]
    assert {"mmdebstrap", "bwrap", "qemu-system-x86_64"} <= {each.what for each in missing}
    assert all(each.fix for each in missing)
    assert not (tmp_path / "cache").exists()


def test_headers_of_both_of_debians_layouts(tmp_path: Path) -> None:
    for name in ("linux-headers-6.1.0-56", "linux-headers-7.2.13+deb14"):
        (tmp_path / f"{name}-common/include/uapi").mkdir(parents=True)
        (tmp_path / f"{name}-cloud-amd64/include/generated/uapi").mkdir(parents=True)
    folders = DEBIAN.find_headers(tmp_path, "7.2.13+deb14-cloud-amd64", ARCHITECTURE)
    assert [str(each.relative_to(tmp_path)) for each in folders] == [
        "linux-headers-7.2.13+deb14-common/include",
        "linux-headers-7.2.13+deb14-common/include/uapi",
        "linux-headers-7.2.13+deb14-cloud-amd64/include",
        "linux-headers-7.2.13+deb14-cloud-amd64/include/generated/uapi",
    ]


def test_this_host_copies_files_and_folders(tmp_path: Path) -> None:
    machine = LocalMachine(as_root=False)
    (tmp_path / "a b/c").mkdir(parents=True)
    (tmp_path / "a b/c/file").write_text("x")
    machine.put(tmp_path / "a b", str(tmp_path / "new/place"))
    machine.put(tmp_path / "a b/c/file", str(tmp_path / "new/place/$(x)"))
    machine.get(str(tmp_path / "new/place"), tmp_path / "back")
    assert (tmp_path / "back/c/file").read_text() == (tmp_path / "back/$(x)").read_text() == "x"
    with pytest.raises(KitError, match="already exists"):
        machine.get(str(tmp_path / "new"), tmp_path / "back")
    with pytest.raises(KitError, match="does not exist"):
        machine.put(tmp_path / "nothing", "/tmp/x")
    assert machine.run("false", check=False).status == 1
    with pytest.raises(KitError, match="no-such-program"):
        machine.run("no-such-program")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kernel_release": 1, "other": 2}', "\0" * 9])
def test_a_damaged_target_is_none_and_says_how_to_make_it(text: str, tmp_path: Path) -> None:
    target = find_target("sid", tmp_path)
    (tmp_path / "targets/sid").mkdir(parents=True)
    (tmp_path / "targets/sid/target.json").write_text(text)
    assert not target.exists()
    with pytest.raises(KitError) as caught:
        target.kernel_files()
    assert caught.value.hint == "lttng-addon target create sid"
