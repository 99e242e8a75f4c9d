/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What every addon has in common across the boundary between kernel and user
 * space: the built-in commands of /dev/lttng-addons/NAME, and the layout of the
 * memory that can be mapped from it. What an addon adds is in NAME_abi.h.
 */
#ifndef LTTNG_ADDONS_ABI_H
#define LTTNG_ADDONS_ABI_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Changes whenever something in this file does. */
#define LTTNG_ADDONS_ABI_VERSION	3

/*
 * Commands
 *
 * 0xE8 is free in Documentation/userspace-api/ioctl/ioctl-number.rst.
 * Numbers from 0x80 on are the built-in commands, those below an addon's own.
 */
#define LTTNG_ADDONS_IOCTL	0xE8

struct lttng_addons_version {
	__u32 version;			/* LTTNG_ADDONS_ABI_VERSION */
	__u32 description_size;		/* bytes, for LTTNG_ADDONS_DESCRIBE */
	__aligned_u64 digest;		/* of the description: of NAME_abi.h */
	__aligned_u64 map_size;		/* bytes, for mmap() at offset 0 */
};

/* The addon's description: JSON text, without a NUL at its end. */
struct lttng_addons_describe {
	__aligned_u64 buffer;		/* a pointer */
	__u32 size;			/* in: of the buffer, out: of the text */
	__u32 reserved;			/* 0 */
};

/* A module parameter, as /sys/module/lttng_addon_NAME/parameters has it. */
#define LTTNG_ADDONS_NAME_SIZE	64
#define LTTNG_ADDONS_TEXT_SIZE	1024

struct lttng_addons_parameter {
	char name[LTTNG_ADDONS_NAME_SIZE];
	char value[LTTNG_ADDONS_TEXT_SIZE];
};

/*
 * An aggregate over all CPUs: its cells, one for each key (one in all if it
 * has no key). Cells are struct lttng_addons_cell, as in the mapping.
 */
struct lttng_addons_read {
	__u32 aggregate;		/* its index */
	__u32 cells;			/* in: the buffer's room, out: how many there are */
	__aligned_u64 buffer;		/* a pointer; room for cells * cell_size bytes */
	__aligned_u64 overflow;		/* out: values whose key found no free cell */
};

/* What became of a hook's hits, over all CPUs. */
struct lttng_addons_hits {
	__aligned_u64 seen;		/* while collecting */
	__aligned_u64 passed;		/* the filter */
	__aligned_u64 recorded;		/* as records of the ring */
	__aligned_u64 lost;		/* hit in the middle of another one, not seen */
};

struct lttng_addons_read_hits {
	__u32 hook;			/* its index */
	__u32 reserved;			/* 0 */
	struct lttng_addons_hits hits;	/* out */
};

/*
 * A table's keys and values, which probes read. An entry is a
 * struct NAME_TABLE_entry of NAME_abi.h: the key, and behind it the value.
 */
#define LTTNG_ADDONS_TEXT_KEY_SIZE	64

struct lttng_addons_entry {
	__u32 table;			/* its index */
	__u32 reserved;			/* 0 */
	__aligned_u64 entry;		/* a pointer */
};

struct lttng_addons_read_entries {
	__u32 table;			/* its index */
	__u32 entries;			/* in: the buffer's room, out: how many there are */
	__aligned_u64 buffer;		/* a pointer; room for that many entries */
};

#define LTTNG_ADDONS_VERSION \
	_IOR(LTTNG_ADDONS_IOCTL, 0x80, struct lttng_addons_version)
#define LTTNG_ADDONS_DESCRIBE \
	_IOWR(LTTNG_ADDONS_IOCTL, 0x81, struct lttng_addons_describe)
#define LTTNG_ADDONS_GET_PARAMETER \
	_IOWR(LTTNG_ADDONS_IOCTL, 0x82, struct lttng_addons_parameter)
#define LTTNG_ADDONS_SET_PARAMETER \
	_IOW(LTTNG_ADDONS_IOCTL, 0x83, struct lttng_addons_parameter)
#define LTTNG_ADDONS_READ \
	_IOWR(LTTNG_ADDONS_IOCTL, 0x84, struct lttng_addons_read)
