# SPDX-License-Identifier: GPL-2.0-only
"""C functions that generated code calls: what the kernel lacks, or does not export to modules."""

from __future__ import annotations

_BOUNDED_STARTS = """\
/* Whether a text that may fill its array, with no NUL then, has this prefix. */
static bool bounded_starts(const char *text, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return length <= size && !strncmp(text, prefix, length);
}"""

_MOUNTS = """\
static const struct vfsmount *
addon_parent_mount(const struct vfsmount *mnt, const struct dentry **mountpoint)
{
	const struct mount *mount = container_of(mnt, struct mount, mnt);

	*mountpoint = READ_ONCE(mount->mnt_mountpoint);
	return &READ_ONCE(mount->mnt_parent)->mnt;
}

static const struct lttng_addon_mounts addon_mounts = {
	.parent = addon_parent_mount,
};"""

_FUNCTIONS = {
    "mounts": _MOUNTS,
    "bounded_starts": _BOUNDED_STARTS,
}


def helper_function(name: str) -> str:
    """The definition of one of these functions: bounded_starts, mounts."""
    return _FUNCTIONS[name]
