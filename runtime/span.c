// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spans: their memory, their probes while somebody listens, and those that
 * never end. lttng-addons-span.h has what the probes do.
 */
#include <linux/log2.h>
#include <linux/vmalloc.h>

#include "lttng-addons-span.h"
#include "runtime.h"

/* Buckets are looked through for old spans so often within a timeout. */
#define LOOKS	4

static u32 bucket_count(const struct lttng_addons_span *span)
{
	return 1U << span->bucket_bits;
}

static struct lttng_addons_span_bucket *
bucket_at(const struct lttng_addons_span *span, u32 index)
{
	return span->buckets + (size_t)index * span->bucket_size;
}

/*
 * No probe of the addon may want the lock while this CPU holds it: the CPU is
 * busy, as in lttng_addons_enter().
 */
static unsigned long lock_bucket(const struct lttng_addons_span *span,
				 struct lttng_addons_span_bucket *bucket)
{
	unsigned long flags;

	local_irq_save(flags);
	this_cpu_ptr(span->addon->cpus)->busy = true;
	barrier();
	arch_spin_lock(&bucket->lock);
	return flags;
}

static void unlock_bucket(const struct lttng_addons_span *span,
			  struct lttng_addons_span_bucket *bucket, unsigned long flags)
{
	arch_spin_unlock(&bucket->lock);
	barrier();
	this_cpu_ptr(span->addon->cpus)->busy = false;
	local_irq_restore(flags);
}

/*
 * Take a span out of a bucket that began before a time, and count it in
 * `taken`. `kept` may be NULL.
 */
static bool take_old(struct lttng_addons_span *span,
		     struct lttng_addons_span_bucket *bucket, u64 before,
		     struct lttng_addons_lap *lap, void *kept, u64 __percpu *taken)
{
	unsigned long flags = lock_bucket(span, bucket);
	struct lttng_addons_span_entry *entry;
	bool found = false;
	unsigned int way;

	for (way = 0; way < LTTNG_ADDONS_SPAN_WAYS && !found; way++) {
		entry = lttng_addons_span_entry(span, bucket, way);
		if (!bucket->tags[way] || entry->begin_ns > before)
			continue;
		lap->begin_ns = entry->begin_ns;
		if (kept)
			memcpy(kept, lttng_addons_span_kept(span, entry), span->kept_size);
		bucket->tags[way] = 0;
		this_cpu_inc(*taken);
		found = true;
	}
	unlock_bucket(span, bucket, flags);
	return found;
}

/* Spans of an earlier time, whose ends may have gone by since. */
static void forget_open(struct lttng_addons_span *span)
{
	struct lttng_addons_lap lap;
	u32 i;

	for (i = 0; i < bucket_count(span); i++) {
		while (take_old(span, bucket_at(span, i), U64_MAX, &lap, NULL,
				&span->counts->dropped))
			;
		cond_resched();
	}
}

static void attach(struct work_struct *work)
{
	struct lttng_addons_span *span =
		container_of(work, struct lttng_addons_span, attach);
	bool is_wanted = READ_ONCE(span->is_wanted);

	if (is_wanted == span->is_attached)
		return;
	if (is_wanted) {
		forget_open(span);
		span->is_attached = !hooks_attach(span->addon, span);
		if (span->is_attached && span->timeout_ns)
			schedule_delayed_work(&span->expire, 0);
	} else {
		hooks_detach(span->addon, span);
		span->is_attached = false;
	}
}

/*
 * The tracepoint of the span gets its first probe, or loses its last one. The
 * kernel holds its lock on all tracepoints here; ours are attached to others.
 */
static void set_wanted(struct lttng_addons_span *span, bool is_wanted)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&span->lock, flags);
	span->is_wanted = is_wanted;
	if (span->is_ready)
		queue_work(system_long_wq, &span->attach);
	raw_spin_unlock_irqrestore(&span->lock, flags);
}

