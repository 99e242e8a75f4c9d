// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes a table from two processes while two others, one on each CPU, have
 * probes read it: hammer SECONDS.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tables_abi.h"

#define KEYS 20

static void stay_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void read_for_ever(int cpu)
{
	stay_on(cpu);
	for (unsigned int key = 0;; key = (key + 1) % KEYS)
		syscall(SYS_kill, 0x7fffffff, key);
}

static int send(int fd, unsigned long request, uint32_t key, uint64_t value)
{
	struct tables_pairs_entry entry = { .key = key, .value = value };
	struct lttng_addons_entry argument = {
		.table = TABLES_PAIRS,
		.entry = (uintptr_t)&entry,
	};

	return ioctl(fd, request, &argument) ? errno : 0;
}

static void write_for_ever(int fd, unsigned int seed)
{
	for (uint64_t turn = 1;; turn++) {
		uint32_t key = rand_r(&seed) % KEYS;
		uint64_t number = (turn % 100000000) * 32 + key + 32;

		if (rand_r(&seed) % 4)
			send(fd, LTTNG_ADDONS_SET_ENTRY, key, number << 32 | number);
		else
			send(fd, LTTNG_ADDONS_DELETE_ENTRY, key, 0);
	}
}

int main(int argc, char **argv)
{
	int fd = open(TABLES_PATH, O_RDWR), reading = open(TABLES_PATH, O_RDONLY);
	pid_t children[4];

	if (argc != 2 || fd < 0 || reading < 0)
		return 2;
	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i])
			continue;
		if (i < 2)
			read_for_ever(i);
		else
			write_for_ever(fd, i);
	}
	sleep(atoi(argv[1]));
	for (int i = 0; i < 4; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	if (send(reading, LTTNG_ADDONS_SET_ENTRY, 1, 1) != EPERM ||
	    send(reading, LTTNG_ADDONS_DELETE_ENTRY, 1, 1) != EPERM)
		return puts("a read-only descriptor changes a table"), 1;
	if (send(reading, LTTNG_ADDONS_GET_ENTRY, 1000, 0) != ENOENT)
		return puts("a key that is not there is not ENOENT"), 1;
	return 0;
}
