/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spans: what lies between two hits, found by a key. A probe begins a span,
 * another one ends it, on any CPU; in between it is in a table of buckets, each
 * with a lock of its own and room for LTTNG_ADDONS_SPAN_WAYS spans.
 *
 * The probes call these functions between lttng_addons_enter() and
 * lttng_addons_leave(): interrupts are off, and an NMI's probe has left before
 * it could wait for a lock that its CPU holds. Nothing here allocates.
 */
#ifndef LTTNG_ADDONS_SPAN_H
#define LTTNG_ADDONS_SPAN_H

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "lttng-addons-tags.h"
#include "lttng-addons.h"

#define LTTNG_ADDONS_SPAN_WAYS	16

/* What happens to a span whose key begins again. */
enum lttng_addons_again {
	LTTNG_ADDONS_RESTART,
	LTTNG_ADDONS_KEEP,
	LTTNG_ADDONS_COUNT_AGAIN,
};

/*
 * What became of spans, on one CPU. At any moment
 * begun = ended + dropped + timed_out + restarted + those that are open.
 */
struct lttng_addons_span_counts {
	u64 begun;
	u64 ended;
	u64 dropped;
	u64 timed_out;
	u64 restarted;		/* gave way to a new one with the same key */
	u64 nested;		/* begins within an open span that stayed */
	u64 no_room;		/* begins that found their bucket full */
	u64 unmatched;		/* ends without a begin */
};

/* A span that has ended, for its probes. */
struct lttng_addons_lap {
	u64 begin_ns;
	u64 end_ns;
	u32 end;		/* which end it was; behind the last: none, it timed out */
};

struct lttng_addons_span_entry {
	u64 begin_ns;
	u64 depth;
	/* Behind it the key, and what is kept. */
};

struct lttng_addons_span_bucket {
	arch_spinlock_t lock;
	u32 reserved;
	/* Of each entry: some bits of its key's hash; 0: it is free. */
	u8 tags[LTTNG_ADDONS_SPAN_WAYS];
	/* Behind it the entries. */
};

struct lttng_addons_span {
	const char *name;
	u32 entries;
	u32 key_size;		/* a multiple of 8; 0: there is no key */
	u32 kept_size;
	enum lttng_addons_again again;
	u64 timeout_ns;		/* 0: none */
	/* Tells the probes of a span that timed out. */
	void (*expired)(const struct lttng_addons_lap *lap, const void *kept);

	/* The runtime's own. */
	struct lttng_addon *addon;
	struct lttng_addons_span_counts __percpu *counts;
	void *buckets;
	u32 bucket_bits;
	u32 bucket_size;
	u32 entry_size;
	raw_spinlock_t lock;	/* of the two below */
	bool is_ready;
	bool is_wanted;
	bool is_attached;
	struct work_struct attach;
	struct delayed_work expire;
};

int lttng_addons_span_listen(struct lttng_addons_span *span);
void lttng_addons_span_unlisten(struct lttng_addons_span *span);

/* For the module parameter span_NAME, whose arg is the span. */
extern const struct kernel_param_ops lttng_addons_span_ops;

static __always_inline void *
lttng_addons_span_key(const struct lttng_addons_span *span,
		      struct lttng_addons_span_entry *entry)
{
	return entry + 1;
}

static __always_inline void *
lttng_addons_span_kept(const struct lttng_addons_span *span,
		       struct lttng_addons_span_entry *entry)
{
	return (void *)(entry + 1) + span->key_size;
}

static __always_inline struct lttng_addons_span_entry *
lttng_addons_span_entry(const struct lttng_addons_span *span,
			struct lttng_addons_span_bucket *bucket, unsigned int way)
{
	return (void *)(bucket + 1) + way * span->entry_size;
}

static __always_inline u64
lttng_addons_span_tags(const struct lttng_addons_span_bucket *bucket,
		       unsigned int half)
{
	u64 tags;

	memcpy(&tags, bucket->tags + half * sizeof(tags), sizeof(tags));
	return le64_to_cpu((__force __le64)tags);
}

/* The way that has a key, or -1. */
static __always_inline int
lttng_addons_span_find(const struct lttng_addons_span *span,
		       struct lttng_addons_span_bucket *bucket, u8 tag,
		       const void *key, size_t key_size)
{
	unsigned int half, way;
	u64 same;

	for (half = 0; half < LTTNG_ADDONS_SPAN_WAYS / 8; half++) {
		same = lttng_addons_zero_bytes(lttng_addons_span_tags(bucket, half) ^
					       (tag * 0x0101010101010101ULL));
		for (; same; same &= same - 1) {
			way = half * 8 + __ffs64(same) / 8;
			if (bucket->tags[way] == tag &&
			    !memcmp(lttng_addons_span_key(span, lttng_addons_span_entry(span, bucket, way)),
				    key, key_size))
				return way;
		}
	}
	return -1;
}

/* A way that is free, or -1. */
static __always_inline int
lttng_addons_span_free(const struct lttng_addons_span_bucket *bucket)
{
	unsigned int half;
	u64 free;

	for (half = 0; half < LTTNG_ADDONS_SPAN_WAYS / 8; half++) {
		free = lttng_addons_zero_bytes(lttng_addons_span_tags(bucket, half));
		if (free)
			return half * 8 + __ffs64(free) / 8;
	}
	return -1;
}