/**
 * lttng_addons_span_listen() - Begin to look for a span
 * @span: the span
 *
 * The probes are attached a moment later.
 *
 * Context: Process context; what DEFINE_TRACE_FN() calls for the span.
 * Return: 0.
 */
int lttng_addons_span_listen(struct lttng_addons_span *span)
{
	set_wanted(span, true);
	return 0;
}
EXPORT_SYMBOL_GPL(lttng_addons_span_listen);

/**
 * lttng_addons_span_unlisten() - End what lttng_addons_span_listen() began
 * @span: the span
 *
 * Context: Process context; what DEFINE_TRACE_FN() calls for the span.
 */
void lttng_addons_span_unlisten(struct lttng_addons_span *span)
{
	set_wanted(span, false);
}
EXPORT_SYMBOL_GPL(lttng_addons_span_unlisten);

static void expire(struct work_struct *work)
{
	struct lttng_addons_span *span =
		container_of(work, struct lttng_addons_span, expire.work);
	u64 now = ktime_get_mono_fast_ns();
	struct lttng_addons_lap lap;
	void *kept;
	u32 i;

	kept = kmalloc(max(span->kept_size, 1U), GFP_KERNEL);
	for (i = 0; kept && i < bucket_count(span); i++) {
		while (take_old(span, bucket_at(span, i), now - span->timeout_ns, &lap, kept,
				&span->counts->timed_out)) {
			lap.end_ns = ktime_get_mono_fast_ns();
			span->expired(&lap, kept);
		}
		cond_resched();
	}
	kfree(kept);
	if (READ_ONCE(span->is_wanted) && READ_ONCE(span->is_ready))
		schedule_delayed_work(&span->expire,
				      nsecs_to_jiffies(span->timeout_ns) / LOOKS + 1);
}

static u64 count_open(const struct lttng_addons_span *span)
{
	struct lttng_addons_span_bucket *bucket;
	unsigned long flags;
	u64 open = 0;
	u32 i, way;

	for (i = 0; i < bucket_count(span); i++) {
		bucket = bucket_at(span, i);
		/* Who changes an entry counts that before it unlocks. */
		flags = lock_bucket(span, bucket);
		for (way = 0; way < LTTNG_ADDONS_SPAN_WAYS; way++)
			open += !!bucket->tags[way];
		unlock_bucket(span, bucket, flags);
	}
	return open;
}

static void sum_counts(const struct lttng_addons_span *span,
		       struct lttng_addons_span_counts *sum)
{
	const struct lttng_addons_span_counts *counts;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		counts = per_cpu_ptr(span->counts, cpu);
		sum->begun += READ_ONCE(counts->begun);
		sum->ended += READ_ONCE(counts->ended);
		sum->dropped += READ_ONCE(counts->dropped);
		sum->timed_out += READ_ONCE(counts->timed_out);
		sum->restarted += READ_ONCE(counts->restarted);
		sum->nested += READ_ONCE(counts->nested);
		sum->no_room += READ_ONCE(counts->no_room);
		sum->unmatched += READ_ONCE(counts->unmatched);
	}
}

/*
 * The numbers of one moment: they only grow, so that what is the same twice
 * did not change in between. While spans come too fast, those of the last try.
 */
void span_sum(const struct lttng_addons_span *span,
	      struct lttng_addons_span_counts *sum, u64 *open)
{
	struct lttng_addons_span_counts before;
	unsigned int tries;

	for (tries = 0; tries < 100; tries++) {
		sum_counts(span, &before);
		*open = count_open(span);
		sum_counts(span, sum);
		if (!memcmp(&before, sum, sizeof(before)))
			return;
		cond_resched();
	}
}

