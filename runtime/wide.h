/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole numbers of 128 bits: no sum of 64-bit values is too large for them. */
#ifndef WIDE_H
#define WIDE_H

#include <linux/types.h>

/* In two's complement, where it is signed. */
struct wide {
	u64 low, high;
};

static inline struct wide wide(u64 value, bool is_signed)
{
	return (struct wide){ value, is_signed && (s64)value < 0 ? U64_MAX : 0 };
}

static inline struct wide wide_negate(struct wide number)
{
	u64 low = -number.low;

	return (struct wide){ low, ~number.high + !low };
}

/* Divide an unsigned number, bit by bit: for what people read, not for probes. */
static inline struct wide wide_divide(struct wide number, u64 by, u64 *rest)
{
	struct wide quotient = { 0, 0 };
	u64 left = 0;
	int bit;

	for (bit = 127; bit >= 0; bit--) {
		u64 *half = bit < 64 ? &quotient.low : &quotient.high;
		u64 from = bit < 64 ? number.low : number.high;
		bool carry = left >> 63;

		left = left << 1 | (from >> (bit & 63) & 1);
		if (carry || left >= by) {
			left -= by;
			*half |= 1ULL << (bit & 63);
		}
	}
	*rest = left;
	return quotient;
}

#endif /* WIDE_H */
