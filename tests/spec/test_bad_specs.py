# SPDX-License-Identifier: GPL-2.0-only
"""Every bad/**/NAME.toml is refused with exactly the text of NAME.txt, for the default target's kernel.

To add a case, add the two files; in the text, RELEASE stands for the kernel's. A NAME.c beside them is own.c, the
addon's own C file.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError, render
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import load_addon

BAD = Path(__file__).parent / "bad"


@pytest.mark.parametrize("case", sorted(BAD.rglob("*.toml")), ids=lambda path: str(path.relative_to(BAD)))
def test_is_refused(case: Path, kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "addon.toml").write_bytes(case.read_bytes())
    if case.with_suffix(".c").exists():
        shutil.copy(case.with_suffix(".c"), tmp_path / "own.c")
    with pytest.raises(KitError) as refused:
        generate_sources(load_addon(tmp_path), kernel)
    text = render(refused.value).replace(f"{tmp_path}/", "").replace(kernel.release, "RELEASE")
    assert text + "\n" == case.with_suffix(".txt").read_text(encoding="utf-8")
