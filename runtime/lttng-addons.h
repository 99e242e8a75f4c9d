/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lttng-addons.ko does for the addons that have a side in user space:
 * aggregates, a ring of records, /proc/lttng-addons/NAME, the device
 * /dev/lttng-addons/NAME. An addon describes itself by a struct lttng_addon;
 * its probes collect between lttng_addons_enter() and lttng_addons_leave().
 */
#ifndef LTTNG_ADDONS_H
#define LTTNG_ADDONS_H

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/wait.h>

#include "lttng-addons-abi.h"

struct lttng_addons_lookup;
struct lttng_addons_span;

/* A place in the kernel from which an addon collects. */
struct lttng_addons_hook {
	const char *name;
	/* A tracepoint's name and the probe for it, or how to attach. */
	const char *tracepoint;
	void *probe;
	int (*attach)(void);
	void (*detach)(void);
	/* The span that begins or ends there, if one does. */
	struct lttng_addons_span *span;
	/* The runtime's own. */
	struct tracepoint *found;
	struct module *found_in;
};

/* A kind of aggregate: kind-NAME.c in lttng-addons.ko has each. */
struct lttng_addons_kind;

/**
 * LTTNG_ADDONS_KIND() - Get a kind of aggregate
 * @name: as in kind-NAME.c
 *
 * LTTNG_ADDONS_DECLARE_KIND() declares it before.
 */
#define LTTNG_ADDONS_KIND(name)		lttng_addons_kind_##name
#define LTTNG_ADDONS_DECLARE_KIND(name)	\
	extern const struct lttng_addons_kind LTTNG_ADDONS_KIND(name)

/* How a key is shown; numbers and pointers are kept in 8 bytes. */
enum lttng_addons_key {
	LTTNG_ADDONS_NO_KEY,
	LTTNG_ADDONS_TEXT_KEY,
	LTTNG_ADDONS_UNSIGNED_KEY,
	LTTNG_ADDONS_SIGNED_KEY,
	LTTNG_ADDONS_POINTER_KEY,
	LTTNG_ADDONS_IP4_KEY,
	LTTNG_ADDONS_IP6_KEY,
	LTTNG_ADDONS_MAC_KEY,
};

/* The name of one of an enum's values, as a key. */
struct lttng_addons_label {
	s64 value;
	const char *name;
};

/* Values of one kind, for each key. */
struct lttng_addons_aggregate {
	const char *name;
	const char *about;
	const struct lttng_addons_kind *kind;
	bool is_signed;
	enum lttng_addons_key key;
	u32 key_size;
	const struct lttng_addons_label *labels;
	u32 label_count;
	u32 keys;			/* that each CPU has room for */
	/*
	 * A histogram's buckets are `step` wide, the first from `from` on; with
	 * step 0 they are powers of 2.
	 */
	u32 buckets;
	s64 from;
	u64 step;
};

/* A command of the addon's own; the argument is the kernel's copy of it. */
struct lttng_addons_command {
	unsigned int request;
	int (*serve)(void *argument);
};

/* A module parameter, for the built-in commands. */
struct lttng_addons_setting {
	const char *name;
	const struct kernel_param_ops *ops;
	void *arg;
};

/* A module parameter that can be mapped; its ops are lttng_addons_mapped_..._ops. */
struct lttng_addons_mapped {
	void **values;			/* the addon's `parameters` */
	u32 offset;
};

/* A file in /proc of the addon's own. */
struct lttng_addons_proc {
	const char *name;
	void (*show)(struct seq_file *file);
	/* The runtime's own. */
	struct proc_dir_entry *entry;
};

enum lttng_addons_state {
	LTTNG_ADDONS_NEW,
	LTTNG_ADDONS_REGISTERED,
	LTTNG_ADDONS_GONE,
};

/* What one CPU collects into. */
struct lttng_addons_cpu {
	void *memory;
	struct lttng_addons_hits *hits;
	struct lttng_addons_ring *ring;
	bool busy;
};

struct lttng_addon {
	const char *name;
	const char *about;
	struct module *owner;
	const char *description;
	u32 description_size;
	u64 digest;
	struct lttng_addons_hook *hooks;
	u32 hook_count;
	struct lttng_addons_span * const *spans;
	u32 span_count;
	struct lttng_addons_lookup * const *lookups;
	u32 lookup_count;
	const struct lttng_addons_aggregate *aggregates;
	u32 aggregate_count;
	const struct lttng_addons_command *commands;
	u32 command_count;
	const struct lttng_addons_setting *settings;
	u32 setting_count;
	struct lttng_addons_proc *proc_files;
	u32 proc_file_count;
	bool has_proc;
	/*
	 * What points to the parameters that can be mapped: to their defaults,
	 * and from registering on to memory of their own.
	 */
	void **parameters;
	u32 parameters_size;
	u32 records;
	u32 record_size;

	/* The runtime's own. */
	struct lttng_addons_cpu __percpu *cpus;
	struct lttng_addons_map *map;
	void *default_parameters;
	struct lttng_addons_table *tables;
	u32 seed;			/* nobody can tell where a key goes */
	enum lttng_addons_state state;
	bool collect;			/* the module parameter */
	unsigned int users;		/* who wants it to collect */
	struct mutex command_lock;
	struct wait_queue_head wait;
	struct irq_work wake;
	struct miscdevice device;
	struct file_operations operations;
	struct proc_dir_entry *proc;
};

