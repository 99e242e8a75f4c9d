"""Generated files: written when they change, never over a person's work."""

from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.module.write import DIGEST_PLACEHOLDER, is_untouched, with_digest, write_files

TEXT = f"/*\n * Digest: {DIGEST_PLACEHOLDER}\n */\nint x;\n"


def test_written_once(tmp_path: Path) -> None:
    file = with_digest("a.c", TEXT)
    assert write_files(tmp_path, [file]) == [tmp_path / "a.c"]
    assert write_files(tmp_path, [file]) == []
    assert is_untouched((tmp_path / "a.c").read_text())


def test_older_generated_file_is_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, [with_digest("a.c", TEXT)])
    newer = with_digest("a.c", TEXT.replace("int x", "int y"))
    assert write_files(tmp_path, [newer]) == [tmp_path / "a.c"]


@pytest.mark.parametrize("edit", ["\nint mine;\n", "int x;\n"])
def test_edited_file_is_kept_and_the_difference_shown(tmp_path: Path, edit: str) -> None:
    path = tmp_path / "a.c"
    file = with_digest("a.c", TEXT)
    write_files(tmp_path, [file])
    path.write_text(path.read_text() + edit)
    other = with_digest("b.c", TEXT)
    with pytest.raises(KitError) as refused:
        write_files(tmp_path, [other, file])
    assert "edited by hand" in refused.value.message
    assert "-" + edit.strip() in refused.value.details
    assert "--force" in refused.value.hint
    assert not (tmp_path / "b.c").exists()
    assert write_files(tmp_path, [file], force=True) == [path]


def test_file_of_somebody_else_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("mine\n")
    with pytest.raises(KitError):
        write_files(tmp_path, [with_digest("a.c", TEXT)])
    assert (tmp_path / "a.c").read_text() == "mine\n"
