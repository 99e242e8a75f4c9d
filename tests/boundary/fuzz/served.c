// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/minmax.h>

#include "fuzz_abi.h"

int fuzz_take(struct fuzz_pair *pair);
int fuzz_turn(struct fuzz_pair *pair);
int fuzz_do(void);

int fuzz_take(struct fuzz_pair *pair)
{
	return pair->first > 100 ? -ERANGE : 0;
}

int fuzz_turn(struct fuzz_pair *pair)
{
	pair->second = ~pair->second;
	return 0;
}

int fuzz_do(void)
{
	return 0;
}