#define LTTNG_ADDONS_READ_HITS \
	_IOWR(LTTNG_ADDONS_IOCTL, 0x85, struct lttng_addons_read_hits)
/* All aggregates and hits to 0, between two updates of each CPU. */
#define LTTNG_ADDONS_RESET \
	_IO(LTTNG_ADDONS_IOCTL, 0x86)
/* The entry's key gets its value; ENOSPC: there are as many keys as may be. */
#define LTTNG_ADDONS_SET_ENTRY \
	_IOW(LTTNG_ADDONS_IOCTL, 0x87, struct lttng_addons_entry)
/* The entry gets its key's value; ENOENT: there is no such key. */
#define LTTNG_ADDONS_GET_ENTRY \
	_IOW(LTTNG_ADDONS_IOCTL, 0x88, struct lttng_addons_entry)
/* The entry's value does not matter; ENOENT: there is no such key. */
#define LTTNG_ADDONS_DELETE_ENTRY \
	_IOW(LTTNG_ADDONS_IOCTL, 0x89, struct lttng_addons_entry)
#define LTTNG_ADDONS_READ_ENTRIES \
	_IOWR(LTTNG_ADDONS_IOCTL, 0x8a, struct lttng_addons_read_entries)

/*
 * The parameters that a program may change without a command: a
 * struct NAME_parameters of NAME_abi.h. It can be mapped writable and shared, at
 * this offset. Change each by one store of its size: probes read it at once.
 */
#define LTTNG_ADDONS_PARAMETERS_OFFSET	0x10000000000ULL

/*
 * The mapping
 *
 * It is read-only and shared. One struct lttng_addons_map, its aggregates'
 * struct lttng_addons_table, and at cpus_offset + N * cpu_size, for each
 * possible CPU N, what that CPU alone writes. Offsets and sizes are in bytes.
 */
#define LTTNG_ADDONS_MAP_MAGIC	0x4b41544c	/* "LTAK" */

struct lttng_addons_map {
	__u32 magic;
	__u32 version;			/* LTTNG_ADDONS_ABI_VERSION */
	__aligned_u64 digest;
	__aligned_u64 size;		/* of the whole mapping */
	__aligned_u64 cpus_offset;	/* of the first CPU's memory */
	__aligned_u64 cpu_size;		/* of each CPU's memory */
	__u32 cpus;			/* how many there can be */
	__u32 hooks;
	__u32 aggregates;
	__u32 tables_offset;		/* of the first struct lttng_addons_table */
	/* In each CPU's memory: */
	__u32 hits_offset;		/* struct lttng_addons_hits[hooks] */
	__u32 ring_offset;		/* struct lttng_addons_ring; 0: there is none */
	__u32 records;			/* in a ring; a power of 2 */
	__u32 record_size;
};

/* How the cells of one aggregate are laid out. There are more than keys. */
struct lttng_addons_table {
	__u32 overflow_offset;		/* in each CPU's memory: a __u64 */
	__u32 cells_offset;		/* in each CPU's memory */
	__u32 cells;
	__u32 cell_size;
	__u32 key_size;			/* 0: one cell, no key */
	__u32 buckets;			/* 0: no histogram */
};

/*
 * One key's values. Behind it key_size bytes of key, rounded up to a multiple
 * of 8, and then buckets * __u64.
 *
 * `sequence` is odd while the CPU is writing: read it, read the cell, read it
 * again, and begin anew if it was odd or has changed; but not for ever: a CPU
 * that died in the middle leaves it odd. A cell with count 0 is free.
 */
struct lttng_addons_cell {
	__aligned_u64 sequence;
	__aligned_u64 count;
	__aligned_u64 sum;		/* its lower half */
	__aligned_u64 sum_high;		/* its upper half; both are signed if the values are */
	__aligned_u64 min;		/* signed if the values are */
	__aligned_u64 max;
};

/*
 * Behind it `records` times a record. Record number N, counted from 0, is at
 * N & (records - 1); `head` is the number of the next one. Copy records, then
 * read `head` again: those below head - records + 1 may have been overwritten
 * meanwhile, all others are whole.
 */
struct lttng_addons_ring {
	__aligned_u64 head;
	__aligned_u64 reserved[7];
};

#endif /* LTTNG_ADDONS_ABI_H */
