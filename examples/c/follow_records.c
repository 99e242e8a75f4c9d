// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows the records of all CPUs through the mapping, without a copy by the
 * kernel: one poll() for as many records as have come. Ends after a second
 * without any.
 * For the addon mmap-samples; cc -I addons/mmap-samples follow_records.c
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mmap_samples_abi.h"

struct totals {
	unsigned long long records, bytes, overwritten;
};

static const struct lttng_addons_ring *ring_of(const struct lttng_addons_map *map, unsigned int cpu)
{
	const char *memory = (const char *)map + map->cpus_offset + cpu * map->cpu_size;

	return (const void *)(memory + map->ring_offset);
}

static __u64 head_of(const struct lttng_addons_ring *ring)
{
	return __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
}

/* Read what is new since `next`; return the number of the next record. */
static __u64 follow(const struct lttng_addons_ring *ring, __u64 next, struct totals *totals)
{
	const struct mmap_samples_record *records = (const void *)(ring + 1);
	__u64 head = head_of(ring);

	if (head - next > MMAP_SAMPLES_RECORDS) {
		totals->overwritten += head - MMAP_SAMPLES_RECORDS - next;
		next = head - MMAP_SAMPLES_RECORDS;
	}
	for (; next < head; next++) {
		struct mmap_samples_record record = records[next & (MMAP_SAMPLES_RECORDS - 1)];

		/* What was copied is whole only if the writer is not there again. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (head_of(ring) - next >= MMAP_SAMPLES_RECORDS) {
			totals->overwritten++;
			continue;
		}
		totals->records++;
		totals->bytes += record.len;
	}
	return next;
}

int main(void)
{
	struct lttng_addons_version version;
	struct totals totals = { 0 };
	const struct lttng_addons_map *map;
	struct pollfd device = { .fd = open(MMAP_SAMPLES_PATH, O_RDONLY), .events = POLLIN };
	__u64 *next;

	if (device.fd < 0 || ioctl(device.fd, LTTNG_ADDONS_VERSION, &version) ||
	    version.digest != MMAP_SAMPLES_DIGEST) {
		perror(MMAP_SAMPLES_PATH);
		return 1;
	}
	map = mmap(NULL, version.map_size, PROT_READ, MAP_SHARED, device.fd, 0);
	if (map == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	next = calloc(map->cpus, sizeof(*next));
	if (!next)
		return 1;
	while (poll(&device, 1, 1000) > 0) {
		for (unsigned int cpu = 0; cpu < map->cpus; cpu++)
			next[cpu] = follow(ring_of(map, cpu), next[cpu], &totals);
	}
	printf("%llu records, %llu bytes, %llu overwritten\n",
	       totals.records, totals.bytes, totals.overwritten);
	free(next);
	return 0;
}
