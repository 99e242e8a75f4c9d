// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random commands, sizes, pointers, mappings, opens, offsets and texts against
 * /dev/lttng-addons/fuzz, its files in /proc and its parameters: by root, and by
 * nobody with a descriptor that root opened. Says how much was accepted; whether
 * the kernel minds, its log tells.
 *
 * `fuzz STEPS` ends; `fuzz for-ever` does not, and bears that the addon is loaded
 * and unloaded meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH "/dev/lttng-addons/fuzz"

static uint64_t state;

static uint64_t any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static char page[3 * 4096] __attribute__((aligned(4096)));

/* NULL, kernel, unmapped, the last bytes before a hole, or good memory. */
static void *pointer(void)
{
	switch (any() % 6) {
	case 0:
		return NULL;
	case 1:
		return (void *)(0xffff800000000000 | any());
	case 2:
		return (void *)(any() & 0x7ffffffff000);
	case 3:
		return page + 8192 - any() % 64;
	default:
		return page + any() % 4096;
	}
}

static unsigned int request(void)
{
	static const unsigned int sizes[] = { 0, 8, 16, 24, 48, 1088, 1 };
	unsigned int number = any() % 4 ? 0x80 + any() % 12 : any() % 6;
	unsigned int size = any() % 3 ? sizes[any() % 7] : any() % 16384;

	if (any() % 10 == 0)
		return any();
	return _IOC(any() % 4, 0xe8, number, size);
}

/* Requests that exist, with arguments that mostly make no sense. */
static unsigned int known(void)
{
	static const unsigned int all[] = {
		_IOC(2, 0xe8, 0x80, 24), _IOC(3, 0xe8, 0x81, 16), _IOC(3, 0xe8, 0x82, 1088),
		_IOC(1, 0xe8, 0x83, 1088), _IOC(3, 0xe8, 0x84, 24), _IOC(3, 0xe8, 0x85, 40),
		_IOC(0, 0xe8, 0x86, 0), _IOC(2, 0xe8, 1, 8), _IOC(1, 0xe8, 2, 24),
		_IOC(3, 0xe8, 3, 24), _IOC(0, 0xe8, 4, 0), _IOC(1, 0xe8, 0x87, 16),
		_IOC(1, 0xe8, 0x88, 16), _IOC(1, 0xe8, 0x89, 16), _IOC(3, 0xe8, 0x8a, 16),
	};

	return all[any() % (sizeof(all) / sizeof(all[0]))];
}

static void fill(void)
{
	for (int i = 0; i < 4096 + 2048; i += 8)
		*(uint64_t *)(page + i) = any() % 3 ? any() % 5 : any();
	if (any() % 2)
		strcpy(page, any() % 2 ? "label" : "number");
	/* An aggregate's or table's index, READ's count and buffer: as often as not something that fits. */
	if (any() % 2) {
		((uint32_t *)page)[0] = any() % 3;
		((uint32_t *)page)[1] = any() % 3 ? any() % 10 : any();
		((uint64_t *)page)[1] = (uint64_t)pointer();
	}
	/* Entries have nothing but an index before their pointer. */
	if (any() % 2)
		((uint32_t *)page)[1] = 0;
}

/* Read at odd offsets, into odd memory, of a file that is made to be read once from its start. */
static int read_proc(void)
{
	static const char *const files[] = { "/proc/lttng-addons/fuzz", "/proc/lttng-addons/fuzz.number" };
	struct iovec pieces[2] = { { page, any() % 40 }, { pointer(), any() % 8192 } };
	int accepted, fd = open(files[any() % 2], O_RDONLY);

	if (fd < 0)
		return 0;
	lseek(fd, any() % 2 ? any() % 5000 : any(), any() % 5);
	accepted = readv(fd, pieces, 2) >= 0;
	accepted |= pread(fd, pointer(), any() % 8192, any() % 2 ? any() % 5000 : any()) >= 0;
	close(fd);
	return accepted;
}

/* Any bytes as a parameter's value. */
static int write_parameter(void)
{
	static const char *const names[] = { "label", "number", "collect" };
	char path[100];
	int accepted, fd;

	snprintf(path, sizeof(path), "/sys/module/lttng_addon_fuzz/parameters/%s", names[any() % 3]);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return 0;
	snprintf(page, 100, any() % 2 ? "%lld" : "%llx text", (long long)(any() % 3 ? any() % 3 : any()));
	accepted = write(fd, any() % 4 ? page : pointer(), any() % 3 ? strlen(page) : any() % 8192) >= 0;
	accepted |= pread(fd, pointer(), any() % 8192, any() % 100) >= 0;
	close(fd);
	return accepted;
}

