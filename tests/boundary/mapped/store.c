// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes parameters in memory, from one CPU, while a process on each CPU has
 * probes read them: store SECONDS. Then: what may not be mapped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mapped_abi.h"

static void read_for_ever(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	for (;;)
		syscall(SYS_kill, 0x7fffffff, 1000);
}

static void write_for_ever(volatile struct mapped_parameters *parameters)
{
	static const int64_t divisors[] = { 0, -1, 1, 3, INT64_MIN, INT64_MAX, 15, 16 };

	for (uint64_t number = 1;; number = number % 0x7fffffff + 1) {
		parameters->pair = number << 32 | number;
		parameters->divisor = divisors[number % 8];
		parameters->is_on = number;
	}
}

static int map(size_t size, int protection, int flags, int fd, off_t more)
{
	void *memory = mmap(NULL, size, protection, flags, fd,
			    LTTNG_ADDONS_PARAMETERS_OFFSET + more);

	if (memory == MAP_FAILED)
		return errno;
	munmap(memory, size);
	return 0;
}

int main(int argc, char **argv)
{
	int fd = open(MAPPED_PATH, O_RDWR), reading = open(MAPPED_PATH, O_RDONLY);
	const int both = PROT_READ | PROT_WRITE;
	volatile struct mapped_parameters *parameters;
	pid_t children[3];
	void *memory;

	parameters = mmap(NULL, sizeof(*parameters), both, MAP_SHARED, fd,
			  LTTNG_ADDONS_PARAMETERS_OFFSET);
	if (argc != 2 || reading < 0 || parameters == MAP_FAILED)
		return 2;
	for (int i = 0; i < 3; i++) {
		children[i] = fork();
		if (children[i])
			continue;
		if (i < 2)
			read_for_ever(i);
		else
			write_for_ever(parameters);
	}
	sleep(atoi(argv[1]));
	for (int i = 0; i < 3; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	parameters->divisor = 10;
	memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reading, LTTNG_ADDONS_PARAMETERS_OFFSET);
	printf("read-only descriptor: %d %d %d\n", map(4096, both, MAP_SHARED, reading, 0) == EACCES,
	       memory != MAP_FAILED, mprotect(memory, 4096, both) && errno == EACCES);
	printf("private: %d %d, executable: %d %d, beyond: %d %d\n",
	       map(4096, both, MAP_PRIVATE, fd, 0) == EINVAL,
	       map(4096, PROT_READ, MAP_PRIVATE, fd, 0) == EINVAL,
	       map(4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0) == EPERM,
	       mprotect((void *)parameters, 4096, PROT_READ | PROT_EXEC) && errno == EACCES,
	       map(8192, both, MAP_SHARED, fd, 0) == EINVAL,
	       map(4096, both, MAP_SHARED, fd, 4096) != 0);
	return 0;
}
