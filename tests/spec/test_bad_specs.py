"""Every bad/NAME.toml is refused with exactly the text of bad/NAME.txt. To add a case, add the two files."""

from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError, render
from lttng_addon_kit.spec.load import load_addon

BAD = Path(__file__).parent / "bad"


@pytest.mark.parametrize("case", sorted(BAD.glob("*.toml")), ids=lambda path: path.stem)
def test_is_refused(case: Path, tmp_path: Path) -> None:
    (tmp_path / "addon.toml").write_bytes(case.read_bytes())
    with pytest.raises(KitError) as refused:
        load_addon(tmp_path)
    text = render(refused.value).replace(f"{tmp_path}/", "")
    assert text + "\n" == case.with_suffix(".txt").read_text(encoding="utf-8")