/* Of the aggregates and the ring, of the parameters, or of nothing. */
static uint64_t map_offset(void)
{
	switch (any() % 5) {
	case 0:
	case 1:
		return 0;
	case 2:
		return 1ULL << 40;
	case 3:
		return (any() % 64) << 12;
	default:
		return any() << 12;
	}
}

static int map(int fd)
{
	size_t length = any() % 3 == 0 ? 4096 : any() % 5 ? (any() % 64 + 1) << 12 : any() % (1ULL << 40);
	size_t size = any() % 2 ? length + 4096 * (any() % 8) : 4096;
	int protection = any() % 8;
	char *other, *memory = mmap(NULL, length, protection, any() % 2 ? MAP_SHARED : MAP_PRIVATE, fd,
				    map_offset());

	if (memory == MAP_FAILED)
		return 0;
	/* Only the parameters can be mapped writable. */
	if (protection & PROT_WRITE)
		*(volatile uint64_t *)(memory + any() % 4) = any() % 2 ? any() % 3 - 1 : any();
	mprotect(memory, 4096, any() % 8);
	madvise(memory, length, any() % 26);
	other = mremap(memory, length, size, MREMAP_MAYMOVE);
	munmap(other == MAP_FAILED ? memory : other, other == MAP_FAILED ? length : size);
	return 1;
}

static int step(int fd)
{
	struct pollfd wait = { .fd = fd, .events = any() };
	int other;

	switch (any() % 10) {
	case 0:
	case 1:
		return ioctl(fd, request(), pointer()) >= 0;
	case 2:
	case 3:
		fill();
		return ioctl(fd, known(), any() % 2 ? page : pointer()) >= 0;
	case 4:
		return map(fd);
	case 5:
		return poll(&wait, 1, 0) >= 0;
	case 6:
		other = open(PATH, any() % 2 ? O_RDWR : O_RDONLY);
		if (other < 0)
			return 0;
		if (any() % 2)
			ioctl(other, known(), page);
		close(other);
		return 1;
	case 7:
		return read_proc();
	case 8:
		return write_parameter();
	default:
		lseek(fd, any(), any() % 5);
		return any() % 2 ? read(fd, pointer(), any() % 8192) >= 0 : write(fd, pointer(), any() % 8192) >= 0;
	}
}

static void fuzz(int fd, int steps, uint64_t seed)
{
	int accepted = 0;

	state = seed;
	munmap(page + 8192, 4096);
	for (int i = 0; i < steps; i++)
		accepted += step(fd);
	_exit(accepted > steps / 20 ? 0 : 1);
}

/* While the addon comes and goes: what it was opened as is left after some steps, so that it can go. */
static void fuzz_for_ever(void)
{
	munmap(page + 8192, 4096);
	for (state = getpid();;) {
		int fd = open(PATH, any() % 2 ? O_RDWR : O_RDONLY);

		for (int i = 0; i < 10; i++)
			step(fd);
		close(fd);
		usleep(any() % 5000);
	}
}

int main(int argc, char **argv)
{
	int failed = 0, status, fd, reading;

	if (argc != 2)
		return 2;
	if (!strcmp(argv[1], "for-ever"))
		fuzz_for_ever();
	fd = open(PATH, O_RDWR);
	reading = open(PATH, O_RDONLY);
	if (fd < 0 || reading < 0)
		return perror(PATH), 1;
	for (int child = 0; child < 4; child++) {
		if (fork())
			continue;
		if (child % 2 && setuid(65534))
			_exit(2);
		fuzz(child < 2 ? fd : reading, atoi(argv[1]), 88172645463325252ull + child);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	printf("%d of 4 had nothing accepted or ended badly\n", failed);
	if (ioctl(reading, _IOC(0, 0xe8, 0x86, 0)) != -1 || errno != EPERM)
		return puts("RESET on a read-only descriptor is not EPERM"), 1;
	if (ioctl(fd, _IOC(0, 0xe8, 0x77, 0)) != -1 || errno != ENOTTY)
		return puts("an unknown command is not ENOTTY"), 1;
	if (ioctl(fd, _IOC(2, 0xe8, 1, 8), NULL) != -1 || errno != EFAULT)
		return puts("a bad pointer is not EFAULT"), 1;
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED || errno != EPERM)
		return puts("a write mapping is not EPERM"), 1;
	if (mprotect(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0), 4096, PROT_READ | PROT_WRITE) != -1)
		return puts("a mapping can be made writable"), 1;
	chmod(PATH, 0666);
	if (setuid(65534) || open(PATH, O_RDWR) != -1 || errno != EPERM)
		return puts("nobody may open it"), 1;
	return failed != 0;
}
