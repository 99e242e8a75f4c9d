/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of files, for probes.
 *
 * d_path() takes locks, and waits for a rename to end: in an interrupt, or in a
 * probe in the middle of a rename, for ever. Here, as in its first attempt,
 * dentries and mounts are only read, under RCU, and what was read while
 * something was renamed is read again.
 */
#ifndef LTTNG_ADDON_PATH_H
#define LTTNG_ADDON_PATH_H

#include <linux/dcache.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/string.h>

/* How often a path is read before it is given up, and how many steps it has. */
#define LTTNG_ADDON_PATH_TRIES	3
#define LTTNG_ADDON_PATH_STEPS	256

/**
 * struct lttng_addon_mounts - How to find what a mount is on
 * @parent: gives the mount below, and where on it; itself at the top
 *
 * struct mount, which says so, is in no public header.
 */
struct lttng_addon_mounts {
	const struct vfsmount *(*parent)(const struct vfsmount *mount,
					 const struct dentry **mountpoint);
};

/* Odd while something is renamed. */
static inline unsigned int lttng_addon_renames(void)
{
	return READ_ONCE(rename_lock.seqcount.seqcount.sequence);
}

/* Puts "/NAME" before what begins at to[at]; returns where it begins then. */
static inline size_t lttng_addon_path_prepend(char *to, size_t at,
					      const struct dentry *dentry)
{
	/* The length may be another name's already; each ends with a NUL. */
	const char *name = smp_load_acquire(&dentry->d_name.name);
	size_t most = min_t(size_t, READ_ONCE(dentry->d_name.len), NAME_MAX);
	size_t length = strnlen(name, most);
	size_t part = min(length, at);

	if (!length)
		return at;
	at -= part;
	memcpy(to + at, name + length - part, part);
	if (at)
		to[--at] = '/';
	return at;
}

/* One attempt: where the path begins in the array, which ends with it. */
static __always_inline size_t
lttng_addon_path_read(char *to, size_t size, const struct dentry *dentry,
		      const struct vfsmount *mount,
		      const struct lttng_addon_mounts *mounts)
{
	const struct vfsmount *above;
	const struct dentry *parent;
	size_t at = size - 1;
	int step;

	to[at] = '\0';
	for (step = 0; step < LTTNG_ADDON_PATH_STEPS && dentry && at; step++) {
		if (mount && dentry == READ_ONCE(mount->mnt_root)) {
			above = mounts->parent(mount, &parent);
			if (above == mount)
				break;
			mount = above;
			dentry = parent;
			continue;
		}
		parent = READ_ONCE(dentry->d_parent);
		/* The root of a file system has no name of its own. */
		if (parent == dentry && !strcmp(dentry->d_name.name, "/"))
			break;
		at = lttng_addon_path_prepend(to, at, dentry);
		if (parent == dentry)
			return at;
		dentry = parent;
	}
	if (dentry && at && at == size - 1)
		to[--at] = '/';
	return at;
}

static __always_inline const char *
lttng_addon_path_of(char *to, size_t size, const struct dentry *dentry,
		    const struct vfsmount *mount,
		    const struct lttng_addon_mounts *mounts)
{
	unsigned int renames;
	size_t at;
	int try;

	rcu_read_lock();
	for (try = 0; try < LTTNG_ADDON_PATH_TRIES; try++) {
		renames = lttng_addon_renames();
		/* Against those of write_seqlock() and write_sequnlock(). */
		smp_rmb();
		at = lttng_addon_path_read(to, size, dentry, mount, mounts);
		/* The same. */
		smp_rmb();
		if (!(renames & 1) && lttng_addon_renames() == renames)
			break;
	}
	rcu_read_unlock();
	if (try == LTTNG_ADDON_PATH_TRIES)
		at = size - 1;
	memmove(to, to + at, size - at);
	return to;
}

/**
 * lttng_addon_path() - Get the path of a file, from the root of all mounts
 * @to: where to
 * @size: bytes that there is room for; a longer path loses its beginning
 * @path: the file
 * @mounts: how to find what a mount is on
 *
 * Context: Any, NMI too.
 * Return: @to; "" where folders were renamed all the while.
 */
static __always_inline const char *
lttng_addon_path(char *to, size_t size, const struct path *path,
		 const struct lttng_addon_mounts *mounts)
{
	return lttng_addon_path_of(to, size, READ_ONCE(path->dentry),
				   READ_ONCE(path->mnt), mounts);
}

/**
 * lttng_addon_dentry_path() - Get the path of a dentry in its file system
 * @to: where to
 * @size: bytes that there is room for; a longer path loses its beginning
 * @dentry: the dentry
 *
 * Context: Any, NMI too.
 * Return: @to; "" where folders were renamed all the while.
 */
static inline const char *
lttng_addon_dentry_path(char *to, size_t size, const struct dentry *dentry)
{
	return lttng_addon_path_of(to, size, dentry, NULL, NULL);
}

#endif /* LTTNG_ADDON_PATH_H */