int lttng_addons_register(struct lttng_addon *addon);
void lttng_addons_unregister(struct lttng_addon *addon);

/* For the module parameter `collect`, whose arg is the addon. */
extern const struct kernel_param_ops lttng_addons_collect_ops;

/* For module parameters that can be mapped, whose arg is a struct lttng_addons_mapped. */
extern const struct kernel_param_ops lttng_addons_mapped_integer_ops;
extern const struct kernel_param_ops lttng_addons_mapped_boolean_ops;

void lttng_addons_add(const struct lttng_addon *addon,
		      struct lttng_addons_cpu *cpu, unsigned int aggregate,
		      u64 value, const void *key);

/**
 * lttng_addons_enter() - Begin to collect a hit
 * @addon: the addon
 * @hook: the hook's index in the addon's hooks
 * @flags: for lttng_addons_leave()
 *
 * Counts the hit as seen. A hit that comes in the middle of another one, by an
 * NMI or in a function that the probe calls, is counted as lost instead: so
 * each CPU's memory has one writer at a time and needs no lock.
 *
 * Context: Any, NMI too. Interrupts are off until lttng_addons_leave().
 * Return: What this CPU collects into, or NULL: then collect nothing and do
 * not leave.
 */
static __always_inline struct lttng_addons_cpu *
lttng_addons_enter(struct lttng_addon *addon, unsigned int hook,
		   unsigned long *flags)
{
	struct lttng_addons_cpu *cpu;

	raw_local_irq_save(*flags);
	cpu = raw_cpu_ptr(addon->cpus);
	if (unlikely(cpu->busy)) {
		atomic64_inc((atomic64_t *)&cpu->hits[hook].lost);
		raw_local_irq_restore(*flags);
		return NULL;
	}
	cpu->busy = true;
	barrier();
	WRITE_ONCE(cpu->hits[hook].seen, cpu->hits[hook].seen + 1);
	return cpu;
}

/**
 * lttng_addons_leave() - End what lttng_addons_enter() began
 * @cpu: what lttng_addons_enter() returned
 * @flags: what lttng_addons_enter() wrote
 */
static __always_inline void lttng_addons_leave(struct lttng_addons_cpu *cpu,
					       unsigned long flags)
{
	barrier();
	cpu->busy = false;
	raw_local_irq_restore(flags);
}

/**
 * lttng_addons_passed() - Count a hit that the filter let pass
 * @cpu: what lttng_addons_enter() returned
 * @hook: the hook's index in the addon's hooks
 */
static __always_inline void lttng_addons_passed(struct lttng_addons_cpu *cpu,
						unsigned int hook)
{
	WRITE_ONCE(cpu->hits[hook].passed, cpu->hits[hook].passed + 1);
}

/**
 * lttng_addons_record() - Find the place of the next record in the ring
 * @addon: the addon; it has records
 * @cpu: what lttng_addons_enter() returned
 *
 * The oldest record is overwritten. Fill in the new one, then hand it over by
 * lttng_addons_commit().
 *
 * Return: record_size bytes, with whatever was in them before.
 */
static __always_inline void *lttng_addons_record(const struct lttng_addon *addon,
						 struct lttng_addons_cpu *cpu)
{
	u64 slot = cpu->ring->head & (addon->records - 1);

	/* Readers see that the oldest record goes before it does. */
	smp_wmb();
	return (void *)(cpu->ring + 1) + slot * addon->record_size;
}

/**
 * lttng_addons_commit() - Hand a record over to the readers
 * @addon: the addon
 * @cpu: what lttng_addons_enter() returned
 * @hook: the hook's index in the addon's hooks
 */
static __always_inline void lttng_addons_commit(struct lttng_addon *addon,
						struct lttng_addons_cpu *cpu,
						unsigned int hook)
{
	/* Readers who see the new head see the record, too. */
	smp_store_release(&cpu->ring->head, cpu->ring->head + 1);
	WRITE_ONCE(cpu->hits[hook].recorded, cpu->hits[hook].recorded + 1);
	/* Against the one in poll(): either we see the waiter, or it the record. */
	smp_mb();
	/* Any lock may be held here, the scheduler's too: wake from an interrupt. */
	if (waitqueue_active(&addon->wait))
		irq_work_queue(&addon->wake);
}

/**
 * lttng_addons_is_set() - Read a boolean that a program may change
 * @value: where it is; the program may have written any byte
 */
static inline bool lttng_addons_is_set(const u8 *value)
{
	return READ_ONCE(*value);
}

/**
 * lttng_addons_text() - Copy a text, and fill up with NUL
 * @to: where to, @size bytes
 * @from: the text; it ends with a NUL or after @size bytes
 * @size: bytes of the array
 */
static inline void lttng_addons_text(char *to, const char *from, size_t size)
{
	size_t length = strnlen(from, size);

	memcpy(to, from, length);
	memset(to + length, 0, size - length);
}

#endif /* LTTNG_ADDONS_H */
