# SPDX-License-Identifier: GPL-2.0-only
"""A kernel that the kit builds itself: a distribution's source, and a configuration of the kit's own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_FRAGMENTS = Path(__file__).with_name("kernels")


@dataclass(frozen=True)
class BuiltKernel:
    """What a kernel is built of.

    Attributes:
        flavour: what its release ends with, as in `6.1.192-debug`.
        source: the distribution's package of the kernel's source.
        fragments: files in kernels/, which together say what is on; all else is off.
    """

    flavour: str
    source: str
    fragments: tuple[str, ...]

    def configuration(self) -> str:
        """The options that are on, as the kernel's .config has them."""
        texts = [(_FRAGMENTS / each).read_text(encoding="utf-8") for each in self.fragments]
        return "".join([*texts, f'CONFIG_LOCALVERSION="-{self.flavour}"\n'])

    def recipe(self) -> str:
        """Stands for how it is built: with another recipe it is another kernel."""
        return hashlib.sha256(f"{self.source}\n{self.configuration()}".encode()).hexdigest()[:12]


def missing_options(wanted: str, got: str) -> Sequence[str]:
    """The lines of a configuration that the kernel's own tools did not take over.

    An option whose dependencies are off, or that this source does not have, is dropped without a word.
    """
    taken = set(got.splitlines())
    return [each for each in wanted.splitlines() if each.startswith("CONFIG_") and each not in taken]
