"""Where Debian keeps a kernel's headers, and in which order Kbuild looks into them."""

from __future__ import annotations

from pathlib import Path

# LINUXINCLUDE of the kernel's Makefile: what is generated is in the folder of the kernel's flavour, the rest
# in "common".
_COMMON = ("arch/x86/include", "include", "arch/x86/include/uapi", "include/uapi")
_OF_FLAVOUR = (
    "arch/x86/include/generated",
    "include",
    "arch/x86/include/generated/uapi",
    "include/generated/uapi",
)


def find_headers(sources: Path, release: str) -> tuple[Path, ...]:
    """The folders of a kernel's headers that are there.

    Args:
        sources: usr/src, with linux-headers-RELEASE and linux-headers-VERSION-common as Debian has them, or
            with the
            one folder linux-headers-RELEASE.
    """
    flavour = sources / f"linux-headers-{release}"
    common = next(iter(sorted(sources.glob(f"linux-headers-{_version(release)}*-common"))), flavour)
    folders = [common / each for each in _COMMON] + [flavour / each for each in _OF_FLAVOUR]
    return tuple(dict.fromkeys(each for each in folders if each.is_dir()))


def _version(release: str) -> str:
    """Debian's `6.1.0-56-cloud-amd64` -> `6.1.0-56`; `7.2.13+deb14-cloud-amd64` -> `7.2.13+deb14`."""
    parts = release.split("-")
    return "-".join(parts[:2]) if len(parts) > 1 and parts[1].isdigit() else parts[0]
