"""LTTng's kernel tracer without its stock probes, built inside a root and installed there.

Only what an addon needs is built: tracer, ring buffers, clock, wrappers and the probes for kprobes,
kretprobes and uprobes. Any of upstream's hundred other probes fails to build when a point release changes its
tracepoint, and takes everything down with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.machine.process import failed
from lttng_addon_kit.target.vm.root import Root

# Of lttng-modules' src/probes/Kbuild; from 2.14 on the tracer itself has the kprobe code and these names
# match nothing.
CORE_PROBES = ("lttng-kprobes.o", "lttng-kretprobes.o", "lttng-uprobes.o")

# Appended, because what is before it also sets flags, and defines the objects that other versions have there.
_FILTER = """
# Only the probes that the core is made of.
obj-$(CONFIG_LTTNG) := $(filter {probes},$(obj-$(CONFIG_LTTNG)))
"""

# The kernel's own modules are signed and, in newer releases, compressed; ours need neither, nor the programs
# for it (scripts/Makefile.modinst).
_AS_THEY_ARE = (
    "CONFIG_MODULE_SIG_ALL=",
    "CONFIG_MODULE_COMPRESS_XZ=",
    "CONFIG_MODULE_COMPRESS_ZSTD=",
    "CONFIG_MODULE_COMPRESS_GZIP=",
)

# What a build leaves that neither addons nor the running machine need.
_LEFTOVERS = ("*.o", ".*.cmd", "*.mod", "*.mod.c", "*.ko")


@dataclass(frozen=True)
class Core:
    """A built core.

    Attributes:
        version: of lttng-modules, as in "2.13.9".
        folder: where its headers, Kbuild.common and Module.symvers are, as seen inside the root.
    """

    version: str
    folder: str


def build_core(root: Root) -> Core:
    """Build the core in a root and install it, so that `modprobe lttng-tracer` finds it there.

    Raises:
        KitError: it does not compile; with the compiler's words.
    """
    source = root.lttng_modules
    keep_core_probes(source)
    inside = f"/{source.relative_to(root.folder)}"
    build = f"/lib/modules/{root.kernel_release}/build"
    make = ["make", "-C", build, f"M={inside}/src", "CONFIG_LTTNG=m"]
    _run(root, [*make, "-j2", "modules"], "building lttng-modules")
    # `updates`: before anything that the distribution might have put in `extra`.
    install = [*make, *_AS_THEY_ARE, "INSTALL_MOD_DIR=updates", "INSTALL_MOD_STRIP=1", "modules_install"]
    _run(root, install, "installing lttng-modules")
    _run(root, ["depmod", root.kernel_release], "indexing the modules")
    _remove_leftovers(source / "src")
    return Core(source.name.removeprefix("lttng-modules-"), inside)


def keep_core_probes(source: Path) -> None:
    """Change lttng-modules' source so that only the core's probes are built; once is enough."""
    kbuild = source / "src/probes/Kbuild"
    text = kbuild.read_text()
    addition = _FILTER.format(probes=" ".join(CORE_PROBES))
    if not text.endswith(addition):
        kbuild.write_text(text + addition)


def _run(root: Root, argv: list[str], doing: str) -> None:
    output = root.enter(argv, writable=True)
    if output.status:
        raise failed(f"{doing} for {root.kernel_release}", output)


def _remove_leftovers(folder: Path) -> None:
    for pattern in _LEFTOVERS:
        for path in folder.rglob(pattern):
            path.unlink()