/* The bucket of a key, locked, and the tag of the key's hash. */
static __always_inline struct lttng_addons_span_bucket *
lttng_addons_span_lock(const struct lttng_addons_span *span, const void *key,
		       size_t key_size, u8 *tag)
{
	struct lttng_addons_span_bucket *bucket;
	u64 hash = 0;

	if (key_size == sizeof(u64))
		hash = *(const u64 *)key * GOLDEN_RATIO_64;
	else if (key_size)
		hash = jhash2(key, key_size / sizeof(u32), 0) * GOLDEN_RATIO_64;
	*tag = hash >> 8 | 1;
	bucket = span->buckets +
		(hash >> 16 >> (48 - span->bucket_bits)) * span->bucket_size;
	arch_spin_lock(&bucket->lock);
	return bucket;
}

/**
 * lttng_addons_span_begin() - Begin a span
 * @span: the span
 * @key: its key; all bytes count
 * @key_size: the span's, as a constant
 * @kept: what the end will want to know
 * @kept_size: the span's, as a constant
 *
 * Context: Between lttng_addons_enter() and lttng_addons_leave().
 */
static __always_inline void
lttng_addons_span_begin(struct lttng_addons_span *span, const void *key,
			size_t key_size, const void *kept, size_t kept_size)
{
	struct lttng_addons_span_counts *counts = raw_cpu_ptr(span->counts);
	struct lttng_addons_span_bucket *bucket;
	struct lttng_addons_span_entry *entry;
	u64 now = ktime_get_mono_fast_ns();
	int way;
	u8 tag;

	bucket = lttng_addons_span_lock(span, key, key_size, &tag);
	way = lttng_addons_span_find(span, bucket, tag, key, key_size);
	if (unlikely(way >= 0) && span->again != LTTNG_ADDONS_RESTART) {
		if (span->again == LTTNG_ADDONS_COUNT_AGAIN)
			lttng_addons_span_entry(span, bucket, way)->depth++;
		WRITE_ONCE(counts->nested, counts->nested + 1);
		goto unlock;
	}
	if (unlikely(way >= 0)) {
		WRITE_ONCE(counts->restarted, counts->restarted + 1);
	} else {
		way = lttng_addons_span_free(bucket);
		if (unlikely(way < 0)) {
			WRITE_ONCE(counts->no_room, counts->no_room + 1);
			goto unlock;
		}
	}
	bucket->tags[way] = tag;
	entry = lttng_addons_span_entry(span, bucket, way);
	entry->begin_ns = now;
	entry->depth = 1;
	memcpy(lttng_addons_span_key(span, entry), key, key_size);
	memcpy(lttng_addons_span_kept(span, entry), kept, kept_size);
	WRITE_ONCE(counts->begun, counts->begun + 1);
unlock:
	arch_spin_unlock(&bucket->lock);
}

/**
 * lttng_addons_span_end() - End a span
 * @span: the span
 * @key: its key
 * @key_size: the span's, as a constant
 * @lap: gets its times
 * @kept: gets what the begin gave
 * @kept_size: the span's, as a constant
 *
 * Context: Between lttng_addons_enter() and lttng_addons_leave().
 * Return: Whether a span with this key has ended. Then tell its probes, after
 * lttng_addons_leave().
 */
static __always_inline bool
lttng_addons_span_end(struct lttng_addons_span *span, const void *key,
		      size_t key_size, struct lttng_addons_lap *lap, void *kept,
		      size_t kept_size)
{
	struct lttng_addons_span_counts *counts = raw_cpu_ptr(span->counts);
	struct lttng_addons_span_bucket *bucket;
	struct lttng_addons_span_entry *entry;
	bool has_ended = false;
	int way;
	u8 tag;

	bucket = lttng_addons_span_lock(span, key, key_size, &tag);
	way = lttng_addons_span_find(span, bucket, tag, key, key_size);
	if (way < 0) {
		WRITE_ONCE(counts->unmatched, counts->unmatched + 1);
		goto unlock;
	}
	entry = lttng_addons_span_entry(span, bucket, way);
	if (--entry->depth)
		goto unlock;
	lap->begin_ns = entry->begin_ns;
	lap->end_ns = ktime_get_mono_fast_ns();
	memcpy(kept, lttng_addons_span_kept(span, entry), kept_size);
	bucket->tags[way] = 0;
	WRITE_ONCE(counts->ended, counts->ended + 1);
	has_ended = true;
unlock:
	arch_spin_unlock(&bucket->lock);
	return has_ended;
}

/**
 * lttng_addons_span_drop() - Forget a span
 * @span: the span
 * @key: its key
 * @key_size: the span's, as a constant
 *
 * Context: Between lttng_addons_enter() and lttng_addons_leave().
 */
static __always_inline void
lttng_addons_span_drop(struct lttng_addons_span *span, const void *key,
		       size_t key_size)
{
	struct lttng_addons_span_counts *counts = raw_cpu_ptr(span->counts);
	struct lttng_addons_span_bucket *bucket;
	int way;
	u8 tag;

	bucket = lttng_addons_span_lock(span, key, key_size, &tag);
	way = lttng_addons_span_find(span, bucket, tag, key, key_size);
	if (way >= 0) {
		bucket->tags[way] = 0;
		WRITE_ONCE(counts->dropped, counts->dropped + 1);
	}
	arch_spin_unlock(&bucket->lock);
}

#endif /* LTTNG_ADDONS_SPAN_H */
