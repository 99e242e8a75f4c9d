# SPDX-License-Identifier: GPL-2.0-only
"""Putting generated sources on disk without ever losing what a person wrote.

Each generated file carries a digest of itself. A file whose digest no longer fits was edited by hand (or is not ours)
and is left alone, unless the user says otherwise.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError

DIGEST_PLACEHOLDER = "0" * 16
_DIGEST_LINE = re.compile(r"(Digest: )([0-9a-f]{16})$", re.MULTILINE)


@dataclass(frozen=True)
class GeneratedFile:
    """One file of an addon's sources: its name in the addon's folder, and its text with the digest in."""

    name: str
    text: str


def with_digest(name: str, text: str) -> GeneratedFile:
    """A generated file whose head says `Digest: 000...`, with the real digest in its place."""
    return GeneratedFile(name, _DIGEST_LINE.sub(rf"\g<1>{_digest(text)}", text, count=1))


def is_untouched(text: str) -> bool:
    """Whether a file's text is, to the letter, what some `generate` wrote."""
    found = _DIGEST_LINE.search(text)
    return found is not None and found[2] == _digest(text)


def write_files(folder: Path, files: Iterable[GeneratedFile], force: bool = False) -> list[Path]:
    """Write the files that differ from what is there; none, if one was edited by hand.

    Returns:
        The files written.

    Raises:
        KitError: a file was edited by hand; with the difference to what would be written.
    """
    changed = [file for file in files if _text(folder / file.name) != file.text]
    if not force:
        _refuse_edited(folder, changed)
    for file in changed:
        replace_file(folder / file.name, file.text)
    return [folder / file.name for file in changed]


def _refuse_edited(folder: Path, files: Iterable[GeneratedFile]) -> None:
    edited = []
    for file in files:
        there = _text(folder / file.name)
        if there is not None and not is_untouched(there):
            edited.append((folder / file.name, there, file.text))
    if edited:
        paths = ", ".join(str(path) for path, _, _ in edited)
        raise KitError(
            f"{paths} {'was' if len(edited) == 1 else 'were'} edited by hand and would be overwritten",
            hint="--force overwrites; what addon.toml can't say goes into a C file of your own, [module] sources",
            details="\n".join(_difference(*each) for each in edited),
        )


def _difference(path: Path, there: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        there.splitlines(), wanted.splitlines(), f"{path} (as it is)", f"{path} (generated)", lineterm=""
    )
    return "\n".join(lines)


def _digest(text: str) -> str:
    blank = _DIGEST_LINE.sub(rf"\g<1>{DIGEST_PLACEHOLDER}", text, count=1)
    return hashlib.sha256(blank.encode()).hexdigest()[: len(DIGEST_PLACEHOLDER)]


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all: a command that is stopped leaves no half file; a link is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
