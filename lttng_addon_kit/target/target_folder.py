# SPDX-License-Identifier: GPL-2.0-only
"""The folder of a target in the cache: what virtual machines and hosts have in common as targets.

In the cache, targets/NAME/ has at least
    target.json    the facts that were learnt when the target was created
    kernel/        lists that only a running kernel can give
"""

from __future__ import annotations

import json
import shlex
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.machine.folders import locked, made_whole, remove_tree
from lttng_addon_kit.machine.user_folder import make_private
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.architecture.architectures import host_architecture
from lttng_addon_kit.target.distribution.distribution import Distribution
from lttng_addon_kit.target.target import Made


@dataclass(frozen=True)
class TargetFacts:
    """What is known of a target that exists.

    Attributes:
        recipe: stands for how the kit created it; "" where that does not matter.
    """

    kernel_release: str
    lttng_version: str
    lttng_modules: str
    recipe: str = ""


class TargetFolder(ABC):
    """A target (see `Target`) by its folder, which is created whole or not at all, by one process at a time.

    Args:
        name: the target's.
        distribution: what it runs.
        cache: the folder of all targets' files.
    """

    # What creating one is, for messages: ("creating", "created").
    _creating: tuple[str, str]

    def __init__(self, name: str, distribution: Distribution, cache: Path) -> None:
        self.name = name
        self._distribution = distribution
        self._architecture = host_architecture()
        self._cache = cache
        # A host's name may hold characters that a folder's may not.
        self._folder = cache / "targets" / name.replace("/", "_")

    @abstractmethod
    def _fill(self, folder: Path, progress: Progress) -> TargetFacts:
        """Write all of the target's files but the facts into a new folder."""

    @abstractmethod
    def _seen(self, folder: Path) -> str:
        """A folder's path where `compile` runs."""

    @abstractmethod
    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`."""

    @abstractmethod
    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`."""

    @property
    def lttng_modules(self) -> str:
        """See `Target.lttng_modules`."""
        return self._facts().lttng_modules

    @property
    def lttng_version(self) -> str:
        """See `Target.lttng_version`."""
        return self._facts().lttng_version

    def exists(self) -> bool:
        """See `Target.exists`."""
        return self._has_facts()

    def create(self, progress: Progress) -> None:
        """See `Target.create`."""
        if self.exists():
            return
        self._check_host()
        make_private(self._cache)
        with self._locked(progress):
            if self.exists():
                return
            if self._facts_file.exists() and (damage := self._damage()):
                progress.say(f"{damage}: {self.name} is created again")
            self._discard()
            with made_whole(self._folder) as folder:
                facts = self._fill(folder, progress)
                (folder / "target.json").write_text(json.dumps(asdict(facts)))

    def remove(self) -> None:
        """See `Target.remove`."""
        with self._locked(Progress(quiet=True)):
            self._discard()

    def make(self, folder: Path, *arguments: str) -> Made:
        """See `Target.make`."""
        variables = [f"FOLDER={self._seen(folder)}", f"LTTNG_MODULES={self.lttng_modules}"]
        return self.compile(folder, "make", *variables, *arguments)

    def _preprocess(self, folder: Path) -> str:
        build = f"/lib/modules/{self._facts().kernel_release}/build"
        return self.make(folder, "-C", build, "M=$(FOLDER)", "macros.i").output

    def _check_host(self) -> None:  # noqa: B027 - most kinds need nothing
        """See that this host has what creating the target takes.

        Raises:
            KitError: it lacks something.
        """

    def _damage(self) -> str:
        """What is damaged of a target that was created, in words; "" where nothing is known to be."""
        return "" if self._has_facts() else f"{self._facts_file} is damaged"

    def _discard(self) -> None:
        """Remove the folder; renamed first, so that no process ever finds half a target."""
        going = self._folder.with_name(f".{self._folder.name}-making-removed")
        if self._folder.exists():
            self._folder.rename(going)
        remove_tree(going)

    def _locked(self, progress: Progress) -> AbstractContextManager[None]:
        """Be the only process that creates, changes or removes the target."""
        wait = f"Another process is {self._creating[0]} {self.name}; waiting for it to finish."
        return locked(self._folder.with_name(f".{self._folder.name}.lock"), lambda: progress.say(wait))

    def _describe_kernel(self, vmlinuz: Path, modules: Path, sources: Path) -> KernelFiles:
        """The kernel's files.

        Args:
            modules: the folder of all kernels' modules.
            sources: the folder of all kernels' headers.
        """
        release = self._facts().kernel_release
        lists = self._folder / "kernel"
        return KernelFiles(
            release=release,
            processor=self._architecture.processor,
            vmlinuz=vmlinuz,
            modules=modules / release,
            headers=self._distribution.find_headers(sources, release, self._architecture),
            preprocess=self._preprocess,
            symbols=lists / "symbols",
            kprobe_blacklist=lists / "kprobe_blacklist",
            traceable=lists / "traceable",
        )

    @property
    def _facts_file(self) -> Path:
        return self._folder / "target.json"

    def _has_facts(self) -> bool:
        """Whether target.json exists and is whole."""
        try:
            self._facts()
        except KitError:
            return False
        return True

    def _facts(self) -> TargetFacts:
        try:
            return TargetFacts(**json.loads(self._facts_file.read_text()))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError) as error:
            raise KitError(
                f"{self.name} has not been {self._creating[1]} yet",
                hint=f"lttng-addon target create {shlex.quote(self.name)}",
            ) from error
