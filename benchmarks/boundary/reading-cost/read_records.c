// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads 10,000 records in three ways, and prints what each took by the
 * processor's time stamp counter, which counts instructions under -icount.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <x86intrin.h>

#define RECORDS 10000
#define PATH "/dev/lttng-addons/reading-cost"

struct sample {
	uint64_t time_ns;
	uint32_t len;
	char device[16];
	uint8_t padding[4];
};

#define READ_ONE _IOWR(0xe8, 1, struct sample)

static char text[1 << 20];

static uint64_t by_proc(int parse, uint64_t *sum)
{
	uint64_t begin = __rdtsc();
	size_t size = 0;
	ssize_t got;
	int file = open("/proc/lttng-addons/reading-cost.records", O_RDONLY);

	while ((got = read(file, text + size, sizeof(text) - 1 - size)) > 0)
		size += got;
	close(file);
	text[size] = '\0';
	for (char *at = text; parse && *at;) {
		strtoull(at, &at, 10);
		*sum += strtoul(at, &at, 10);
		at = strchr(at, '\n') + 1;
	}
	return __rdtsc() - begin;
}

static uint64_t by_ioctl(int device, uint64_t *sum)
{
	uint64_t begin = __rdtsc();

	for (uint32_t number = 0; number < RECORDS; number++) {
		struct sample one = { .len = number };

		ioctl(device, READ_ONE, &one);
		*sum += one.len;
	}
	return __rdtsc() - begin;
}

static uint64_t by_mapping(const char *map, uint64_t *sum)
{
	/* struct lttng_addons_map: cpus_offset, ring_offset; one CPU here. */
	const char *ring = map + *(uint64_t *)(map + 24) + *(uint32_t *)(map + 60);
	const struct sample *records = (const void *)(ring + 64);
	uint64_t begin = __rdtsc();
	uint64_t head = __atomic_load_n((const uint64_t *)ring, __ATOMIC_ACQUIRE);

	for (uint64_t number = head - RECORDS; number < head; number++)
		*sum += records[number & 16383].len;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n((const uint64_t *)ring, __ATOMIC_RELAXED) - (head - RECORDS) > 16384)
		return 0;
	return __rdtsc() - begin;
}

/* Packets to localhost, so that the ring is full. */
static void fill_ring(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int out = socket(AF_INET, SOCK_DGRAM, 0);

	for (int i = 0; i < RECORDS + 2000; i++)
		sendto(out, text, 56, 0, (struct sockaddr *)&to, sizeof(to));
	close(out);
}

static void print(const char *way, uint64_t instructions, uint64_t sum)
{
	if (sum < RECORDS * 80ull && sum)
		exit(1);
	printf("%s %.1f\n", way, (double)instructions / RECORDS);
}

int main(void)
{
	int device = open(PATH, O_RDWR);
	const char *map = mmap(NULL, 1 << 19, PROT_READ, MAP_SHARED, device, 0);
	uint64_t sum;

	if (device < 0 || map == MAP_FAILED)
		return perror(PATH), 1;
	fill_ring();
	/* The first time of each pays for pages and caches. */
	for (int round = 0; round < 2; round++) {
		uint64_t raw, parsed, commands, mapped, sums[4] = { 0 };

		raw = by_proc(0, &sums[0]);
		parsed = by_proc(1, &sums[1]);
		commands = by_ioctl(device, &sums[2]);
		mapped = by_mapping(map, &sums[3]);
		if (!round)
			continue;
		print("proc", raw, sums[0]);
		print("proc+parse", parsed, sums[1]);
		print("ioctl", commands, sums[2]);
		sum = sums[3];
		print("mapping", mapped, sum);
	}
	return 0;
}
