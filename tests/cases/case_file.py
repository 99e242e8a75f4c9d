# SPDX-License-Identifier: GPL-2.0-only
"""A case: an addon.toml without its [addon] table, and what is expected of it (tests/README.md has the directives)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomlkit
from pydantic import BaseModel, ConfigDict

from lttng_addon_kit.target.releases import RELEASES

CASES = sorted(Path(__file__).parent.glob("*/*.toml"))


class Directives(BaseModel):
    """A case's table [case]; `-` in a directive's name is `_` here."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))

    about: str
    expect: dict[str, list[str]] | list[str]
    expect_missed: dict[str, int | Literal["any"]] = {}
    expect_faults: int = 0
    expect_output: list[str] = []
    expect_kernel_log: list[str] = []
    releases: list[str] = list(RELEASES)
    cannot_run: dict[str, str] = {}
    files: dict[str, str] = {}


@dataclass(frozen=True)
class CaseFile:
    """What a case's file says; `spec` is the addon's without the table [addon]."""

    name: str
    directives: Directives
    spec: dict[str, Any]

    def why_not_on(self, release: str) -> str:
        """Why the case does not run on a release; "" where it does."""
        if release not in self.directives.releases:
            return f"the kernel of {release} does not have this hook"
        return self.directives.cannot_run.get(release, "")

    @property
    def expect(self) -> dict[str, list[str]]:
        """What is expected of each event and aggregate, by its name; a bare list is for the first event."""
        expect = self.directives.expect
        return expect if isinstance(expect, dict) else {self.spec["event"][0]["name"]: expect}

    def write_addon(self, folder: Path) -> None:
        """Writes the case as an addon into a folder."""
        spec = {"addon": {"name": f"case-{self.name}"}, **self.spec}
        (folder / "addon.toml").write_text(tomlkit.dumps(spec), encoding="utf-8")
        for name, content in self.directives.files.items():
            (folder / name).write_text(content, encoding="utf-8")


def read_case(path: Path) -> CaseFile:
    """Reads a case's file.

    Raises:
        pydantic.ValidationError: a directive is unknown, or of the wrong type.
    """
    spec = tomllib.loads(path.read_text(encoding="utf-8"))
    return CaseFile(path.stem, Directives(**spec.pop("case")), spec)


def case_id(path: Path) -> str:
    """A case's name in pytest's output: AREA/NAME."""
    return f"{path.parent.name}/{path.stem}"
