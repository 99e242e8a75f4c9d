"""The forms in which texts enter C, checked by the C compiler where that is what counts."""

import subprocess
from pathlib import Path

import pytest

from lttng_addon_kit.module.c_text import c_string, comment, folded


@pytest.mark.parametrize("text", ["lo", 'a"b', "\\", "??/", "é", "\x01" + "2", 'x"; panic(); "', "%s%n", "\t", ""])
def test_c_string_is_the_text(text: str, tmp_path: Path) -> None:
    source = tmp_path / "text.c"
    source.write_text(f"#include <stdio.h>\nint main(void) {{ return fputs({c_string(text)}, stdout) < 0; }}\n")
    subprocess.run(["gcc", "-Wall", "-Werror", "-trigraphs", "-o", tmp_path / "text", source], check=True)
    assert subprocess.run([tmp_path / "text"], check=True, capture_output=True).stdout == text.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a->b == 1", "a->b == 1"),
        ("a\n\t && b", "a && b"),
        ("*/ panic(); /*", "* / panic(); / *"),
    ],
)
def test_comment_can_not_be_left(text: str, shown: str) -> None:
    assert comment(text) == shown


def test_short_list_stays_on_one_line() -> None:
    assert folded(["int a", "int b"], "static void f(", ")") == "static void f(int a, int b)"


def test_long_list_is_aligned_below_its_first_item() -> None:
    items = [f"unsigned long argument_{number}" for number in range(4)]
    lines = folded(items, "static void probe(", ");").split("\n")
    assert max(len(line.expandtabs()) for line in lines) <= 80
    assert all(line.startswith("\t\t  unsigned") for line in lines[1:])


def test_empty_list() -> None:
    assert folded([], "f(", ");") == "f();"
