# SPDX-License-Identifier: GPL-2.0-only
"""Writes the C of every addon that the tests know, for comparing two versions of the kit with each other.

    python -m tests.generated.write_all FOLDER [RELEASE...]
    diff -r FOLDER OTHER_FOLDER

The addons are all cases of tests/cases, all templates of the gallery, every case of tests/expression/good.toml as an
addon, and the messages for all specs of tests/spec/bad. Digests are blanked, as they follow from the rest. Only the
package's public interface is used, so that it runs with either version (PYTHONPATH says which).
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit

import lttng_addon_kit as kit

TESTS = Path(__file__).parent.parent
PARAMETERS = {"device": "lo", "limit": 5, "all": True}
OWN_C = """\
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/types.h>

int grade(const u8 *data, int length);
u64 temperature(void);
const char *label_of(const void *object);

int grade(const u8 *data, int length)
{
	return 0;
}

u64 temperature(void)
{
	return 0;
}

const char *label_of(const void *object)
{
	return NULL;
}
"""


def main() -> None:
    """See the module's docstring."""
    out, releases = Path(sys.argv[1]), sys.argv[2:] or ["bookworm", "trixie", "sid"]
    for release in releases:
        setting = kit.setting(release)
        for name, write in _addons():
            folder = out / release / name / "addons" / name.rpartition("/")[2]
            folder.mkdir(parents=True)
            write(folder)
            try:
                kit.generate([kit.load_addon(folder)], setting)
            except kit.KitError as error:
                message = f"{error.location and (error.location.line, error.location.column)} {error}\n{error.hint}\n"
                (folder / "refused.txt").write_text(message.replace(str(out), ""), encoding="utf-8")
            for path in folder.parent.rglob("*"):
                if path.is_file():
                    _blank_digest(path)


def _addons() -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Each addon's name, and what writes its addon.toml into a folder."""
    for case in sorted((TESTS / "cases").glob("*/*.toml")):
        yield f"cases/case-{case.parent.name}-{case.stem}", partial(_write_case, case)
    for template in kit_templates():
        yield (
            f"gallery/{template.name}",
            partial(shutil.copytree, template, dirs_exist_ok=True),
        )
    good = tomllib.loads((TESTS / "expression/good.toml").read_text(encoding="utf-8"))["case"]
    for index, case in enumerate(good):
        yield f"good/good-{index}", partial(_write_good, case)
    for bad in sorted((TESTS / "spec/bad").rglob("*.toml")):
        name = "-".join(bad.relative_to(TESTS / "spec/bad").with_suffix("").parts)
        yield f"bad/{name}", partial(_write_bad, bad)


def kit_templates() -> list[Path]:
    """The folders of the gallery, wherever this version has them."""
    package = Path(kit.__file__).parent
    for gallery in (package.parent / "templates/gallery", package / "templates/gallery"):
        if gallery.is_dir():
            return sorted(each for each in gallery.iterdir() if (each / "addon.toml").exists())
    raise FileNotFoundError("no gallery")


def _write_case(case: Path, folder: Path) -> None:
    spec = tomllib.loads(case.read_text(encoding="utf-8"))
    files = spec.pop("case").get("files", {})
    _write(folder, {"addon": {"name": folder.name}, **spec}, files)


def _write_good(case: dict[str, Any], folder: Path) -> None:
    hook = case["hook"] if ":" in case["hook"] else f"tracepoint:{case['hook']}"
    event: dict[str, Any] = {"name": f"{folder.name.replace('-', '_')}_event", "hook": hook}
    if case.get("filter"):
        event["filter"] = case["filter"]
    if case.get("nofault"):
        event["reads"] = "nofault"
    event["fields"] = {f"f{index}": value for index, value in enumerate(case.get("fields", ()))}
    spec = {"addon": {"name": folder.name}, "module": {"sources": ["own.c"]}, "parameters": PARAMETERS}
    _write(folder, {**spec, "event": [event]}, {"own.c": OWN_C})


def _write_bad(spec: Path, folder: Path) -> None:
    shutil.copyfile(spec, folder / "addon.toml")


def _write(folder: Path, spec: dict[str, Any], files: dict[str, str]) -> None:
    (folder / "addon.toml").write_text(tomlkit.dumps(spec), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


def _blank_digest(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(Digest: )[0-9a-f]{16}$", r"\1-", text, flags=re.MULTILINE)
    path.write_text(re.sub(r"(_DIGEST\t0x)[0-9a-f]+", r"\g<1>0", text), encoding="utf-8")


if __name__ == "__main__":
    main()