static int counts_get(char *buffer, const struct kernel_param *kp)
{
	struct lttng_addons_span *span = kp->arg;
	struct lttng_addons_span_counts sum = {};
	u64 open = 0;

	if (READ_ONCE(span->is_ready)) {
		/* From here on nothing is missed that the reader lets happen. */
		spans_settle(span->addon);
		span_sum(span, &sum, &open);
	}
	return sysfs_emit(buffer, "%llu,%llu,%llu,%llu,%llu,%llu,%llu,%llu,%llu\n",
			  sum.begun, sum.ended, sum.dropped, sum.timed_out,
			  sum.restarted, open, sum.nested, sum.no_room, sum.unmatched);
}

const struct kernel_param_ops lttng_addons_span_ops = {
	.get = counts_get,
};
EXPORT_SYMBOL_GPL(lttng_addons_span_ops);

static int span_create(struct lttng_addons_span *span)
{
	/* Twice as many as are asked for: so that hardly any bucket is full. */
	u32 buckets = DIV_ROUND_UP(2 * span->entries, LTTNG_ADDONS_SPAN_WAYS);

	span->bucket_bits = order_base_2(buckets);
	span->entry_size = sizeof(struct lttng_addons_span_entry) + span->key_size +
		ALIGN(span->kept_size, 8);
	span->bucket_size = sizeof(struct lttng_addons_span_bucket) +
		LTTNG_ADDONS_SPAN_WAYS * span->entry_size;
	span->counts = alloc_percpu(struct lttng_addons_span_counts);
	span->buckets = vzalloc(array_size(bucket_count(span), span->bucket_size));
	if (!span->counts || !span->buckets) {
		free_percpu(span->counts);
		vfree(span->buckets);
		span->counts = NULL;
		span->buckets = NULL;
		return -ENOMEM;
	}
	INIT_WORK(&span->attach, attach);
	INIT_DELAYED_WORK(&span->expire, expire);
	return 0;
}

static void span_destroy(struct lttng_addons_span *span)
{
	free_percpu(span->counts);
	vfree(span->buckets);
	span->counts = NULL;
	span->buckets = NULL;
}

static void set_ready(struct lttng_addons_span *span, bool is_ready)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&span->lock, flags);
	WRITE_ONCE(span->is_ready, is_ready);
	raw_spin_unlock_irqrestore(&span->lock, flags);
}

/* Give the spans their memory; who listens already is heard. */
int spans_create(struct lttng_addon *addon)
{
	struct lttng_addons_span *span;
	u32 i;
	int ret;

	for (i = 0; i < addon->span_count; i++) {
		span = addon->spans[i];
		span->addon = addon;
		ret = span_create(span);
		if (ret)
			goto destroy;
	}
	for (i = 0; i < addon->span_count; i++) {
		set_ready(addon->spans[i], true);
		queue_work(system_long_wq, &addon->spans[i]->attach);
	}
	return 0;

destroy:
	while (i--)
		span_destroy(addon->spans[i]);
	return ret;
}

/* Wait until the spans' probes are attached, or detached. */
void spans_settle(struct lttng_addon *addon)
{
	u32 i;

	/* A span that others are made of is asked for by theirs. */
	for (i = addon->span_count; i--;)
		flush_work(&addon->spans[i]->attach);
}

void spans_destroy(struct lttng_addon *addon)
{
	struct lttng_addons_span *span;
	u32 i;

	/* Whoever reads a span's numbers is through with it. */
	kernel_param_lock(addon->owner);
	for (i = 0; i < addon->span_count; i++)
		set_ready(addon->spans[i], false);
	kernel_param_unlock(addon->owner);
	for (i = addon->span_count; i--;) {
		span = addon->spans[i];
		cancel_work_sync(&span->attach);
		if (span->is_attached)
			hooks_detach(addon, span);
		span->is_attached = false;
		cancel_delayed_work_sync(&span->expire);
	}
	/* None of the spans' probes is running any more. */
	tracepoint_synchronize_unregister();
	for (i = 0; i < addon->span_count; i++)
		span_destroy(addon->spans[i]);
}
