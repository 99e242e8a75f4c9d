// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets by network device, added up by the kernel: one command.
 * For the addon procfs-stats; cc -I addons/procfs-stats read_aggregates.c
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "procfs_stats_abi.h"

int main(void)
{
	struct lttng_addons_version version;
	struct lttng_addons_read read = { .aggregate = PROCFS_STATS_PACKETS };
	const struct lttng_addons_table *table;
	const struct lttng_addons_map *map;
	int device = open(PROCFS_STATS_PATH, O_RDONLY);
	char *cells;

	if (device < 0 || ioctl(device, LTTNG_ADDONS_VERSION, &version)) {
		perror(PROCFS_STATS_PATH);
		return 1;
	}
	if (version.digest != PROCFS_STATS_DIGEST) {
		fprintf(stderr,
			"module and program were generated from different addon.toml files\n");
		return 1;
	}
	/* How large its cells are is in the mapping's head. */
	map = mmap(NULL, version.map_size, PROT_READ, MAP_SHARED, device, 0);
	if (map == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	table = (const void *)((const char *)map + map->tables_offset);
	table += PROCFS_STATS_PACKETS;
	read.cells = table->cells * map->cpus;
	cells = calloc(read.cells, table->cell_size);
	read.buffer = (__u64)(unsigned long)cells;
	if (!cells || ioctl(device, LTTNG_ADDONS_READ, &read)) {
		perror("LTTNG_ADDONS_READ");
		return 1;
	}
	for (unsigned int i = 0; i < read.cells; i++) {
		const struct lttng_addons_cell *cell = (const void *)(cells + i * table->cell_size);

		printf("%.*s %llu\n", (int)table->key_size, (const char *)(cell + 1),
		       (unsigned long long)cell->count);
	}
	free(cells);
	close(device);
	return 0;
}
