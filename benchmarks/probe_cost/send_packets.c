// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends and receives 3,000 UDP packets of 64 bytes over lo in one process, and
 * prints what a packet took by the time stamp counter, which counts
 * instructions under -icount.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <x86intrin.h>

#define PACKETS 3000

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(to);
	int out = socket(AF_INET, SOCK_DGRAM, 0), in = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned long long begin = 0;
	char packet[64] = "";

	if (bind(in, (struct sockaddr *)&to, sizeof(to)) || getsockname(in, (struct sockaddr *)&to, &size))
		return perror("bind"), 1;
	/* The first ones fill caches. */
	for (int i = -500; i < PACKETS; i++) {
		if (!i)
			begin = __rdtsc();
		sendto(out, packet, sizeof(packet), 0, (struct sockaddr *)&to, sizeof(to));
		recv(in, packet, sizeof(packet), 0);
	}
	printf("instructions %.1f\n", (double)(__rdtsc() - begin) / PACKETS);
	return 0;
}
